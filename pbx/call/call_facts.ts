/**
 * What is told of calls. All facts of a call carry the caller's number and the Call-ID of his
 * dialog; `flow` is the way to the phone that they are about.
 * @module
 */

import type {
  CallAnswered,
  CallEnded,
  MediaOffer,
  MediaSeen,
} from "../fact.ts";
import type { MediaCounts } from "../media/media_relay.ts";
import type { Turn } from "../turn.ts";
import type { Call } from "./call.ts";
import type { CallEnd, CallEnder } from "./call_record.ts";
import type { Leg } from "./leg.ts";

/** An INVITE was let in, or sent to a phone. */
export function tellInvited(
  leg: Leg,
  octets: number,
  offer: MediaOffer | null,
  turn: Turn,
): void {
  const { call, flow, side } = leg;
  turn.facts.push({
    kind: "call-invited",
    at: turn.now.wallMs,
    flow,
    stage: side === "caller" ? "route" : "ring",
    number: call.number,
    callId: call.callId,
    side,
    callee: side === "caller" && call.callee === ""
      ? call.dialled
      : call.callee,
    octets,
    offer,
  });
}

/** A final answer, from a phone that was called or to the one that calls. */
export function tellAnswered(
  leg: Leg,
  status: number,
  offer: MediaOffer | null,
  turn: Turn,
  more: Partial<Pick<CallAnswered, "repeats" | "detail">> = {},
): void {
  const { call, flow, side } = leg;
  turn.facts.push({
    kind: "call-answered",
    at: turn.now.wallMs,
    flow,
    stage: "answer",
    number: call.number,
    callId: call.callId,
    side,
    callee: call.callee === "" ? call.dialled : call.callee,
    status,
    offer,
    repeats: more.repeats ?? 0,
    detail: more.detail ?? "",
  });
}

export function tellAcknowledged(leg: Leg, turn: Turn): void {
  const { call, flow, side } = leg;
  turn.facts.push({
    kind: "call-acknowledged",
    at: turn.now.wallMs,
    flow,
    stage: "answer",
    number: call.number,
    callId: call.callId,
    side,
  });
}

/** How the sound of a phone flows. */
export function tellSound(
  leg: Leg,
  counts: MediaCounts,
  turn: Turn,
): void {
  const { call, flow, side } = leg;
  const { packets, lost, jitterMs, silentMs } = counts;
  const fact: MediaSeen = {
    kind: "media-seen",
    at: turn.now.wallMs,
    flow,
    stage: "media",
    number: call.number,
    callId: call.callId,
    side,
    packets,
    lost,
    jitterMs,
    silentMs,
    isExpected: leg.isSoundExpected,
  };
  turn.facts.push(fact);
}

export function tellEnded(
  call: Call,
  leg: Leg,
  by: CallEnder,
  why: CallEnd,
  turn: Turn,
): void {
  const answeredMs = call.answeredAt === 0 ? 0 : call.endedAt - call.answeredAt;
  const fact: CallEnded = {
    kind: "call-ended",
    at: turn.now.wallMs,
    flow: leg.flow,
    stage: call.answeredAt === 0 ? "ring" : "media",
    number: call.number,
    callId: call.callId,
    by,
    why,
    answeredSeconds: Math.round(answeredMs / 1000),
  };
  turn.facts.push(fact);
}
