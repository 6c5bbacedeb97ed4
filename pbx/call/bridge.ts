/**
 * A call that is up: what one phone asks for inside its dialog goes to the other one (hold, other
 * codecs, digits, text), and what that answers comes back. What concerns one phone alone is
 * answered here.
 * @module
 */

import { acceptsCseq, refreshTarget } from "../../sip/dialog.ts";
import type { Message } from "../../sip/message.ts";
import { printable } from "../../sip/octet.ts";
import { parseSdp, type SessionDescription } from "../../sip/sdp.ts";
import { answerOurselves } from "../../sip/sdp_rewrite.ts";
import type { Reply } from "../reply.ts";
import type { Held, Responder } from "../responder.ts";
import type { Turn } from "../turn.ts";
import type { CallBook } from "./call_book.ts";
import type { CallEnding } from "./call_ending.ts";
import { tellAcknowledged } from "./call_facts.ts";
import type { CallSound } from "./call_sound.ts";
import {
  LEAST_HEADER,
  readAskedTimer,
  readGrantedTimer,
  startTimer,
} from "./call_timer.ts";
import type { CallWire } from "./call_wire.ts";
import type { InviteUse, Leg } from "./leg.ts";
import { bodyOf, descriptionOf, isBodyTooLong } from "./message_body.ts";
import { acceptsCodec } from "./service.ts";
import type { Transfers } from "./transfer.ts";

export interface BridgeParts {
  readonly book: CallBook;
  readonly wire: CallWire;
  readonly sound: CallSound;
  readonly ending: CallEnding;
  readonly responder: Responder;
  readonly transfers: Transfers;
  readonly sessionSeconds: number;
}

export class Bridge {
  readonly #parts: BridgeParts;

  constructor(parts: BridgeParts) {
    this.#parts = parts;
  }

  /** A request inside a dialog, besides ACK, CANCEL and REFER. */
  receive(leg: Leg, reply: Reply): void {
    const { responder, wire } = this.#parts;
    const { message } = reply;
    if (!acceptsCseq(leg.dialog, message)) {
      return responder.answer(reply, 500, "CSeq out of order", "");
    }
    // behind a router a phone may come from another port than before
    leg.flow = reply.flow;
    if (leg.wantsBye && message.method !== "BYE") {
      // whoever sends another request has heard our 2xx: the BYE need not wait any more
      this.#answer(reply, 481);
      return this.#parts.ending.sayBye(leg, reply);
    }
    leg.askedAtMs = 0;
    switch (message.method) {
      case "BYE":
        return this.#bye(leg, reply);
      case "INVITE":
        return this.#reinvite(leg, reply);
      case "UPDATE":
        return this.#update(leg, reply);
      case "INFO":
      case "MESSAGE":
        return this.#passOn(leg, reply);
      case "OPTIONS":
        return this.#answer(reply, 200, wire.contactHeaders(leg));
      case "NOTIFY":
        return this.#answer(reply, 481);
      default:
        return this.#answer(reply, 405, wire.contactHeaders(leg));
    }
  }

  /** The ACK of a 2xx of ours. */
  acknowledge(leg: Leg, message: Message, turn: Turn): void {
    const { book, ending, sound, wire } = this.#parts;
    if (leg.state !== "answered" || leg.held === null) return;
    if (message.cseq !== leg.held.cseq) return;
    leg.state = "up";
    leg.held = null;
    leg.giveUpAtMs = 0;
    book.unacknowledged.delete(leg);
    if (!leg.isAcknowledged) tellAcknowledged(leg, turn);
    leg.isAcknowledged = true;
    if (leg.wantsBye) return ending.sayBye(leg, turn);
    const { peer } = leg;
    if (!leg.isAnswerInAck || peer === null) return;
    leg.isAnswerInAck = false;
    const sdp = descriptionOf(message);
    if (sdp !== null && sdp !== "broken") {
      peer.ackBody = sound.cross(leg, peer, sdp, true) ?? "";
    }
    peer.state = "up";
    wire.acknowledge(peer, turn);
    peer.ackBody = "";
  }

  /** An answer to an INVITE of ours inside a dialog. */
  receiveAnswer(use: InviteUse, response: Message, turn: Turn): void {
    const { leg } = use;
    const { status } = response;
    if (status < 200) return;
    if (leg.client === null) {
      // our ACK was lost
      if (status < 300 && leg.state === "up") {
        this.#parts.wire.acknowledge(leg, turn);
      }
      return;
    }
    leg.client = null;
    if (status >= 300) return this.fail(use, status, turn);
    refreshTarget(leg.dialog, response);
    leg.ackCseq = response.cseq;
    leg.ackBody = "";
    this.restartTimer(leg, response, turn);
    if (use.purpose === "relay") return this.#passBack(use, response, turn);
    const { wire, sound } = this.#parts;
    wire.acknowledge(leg, turn);
    const sdp = descriptionOf(response);
    if (sdp === null || sdp === "broken") return;
    const { peer } = leg;
    if (use.purpose !== "introduce" || peer === null || peer.isBusy) {
      return sound.hear(leg, sdp);
    }
    const body = sound.cross(leg, peer, sdp, true);
    if (body !== null) wire.invite(peer, "bridge", turn, "", body);
  }

  /** An INVITE of ours inside a dialog was refused, or nobody answered it (408). */
  fail(use: InviteUse, status: number, turn: Turn): void {
    const { ending, sound, wire } = this.#parts;
    const { leg, purpose } = use;
    leg.client = null;
    const { peer } = leg;
    if (purpose === "relay" && peer?.held && !peer.held.isAnswered) {
      wire.answer(
        peer.held,
        turn,
        status === 401 || status === 407 ? 488 : status,
      );
      peer.held = null;
      sound.takeBack(peer);
      // it was to take another phone's place, which is gone already
      if (peer.state === "setup") {
        ending.end(leg.call, "exchange", "error", turn, peer);
        return ending.forget(peer, turn);
      }
    }
    if (!isGone(status) || leg.state === "over") return;
    const why = purpose === "refresh" ? "session-timer" : "phone-gone";
    ending.end(leg.call, "exchange", why, turn);
  }

  /** An answer to a request that was passed on; 0: none came. */
  passAnswer(
    held: Held,
    leg: Leg,
    status: number,
    response: Message | null,
    turn: Turn,
  ): void {
    const { sound, wire, responder } = this.#parts;
    const { peer } = leg;
    if (response === null) return wire.answer(held, turn, 480);
    if (status < 200) return;
    let body = bodyOf(response);
    if (response.method === "UPDATE" && peer !== null) {
      const sdp = descriptionOf(response);
      if (status >= 300) sound.takeBack(peer);
      else if (sdp !== null && sdp !== "broken") {
        refreshTarget(leg.dialog, response);
        const text = sound.cross(leg, peer, sdp, true) ?? "";
        body = { type: "application/sdp", text };
      }
      const headers = status < 300 ? wire.contactHeaders(peer) : "";
      return responder.answerHeld(held, turn, status, headers, body);
    }
    const told = status === 401 || status === 407 ? 480 : status;
    responder.answerHeld(held, turn, told, "", body);
  }

  /** Starts the timer of a dialog anew from what a phone granted. */
  restartTimer(leg: Leg, response: Message, turn: Turn): void {
    const { sessionSeconds } = this.#parts;
    const nowMs = turn.now.monotonicMs;
    const granted = readGrantedTimer(response, sessionSeconds);
    startTimer(leg, granted, sessionSeconds, nowMs);
  }

  /** Asks a phone to go on with the call as it is (RFC 4028 §7.4); false where it cannot be. */
  refresh(leg: Leg, turn: Turn): boolean {
    const { wire, sound } = this.#parts;
    const { seconds } = leg.timer;
    const headers = `Session-Expires: ${seconds};refresher=uac\r\n`;
    if (leg.knowsUpdate) {
      const all = wire.contactHeaders(leg) + headers;
      wire.request(leg, "UPDATE", { kind: "refresh", leg }, turn, all);
      return true;
    }
    const other = leg.isBusy ? null : parseSdp(leg.peer?.said ?? "");
    const sdp = other === null ? null : sound.tell(leg, other, true);
    if (sdp === null) return false;
    wire.invite(leg, "refresh", turn, headers, sdp);
    return true;
  }

  #bye(leg: Leg, reply: Reply): void {
    const { ending, wire } = this.#parts;
    const { call, held } = leg;
    this.#answer(reply, 200);
    if (held !== null && !held.isAnswered) wire.answer(held, reply, 487);
    leg.held = null;
    if (leg.state === "setup") call.status = 487;
    const isMoved = leg.isLeaving || call.isOver ||
      this.#parts.transfers.leave(leg, reply);
    const why = call.answeredAt === 0 ? "cancelled" : "hung-up";
    if (!isMoved) ending.end(call, leg.side, why, reply, leg);
    ending.forget(leg, reply);
  }

  /** Whether another INVITE may begin on the dialog now (RFC 3261 §14.2). */
  #isFree(leg: Leg): boolean {
    return !leg.isBusy && !(leg.peer?.isBusy ?? false);
  }

  #reinvite(leg: Leg, reply: Reply): void {
    const { responder, sound, wire, sessionSeconds, book } = this.#parts;
    const { message } = reply;
    if (
      leg.state === "answered" && !leg.isAnswerInAck && leg.held?.isAnswered
    ) {
      // whoever sends another request has heard our 2xx: its ACK comes late, or never
      leg.state = "up";
      leg.held = null;
      leg.isAcknowledged = true;
      book.unacknowledged.delete(leg);
    }
    if (leg.state !== "up" || !this.#isFree(leg)) {
      return this.#answer(reply, 491);
    }
    const asked = readAskedTimer(message, sessionSeconds);
    if (asked.isTooBrief) {
      return this.#answer(reply, 422, LEAST_HEADER);
    }
    const sdp = descriptionOf(message);
    if (sdp === "broken") return this.#answer(reply, 488);
    refreshTarget(leg.dialog, message);
    startTimer(leg, asked.timer, sessionSeconds, reply.now.monotonicMs);
    leg.timerAnswer = asked.headers;
    const held = responder.hold(reply, leg.dialog.localTag);
    leg.held = held;
    if (leg.call.service !== null) return this.#serve(leg, sdp, reply);
    const { peer } = leg;
    if (peer === null || !peer.isUp) {
      leg.held = null;
      return wire.answer(held, reply, 488);
    }
    if (sdp !== null && sdp.text === leg.said) {
      // a mere refresh: the other phone need not know
      const other = parseSdp(peer.said);
      const body = other === null ? null : sound.tell(leg, other, true);
      if (body !== null) return this.#accept(leg, body, reply);
    }
    wire.answer(held, reply, 100);
    const body = sdp === null ? "" : sound.cross(leg, peer, sdp, true);
    if (body === null) {
      leg.held = null;
      sound.takeBack(leg);
      return wire.answer(held, reply, 503, "Retry-After: 10\r\n");
    }
    wire.invite(peer, "relay", reply, this.#timerOf(peer), body);
  }

  /** What our INVITE inside a dialog says of its timer. */
  #timerOf({ timer }: Leg): string {
    if (timer.seconds === 0) return "";
    const refresher = timer.isOurs ? "uac" : "uas";
    return `Session-Expires: ${timer.seconds};refresher=${refresher}\r\n`;
  }

  /** A phone in a call with the exchange itself changes its mind. */
  #serve(leg: Leg, sdp: SessionDescription | null, turn: Turn): void {
    const { sound, wire } = this.#parts;
    const answer = sdp === null
      ? null
      : answerOurselves(sdp, acceptsCodec(leg.call.service!));
    if (sdp === null || answer === null) {
      wire.answer(leg.held!, turn, 488);
      leg.held = null;
      return;
    }
    sound.hear(leg, sdp);
    const body = sound.tell(leg, answer);
    sound.serve(leg, answer);
    this.#accept(leg, body ?? "", turn);
  }

  /** Answers an INVITE inside a dialog with 200. */
  #accept(leg: Leg, body: string, turn: Turn): void {
    const { wire, book, sessionSeconds } = this.#parts;
    const headers = wire.contactHeaders(leg) + leg.timerAnswer;
    wire.answer(leg.held!, turn, 200, headers, body);
    const nowMs = turn.now.monotonicMs;
    leg.awaitAck(nowMs);
    startTimer(leg, leg.timer, sessionSeconds, nowMs);
    book.unacknowledged.add(leg);
  }

  /** The other phone agrees to what one asked for. */
  #passBack(use: InviteUse, response: Message, turn: Turn): void {
    const { sound, wire } = this.#parts;
    const { leg } = use;
    const { peer } = leg;
    const sdp = descriptionOf(response);
    const body = sdp === null || sdp === "broken" || peer === null
      ? ""
      : sound.cross(leg, peer, sdp, true) ?? "";
    const isAwaited = peer !== null && peer.held?.isAnswered === false;
    if (isAwaited && use.isLateOffer) {
      leg.state = "answered";
      peer.isAnswerInAck = true;
    } else wire.acknowledge(leg, turn);
    if (isAwaited) this.#accept(peer, body, turn);
  }

  #update(leg: Leg, reply: Reply): void {
    const { sound, sessionSeconds, wire } = this.#parts;
    const { message } = reply;
    const asked = readAskedTimer(message, sessionSeconds);
    if (asked.isTooBrief) {
      return this.#answer(reply, 422, LEAST_HEADER);
    }
    const sdp = descriptionOf(message);
    if (sdp === "broken") return this.#answer(reply, 488);
    const { peer } = leg;
    if (sdp !== null && (peer === null || !leg.isUp || !this.#isFree(leg))) {
      return this.#answer(reply, 491);
    }
    refreshTarget(leg.dialog, message);
    if (leg.isUp) {
      startTimer(leg, asked.timer, sessionSeconds, reply.now.monotonicMs);
    }
    if (sdp === null || peer === null) {
      const headers = wire.contactHeaders(leg) + asked.headers;
      return this.#answer(reply, 200, headers);
    }
    if (!peer.knowsUpdate) return this.#answer(reply, 488);
    const text = sound.cross(leg, peer, sdp, true);
    if (text === null) return this.#answer(reply, 503);
    const body = { type: "application/sdp", text };
    this.#relay(leg, peer, reply, wire.contactHeaders(peer), body);
  }

  /** Digits and text are the other phone's business. */
  #passOn(leg: Leg, reply: Reply): void {
    const { message } = reply;
    const { peer, call } = leg;
    if (isBodyTooLong(message)) return this.#answer(reply, 413);
    if (this.#parts.wire.isCrowded) return this.#answer(reply, 503);
    if (call.service !== null) return this.#answer(reply, 200);
    if (peer === null || !peer.isUp) return this.#answer(reply, 480);
    const info = message.valueOfOther("info-package");
    const headers = info === null
      ? ""
      : `Info-Package: ${printable(info, 128)}\r\n`;
    this.#relay(leg, peer, reply, headers, bodyOf(message));
  }

  #relay(
    leg: Leg,
    peer: Leg,
    reply: Reply,
    headers: string,
    body: ReturnType<typeof bodyOf>,
  ): void {
    const { responder, wire } = this.#parts;
    const held = responder.hold(reply, leg.dialog.localTag);
    const { method } = reply.message;
    const use = { kind: "relay", leg: peer, held } as const;
    wire.request(peer, method, use, reply, headers, body);
  }

  #answer(reply: Reply, status: number, headers = ""): void {
    this.#parts.responder.answerInDialog(reply, status, headers);
  }
}

/** Whether an answer inside a dialog means that the phone knows nothing of it (RFC 3261 §12.2.1.2). */
export function isGone(status: number): boolean {
  return status === 0 || status === 408 || status === 481;
}
