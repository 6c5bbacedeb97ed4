/**
 * An INVITE that opens a call, from a sender that is known: whether it is let in, and where the
 * call goes.
 * @module
 */

import type { Message } from "../../sip/message.ts";
import { copyText, printable } from "../../sip/octet.ts";
import { parseReplaces } from "../../sip/refer.ts";
import { type Refusal, refuse } from "../../sip/refusal.ts";
import type { SessionDescription } from "../../sip/sdp.ts";
import { answerOurselves } from "../../sip/sdp_rewrite.ts";
import { unescapeText } from "../../sip/uri.ts";
import type { Reply } from "../reply.ts";
import type { Responder } from "../responder.ts";
import type { Turn } from "../turn.ts";
import { Call } from "./call.ts";
import type { CallBook } from "./call_book.ts";
import type { CallEnding } from "./call_ending.ts";
import { tellInvited } from "./call_facts.ts";
import { type CallSound, codecOf, mediaOfferOf } from "./call_sound.ts";
import { type AskedTimer, LEAST_HEADER, readAskedTimer } from "./call_timer.ts";
import type { CallWire } from "./call_wire.ts";
import type { Leg } from "./leg.ts";
import { descriptionOf } from "./message_body.ts";
import { readDestination } from "./number_plan.ts";
import { pickUp, takeOver } from "./pickup.ts";
import type { Ringing } from "./ringing.ts";
import { acceptsCodec } from "./service.ts";

export interface IncomingParts {
  readonly book: CallBook;
  readonly wire: CallWire;
  readonly sound: CallSound;
  readonly ending: CallEnding;
  readonly ringing: Ringing;
  readonly responder: Responder;
  readonly isExtension: (number: string) => boolean;
  readonly nearest: (number: string) => readonly string[];
  readonly limits: { readonly calls: number; readonly sessionSeconds: number };
}

const LONGEST_NAME = 64;
const LONGEST_CALL_ID = 512;
/** An extension may have a part of all calls at a time, or so many where that is less. */
const SHARES = 4;
const LEAST_SHARE = 16;
/** As far as a text can be shown: whole letters, and nothing that controls (RFC 3629 §4). */
const UTF8 =
  /^(?:[\x20-\x7e]|[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3})*/;

export class Incoming {
  readonly #parts: IncomingParts;

  constructor(parts: IncomingParts) {
    this.#parts = parts;
  }

  /** Lets an INVITE in, or refuses it. */
  invite(reply: Reply, number: string): void {
    const { book, wire, sound, ringing, responder, limits } = this.#parts;
    const { message, now } = reply;
    const asked = readAskedTimer(message, limits.sessionSeconds);
    const sdp = descriptionOf(message);
    const refusal = this.#findFault(number, asked, sdp);
    if (refusal !== null) return responder.refuse(reply, refusal, true);
    const dialled = dialledBy(message);
    const localTag = wire.nextToken();
    const callId = copyText(message.callId, LONGEST_CALL_ID);
    const name = wire.nextCallName(reply);
    const call = new Call(name, callId, number, dialled, now.wallMs);
    const leg = ringing.openCaller(call, reply, number, localTag);
    if (leg === null || sdp === "broken") {
      const fault = refuse(400, "Bad Contact", "parse", "contact-unusable");
      return responder.refuse(reply, fault, true);
    }
    leg.held = responder.hold(reply, localTag);
    leg.setupKey = reply.key;
    leg.timer = asked.timer;
    leg.timerAnswer = asked.headers;
    leg.displayName = nameOf(message);
    call.caller = leg;
    call.hops = Math.max(0, message.maxForwards - 1);
    book.add(leg);
    book.begin(call);
    book.setups.set(reply.key, leg);
    if (sdp !== null) sound.hear(leg, sdp);
    call.offer = sdp;
    const replaces = message.value("replaces");
    if (replaces === null) this.#route(leg, sdp, reply);
    else this.#replace(leg, replaces, sdp, reply);
  }

  #findFault(
    number: string,
    asked: AskedTimer,
    sdp: SessionDescription | null | "broken",
  ): Refusal | null {
    const { book, limits } = this.#parts;
    if (asked.isTooBrief) {
      const reason = "Session Interval Too Small";
      const why = "interval-too-brief";
      return refuse(
        422,
        reason,
        "policy",
        why,
        "Session-Expires",
        LEAST_HEADER,
      );
    }
    if (sdp === "broken" || sdp?.media.length === 0) {
      const why = "unsupported-content";
      return refuse(488, "Not Acceptable Here", "parse", why, "SDP");
    }
    // nobody takes the whole exchange for himself
    const share = Math.max(LEAST_SHARE, Math.floor(limits.calls / SHARES));
    const isShareUsed = book.callsOf(number) >= share;
    if (book.calls.size < limits.calls && !isShareUsed) return null;
    const detail = isShareUsed
      ? `${share} calls of one extension`
      : `${limits.calls} calls`;
    const headers = "Retry-After: 10\r\n";
    const reason = "Service Unavailable";
    return refuse(503, reason, "policy", "call-limit", detail, headers);
  }

  /** Where a call goes. */
  #route(leg: Leg, sdp: SessionDescription | null, reply: Reply): void {
    const { call } = leg;
    const { isExtension, ringing, wire, ending } = this.#parts;
    const octets = reply.message.end - reply.message.start;
    const destination = readDestination(call.dialled, isExtension);
    if (destination.kind === "extension") call.callee = destination.number;
    tellInvited(leg, octets, mediaOfferOf(sdp), reply);
    switch (destination.kind) {
      case "extension":
        wire.answer(leg.held!, reply, 100);
        return ringing.ring(call, destination.number, reply);
      case "service":
        call.service = destination.service;
        return this.#serve(leg, sdp, reply);
      case "pickup": {
        const status = pickUp(this.#parts, leg, destination.number, reply);
        if (status === 200) return;
        return ending.refuse(call, status, "exchange", "refused", reply);
      }
      case "unknown":
        this.#refuseUnknown(call, reply);
    }
  }

  #refuseUnknown(call: Call, turn: Turn): void {
    const { ending, nearest } = this.#parts;
    const near = nearest(call.dialled).join(", ");
    const detail = near === "" ? "" : `nearest: ${near}`;
    const why = "no-such-number";
    ending.refuse(call, 404, "exchange", why, turn, detail);
  }

  /** The exchange itself takes the call. */
  #serve(leg: Leg, sdp: SessionDescription | null, turn: Turn): void {
    const { sound, ringing, ending } = this.#parts;
    const { call } = leg;
    const answer = sdp === null
      ? null
      : answerOurselves(sdp, acceptsCodec(call.service!));
    const body = answer === null ? null : sound.tell(leg, answer);
    if (answer === null || body === null) {
      const status = answer === null ? 488 : 503;
      return ending.refuse(call, status, "exchange", "refused", turn);
    }
    call.answeredAt = turn.now.wallMs;
    call.codec = codecOf(answer);
    sound.serve(leg, answer);
    ringing.accept(leg, body, mediaOfferOf(answer), turn);
  }

  /** The caller takes the place of another phone (RFC 3891 §3). */
  #replace(
    leg: Leg,
    value: string,
    sdp: SessionDescription | null,
    reply: Reply,
  ): void {
    const { book, ending, wire } = this.#parts;
    const octets = reply.message.end - reply.message.start;
    tellInvited(leg, octets, mediaOfferOf(sdp), reply);
    const replaces = parseReplaces(value);
    const former = replaces === null ? null : book.findReplaced(
      replaces.callId,
      replaces.toTag,
      replaces.fromTag,
    );
    if (former === null || sdp === null) {
      const status = former === null ? 481 : 488;
      return ending.refuse(leg.call, status, "exchange", "refused", reply);
    }
    if (replaces!.isEarlyOnly && former.isUp) {
      return ending.refuse(leg.call, 486, "exchange", "refused", reply);
    }
    wire.answer(leg.held!, reply, 100);
    const status = takeOver(this.#parts, leg, former, sdp, reply);
    if (status !== 200) {
      ending.refuse(leg.call, status, "exchange", "refused", reply);
    }
  }
}

/** What was typed into the phone. */
export function dialledBy({ target }: Message): string {
  const user = target?.kind === "sip" ? target.user ?? "" : "";
  return copyText(printable(unescapeText(user), LONGEST_NAME), LONGEST_NAME);
}

/** The name that a phone gives itself, fit to be passed on. */
function nameOf({ from }: Message): string {
  if ("fault" in from) return "";
  const [name = ""] = UTF8.exec(from.displayName.slice(0, LONGEST_NAME)) ?? [];
  return copyText(name, LONGEST_NAME);
}
