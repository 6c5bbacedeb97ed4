/**
 * What the four transactions of RFC 3261 §17 have in common. A transaction is a state and nothing
 * else: its `step` function takes the state and an event and returns the row of the RFC's figure
 * that applies. Whoever holds the transaction keeps the message for repeats and the timers, and
 * carries out the actions in their order.
 *
 *                          step(state, event, isReliable)
 *      messages, timers  ---------------------------------->  Transition { state, actions }
 *                                                                null: no such row, ignore it
 *
 * Rows are constants, so a step allocates nothing. A transaction that reaches `terminated` is
 * forgotten together with its timers, therefore no row stops timers on the way there.
 * @module
 */

/** The timers of RFC 3261 table 4 and RFC 6026 §7, by their letters. */
export type TimerName =
  | "A"
  | "B"
  | "C"
  | "D"
  | "E"
  | "F"
  | "G"
  | "H"
  | "I"
  | "J"
  | "K"
  | "L"
  | "M";

/** The timers that start again with a longer interval each time that they fire. */
export type RepeatingTimer = "A" | "E" | "G";

/** What the holder of a transaction has to do. */
export type Action =
  /** Give the message that came with the event to the transaction user. */
  | { readonly do: "pass" }
  /** Send the message that came with the event, and keep it for repeats. */
  | { readonly do: "send" }
  /** Send the kept message again; where none is kept yet, nothing. */
  | { readonly do: "repeat" }
  /** Make the ACK for the failure that came with the event, and send it (RFC 3261 §17.1.1.3). */
  | { readonly do: "acknowledge" }
  | {
    readonly do: "start";
    readonly timer: TimerName;
    readonly afterMs: number;
  }
  /** Start a timer that has just fired again, after `nextIntervalMs()`. */
  | { readonly do: "restart"; readonly timer: RepeatingTimer }
  | { readonly do: "stop"; readonly timer: TimerName }
  /** Tell the transaction user that nobody answered or that nothing can be sent. */
  | { readonly do: "fail"; readonly why: "timeout" | "transport" };

/** A row of a figure: where the transaction is now, and what has to be done first. */
export interface Transition<S> {
  readonly state: S;
  readonly actions: readonly Action[];
}

export const PASS: Action = { do: "pass" };
export const SEND: Action = { do: "send" };
export const REPEAT: Action = { do: "repeat" };
export const ACKNOWLEDGE: Action = { do: "acknowledge" };
export const TIMEOUT: Action = { do: "fail", why: "timeout" };
export const UNSENT: Action = { do: "fail", why: "transport" };

/**
 * Makes one row. Call it for constants only.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { PASS, row } from "./transaction.ts";
 * assert.deepEqual(row("trying", PASS), { state: "trying", actions: [{ do: "pass" }] });
 * ```
 */
export function row<S extends string>(
  state: S,
  ...actions: readonly Action[]
): Transition<S> {
  return { state, actions };
}
