/**
 * The timers of the transactions: RFC 3261 §17 and its table 4, RFC 6026 §7 for L and M.
 *
 *     A  INVITE client, repeat the request        B  INVITE client, give up
 *     C  proxy, INVITE without a final answer     D  INVITE client, absorb repeated failures
 *     E  client, repeat the request               F  client, give up
 *     G  INVITE server, repeat the failure        H  INVITE server, wait for the ACK
 *     I  INVITE server, absorb repeated ACKs      J  server, absorb repeated requests
 *     K  client, absorb repeated answers          L  INVITE server, absorb INVITEs after a 2xx
 *     M  INVITE client, pass repeated 2xx
 * @module
 */

import type { Action, RepeatingTimer, TimerName } from "./transaction.ts";

/** The estimate of a round trip, RFC 3261 §17.1.1.1. */
export const T1_MS = 500;
/** The longest interval between repeats of anything but an INVITE, RFC 3261 §17.1.2.2. */
export const T2_MS = 4000;
/** How long a message may stay in the network, RFC 3261 §17.1.2.2. */
export const T4_MS = 5000;

/**
 * How long the server's user may think about an INVITE until a 100 is due, RFC 3261 §17.2.1.
 * This is no timer of the figure: when it passes, the 100 comes in as the event `send-1xx`.
 */
export const TRYING_AFTER_MS = 200;

const LIFETIME_MS = 64 * T1_MS;

const UNRELIABLE_MS: Readonly<Record<TimerName, number>> = {
  A: T1_MS,
  B: LIFETIME_MS,
  C: 181_000, // has to be more than three minutes, RFC 3261 §16.6
  D: LIFETIME_MS,
  E: T1_MS,
  F: LIFETIME_MS,
  G: T1_MS,
  H: LIFETIME_MS,
  I: T4_MS,
  J: LIFETIME_MS,
  K: T4_MS,
  L: LIFETIME_MS,
  M: LIFETIME_MS,
};

/** What a reliable transport repeats or reorders by itself needs no timer: it is 0. */
const RELIABLE_MS: Readonly<Record<TimerName, number>> = {
  ...UNRELIABLE_MS,
  A: 0,
  D: 0,
  E: 0,
  G: 0,
  I: 0,
  J: 0,
  K: 0,
};

/** How long a timer runs the first time, in milliseconds; 0 means that it is not needed. */
export function timerMs(timer: TimerName, isReliable: boolean): number {
  return (isReliable ? RELIABLE_MS : UNRELIABLE_MS)[timer];
}

/**
 * How long a repeating timer runs next. A doubles until B ends it; E and G stop at T2.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { nextIntervalMs } from "./timers.ts";
 * assert.equal(nextIntervalMs("A", 4000), 8000);
 * assert.equal(nextIntervalMs("E", 4000), 4000);
 * ```
 */
export function nextIntervalMs(
  timer: RepeatingTimer,
  previousMs: number,
): number {
  const doubledMs = previousMs * 2;
  return timer === "A" ? doubledMs : Math.min(doubledMs, T2_MS);
}

/** The action that starts a timer. Call it for constants only. */
export function start(timer: TimerName, isReliable: boolean): Action {
  return { do: "start", timer, afterMs: timerMs(timer, isReliable) };
}

/** The action that stops a timer. Call it for constants only. */
export function stop(timer: TimerName): Action {
  return { do: "stop", timer };
}

/** The action that starts a timer again with a longer interval. Call it for constants only. */
export function restart(timer: RepeatingTimer): Action {
  return { do: "restart", timer };
}
