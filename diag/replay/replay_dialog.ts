/**
 * One call of a capture: what is known of it, which side a message belongs to, and the facts that
 * our own server would have told of it.
 * @module
 */

import type { CallEnded, CallFact, Side } from "../../pbx/fact.ts";
import type { Flow } from "../../sip/flow.ts";
import type { Message } from "../../sip/message.ts";
import { calledNumber, type Exchange } from "./replay_exchange.ts";
import { ReplayStream } from "./replay_media.ts";
import { readSound, type SoundDescription } from "./replay_sdp.ts";
import type { StoryFact } from "../story/story_book.ts";

/** The server gives a call up 32 seconds after its answer (RFC 3261 §13.3.1.4). */
const UNCONFIRMED_MS = 20_000;

/** One called phone. */
export interface ReplayLeg {
  readonly exchange: Exchange;
  readonly at: number;
  isTold: boolean;
}

export interface ReplayCall {
  readonly callId: string;
  readonly number: string;
  callee: string;
  readonly flow: Flow;
  readonly startedAt: number;
  /** The caller's INVITE as it was let in last. */
  octets: number;
  offer: SoundDescription | null;
  isInvited: boolean;
  repeats: number;
  answeredAt: number;
  isFinal: boolean;
  isAcknowledged: boolean;
  isCalleeAcknowledged: boolean;
  isOver: boolean;
  /** Whether the server asked a phone to renew the call, and nothing came. */
  isRefreshOpen: boolean;
  readonly legs: ReplayLeg[];
  readonly streams: Record<Side, ReplayStream>;
  calleeFlow: Flow | null;
}

/** An INVITE of a phone is where a call begins. */
export function beginCall(
  { callId, number, flow }: Exchange,
  message: Message,
  at: number,
): ReplayCall {
  return {
    callId,
    number,
    callee: calledNumber(message),
    flow,
    startedAt: at,
    octets: message.end - message.start,
    offer: readSound(message),
    isInvited: false,
    repeats: 0,
    answeredAt: 0,
    isFinal: false,
    isAcknowledged: false,
    isCalleeAcknowledged: false,
    isOver: false,
    isRefreshOpen: false,
    legs: [],
    streams: {
      caller: new ReplayStream(flow.host),
      callee: new ReplayStream(""),
    },
    calleeFlow: null,
  };
}

/** Whether a request within a call may renew it (RFC 4028 §7.4). */
export function isRefresh(method: string): boolean {
  return method === "INVITE" || method === "UPDATE";
}

/** The caller's side has the caller's Call-ID; a proxy leaves it to both, so the place decides. */
export function sideOf(call: ReplayCall, { callId, flow }: Exchange): Side {
  if (callId !== call.callId) return "callee";
  if (flow.peer === call.flow.peer) return "caller";
  const isLeg = (fits: (leg: Flow) => boolean) =>
    call.legs.some(({ exchange }) => fits(exchange.flow));
  if (isLeg(({ peer }) => peer === flow.peer)) return "callee";
  // it came from another port than before
  return flow.host !== call.flow.host && isLeg(({ host }) => host === flow.host)
    ? "callee"
    : "caller";
}

/** Something shows that the server accepted the INVITE as a call. */
export function letIn(call: ReplayCall, facts: StoryFact[]): void {
  if (call.isInvited) return;
  call.isInvited = true;
  const { startedAt, flow, number, callId, callee, octets, offer } = call;
  facts.push({
    kind: "call-invited",
    at: startedAt,
    flow,
    stage: "route",
    number,
    callId,
    side: "caller",
    callee,
    octets,
    offer: offer?.offer ?? null,
  });
}

/** The fact of an answer to the caller. */
export function answered(
  { flow, number, callId, callee, repeats }: ReplayCall,
  status: number,
  answer: Message,
  at: number,
): CallFact {
  return {
    kind: "call-answered",
    at,
    flow,
    stage: "answer",
    number,
    callId,
    side: "caller",
    callee,
    status,
    offer: readSound(answer)?.offer ?? null,
    repeats,
    detail: "",
  };
}

/** An ACK came from the caller, or went to the callee: told once for each side. */
export function acknowledge(
  call: ReplayCall,
  side: Side,
  at: number,
  facts: StoryFact[],
): void {
  const isKnown = side === "caller"
    ? call.isAcknowledged
    : call.isCalleeAcknowledged;
  if (isKnown || call.answeredAt === 0) return;
  if (side === "caller") call.isAcknowledged = true;
  else call.isCalleeAcknowledged = true;
  const flow = side === "caller" ? call.flow : call.calleeFlow ?? call.flow;
  const { number, callId } = call;
  facts.push({
    kind: "call-acknowledged",
    at,
    flow,
    stage: "answer",
    number,
    callId,
    side,
  });
}

/** Why the server itself hung up, as far as can be seen. */
export function whyEnded(call: ReplayCall, at: number): CallEnded["why"] {
  if (!call.isAcknowledged && at - call.answeredAt >= UNCONFIRMED_MS) {
    return "no-ack";
  }
  return call.isRefreshOpen ? "session-timer" : "hung-up";
}
