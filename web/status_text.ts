/**
 * The state of the running server, as JSON for scripts and on one screen for people.
 * @module
 */

import { formatDuration, formatMemory } from "./duration.ts";
import type { Paint } from "./paint.ts";
import { formatTable } from "./table.ts";

/** The state of a server; the shape is part of the contract. */
export interface ServerStatus {
  readonly version: string;
  readonly pid: number;
  readonly uptimeSeconds: number;
  /** Each address as `host:port`; the server listens there on UDP and TCP. */
  readonly sip: { readonly listen: readonly string[] };
  readonly http: { readonly listen: string | null };
  readonly extensions: number;
  readonly registrations: number;
  readonly calls: number;
  readonly memoryBytes: number;
}

/** Whether what came over the network looks like a status (the server may be another version). */
export function isServerStatus(value: unknown): value is ServerStatus {
  if (typeof value !== "object" || value === null) return false;
  const {
    version,
    pid,
    uptimeSeconds,
    sip,
    http,
    extensions,
    registrations,
    calls,
    memoryBytes,
  } = value as Record<string, unknown>;
  return typeof version === "string" &&
    [pid, uptimeSeconds, extensions, registrations, calls, memoryBytes]
      .every((entry) => typeof entry === "number") &&
    Array.isArray((sip as { listen?: unknown } | null)?.listen) &&
    typeof http === "object" && http !== null;
}

/** Writes the screen of `pbx status`. */
export function formatStatus(
  status: ServerStatus,
  dataDir: string,
  paint: Paint,
): string {
  const running = `running for ${
    formatDuration(status.uptimeSeconds)
  }, pid ${status.pid}`;
  const registrations = String(status.registrations);
  return formatTable([
    [{ text: `pbx ${status.version}`, paint: paint.bold }, {
      text: running,
      paint: paint.green,
    }],
    ["sip", `${status.sip.listen.join(", ")} (UDP and TCP)`],
    [
      "http",
      status.http.listen === null ? "off" : `http://${status.http.listen}`,
    ],
    ["data", dataDir],
    ["extensions", String(status.extensions)],
    [
      "registrations",
      status.extensions > 0 && status.registrations === 0
        ? { text: registrations, paint: paint.yellow }
        : registrations,
    ],
    ["calls", String(status.calls)],
    ["memory", formatMemory(status.memoryBytes)],
  ]);
}
