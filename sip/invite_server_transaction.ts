/**
 * The server's side of an INVITE, RFC 3261 §17.2.1 as corrected by RFC 6026 §7.1: the answer to
 * a 2xx is the business of the transaction user, but repeats of the INVITE stay here.
 *
 *                              | request: pass
 *                              v
 *                       +------------+  request: repeat
 *                       | proceeding |----+  send-1xx: send
 *                       |            |<---+  transport-error: fail
 *                       +------------+
 *            send-300+:  |          |  send-2xx: send, start L
 *            send,       |          +--------------------+
 *            start G, H  v                               v
 *                 +-----------+  request: repeat   +----------+  request: absorb
 *                 | completed |----+  timer-G:     | accepted |----+  ack: pass
 *                 |           |<---+  repeat,      |          |<---+  send-2xx: send
 *                 +-----------+  restart G         +----------+  transport-error: fail
 *     timer-H:      |   |  transport-error: fail         |
 *     fail timeout  |   |                                | timer-L
 *                   |   | ack: stop G, stop H, start I   |
 *                   |   v                                |
 *                   | +-----------+  request, ack:       |
 *                   | | confirmed |----+  absorb         |
 *                   | |           |<---+                 |
 *                   | +-----------+                      |
 *                   |   | timer-I                        |
 *                   v   v                                |
 *                 +------------+                         |
 *                 | terminated |<------------------------+
 *                 +------------+
 *
 * The 100 that is due after `TRYING_AFTER_MS` comes in as `send-1xx`; before it, `repeat` has
 * nothing to send. In `accepted` the user sends the 2xx again by its own clock until the ACK
 * comes (RFC 3261 §13.3.1.4). A failure to send leaves the state as it is, RFC 6026 §8.8.
 * On a reliable transport G does not run and I is 0, so the ACK ends the transaction at once.
 * @module
 */

import { restart, start, stop } from "./timers.ts";
import {
  PASS,
  REPEAT,
  row,
  SEND,
  TIMEOUT,
  type Transition,
  UNSENT,
} from "./transaction.ts";

export type InviteServerState =
  | "proceeding"
  | "completed"
  | "confirmed"
  | "accepted"
  | "terminated";

export type InviteServerEvent =
  | "request"
  | "ack"
  | "send-1xx"
  | "send-2xx"
  | "send-300+"
  | "timer-G"
  | "timer-H"
  | "timer-I"
  | "timer-L"
  | "transport-error";

type Row = Transition<InviteServerState>;

const OPENED: Row = row("proceeding", PASS);
const PROVISIONAL_SENT: Row = row("proceeding", SEND);
const PROVISIONAL_REPEATED: Row = row("proceeding", REPEAT);
const PROVISIONAL_UNSENT: Row = row("proceeding", UNSENT);
const FAILURE_SENT: Row = row(
  "completed",
  SEND,
  start("G", false),
  start("H", false),
);
const FAILURE_SENT_RELIABLY: Row = row("completed", SEND, start("H", true));
const FAILURE_REPEATED: Row = row("completed", REPEAT);
const FAILURE_REPEATED_BY_G: Row = row("completed", REPEAT, restart("G"));
const FAILURE_UNSENT: Row = row("completed", UNSENT);
const CONFIRMED: Row = row(
  "confirmed",
  stop("G"),
  stop("H"),
  start("I", false),
);
const CONFIRMED_ABSORBED: Row = row("confirmed");
const SUCCESS_SENT: Row = row("accepted", SEND, start("L", false));
const SUCCESS_SENT_AGAIN: Row = row("accepted", SEND);
const SUCCESS_UNSENT: Row = row("accepted", UNSENT);
const ACCEPTED_ABSORBED: Row = row("accepted");
const ACCEPTED_ACKNOWLEDGED: Row = row("accepted", PASS);
const TIMED_OUT: Row = row("terminated", TIMEOUT);
const ENDED: Row = row("terminated");

/** An INVITE came that belongs to no transaction yet. */
export function openInviteServer(
  _isReliable: boolean,
): Transition<InviteServerState> {
  return OPENED;
}

/** The row of the figure for an event, or null where there is none. */
export function stepInviteServer(
  state: InviteServerState,
  event: InviteServerEvent,
  isReliable: boolean,
): Transition<InviteServerState> | null {
  switch (state) {
    case "proceeding":
      switch (event) {
        case "request":
          return PROVISIONAL_REPEATED;
        case "send-1xx":
          return PROVISIONAL_SENT;
        case "send-2xx":
          return SUCCESS_SENT;
        case "send-300+":
          return isReliable ? FAILURE_SENT_RELIABLY : FAILURE_SENT;
        case "transport-error":
          return PROVISIONAL_UNSENT;
      }
      return null;
    case "completed":
      switch (event) {
        case "request":
          return FAILURE_REPEATED;
        case "ack":
          return isReliable ? ENDED : CONFIRMED;
        case "timer-G":
          return isReliable ? null : FAILURE_REPEATED_BY_G;
        case "timer-H":
          return TIMED_OUT;
        case "transport-error":
          return FAILURE_UNSENT;
      }
      return null;
    case "confirmed":
      switch (event) {
        case "request":
        case "ack":
          return CONFIRMED_ABSORBED;
        case "timer-I":
          return ENDED;
      }
      return null;
    case "accepted":
      switch (event) {
        case "request":
          return ACCEPTED_ABSORBED;
        case "ack":
          return ACCEPTED_ACKNOWLEDGED;
        case "send-2xx":
          return SUCCESS_SENT_AGAIN;
        case "timer-L":
          return ENDED;
        case "transport-error":
          return SUCCESS_UNSENT;
      }
      return null;
    case "terminated":
      return null;
  }
}
