/**
 * What the running server says of itself when somebody asks: its state, its metrics, its calls,
 * and the checks that it makes of itself.
 * @module
 */

import { CHECK_IDS, type SelfTest } from "../../diag/check.ts";
import type { CheckContext } from "../../diag/io/check_run.ts";
import type { CheckResult } from "../../diag/machine/check_finding.ts";
import type { Language } from "../../diag/verdict.ts";
import { formatAddress } from "../../sip/flow.ts";
import type { CallSource } from "../api/api_calls.ts";
import type { MetricsReading } from "../metrics/metrics_text.ts";
import type { ServerStatus } from "../server_status.ts";
import { readProcess } from "./process_reading.ts";
import type { ServeRun } from "./serve_run.ts";

/** The check of the routes looks at no more. */
const MOST_PHONES = 200;

/** The state of the server; `http` is where it listens. */
export function readStatus(
  { shell, config, parts, startedMs }: ServeRun,
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
    http: { listen: http, tls: config.tls !== null },
    extensions,
    registrations,
    calls,
    memoryBytes: Deno.memoryUsage().rss,
  };
}

export function readMetrics(
  { shell, parts, startedAtMs, counters }: ServeRun,
  signInFailures: number,
): MetricsReading {
  return {
    version: shell.version,
    startedAtMs,
    office: parts.exchange.status(),
    counters: counters.snapshot(),
    process: readProcess(),
    signInFailures,
  };
}

/** The calls that live, and those that were written. */
export function readCalls({ parts }: ServeRun): CallSource {
  const { exchange, calls } = parts;
  return {
    nowMs: () => Date.now(),
    // what is over by now is in the database before anybody looks there
    listLive: () => {
      exchange.saveCalls();
      return exchange.listCalls();
    },
    listKept: (query) => calls.list(query),
    getKept: (id) => {
      exchange.saveCalls();
      return calls.get(id);
    },
    hangUp: (id) => exchange.hangUp(id),
  };
}

/** Runs the checks that a server can make of itself. */
export async function checkItself(
  run: ServeRun,
  language: Language,
): Promise<SelfTest> {
  const { runChecks } = await import("../../diag/io/checks.ts");
  const context = await openContext(run, language);
  return await runChecks(context, CHECK_IDS, () => {});
}

/** The same in no language yet. */
export async function findByItself(
  run: ServeRun,
): Promise<readonly CheckResult[]> {
  const { findByChecks } = await import("../../diag/io/checks.ts");
  const context = await openContext(run, "en");
  return await findByChecks(context, CHECK_IDS, () => {});
}

async function openContext(
  { shell, config, options, parts, diagnosis }: ServeRun,
  language: Language,
): Promise<CheckContext> {
  const { ownCheckContext } = await import("./check_context.ts");
  const { addTestExtension, removeTestExtension } = diagnosis;
  const listPhones = () =>
    parts.exchange.listBindings(undefined, MOST_PHONES).map((
      { number, source },
    ) => ({
      number,
      source,
      local: "",
    }));
  return ownCheckContext(shell, config, options, language, {
    pid: Deno.pid,
    listen: parts.sip,
    addAccount: () => Promise.resolve(addTestExtension()),
    removeAccount: (number) => Promise.resolve(removeTestExtension(number)),
    listPhones: () => Promise.resolve(listPhones()),
  });
}
