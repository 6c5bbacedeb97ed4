/**
 * The state of the running server as JSON, for scripts, for the page and for the command line.
 * @module
 */

/** The state of a server; the shape is part of the contract. */
export interface ServerStatus {
  readonly version: string;
  readonly pid: number;
  readonly uptimeSeconds: number;
  /** Each address as `host:port`; the server listens there on UDP and TCP. */
  readonly sip: { readonly listen: readonly string[] };
  readonly http: {
    readonly listen: string | null;
    /** Whether it is HTTPS; older servers do not say. */
    readonly tls?: boolean;
  };
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
