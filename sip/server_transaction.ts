/**
 * The server's side of every request but INVITE and ACK, RFC 3261 §17.2.2: a request is carried
 * out once and its repeats are answered from here.
 *
 *                        | request: pass
 *                        v
 *                  +----------+  request: absorb
 *                  |  trying  |----+
 *                  |          |<---+
 *                  +----------+
 *        send-1xx:  |        |  send-final: send, start J
 *        send       v        |
 *             +------------+ |  request: repeat
 *             | proceeding |----+  send-1xx: send
 *             |            |<---+  transport-error: fail
 *             +------------+ |
 *        send-final:  |      |
 *        send, start J|      |
 *                     v      v
 *                  +-----------+  request: repeat
 *                  | completed |----+  transport-error: fail
 *                  |           |<---+
 *                  +-----------+
 *                        | timer-J
 *                        v
 *                  +------------+
 *                  | terminated |
 *                  +------------+
 *
 * A failure to send leaves the state as it is, RFC 6026 §8.8. That matters here: were the
 * transaction gone, the phone's repeat of an authenticated REGISTER would look like a replay.
 * On a reliable transport J is 0, so a final answer ends the transaction at once.
 * @module
 */

import { start } from "./timers.ts";
import {
  PASS,
  REPEAT,
  row,
  SEND,
  type Transition,
  UNSENT,
} from "./transaction.ts";

export type ServerState = "trying" | "proceeding" | "completed" | "terminated";

export type ServerEvent =
  | "request"
  | "send-1xx"
  | "send-final"
  | "timer-J"
  | "transport-error";

type Row = Transition<ServerState>;

const OPENED: Row = row("trying", PASS);
const TRYING_ABSORBED: Row = row("trying");
const PROVISIONAL_SENT: Row = row("proceeding", SEND);
const PROVISIONAL_REPEATED: Row = row("proceeding", REPEAT);
const PROVISIONAL_UNSENT: Row = row("proceeding", UNSENT);
const FINAL_SENT: Row = row("completed", SEND, start("J", false));
const FINAL_SENT_RELIABLY: Row = row("terminated", SEND);
const FINAL_REPEATED: Row = row("completed", REPEAT);
const FINAL_UNSENT: Row = row("completed", UNSENT);
const ENDED: Row = row("terminated");

/** A request came that belongs to no transaction yet. */
export function openServer(_isReliable: boolean): Transition<ServerState> {
  return OPENED;
}

/** The row of the figure for an event, or null where there is none. */
export function stepServer(
  state: ServerState,
  event: ServerEvent,
  isReliable: boolean,
): Transition<ServerState> | null {
  switch (state) {
    case "trying":
      switch (event) {
        case "request":
          return TRYING_ABSORBED;
        case "send-1xx":
          return PROVISIONAL_SENT;
        case "send-final":
          return isReliable ? FINAL_SENT_RELIABLY : FINAL_SENT;
      }
      return null;
    case "proceeding":
      switch (event) {
        case "request":
          return PROVISIONAL_REPEATED;
        case "send-1xx":
          return PROVISIONAL_SENT;
        case "send-final":
          return isReliable ? FINAL_SENT_RELIABLY : FINAL_SENT;
        case "transport-error":
          return PROVISIONAL_UNSENT;
      }
      return null;
    case "completed":
      switch (event) {
        case "request":
          return FINAL_REPEATED;
        case "timer-J":
          return ENDED;
        case "transport-error":
          return FINAL_UNSENT;
      }
      return null;
    case "terminated":
      return null;
  }
}
