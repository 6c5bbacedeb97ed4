/**
 * Calls of a capture, through a proxy or through a server that is a phone itself to both sides
 * (RFC 3261 §6: back-to-back user agent): the INVITE into the server and those out of it belong
 * together by their Call-ID, else by the number that is called and the time.
 * @module
 */

import type { CallEnded, Side } from "../../pbx/fact.ts";
import type { Message } from "../../sip/message.ts";
import { calledNumber, type Exchange } from "./replay_exchange.ts";
import {
  acknowledge,
  answered,
  beginCall,
  isRefresh,
  letIn,
  type ReplayCall,
  sideOf,
  whyEnded,
} from "./replay_dialog.ts";
import { type ReplayMedia, ReplayStream } from "./replay_media.ts";
import { BoundedMap } from "../bounded_map.ts";
import { readSound } from "./replay_sdp.ts";
import type { StoryFact } from "../story/story_book.ts";

const MOST_CALLS = 512;
const MOST_LEGS = 16;
/** An INVITE out of the server later than that is another call's. */
const PAIRED_WITHIN_MS = 60_000;
/** The same without a number that tells. */
const PAIRED_BLINDLY_WITHIN_MS = 3000;
/** A phone that is there says 100 at once; by then it was asked four times. */
const SILENT_AFTER_MS = 4000;

export class ReplayCalls {
  readonly #media: ReplayMedia;
  /** By the Call-ID of each side. */
  readonly #calls = new BoundedMap<ReplayCall>(MOST_CALLS);
  /** Whether a number exists, as far as the file shows. */
  readonly #isKnown: (number: string) => boolean;

  constructor(media: ReplayMedia, isKnown: (number: string) => boolean) {
    this.#media = media;
    this.#isKnown = isKnown;
  }

  /** A request of a call went in or out; a repeated one is not told here. */
  takeRequest(
    exchange: Exchange,
    message: Message,
    isIn: boolean,
    at: number,
    facts: StoryFact[],
  ): void {
    const { method } = message;
    if (method === "INVITE" && message.toTag === "") {
      if (isIn) this.#begin(exchange, message, at);
      else this.#fork(exchange, message, at, facts);
    }
    const call = this.#find(exchange.callId);
    if (call === null) return;
    const side = sideOf(call, exchange);
    if (!isIn) this.#tellPlace(call, side, message);
    if (method === "ACK") acknowledge(call, side, at, facts);
    else if (method === "BYE") {
      this.#end(call, isIn ? side : "exchange", "hung-up", at, facts);
    } else if (method === "CANCEL" && isIn && call.answeredAt === 0) {
      this.#end(call, side, "cancelled", at, facts);
    } else if (!isIn && message.toTag !== "" && isRefresh(method)) {
      call.isRefreshOpen = true;
    }
  }

  /** Whether the server has accepted the INVITE of that Call-ID as a call. */
  isLetIn(callId: string): boolean {
    return this.#find(callId)?.isInvited ?? false;
  }

  /** The server answered an INVITE of a phone, and it was no question for the password. */
  takeAnswerOut(
    exchange: Exchange,
    answer: Message,
    at: number,
    facts: StoryFact[],
  ): void {
    const call = this.#find(exchange.callId);
    if (call === null) return;
    this.#tellPlace(call, sideOf(call, exchange), answer);
    const isFirst = call.callId === exchange.callId && !call.isFinal;
    if (!isFirst) return;
    letIn(call, facts);
    if (answer.status < 200) return;
    call.isFinal = true;
    if (answer.status < 300) this.#startCounting(call, at);
    else this.#tellSilent(call, at, facts);
    facts.push(answered(call, this.#statusOf(call, answer.status), answer, at));
  }

  /** The server repeats its final answer. */
  repeatAnswerOut(
    exchange: Exchange,
    answer: Message,
    at: number,
    facts: StoryFact[],
  ): void {
    const call = this.#find(exchange.callId);
    const isRepeat = call !== null && call.callId === exchange.callId &&
      answer.status >= 200 && answer.status < 300 && !call.isAcknowledged;
    if (!isRepeat) return;
    call.repeats++;
    facts.push(answered(call, answer.status, answer, at));
  }

  /** A phone answered a request of a call that the server sent it. */
  takeAnswerIn(
    exchange: Exchange,
    answer: Message,
    at: number,
    facts: StoryFact[],
  ): void {
    const call = this.#find(exchange.callId);
    if (call === null) return;
    if (isRefresh(exchange.method)) call.isRefreshOpen = false;
    const leg = call.legs.find((one) => one.exchange === exchange);
    if (leg === undefined || leg.isTold || answer.status < 200) return;
    leg.isTold = true;
    if (answer.status < 300) call.calleeFlow = exchange.flow;
    const { callId, number, callee } = call;
    facts.push({
      kind: "call-answered",
      at,
      flow: exchange.flow,
      stage: answer.status < 300 ? "answer" : "ring",
      number,
      callId,
      side: "callee",
      callee,
      status: answer.status,
      offer: readSound(answer)?.offer ?? null,
      repeats: 0,
      detail: "",
    });
  }

  /** The file is over: what is known of calls that go on. */
  end(at: number, facts: StoryFact[]): void {
    for (const call of new Set(this.#calls.values())) {
      if (call.isOver) continue;
      if (!call.isFinal) this.#tellSilent(call, at, facts);
      this.#tellMedia(call, at, facts);
    }
  }

  #find(callId: string): ReplayCall | null {
    return this.#calls.get(callId) ?? null;
  }

  /** An INVITE from a phone; with a password it is the same call once more. */
  #begin(exchange: Exchange, message: Message, at: number): void {
    const { callId } = exchange;
    const known = this.#find(callId);
    if (known !== null) {
      if (known.isFinal || known.callId !== callId) return;
      known.octets = message.end - message.start;
      known.offer = readSound(message);
      known.callee = calledNumber(message);
      return;
    }
    this.#calls.put(callId, beginCall(exchange, message, at));
  }

  /** An INVITE to a called phone. */
  #fork(
    exchange: Exchange,
    message: Message,
    at: number,
    facts: StoryFact[],
  ): void {
    const call = this.#pair(exchange, message, at);
    if (call === null || call.legs.length >= MOST_LEGS || call.isOver) return;
    if (call.callId !== exchange.callId) this.#calls.put(exchange.callId, call);
    letIn(call, facts);
    call.legs.push({ exchange, at, isTold: false });
    call.calleeFlow ??= exchange.flow;
    const { callId, number, callee } = call;
    facts.push({
      kind: "call-invited",
      at,
      flow: exchange.flow,
      stage: "ring",
      number,
      callId,
      side: "callee",
      callee,
      octets: message.end - message.start,
      offer: readSound(message)?.offer ?? null,
    });
  }

  /** Which call an INVITE out of the server is a part of. */
  #pair(exchange: Exchange, message: Message, at: number): ReplayCall | null {
    const known = this.#find(exchange.callId);
    if (known !== null) return known;
    const called = calledNumber(message);
    const open = [...new Set(this.#calls.values())].filter((call) =>
      !call.isFinal && !call.isOver && at - call.startedAt <= PAIRED_WITHIN_MS
    );
    return open.findLast(({ callee }) => callee === called) ??
      open.findLast(({ number, startedAt, legs }) =>
        legs.length === 0 && number === exchange.number &&
        at - startedAt <= PAIRED_BLINDLY_WITHIN_MS
      ) ?? null;
  }

  /** What the server sends to a phone says where the phone is to send its sound. */
  #tellPlace(call: ReplayCall, side: Side, message: Message): void {
    const sound = readSound(message);
    if (sound === null) return;
    if (side === "callee" && call.streams.callee.host === "") {
      const host = call.calleeFlow?.host ?? "";
      call.streams.callee = new ReplayStream(host);
    }
    this.#media.watch(call.streams[side], sound);
  }

  #startCounting(call: ReplayCall, at: number): void {
    call.answeredAt = at;
    call.streams.caller.countsSince = at;
    call.streams.callee.countsSince = at;
  }

  /** A registrar that has no phone of a number says 404 as well as 480 (RFC 3261 §16.5). */
  #statusOf({ callee, legs }: ReplayCall, status: number): number {
    return status === 404 && legs.length === 0 && this.#isKnown(callee)
      ? 480
      : status;
  }

  #tellSilent(call: ReplayCall, at: number, facts: StoryFact[]): void {
    for (const leg of call.legs) {
      const { exchange } = leg;
      const isSilent = !leg.isTold && exchange.status === 0 &&
        at - leg.at >= SILENT_AFTER_MS;
      if (!isSilent) continue;
      leg.isTold = true;
      facts.push({
        kind: "call-answered",
        at,
        flow: exchange.flow,
        stage: "ring",
        number: call.number,
        callId: call.callId,
        side: "callee",
        callee: call.callee,
        status: 0,
        offer: null,
        repeats: 0,
        detail: "",
      });
    }
  }

  #end(
    call: ReplayCall,
    by: CallEnded["by"],
    why: CallEnded["why"],
    at: number,
    facts: StoryFact[],
  ): void {
    if (call.isOver) return;
    call.isOver = true;
    if (call.answeredAt === 0) this.#tellSilent(call, at, facts);
    this.#tellMedia(call, at, facts);
    const { answeredAt, number, callId, flow } = call;
    facts.push({
      kind: "call-ended",
      at,
      flow,
      stage: "media",
      number,
      callId,
      by,
      why: by === "exchange" ? whyEnded(call, at) : why,
      answeredSeconds: answeredAt === 0
        ? 0
        : Math.round((at - answeredAt) / 1000),
    });
  }

  #tellMedia(call: ReplayCall, at: number, facts: StoryFact[]): void {
    const { streams, answeredAt, number, callId } = call;
    if (answeredAt === 0) return;
    for (const side of ["caller", "callee"] as const) {
      const stream = streams[side];
      const flow = side === "caller" ? call.flow : call.calleeFlow;
      const other = streams[side === "caller" ? "callee" : "caller"];
      // sound that goes past the server is not in its capture
      const isHere = stream.packets > 0 || stream.isRelayed ||
        other.packets > 0;
      if (flow === null || !isHere || !this.#media.isTold(stream)) continue;
      facts.push({
        kind: "media-seen",
        at,
        flow,
        stage: "media",
        number,
        callId,
        side,
        packets: stream.packets,
        lost: stream.lost,
        jitterMs: Math.round(stream.jitterMs * 10) / 10,
        silentMs: Math.round(at - (stream.lastAt || answeredAt)),
        isExpected: true,
      });
    }
  }
}
