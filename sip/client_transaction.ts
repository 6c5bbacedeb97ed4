/**
 * The client's side of every request but INVITE and ACK, RFC 3261 §17.1.2: a request is repeated
 * until it is answered or 32 seconds have passed.
 *
 *                        | send, start E, start F
 *                        v
 *                  +----------+  timer-E: repeat, restart E
 *                  |  trying  |----+
 *                  |          |<---+          timer-F: fail timeout
 *                  +----------+               transport-error: fail transport
 *       receive-1xx: |      | |-------------------------------------------+
 *       pass         v      |                                             |
 *            +------------+ |  timer-E: repeat, start E (T2)              |
 *            | proceeding |----+                                          |
 *            |            |<---+  receive-1xx: pass                       |
 *            +------------+ |                                             |
 *    receive-final:  |    | |receive-final:                               |
 *    pass, stop E,   |    | |pass, stop E, stop F, start K                |
 *    stop F, start K |    +-|-------------------------------------------->+
 *                    v      v                                             |
 *                  +-----------+  receive-1xx, receive-final: absorb      |
 *                  | completed |----+                                     |
 *                  |           |<---+                                     |
 *                  +-----------+                                          |
 *                        | timer-K                                        |
 *                        v                                                |
 *                  +------------+                                         |
 *                  | terminated |<----------------------------------------+
 *                  +------------+
 *
 * On a reliable transport E does not run and K is 0, so a final answer ends the transaction.
 * @module
 */

import { restart, start, stop, T2_MS } from "./timers.ts";
import {
  PASS,
  REPEAT,
  row,
  SEND,
  TIMEOUT,
  type Transition,
  UNSENT,
} from "./transaction.ts";

export type ClientState = "trying" | "proceeding" | "completed" | "terminated";

export type ClientEvent =
  | "receive-1xx"
  | "receive-final"
  | "timer-E"
  | "timer-F"
  | "timer-K"
  | "transport-error";

type Row = Transition<ClientState>;

const OPENED: Row = row("trying", SEND, start("E", false), start("F", false));
const OPENED_RELIABLY: Row = row("trying", SEND, start("F", true));
const REQUEST_REPEATED: Row = row("trying", REPEAT, restart("E"));
const PROVISIONAL: Row = row("proceeding", PASS);
const REPEATED_SLOWLY: Row = row("proceeding", REPEAT, {
  do: "start",
  timer: "E",
  afterMs: T2_MS,
});
const FINAL: Row = row(
  "completed",
  PASS,
  stop("E"),
  stop("F"),
  start("K", false),
);
const FINAL_RELIABLY: Row = row("terminated", PASS);
const ABSORBED: Row = row("completed");
const TIMED_OUT: Row = row("terminated", TIMEOUT);
const FAILED: Row = row("terminated", UNSENT);
const ENDED: Row = row("terminated");

/** A request of ours goes out. */
export function openClient(isReliable: boolean): Transition<ClientState> {
  return isReliable ? OPENED_RELIABLY : OPENED;
}

/** The row of the figure for an event, or null where there is none. */
export function stepClient(
  state: ClientState,
  event: ClientEvent,
  isReliable: boolean,
): Transition<ClientState> | null {
  switch (state) {
    case "trying":
    case "proceeding":
      switch (event) {
        case "receive-1xx":
          return PROVISIONAL;
        case "receive-final":
          return isReliable ? FINAL_RELIABLY : FINAL;
        case "timer-E":
          if (isReliable) return null;
          return state === "trying" ? REQUEST_REPEATED : REPEATED_SLOWLY;
        case "timer-F":
          return TIMED_OUT;
        case "transport-error":
          return FAILED;
      }
      return null;
    case "completed":
      switch (event) {
        case "receive-1xx":
        case "receive-final":
          return ABSORBED;
        case "timer-K":
          return ENDED;
      }
      return null;
    case "terminated":
      return null;
  }
}
