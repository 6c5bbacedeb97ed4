/**
 * Sockets that were open before this program was: which descriptors systemd hands over
 * (sd_listen_fds(3)).
 * @module
 */

/** The first descriptor that is handed over; those below are the standard streams. */
const FIRST = 3;
/** More addresses than these nobody has. */
const MOST = 64;

/** The variables that tell of them; not for programs that this one starts. */
export const LISTEN_VARIABLES = [
  "LISTEN_PID",
  "LISTEN_PIDFDID",
  "LISTEN_FDS",
  "LISTEN_FDNAMES",
] as const;

/**
 * The descriptors that are handed over to the process `pid`; none where the variables are for
 * another one, or make no sense.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { listDescriptors } from "./listen_fds.ts";
 * assert.deepEqual(listDescriptors({ LISTEN_PID: "7", LISTEN_FDS: "2" }, 7), [3, 4]);
 * ```
 */
export function listDescriptors(
  environment: Readonly<Record<string, string | undefined>>,
  pid: number,
): number[] {
  const count = readNumber(environment["LISTEN_FDS"]);
  if (count === null || count > MOST) return [];
  if (readNumber(environment["LISTEN_PID"]) !== pid) return [];
  return Array.from({ length: count }, (_, i) => FIRST + i);
}

function readNumber(text: string | undefined): number | null {
  return text !== undefined && /^[1-9]\d{0,9}$/.test(text)
    ? Number(text)
    : null;
}
