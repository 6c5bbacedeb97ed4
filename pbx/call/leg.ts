/**
 * One phone's part of a call: the dialog between it and us (RFC 3261 §12), what it says of its
 * sound, and what we still have to do for it.
 *
 *      setup --- 2xx sent, or 2xx came and no ACK yet ---> answered --- ACK ---> up
 *        |                                                    |                   |
 *        +--- failure, CANCEL ---> over <--- BYE, no ACK -----+---- BYE, silence--+
 *
 * @module
 */

import type { Dialog } from "../../sip/dialog.ts";
import type { Flow } from "../../sip/flow.ts";
import type { InviteClient } from "../../sip/invite_client_transactions.ts";
import { T1_MS } from "../../sip/timers.ts";
import type { Side } from "../fact.ts";
import type { MediaEnd } from "../media/media_relay.ts";
import type { Held } from "../responder.ts";
import type { Call } from "./call.ts";

export type LegState = "setup" | "answered" | "up" | "over";

/** The session timer of a dialog (RFC 4028); of 0 seconds where the phone knows none. */
export interface SessionTimer {
  readonly seconds: number;
  /** Whether we refresh; else the phone does. */
  readonly isOurs: boolean;
}

export const NO_TIMER: SessionTimer = { seconds: 0, isOurs: true };

/** What an INVITE of ours is for. */
export interface InviteUse {
  readonly leg: Leg;
  /**
   * `ring`: a phone is called; `relay`: the other phone asked for a change; `refresh`: a session
   * timer; `bridge`: the phone has another partner; `introduce`: the same, and that partner is
   * told the answer.
   */
  readonly purpose: "ring" | "relay" | "refresh" | "bridge" | "introduce";
  /** Whether it had no body, so that the answer to the phone's offer goes into the ACK. */
  readonly isLateOffer: boolean;
}

export class Leg {
  call: Call;
  side: Side;
  /** Whether the phone called us; else we called it. */
  readonly isIncoming: boolean;
  /** The extension. */
  readonly number: string;
  readonly userAgent: string;
  readonly dialog: Dialog;
  /** The binding that it was called by; -1 for none. */
  slot = -1;
  /** The name that the phone gives itself; "" for none. */
  displayName = "";
  /** The way to the phone: where it signalled from last. */
  flow: Flow;
  state: LegState = "setup";
  /** The phone at the other side of the bridge, once there is one. */
  peer: Leg | null = null;
  /** An INVITE of the phone that waits for its final answer, or for the ACK of that. */
  held: Held | null = null;
  /** The name of the transaction of its first INVITE, until that is answered; then "". */
  setupKey = "";
  /** An INVITE of ours that waits for its final answer. */
  client: InviteClient<InviteUse> | null = null;
  /** The INVITE of ours that opened the dialog. */
  opened: InviteClient<InviteUse> | null = null;
  /** Whether the phone knows UPDATE (RFC 3311). */
  knowsUpdate = false;
  /** Whether our answer had the offer in it, so that the ACK has the phone's answer. */
  isAnswerInAck = false;
  /** CSeq of our INVITE that the ACK has to name, and what the ACK carried. */
  ackCseq = 0;
  ackBody = "";
  /** Until the ACK comes: when to send our 2xx again, how long that waits, and when to give up. */
  resendAtMs = 0;
  resendEveryMs = 0;
  giveUpAtMs = 0;
  resends = 0;
  /** A BYE must not leave before the ACK has come (RFC 3261 §15). */
  wantsBye = false;
  /** The call that its partner is sent to, as long as that is not decided. */
  transferring: Call | null = null;
  /** Whether it has transferred its partner away, and is about to hang up. */
  isLeaving = false;
  /** Whether the first ACK has come. */
  isAcknowledged = false;
  /** What the phone said last of its sound (SDP); "" where it said nothing yet. */
  said = "";
  /** What it said before an offer that may still be refused. */
  saidBefore = "";
  /** Whether it speaks and listens: it is not on hold. */
  isSending = false;
  /** Of what we tell it: RFC 8866 §5.2. */
  readonly sessionId: number;
  sessionVersion = 0;
  /** One for each media line; null where that is not relayed. */
  readonly ends: (MediaEnd | null)[] = [];
  timer: SessionTimer = NO_TIMER;
  /** What the 2xx says of the timer that the phone asked for. */
  timerAnswer = "";
  /** When to refresh, to ask, or to give the dialog up; 0: never. */
  timerDueMs = 0;
  /** Whether a question of ours whether the phone is still in the call waits for its answer. */
  isAsked = false;
  askedAtMs = 0;
  /** When it was told last how its sound flows, and whether it flowed then. */
  toldAtMs = 0;
  toldTimes = 0;
  wasSilent = false;

  constructor(
    call: Call,
    side: Side,
    isIncoming: boolean,
    number: string,
    userAgent: string,
    dialog: Dialog,
    flow: Flow,
    sessionId: number,
  ) {
    this.call = call;
    this.side = side;
    this.isIncoming = isIncoming;
    this.number = number;
    this.userAgent = userAgent;
    this.dialog = dialog;
    this.flow = flow;
    this.sessionId = sessionId;
  }

  /** From now on our 2xx is sent again until the ACK comes (RFC 3261 §13.3.1.4). */
  awaitAck(nowMs: number): void {
    this.state = "answered";
    this.resends = 0;
    this.resendEveryMs = T1_MS;
    this.resendAtMs = nowMs + T1_MS;
    this.giveUpAtMs = nowMs + 64 * T1_MS;
  }

  /** Whether its sound is expected: it is not on hold, and holds nobody. */
  get isSoundExpected(): boolean {
    return this.isSending && (this.peer?.isSending ?? true);
  }

  /** Whether an INVITE is under way in either direction, so that no other may begin. */
  get isBusy(): boolean {
    return this.client !== null || this.held !== null;
  }

  /** Whether the dialog holds and may carry requests. */
  get isUp(): boolean {
    return this.state === "up" || this.state === "answered";
  }
}
