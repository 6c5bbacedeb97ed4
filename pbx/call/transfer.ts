/**
 * REFER (RFC 3515), carried out by the exchange: the phone that is sent away need not know it, and
 * gets an INVITE inside its dialog at most. Blind: the exchange calls the new partner. Attended
 * (RFC 5589 §7): the partners of two calls of one phone are put together.
 *
 *     referrer -- REFER --> 202, NOTIFY 100 ... NOTIFY 180 ... NOTIFY 200 (or the failure)
 *
 * The referrer hangs up by itself, or is hung up a moment later.
 * @module
 */

import { acceptsCseq } from "../../sip/dialog.ts";
import { parseReferTo, type Replaces } from "../../sip/refer.ts";
import { reasonOf } from "../../sip/reason.ts";
import { parseSdp, type SessionDescription } from "../../sip/sdp.ts";
import { offerAnew } from "../../sip/sdp_rewrite.ts";
import { type SipUri, unescapeText } from "../../sip/uri.ts";
import type { Flow } from "../../sip/flow.ts";
import type { Reply } from "../reply.ts";
import type { Responder } from "../responder.ts";
import type { Turn } from "../turn.ts";
import { Call } from "./call.ts";
import type { CallBook } from "./call_book.ts";
import type { CallEnding } from "./call_ending.ts";
import { type CallSound, codecOf } from "./call_sound.ts";
import type { CallWire } from "./call_wire.ts";
import type { Leg } from "./leg.ts";
import { readDestination } from "./number_plan.ts";
import type { Ringing } from "./ringing.ts";

export interface TransferParts {
  readonly book: CallBook;
  readonly wire: CallWire;
  readonly sound: CallSound;
  readonly ending: CallEnding;
  readonly ringing: Ringing;
  readonly responder: Responder;
  readonly isOurs: (uri: SipUri, flow: Flow) => boolean;
  readonly isExtension: (number: string) => boolean;
}

/** How long the referrer has for hanging up by itself. */
const LEAVES_WITHIN_MS = 2000;
const SIPFRAG = "message/sipfrag;version=2.0";

export class Transfers {
  readonly #parts: TransferParts;

  constructor(parts: TransferParts) {
    this.#parts = parts;
  }

  /** A REFER inside a dialog. */
  receive(leg: Leg, reply: Reply): void {
    const { message } = reply;
    if (!acceptsCseq(leg.dialog, message)) return this.#answer(leg, reply, 500);
    leg.flow = reply.flow;
    if (this.#parts.wire.isCrowded) return this.#answer(leg, reply, 503);
    const value = message.value("refer-to");
    const referTo = value === null ? null : parseReferTo(value);
    if (referTo === null) return this.#answer(leg, reply, 400);
    if (!isStill(leg)) return this.#answer(leg, reply, 603);
    this.#answer(leg, reply, 202);
    this.#notify(leg, message.cseq, 100, reply);
    const { uri, replaces } = referTo;
    const other = replaces === null ? null : this.#findReplaced(leg, replaces);
    if (replaces !== null && other === null) {
      return this.#notify(leg, message.cseq, 481, reply);
    }
    if (other !== null && isStill(other)) {
      return this.#join(leg, other, message.cseq, reply);
    }
    if (other !== null && other.peer !== null) {
      return this.#notify(leg, message.cseq, 491, reply);
    }
    const { isOurs } = this.#parts;
    if (other === null && !isOurs(uri, reply.flow)) {
      return this.#notify(leg, message.cseq, 404, reply);
    }
    const number = other?.call.callee ?? unescapeText(uri.user ?? "");
    if (other !== null) {
      // the call that the referrer waits for is not needed any more
      this.#parts.ending.refuse(
        other.call,
        487,
        "caller",
        "transferred",
        reply,
      );
    }
    this.#call(leg, number, message.cseq, reply);
  }

  /** The new partner rings. */
  tellProgress(call: Call, status: number, turn: Turn): void {
    if (call.transfer === null || call.toldStatus === status) return;
    call.toldStatus = status;
    const { referrer, referCseq } = call.transfer;
    this.#notify(referrer, referCseq, status, turn);
  }

  /** The new partner does not take the call: all stays as it was. */
  failed(call: Call, status: number, turn: Turn): void {
    if (call.transfer === null) return;
    const { referrer, referCseq } = call.transfer;
    referrer.transferring = null;
    this.#notify(referrer, referCseq, status, turn);
  }

  /** The new partner has taken the call. */
  answered(
    call: Call,
    partner: Leg,
    sdp: SessionDescription | null,
    turn: Turn,
  ): void {
    const { ending } = this.#parts;
    const { referrer, referCseq } = call.transfer!;
    const moved = call.caller!;
    if (moved.state === "over") {
      return ending.end(call, "caller", "hung-up", turn);
    }
    const former = moved.call;
    call.status = 200;
    this.#pair(call, moved, partner, turn);
    if (former !== call) {
      this.#leave(referrer, turn);
      ending.end(former, referrer.side, "transferred", turn, referrer, moved);
    }
    this.#notify(referrer, referCseq, 200, turn);
    this.#tellMoved(moved, partner, sdp, turn);
  }

  /** The referrer hangs up before the new partner has answered: his partner waits for that. */
  leave(referrer: Leg, turn: Turn): boolean {
    const call = referrer.transferring;
    const moved = call?.caller;
    if (!call || !moved || call.isOver || moved.state === "over") return false;
    referrer.transferring = null;
    const former = referrer.call;
    this.#settle(moved, turn);
    moved.call = call;
    moved.side = "caller";
    moved.peer = null;
    referrer.peer = null;
    this.#parts.ending.end(
      former,
      referrer.side,
      "transferred",
      turn,
      referrer,
      moved,
    );
    return true;
  }

  /** Blind: the exchange calls the new partner for the phone that is sent away. */
  #call(referrer: Leg, number: string, cseq: number, turn: Turn): void {
    const { book, ringing, isExtension } = this.#parts;
    const moved = referrer.peer!;
    const destination = readDestination(number, isExtension);
    if (destination.kind !== "extension") {
      return this.#notify(referrer, cseq, 404, turn);
    }
    const call = this.#begin(moved, number, turn);
    const said = parseSdp(moved.said);
    call.offer = said === null ? null : offerAnew(said);
    call.transfer = { referrer, referCseq: cseq };
    referrer.transferring = call;
    book.begin(call);
    ringing.ring(call, number, turn);
  }

  /** Attended: the partners of two calls of one phone talk to each other. */
  #join(first: Leg, second: Leg, cseq: number, turn: Turn): void {
    const { book, ending, sound, wire } = this.#parts;
    const [moved, partner] = [first.peer!, second.peer!];
    const call = this.#begin(moved, partner.number, turn);
    call.callee = partner.number;
    call.answeredAt = turn.now.wallMs;
    call.codec = first.call.codec;
    call.status = 200;
    const formers = [first.call, second.call];
    book.begin(call);
    this.#pair(call, moved, partner, turn);
    for (const leg of [first, second]) this.#leave(leg, turn);
    for (const former of formers) {
      const side = former === first.call ? first.side : second.side;
      ending.end(
        former,
        side,
        "transferred",
        turn,
        first,
        second,
        moved,
        partner,
      );
    }
    this.#notify(first, cseq, 200, turn);
    sound.join(moved, partner);
    for (const leg of [moved, partner]) sound.restart(leg);
    const said = parseSdp(moved.said);
    if (said === null || moved.isBusy || partner.isBusy) return;
    const body = sound.tell(partner, offerAnew(said));
    if (body !== null) wire.invite(partner, "introduce", turn, "", body);
  }

  /** The phone that is sent away hears of its new partner's sound. */
  #tellMoved(
    moved: Leg,
    partner: Leg,
    sdp: SessionDescription | null,
    turn: Turn,
  ): void {
    const { sound, wire } = this.#parts;
    const body = sdp === null ? null : sound.cross(partner, moved, sdp, true);
    for (const leg of [moved, partner]) sound.restart(leg);
    partner.call.codec = codecOf(sdp);
    if (body !== null && !moved.isBusy) {
      wire.invite(moved, "bridge", turn, "", body);
    }
  }

  #begin(moved: Leg, dialled: string, turn: Turn): Call {
    const { wallMs } = turn.now;
    const id = this.#parts.wire.nextCallName(turn);
    const call = new Call(
      id,
      moved.dialog.callId,
      moved.number,
      dialled,
      wallMs,
    );
    call.caller = moved;
    return call;
  }

  #pair(call: Call, moved: Leg, partner: Leg, turn: Turn): void {
    for (const leg of [moved, partner]) {
      this.#settle(leg, turn);
      if (leg.peer !== null) leg.peer.peer = null;
      leg.call = call;
    }
    moved.side = "caller";
    partner.side = "callee";
    moved.peer = partner;
    partner.peer = moved;
    call.answerer = partner;
    this.#parts.book.note(call);
  }

  #leave(referrer: Leg, turn: Turn): void {
    this.#settle(referrer, turn);
    referrer.transferring = null;
    referrer.peer = null;
    referrer.isLeaving = true;
    referrer.timerDueMs = turn.now.monotonicMs + LEAVES_WITHIN_MS;
  }

  /** What a phone waits for would have come from a partner that it has no longer. */
  #settle(leg: Leg, turn: Turn): void {
    const { wire } = this.#parts;
    leg.isAnswerInAck = false;
    if (leg.held?.isAnswered === false) {
      wire.answer(leg.held, turn, 491);
      leg.held = null;
    } else if (leg.state === "answered" && leg.held === null) {
      leg.state = "up";
      wire.acknowledge(leg, turn);
    }
  }

  /** A dialog of the same extension, whichever way round its tags are written. */
  #findReplaced(leg: Leg, { callId, toTag, fromTag }: Replaces): Leg | null {
    const { book } = this.#parts;
    const found = book.findReplaced(callId, toTag, fromTag) ??
      book.findReplaced(callId, fromTag, toTag);
    if (found === null || found === leg || found === leg.peer) return null;
    return found.number === leg.number ? found : null;
  }

  #notify(leg: Leg, cseq: number, status: number, turn: Turn): void {
    if (leg.state === "over") return;
    const { wire } = this.#parts;
    const state = status < 200
      ? "active;expires=180"
      : "terminated;reason=noresource";
    const headers = wire.contactHeader(leg) +
      `Event: refer;id=${cseq}\r\nSubscription-State: ${state}\r\n`;
    const text = `SIP/2.0 ${status} ${reasonOf(status)}\r\n`;
    wire.request(leg, "NOTIFY", { kind: "plain" }, turn, headers, {
      type: SIPFRAG,
      text,
    });
  }

  #answer(leg: Leg, reply: Reply, status: number): void {
    const { responder, wire } = this.#parts;
    responder.answerInDialog(reply, status, wire.contactHeader(leg));
  }
}

/**
 * Whether a phone talks to another one, neither of them is sent away by the other, and no ACK of
 * the one is to be passed on to the other.
 */
function isStill({ isUp, peer, transferring, isAnswerInAck }: Leg): boolean {
  return isUp && peer !== null && peer.isUp && transferring === null &&
    peer.transferring === null && !isAnswerInAck && !peer.isAnswerInAck;
}
