/**
 * Taking a call that rings elsewhere: both phones have offered sound, so each is answered with what
 * the other one offered, as far as the two agree. And taking the place of a phone in a call that is
 * up, whose partner is asked for its sound anew.
 * @module
 */

import { parseSdp, type SessionDescription } from "../../sip/sdp.ts";
import { answerFrom } from "../../sip/sdp_rewrite.ts";
import type { Turn } from "../turn.ts";
import type { Call } from "./call.ts";
import type { CallBook } from "./call_book.ts";
import type { CallEnding } from "./call_ending.ts";
import { type CallSound, codecOf, mediaOfferOf } from "./call_sound.ts";
import type { CallWire } from "./call_wire.ts";
import type { Leg } from "./leg.ts";
import type { Ringing } from "./ringing.ts";

export interface PickupParts {
  readonly book: CallBook;
  readonly wire: CallWire;
  readonly sound: CallSound;
  readonly ending: CallEnding;
  readonly ringing: Ringing;
}

/**
 * Gives a call that rings to the phone that asks for it.
 *
 * @param taker whose INVITE waits, and who is in a call of its own so far.
 * @param number of the phones that ring; "" for any.
 * @returns 200, or the status that the taker has to hear.
 */
export function pickUp(
  parts: PickupParts,
  taker: Leg,
  number: string,
  turn: Turn,
): number {
  const { book } = parts;
  const call = findRinging(book, taker, number);
  return call === null ? 480 : takeRinging(parts, taker, call, turn);
}

function takeRinging(
  { book, sound, ending, ringing }: PickupParts,
  taker: Leg,
  call: Call,
  turn: Turn,
): number {
  const { caller } = call;
  if (caller === null) return 480;
  const [callers, takers] = [parseSdp(caller.said), parseSdp(taker.said)];
  if (callers === null || takers === null) return 488;
  const toCaller = answerFrom(callers, takers);
  const toTaker = answerFrom(takers, callers);
  if (toCaller === null || toTaker === null) return 488;
  const callerBody = sound.tell(caller, toCaller);
  const takerBody = sound.tell(taker, toTaker);
  if (callerBody === null || takerBody === null) return 503;
  const own = taker.call;
  taker.call = call;
  taker.side = "callee";
  taker.peer = caller;
  caller.peer = taker;
  call.answerer = taker;
  call.answeredAt = turn.now.wallMs;
  call.ringUntilMs = 0;
  call.waiting.length = 0;
  call.codec = codecOf(toCaller);
  book.forget(own);
  book.note(call);
  for (const fork of call.forks) ending.drop(fork, turn);
  sound.join(caller, taker);
  for (const leg of [caller, taker]) sound.restart(leg);
  ringing.accept(taker, takerBody, mediaOfferOf(takers), turn);
  ringing.accept(caller, callerBody, mediaOfferOf(toCaller), turn);
  return 200;
}

/**
 * Puts a caller into the place of another phone.
 *
 * @returns 200 where that is under way, or the status that the caller has to hear.
 */
export function takeOver(
  parts: PickupParts,
  taker: Leg,
  former: Leg,
  sdp: SessionDescription,
  turn: Turn,
): number {
  const { book, sound, ending, wire } = parts;
  const { call, peer } = former;
  if (former.state === "setup") {
    // the caller of a call that rings cannot be replaced, only a phone that rings
    return former.isIncoming ? 481 : takeRinging(parts, taker, call, turn);
  }
  if (!former.isUp || peer === null || !peer.isUp || peer.isBusy) return 491;
  if (former.isAnswerInAck) return 491;
  const own = taker.call;
  const body = sound.cross(taker, peer, sdp, true);
  if (body === null) return 503;
  former.peer = null;
  taker.call = call;
  taker.side = former.side;
  taker.peer = peer;
  peer.peer = taker;
  if (call.caller === former) call.caller = taker;
  else call.answerer = taker;
  book.forget(own);
  book.note(call);
  wire.invite(peer, "relay", turn, "", body);
  ending.hangUp(former, turn);
  return 200;
}

/** The call that has rung longest. */
function findRinging(book: CallBook, taker: Leg, number: string): Call | null {
  for (const call of book.calls.values()) {
    const isRinging = call.forks.some(({ state }) => state === "setup");
    if (!isRinging || call.answerer !== null || call.transfer !== null) {
      continue;
    }
    if (call.caller === null || call.caller === taker) continue;
    if (number === "" || call.callee === number) return call;
  }
  return null;
}
