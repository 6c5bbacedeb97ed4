/**
 * `pbx serve`: the phones first, then HTTP; and down again in the other order. What it runs is
 * built by main.
 * @module
 */

import { Counters } from "../../diag/counters.ts";
import { TroubleWatch } from "../../diag/trouble_watch.ts";
import { type Log, startLog } from "../../diag/io/log.ts";
import { writeStderr } from "../../diag/io/log_writer.ts";
import type { Config } from "../../pbx/config.ts";
import type { Fact } from "../../pbx/fact.ts";
import { describeSqlError } from "../../pbx/io/database.ts";
import { isLoopback } from "../../sip/flow.ts";
import { describeStartup } from "../terminal/banner.ts";
import { SOCKET_UNIT_HINT } from "../terminal/bind_hint.ts";
import { listCounts } from "../terminal/counter_text.ts";
import { repeatDataOptions } from "../terminal/invocation.ts";
import { wantsColours } from "../terminal/paint.ts";
import { HistoryClock } from "./history_clock.ts";
import type { ConfigOptions } from "./load_config.ts";
import { isTestNumber, ServeDiagnosis } from "./serve_diagnosis.ts";
import { removeServerFiles } from "./server_file.ts";
import { type ServedPage, startHttp } from "./serve_http.ts";
import type { ServeRun } from "./serve_run.ts";
import type { BuildServer, ServerParts } from "./server_parts.ts";
import { ServiceManager, type ServiceSight } from "./service_manager.ts";
import type { Shell } from "./shell.ts";
import { awaitStopSignal } from "./stop_signals.ts";

/** A bug, by the numbers of sysexits.h. */
const SOFTWARE_ERROR = 70;
/** The exchange looks around four times a second. */
const STUCK_MS = 5000;
/** An orderly stop takes a tenth of a second. */
const STOP_MS = 4000;

/** Runs until it is told to stop; gives the exit code. */
export async function serve(
  shell: Shell,
  config: Config,
  options: ConfigOptions,
  build: BuildServer,
): Promise<number> {
  if (config.http !== null && !isLoopback(config.http.host)) {
    const { refuseOpenDoor } = await import("./serve_access.ts");
    refuseOpenDoor(shell, config, options);
  }
  const log = openLog(shell, config);
  const manager = new ServiceManager(shell.environment, Deno.pid);
  let page: ServedPage | null = null;
  const stopped = awaitStopSignal(shell.isErrorTerminal, async () => {
    manager.reload();
    const { rereadCertificate } = await import("./serve_access.ts");
    await rereadCertificate(config, page?.http ?? null, log);
    manager.reloaded();
  });
  const counters = new Counters();
  const diagnosis = new ServeDiagnosis();
  const troubles = new TroubleWatch();
  const onFacts = (facts: readonly Fact[]) => {
    for (const fact of facts) {
      counters.add(fact);
      troubles.add(fact);
      diagnosis.onFact(fact);
      // what the server says to itself nobody wants to read
      const isOwn = "number" in fact && isTestNumber(fact.number);
      if (!isOwn || log.isEnabled("debug")) log.fact(fact);
    }
  };
  const { onTraffic } = diagnosis;
  const parts = await build(config, { onFacts, onTraffic });
  const startedMs = parts.monotonicMs();
  watchBugs(log);
  closeOpenCalls(parts, log);
  for (const socket of parts.unusedSockets) {
    log.warning(
      `systemd holds ${socket}, which is not served: ${SOCKET_UNIT_HINT}`,
    );
  }
  const ended = parts.exchange.run().then(
    () => new Error("it ended without being asked to"),
    (error: unknown) => error,
  );
  // Phones that wait already are answered before HTTP is loaded.
  await new Promise((resolve) => setTimeout(resolve, 0));
  manager.begin(watchService(parts, log));
  diagnosis.start(parts);
  const history = new HistoryClock({
    store: parts.openHistory((cause) =>
      log.warning(`The history of the page is not written: ${cause}`)
    ),
    counters: () => counters.snapshot(),
    status: () => parts.exchange.status(),
    wallMs: () => Date.now(),
    monotonicMs: parts.monotonicMs,
  });
  history.start();
  let isRunning = true;
  const run: ServeRun = {
    shell,
    config,
    options,
    parts,
    log,
    diagnosis,
    history,
    troubles,
    counters,
    startedMs,
    startedAtMs: Date.now(),
    isReady: () => isRunning,
  };
  page = await startHttp(run);
  announce(run, page);

  const outcome = await Promise.race([stopped, ended]);
  isRunning = false;
  manager.stop();
  const isAsked = typeof outcome === "string";
  const counts = listCounts(counters.snapshot());
  if (isAsked) log.info(`Stopping for ${outcome}`, { counts });
  else log.error("The SIP side failed", { error: describeBug(outcome) });
  const hasStopped = await stopAll(run, [
    () => page?.close(),
    () => removeServerFiles(config.dataDir),
    () => parts.exchange.stop(),
    () => ended.then(() => {}),
    () => history.stop(),
    () => diagnosis.stop(),
    () => parts.close(),
  ]);
  manager.close();
  await log.flush();
  return isAsked && hasStopped ? 0 : SOFTWARE_ERROR;
}

/** While the exchange does not go round, or the thread of sound, it is not alive. */
function watchService(parts: ServerParts, log: Log): ServiceSight {
  const { exchange } = parts;
  return {
    status: () => exchange.status(),
    isAlive: () => {
      const silentMs = parts.monotonicMs() - exchange.tickedMs;
      const isSoundWell = parts.isSoundWell();
      if (!isSoundWell) log.error("The thread that carries sound is stuck");
      return isSoundWell && silentMs < STUCK_MS;
    },
  };
}

/** Calls that an earlier run left open are over; the phones are served also where that fails. */
function closeOpenCalls({ calls }: ServerParts, log: Log): void {
  try {
    const count = calls.closeOpen(Date.now());
    if (count > 0) log.info(`Calls that an earlier run left open: ${count}`);
  } catch (error) {
    log.warning(
      `Calls that an earlier run left open stay open: ${
        describeSqlError(error)
      }`,
    );
  }
}

/**
 * Takes every step, whatever becomes of the ones before; says whether all went well. What hangs is
 * not waited for: whoever asked the server to stop would end it by force, in the middle of a step.
 */
async function stopAll(
  { log }: ServeRun,
  steps: readonly (() => Promise<void> | undefined | void)[],
): Promise<boolean> {
  let isWell = true;
  const late = Promise.withResolvers<never>();
  late.promise.catch(() => {});
  const timer = setTimeout(
    () => late.reject(new Error("A step takes too long")),
    STOP_MS,
  );
  for (const step of steps) {
    try {
      await Promise.race([step(), late.promise]);
    } catch (error) {
      isWell = false;
      log.error("Not stopped cleanly", { error: describeBug(error) });
    }
  }
  clearTimeout(timer);
  return isWell;
}

function openLog(shell: Shell, config: Config): Log {
  return startLog({
    level: config.logLevel,
    format: config.logFormat,
    isTerminal: shell.isErrorTerminal,
    journalStream: shell.environment["JOURNAL_STREAM"] !== undefined,
    colours: wantsColours(shell.isErrorTerminal, shell.environment),
    write: writeStderr,
  });
}

/** Tells a person, or the log, that the server is up. */
function announce(
  { shell, config, options, parts, log }: ServeRun,
  page: ServedPage | null,
): void {
  const lines = describeStartup({
    version: shell.version,
    invocation: shell.invocation,
    sip: parts.sip,
    http: page === null ? null : {
      listen: page.http.listen,
      isTls: config.tls !== null,
      setupToken: page.setupToken,
    },
    domains: config.domains,
    publicAddress: config.publicAddress,
    dataDir: config.dataDir,
    dataOptions: repeatDataOptions(options),
    ...parts.exchange.status(),
    localAddresses: parts.localAddresses,
  });
  const isPretty = config.logFormat === "pretty" ||
    config.logFormat === "auto" && shell.isErrorTerminal;
  if (isPretty) shell.tell(lines.join("\n") + "\n");
  else lines.forEach((line) => log.info(line));
}

/** A fault of the program is told, and does not end the service of all phones. */
function watchBugs(log: Log): void {
  globalThis.addEventListener("error", (event) => {
    event.preventDefault();
    log.error("A fault of the program", { error: describeBug(event.error) });
  });
  globalThis.addEventListener("unhandledrejection", (event) => {
    event.preventDefault();
    log.error("A fault of the program", { error: describeBug(event.reason) });
  });
}

function describeBug(error: unknown): string {
  return error instanceof Error ? error.stack ?? error.message : String(error);
}
