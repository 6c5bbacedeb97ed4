/**
 * What a service tells systemd, and what systemd tells it about that (sd_notify(3)).
 * @module
 */

/** The variables that tell of it; not for programs that this one starts. */
export const NOTIFY_VARIABLES = [
  "NOTIFY_SOCKET",
  "WATCHDOG_USEC",
  "WATCHDOG_PID",
] as const;

/** Who wants to hear, and how often. */
export interface Notification {
  /** `struct sockaddr_un` of the socket of systemd. */
  readonly address: Uint8Array<ArrayBuffer>;
  /** After how long a silence it takes the service for stuck; null: it does not watch. */
  readonly watchdogMs: number | null;
}

const AF_UNIX = 1;
/** Octets of `sun_path`. */
const LONGEST_PATH = 108;

type Environment = Readonly<Record<string, string | undefined>>;

/** Null where nobody wants to hear anything. */
export function readNotification(
  environment: Environment,
  pid: number,
): Notification | null {
  const address = writeAddress(environment["NOTIFY_SOCKET"] ?? "");
  if (address === null) return null;
  return { address, watchdogMs: readWatchdog(environment, pid) };
}

/** A path, or with an `@` in front a name without a file, whose first octet is 0. */
function writeAddress(socket: string): Uint8Array<ArrayBuffer> | null {
  if (!/^[/@]./.test(socket)) return null;
  const path = new TextEncoder().encode(socket);
  if (path.length >= LONGEST_PATH) return null;
  if (socket.startsWith("@")) path[0] = 0;
  const address = new Uint8Array(2 + path.length);
  address[0] = AF_UNIX;
  address.set(path, 2);
  return address;
}

function readWatchdog(environment: Environment, pid: number): number | null {
  const { WATCHDOG_USEC, WATCHDOG_PID } = environment;
  if (!/^[1-9]\d{0,15}$/.test(WATCHDOG_USEC ?? "")) return null;
  if (WATCHDOG_PID && WATCHDOG_PID !== String(pid)) return null;
  return Number(WATCHDOG_USEC) / 1000;
}

/**
 * The line that `systemctl status` shows.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { describeService } from "./notify_message.ts";
 * assert.equal(
 *   describeService({ extensions: 3, registrations: 2, calls: 1 }),
 *   "Phones registered: 2, extensions: 3, calls: 1",
 * );
 * ```
 */
export function describeService(
  { extensions, registrations, calls }: {
    readonly extensions: number;
    readonly registrations: number;
    readonly calls: number;
  },
): string {
  return `Phones registered: ${registrations}, extensions: ${extensions}, calls: ${calls}`;
}
