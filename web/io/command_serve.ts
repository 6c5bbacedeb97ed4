/**
 * `pbx serve`: the phones first, then HTTP; and down again in the other order. What it runs is
 * built by main.
 * @module
 */

import { Counters } from "../../diag/counters.ts";
import { CHECK_IDS, type SelfTest } from "../../diag/check.ts";
import type { Language } from "../../diag/verdict.ts";
import { type Log, startLog } from "../../diag/io/log.ts";
import { writeStderr } from "../../diag/io/log_writer.ts";
import type { Config } from "../../pbx/config.ts";
import type { Fact } from "../../pbx/fact.ts";
import { describeSqlError } from "../../pbx/io/database.ts";
import { formatAddress, isLoopback } from "../../sip/flow.ts";
import { describeStartup } from "../terminal/banner.ts";
import { listCounts } from "../terminal/counter_text.ts";
import { joinBindings } from "../extension_entry.ts";
import { repeatDataOptions } from "../terminal/invocation.ts";
import { wantsColours } from "../terminal/paint.ts";
import type { ServerStatus } from "../server_status.ts";
import type { HttpServer } from "./http.ts";
import type { ConfigOptions } from "./load_config.ts";
import { ServeDiagnosis } from "./serve_diagnosis.ts";
import {
  removeServerFiles,
  writeServerFile,
  writeToken,
} from "./server_file.ts";
import type { BuildServer, ServerParts } from "./server_parts.ts";
import type { Shell } from "./shell.ts";
import { awaitStopSignal } from "./stop_signals.ts";

/** One run of the server. */
interface Run {
  readonly shell: Shell;
  readonly config: Config;
  readonly options: ConfigOptions;
  readonly parts: ServerParts;
  readonly log: Log;
  readonly diagnosis: ServeDiagnosis;
  readonly startedMs: number;
}

/** A bug, by the numbers of sysexits.h. */
const SOFTWARE_ERROR = 70;

/** Runs until it is told to stop; gives the exit code. */
export async function serve(
  shell: Shell,
  config: Config,
  options: ConfigOptions,
  build: BuildServer,
): Promise<number> {
  const log = openLog(shell, config);
  const stopped = awaitStopSignal(
    shell.isErrorTerminal,
    () => log.info("SIGHUP changes nothing: restart to read the configuration"),
  );
  const counters = new Counters();
  const diagnosis = new ServeDiagnosis();
  const onFacts = (facts: readonly Fact[]) => {
    for (const fact of facts) {
      counters.add(fact);
      diagnosis.onFact(fact);
      log.fact(fact);
    }
  };
  const { onTraffic } = diagnosis;
  const parts = await build(config, { onFacts, onTraffic });
  const startedMs = parts.monotonicMs();
  watchBugs(log);
  closeOpenCalls(parts, log);
  const ended = parts.exchange.run().then(
    () => new Error("it ended without being asked to"),
    (error: unknown) => error,
  );
  // Phones that wait already are answered before HTTP is loaded.
  await new Promise((resolve) => setTimeout(resolve, 0));
  diagnosis.start(parts);
  const run = { shell, config, options, parts, log, diagnosis, startedMs };
  let isRunning = true;
  const http = await startHttp(run, () => isRunning);
  announce(run, http?.listen ?? null);

  const outcome = await Promise.race([stopped, ended]);
  isRunning = false;
  const isAsked = typeof outcome === "string";
  const counts = listCounts(counters.snapshot());
  if (isAsked) log.info(`Stopping for ${outcome}`, { counts });
  else log.error("The SIP side failed", { error: describeBug(outcome) });
  const hasStopped = await stopAll(run, [
    () => http?.close(),
    () => removeServerFiles(config.dataDir),
    () => parts.exchange.stop(),
    () => ended.then(() => {}),
    () => diagnosis.stop(),
    () => parts.close(),
  ]);
  await log.flush();
  return isAsked && hasStopped ? 0 : SOFTWARE_ERROR;
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

/** Takes every step, whatever becomes of the ones before; says whether all went well. */
async function stopAll(
  { log }: Run,
  steps: readonly (() => Promise<void> | undefined | void)[],
): Promise<boolean> {
  let isWell = true;
  for (const step of steps) {
    try {
      await step();
    } catch (error) {
      isWell = false;
      log.error("Not stopped cleanly", { error: describeBug(error) });
    }
  }
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

/** Serves HTTP; where that cannot be, the phones are served all the same. */
async function startHttp(
  run: Run,
  isReady: () => boolean,
): Promise<HttpServer | null> {
  const { config, parts, log, diagnosis } = run;
  let http: HttpServer | null = null;
  let listen: string | null = null;
  try {
    if (config.http !== null) {
      const { openHttp } = await import("./http.ts");
      const own = new Set(parts.localAddresses);
      http = openHttp(config.http, {
        token: writeToken(config.dataDir, parts.random),
        domains: config.domains,
        isReady,
        isOwnAddress: (host) => isLoopback(host) || own.has(host),
        status: () => readStatus(run, listen),
        extensions: () =>
          joinBindings(parts.listExtensions(), parts.exchange.listBindings()),
        calls: {
          nowMs: () => Date.now(),
          // what is over by now is in the database before anybody looks there
          listLive: () => {
            parts.exchange.saveCalls();
            return parts.exchange.listCalls();
          },
          listKept: (query) => parts.calls.list(query),
          getKept: (id) => {
            parts.exchange.saveCalls();
            return parts.calls.get(id);
          },
          hangUp: (id) => parts.exchange.hangUp(id),
        },
        ...diagnosis.source(config, (language) => checkItself(run, language)),
      });
      listen = http.listen;
    }
  } catch (error) {
    const { host, port } = config.http!;
    log.warning(
      `HTTP is off, \`${formatAddress(host, port)}\` cannot be had: ${
        messageOf(error)
      }`,
      {
        hint:
          `See what holds the port: ss -ltnp 'sport = :${port}'; or choose another: --http HOST:PORT`,
      },
    );
  }
  try {
    const startedAt = new Date().toISOString();
    writeServerFile(config.dataDir, {
      pid: Deno.pid,
      http: listen,
      sip: parts.sip,
      rtp: config.rtp,
      startedAt,
    });
  } catch (error) {
    log.warning(
      `\`pbx status\` will not find this server: ${messageOf(error)}`,
    );
  }
  return http;
}

/** Runs the checks that a server can make of itself. */
async function checkItself(
  { shell, config, options, parts, diagnosis }: Run,
  language: Language,
): Promise<SelfTest> {
  const { runChecks } = await import("../../diag/io/checks.ts");
  const { ownCheckContext } = await import("./check_context.ts");
  const { addTestExtension, removeTestExtension } = diagnosis;
  const context = ownCheckContext(shell, config, options, language, {
    pid: Deno.pid,
    listen: parts.sip,
    addAccount: () => Promise.resolve(addTestExtension()),
    removeAccount: (number) => Promise.resolve(removeTestExtension(number)),
    listPhones: () => {
      return Promise.resolve(
        parts.exchange.listBindings().map(({ number, source }) => ({
          number,
          source,
          local: "",
        })),
      );
    },
  });
  return await runChecks(context, CHECK_IDS, () => {});
}

function readStatus(
  { shell, parts, startedMs }: Run,
  http: string | null,
): ServerStatus {
  const { extensions, registrations, calls } = parts.exchange.status();
  return {
    version: shell.version,
    pid: Deno.pid,
    uptimeSeconds: Math.floor((parts.monotonicMs() - startedMs) / 1000),
    sip: {
      listen: parts.sip.map(({ host, port }) => formatAddress(host, port)),
    },
    http: { listen: http },
    extensions,
    registrations,
    calls,
    memoryBytes: Deno.memoryUsage().rss,
  };
}

/** Tells a person, or the log, that the server is up. */
function announce(
  { shell, config, options, parts, log }: Run,
  http: string | null,
): void {
  const lines = describeStartup({
    version: shell.version,
    invocation: shell.invocation,
    sip: parts.sip,
    http,
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

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
