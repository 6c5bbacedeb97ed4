/**
 * Runs the checks of the self-test: each looks at the machine by itself, all at the same time, and
 * each within its own bound, so that one that hangs or breaks says so and keeps nothing up.
 * @module
 */

import {
  type Check,
  CHECK_IDS,
  type CheckId,
  type SelfTest,
} from "../check.ts";
import { judgeClock } from "../machine/check_clock.ts";
import { judgeConfig } from "../machine/check_config.ts";
import { judgeDisk } from "../machine/check_disk.ts";
import {
  type CheckFinding,
  type CheckResult,
  FindingNotes,
  say,
  writeCheck,
} from "../machine/check_finding.ts";
import { judgeMedia } from "../machine/check_media.ts";
import { type CheckContext, CheckRun } from "./check_run.ts";
import {
  checkBind,
  checkDns,
  checkFirewall,
  checkLoopback,
  checkPort,
  checkRegister,
  checkRoute,
} from "./check_network.ts";
import { readClock } from "./clock.ts";
import { readDisk } from "./disk.ts";
import { tryMedia } from "./media_round.ts";

/** How long one check may take. */
const LIMIT_MS = 4000;
/** Each begins with some milliseconds of work, as a program is started: in a server one by one. */
const APART_MS = 15;

type Look = (run: CheckRun) => Promise<CheckFinding> | CheckFinding;

const LOOKS: Readonly<Record<CheckId, Look>> = {
  config: checkConfig,
  bind: checkBind,
  port: checkPort,
  loopback: checkLoopback,
  register: checkRegister,
  dns: checkDns,
  route: checkRoute,
  firewall: checkFirewall,
  media: checkMedia,
  clock: checkClock,
  disk: checkDisk,
};

/**
 * Runs the checks with these ids, and writes their results in the language of the context.
 *
 * @param onCheck is told each result as it comes, in no order.
 */
export async function runChecks(
  context: CheckContext,
  ids: readonly CheckId[],
  onCheck: (check: Check) => void,
  stop?: AbortSignal,
): Promise<SelfTest> {
  const write = ({ id, finding, durationMs }: CheckResult) =>
    writeCheck(id, finding, durationMs, context.language);
  const results = await findByChecks(
    context,
    ids,
    (result) => onCheck(write(result)),
    stop,
  );
  const checks = results.map(write);
  return { ok: checks.every(({ state }) => state !== "fail"), checks };
}

/**
 * Runs the checks with these ids; takes less than 5 seconds. Breaks off, with what is there by
 * then, when `stop` is aborted. Leaves nothing behind: no extension, no file, no socket.
 *
 * @param onResult is told each result as it comes, in no order.
 */
export async function findByChecks(
  context: CheckContext,
  ids: readonly CheckId[],
  onResult: (result: CheckResult) => void,
  stop?: AbortSignal,
): Promise<readonly CheckResult[]> {
  const run = new CheckRun(context);
  const done = new Map<CheckId, CheckResult>();
  const runOne = async (id: CheckId) => {
    const startMs = performance.now();
    const finding = await runBounded(() => LOOKS[id](run), stop);
    if (finding === null) return;
    const durationMs = performance.now() - startMs;
    const result = { id, finding, durationMs };
    done.set(id, result);
    onResult(result);
  };
  try {
    const wanted = CHECK_IDS.filter((id) => ids.includes(id));
    await Promise.all(
      wanted.filter((id) => id !== "disk").map(async (id, i) => {
        if (context.isServing) await pause(i * APART_MS);
        await runOne(id);
      }),
    );
    // Looking through the database keeps the event loop, and others measure time on it.
    if (wanted.includes("disk")) await runOne("disk");
  } finally {
    await run.close();
  }
  return CHECK_IDS.flatMap((id) => done.get(id) ?? []);
}

/** Null where it was broken off. */
async function runBounded(
  look: () => Promise<CheckFinding> | CheckFinding,
  stop: AbortSignal | undefined,
): Promise<CheckFinding | null> {
  if (stop?.aborted) return null;
  const { promise, resolve } = Promise.withResolvers<CheckFinding | null>();
  const late = say("late", { seconds: LIMIT_MS / 1000 });
  const timer = setTimeout(() => resolve(failWith(late)), LIMIT_MS);
  const onStop = () => resolve(null);
  stop?.addEventListener("abort", onStop, { once: true });
  const attempt = async () => await look();
  attempt().then(resolve, (error: unknown) => {
    const cause = error instanceof Error ? error.message : String(error);
    resolve(failWith(say("broken", { cause })));
  });
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    stop?.removeEventListener("abort", onStop);
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function failWith(detail: ReturnType<typeof say>): CheckFinding {
  return new FindingNotes().add("fail", detail).finding;
}

async function checkConfig(run: CheckRun): Promise<CheckFinding> {
  const { config, configFile, configFaults: faults } = run.context;
  const { unit } = await run.unit();
  return judgeConfig({
    faults,
    file: configFile,
    dataDir: config.dataDir,
    files: run.limits().files,
    connections: config.tcpConnections,
    unit,
  });
}

async function checkMedia(run: CheckRun): Promise<CheckFinding> {
  const { config, spell } = run.context;
  const reading = await tryMedia(config.rtp, run.outsideAddress());
  return judgeMedia(reading, spell("selftest firewall"));
}

function checkClock(): CheckFinding {
  const { now, isSynchronised } = readClock();
  return judgeClock(now, isSynchronised);
}

async function checkDisk(run: CheckRun): Promise<CheckFinding> {
  const { config, spell, isServing } = run.context;
  const reading = await readDisk(config.dataDir, isServing);
  return judgeDisk(reading, config.dataDir, `sudo ${spell("selftest disk")}`);
}
