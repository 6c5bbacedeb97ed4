/**
 * The client's side of an INVITE, RFC 3261 §17.1.1 as corrected by RFC 6026 §7.2: failures are
 * acknowledged here, every 2xx goes to the transaction user, who sends the ACK itself.
 *
 *                              | send, start A, start B
 *                              v
 *                        +-----------+  timer-A: repeat, restart A
 *                        |  calling  |----+
 *                        |           |<---+    timer-B: fail timeout
 *                        +-----------+         transport-error: fail transport
 *        receive-1xx: pass,  |  | |  |--------------------------------------+
 *        stop A, stop B      v  | |  receive-2xx: pass, stop A, B, start M  |
 *                +------------+ | +------------------------+                |
 *    receive-1xx:| proceeding |-|--------------------------|                |
 *    pass    +-->|            | |  receive-2xx:            |                |
 *            +---|            | |  pass, start M           |                |
 *                +------------+ |                          |                |
 *        receive-300+: |        | receive-300+:            |                |
 *        acknowledge,  |        | acknowledge, pass,       |                |
 *        pass, start D v        v stop A, B, start D       v                |
 *                    +-----------+                   +----------+           |
 *      receive-300+: | completed |                   | accepted |----+      |
 *      acknowledge   |           |                   |          |<---+      |
 *               +--->|           |                   +----------+  receive- |
 *               +----|           |                         |   2xx: pass    |
 *                    +-----------+                         | timer-M        |
 *     timer-D          |       | transport-error: fail     |                |
 *                      v       v                           v                |
 *                    +-------------------------------------------+          |
 *                    |                terminated                 |<---------+
 *                    +-------------------------------------------+
 *
 * On a reliable transport A does not run and D is 0, so a failure ends the transaction at once.
 * @module
 */

import { restart, start, stop } from "./timers.ts";
import {
  ACKNOWLEDGE,
  PASS,
  REPEAT,
  row,
  SEND,
  TIMEOUT,
  type Transition,
  UNSENT,
} from "./transaction.ts";

export type InviteClientState =
  | "calling"
  | "proceeding"
  | "completed"
  | "accepted"
  | "terminated";

export type InviteClientEvent =
  | "receive-1xx"
  | "receive-2xx"
  | "receive-300+"
  | "timer-A"
  | "timer-B"
  | "timer-D"
  | "timer-M"
  | "transport-error";

type Row = Transition<InviteClientState>;

const OPENED: Row = row("calling", SEND, start("A", false), start("B", false));
const OPENED_RELIABLY: Row = row("calling", SEND, start("B", true));
const INVITE_REPEATED: Row = row("calling", REPEAT, restart("A"));
const FIRST_PROVISIONAL: Row = row("proceeding", PASS, stop("A"), stop("B"));
const PROVISIONAL: Row = row("proceeding", PASS);
const FIRST_SUCCESS: Row = row(
  "accepted",
  PASS,
  stop("A"),
  stop("B"),
  start("M", false),
);
const SUCCESS: Row = row("accepted", PASS, start("M", false));
const FURTHER_SUCCESS: Row = row("accepted", PASS);
const FIRST_FAILURE: Row = row(
  "completed",
  ACKNOWLEDGE,
  PASS,
  stop("A"),
  stop("B"),
  start("D", false),
);
const FAILURE: Row = row("completed", ACKNOWLEDGE, PASS, start("D", false));
const FAILURE_RELIABLY: Row = row("terminated", ACKNOWLEDGE, PASS);
const FAILURE_REPEATED: Row = row("completed", ACKNOWLEDGE);
const TIMED_OUT: Row = row("terminated", TIMEOUT);
const FAILED: Row = row("terminated", UNSENT);
const ENDED: Row = row("terminated");

/** An INVITE of ours goes out. */
export function openInviteClient(
  isReliable: boolean,
): Transition<InviteClientState> {
  return isReliable ? OPENED_RELIABLY : OPENED;
}

/** The row of the figure for an event, or null where there is none. */
export function stepInviteClient(
  state: InviteClientState,
  event: InviteClientEvent,
  isReliable: boolean,
): Transition<InviteClientState> | null {
  switch (state) {
    case "calling":
      switch (event) {
        case "receive-1xx":
          return FIRST_PROVISIONAL;
        case "receive-2xx":
          return FIRST_SUCCESS;
        case "receive-300+":
          return isReliable ? FAILURE_RELIABLY : FIRST_FAILURE;
        case "timer-A":
          return isReliable ? null : INVITE_REPEATED;
        case "timer-B":
          return TIMED_OUT;
        case "transport-error":
          return FAILED;
      }
      return null;
    case "proceeding":
      switch (event) {
        case "receive-1xx":
          return PROVISIONAL;
        case "receive-2xx":
          return SUCCESS;
        case "receive-300+":
          return isReliable ? FAILURE_RELIABLY : FAILURE;
      }
      return null;
    case "completed":
      switch (event) {
        case "receive-300+":
          return FAILURE_REPEATED;
        case "timer-D":
          return ENDED;
        case "transport-error":
          return FAILED;
      }
      return null;
    case "accepted":
      switch (event) {
        case "receive-2xx":
          return FURTHER_SUCCESS;
        case "timer-M":
          return ENDED;
      }
      return null;
    case "terminated":
      return null;
  }
}
