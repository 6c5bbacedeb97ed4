/**
 * `pbx serve`: the phones first, then HTTP; and down again in the other order. What it runs is
 * built by main.
 * @module
 */

import { Counters } from "../../diag/counters.ts";
import { type Log, startLog } from "../../diag/io/log.ts";
import { writeStderr } from "../../diag/io/log_writer.ts";
import type { Config } from "../../pbx/config.ts";
import type { Address } from "../../pbx/config_value.ts";
import type { Fact } from "../../pbx/fact.ts";
import { formatAddress, isLoopback } from "../../sip/flow.ts";
import { describeStartup } from "../banner.ts";
import { listCounts } from "../counter_text.ts";
import { type BindingEntry, joinBindings } from "../extension_text.ts";
import { repeatDataOptions } from "../invocation.ts";
import { wantsColours } from "../paint.ts";
import type { ServerStatus } from "../status_text.ts";
import type { HttpServer } from "./http.ts";
import type { ConfigOptions } from "./load_config.ts";
import {
  removeServerFiles,
  writeServerFile,
  writeToken,
} from "./server_file.ts";
import type { Shell } from "./shell.ts";
import { awaitStopSignal } from "./stop_signals.ts";

/** Takes the facts of the exchange. */
export type OnFacts = (facts: readonly Fact[]) => void;

/** The server as main built it: sockets and database are open, nothing was received yet. */
export interface ServerParts {
  /** Where the sockets are bound. */
  readonly sip: readonly Address[];
  /** The machine's own addresses. */
  readonly localAddresses: readonly string[];
  readonly exchange: {
    /** Receives until `stop()`. */
    run(): Promise<void>;
    stop(): void;
    status(): { readonly extensions: number; readonly registrations: number };
    listBindings(): ({ readonly number: string } & BindingEntry)[];
  };
  listExtensions(): { readonly number: string; readonly name: string }[];
  monotonicMs(): number;
  random(octets: number): Uint8Array;
  /** Closes what `stop()` leaves open. */
  close(): void;
}

/** One run of the server. */
interface Run {
  readonly shell: Shell;
  readonly config: Config;
  readonly options: ConfigOptions;
  readonly parts: ServerParts;
  readonly log: Log;
  readonly startedMs: number;
}

/** A bug, by the numbers of sysexits.h. */
const SOFTWARE_ERROR = 70;

/** Runs until it is told to stop; gives the exit code. */
export async function serve(
  shell: Shell,
  config: Config,
  options: ConfigOptions,
  build: (config: Config, onFacts: OnFacts) => Promise<ServerParts>,
): Promise<number> {
  const log = openLog(shell, config);
  const stopped = awaitStopSignal(
    shell.isErrorTerminal,
    () => log.info("SIGHUP changes nothing: restart to read the configuration"),
  );
  const counters = new Counters();
  const parts = await build(config, (facts) => {
    for (const fact of facts) {
      counters.add(fact);
      log.fact(fact);
    }
  });
  const startedMs = parts.monotonicMs();
  watchBugs(log);
  const ended = parts.exchange.run().then(
    () => new Error("it ended without being asked to"),
    (error: unknown) => error,
  );
  // Phones that wait already are answered before HTTP is loaded.
  await new Promise((resolve) => setTimeout(resolve, 0));
  const run: Run = { shell, config, options, parts, log, startedMs };
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
    () => parts.close(),
  ]);
  await log.flush();
  return isAsked && hasStopped ? 0 : SOFTWARE_ERROR;
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
  const { config, parts, log } = run;
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
    writeServerFile(config.dataDir, { pid: Deno.pid, http: listen, startedAt });
  } catch (error) {
    log.warning(
      `\`pbx status\` will not find this server: ${messageOf(error)}`,
    );
  }
  return http;
}

function readStatus(
  { shell, parts, startedMs }: Run,
  http: string | null,
): ServerStatus {
  const { extensions, registrations } = parts.exchange.status();
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
    calls: 0,
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
