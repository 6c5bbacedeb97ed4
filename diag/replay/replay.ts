/**
 * A capture of any SIP server, told again as the facts that our own server would have told. What
 * a capture shows is inferred exactly (an answer belongs to its request, RFC 3261 §17.1.3); what
 * it cannot show is left out: of a request that nothing was answered to there is only that it
 * came.
 * @module
 */

import type { Fact } from "../../pbx/fact.ts";
import { retransmissionSeen } from "../../pbx/reply.ts";
import type { Flow } from "../../sip/flow.ts";
import type { Malformed } from "../../sip/malformed.ts";
import type { Message } from "../../sip/message.ts";
import { parse } from "../../sip/parse.ts";
import type { ReplayDirectory } from "./replay_answer.ts";
import { malformedSeen, ReplayAnswers } from "./replay_answers.ts";
import { ReplayBindings } from "./replay_binding.ts";
import { ReplayCalls } from "./replay_call.ts";
import {
  beginExchange,
  type Exchange,
  exchangeKey,
} from "./replay_exchange.ts";
import { ReplayMedia } from "./replay_media.ts";
import { BoundedMap } from "../bounded_map.ts";
import { ReplayPings } from "./replay_ping.ts";
import { ReplayTransport } from "./replay_transport.ts";
import type { StoryFact } from "../story/story_book.ts";
import { Dissector } from "../wire/dissect.ts";
import type { Ends, ServerEnd } from "../wire/ends.ts";
import { decodeFrame, decodeSegment, type Frame } from "../wire/packet.ts";
import type { PacketSeen } from "../wire/packet_fact.ts";

const MOST_EXCHANGES = 4096;

/** Statuses by which a server turns an INVITE away before it is a call. */
const TURNED_AWAY: ReadonlySet<number> = new Set([
  400,
  401,
  403,
  405,
  407,
  415,
  416,
  420,
  421,
  482,
  483,
  501,
  505,
]);

export interface ReplayOptions {
  /** The server's side of the capture. */
  readonly ends: Ends;
  /** The extensions of the server, where they are known. */
  readonly directory: ReplayDirectory | null;
}

/** Takes the frames of one capture in their order. */
export class Replay {
  readonly #ends: Ends;
  readonly #dissector: Dissector;
  readonly #transport: ReplayTransport;
  readonly #exchanges = new BoundedMap<Exchange>(MOST_EXCHANGES);
  readonly #bindings = new ReplayBindings();
  readonly #answers: ReplayAnswers;
  readonly #pings = new ReplayPings(this.#bindings);
  readonly #media: ReplayMedia;
  readonly #calls: ReplayCalls;

  constructor({ ends, directory }: ReplayOptions) {
    this.#ends = ends;
    this.#dissector = new Dissector(ends);
    this.#transport = new ReplayTransport(ends);
    this.#answers = new ReplayAnswers(ends.hosts, directory, this.#bindings);
    this.#media = new ReplayMedia(ends.hosts);
    this.#calls = new ReplayCalls(
      this.#media,
      (number) => this.#bindings.has(number),
    );
  }

  /** The realms that the server asked passwords for. */
  get realms(): ReadonlySet<string> {
    return this.#answers.realms;
  }

  /** Where the server spoke TLS. */
  get tlsEnds(): readonly ServerEnd[] {
    return this.#transport.tlsEnds;
  }

  /** What one frame tells. */
  take(frame: Frame): StoryFact[] {
    const facts: StoryFact[] = [];
    this.#listen(frame, facts);
    for (const { fact, message } of this.#dissector.take(frame)) {
      if (fact.kind === "fragments-lost") facts.push(fact);
      else this.#note(fact, message, facts);
    }
    return facts;
  }

  /** The file is over at this time, in milliseconds since 1970. */
  end(at: number): StoryFact[] {
    const facts: StoryFact[] = [];
    for (const { fact } of this.#dissector.end(at)) facts.push(fact);
    this.#transport.end(facts);
    for (const exchange of this.#exchanges.values()) {
      const isLost = exchange.malformed !== null && exchange.status === 0;
      if (isLost) facts.push(malformedSeen(exchange, 0));
    }
    this.#answers.end(facts);
    this.#pings.end(at, facts);
    this.#calls.end(at, facts);
    return facts;
  }

  /** What is no message: sound, which may go past the server, and accepted connections. */
  #listen(frame: Frame, facts: StoryFact[]): void {
    const packet = decodeFrame(frame);
    const segment = packet === null || packet.fragment !== null
      ? null
      : decodeSegment(packet);
    if (segment === null) return;
    if (segment.transport === "tcp") {
      this.#transport.accept(frame.at, segment, facts);
    } else if (this.#media.isWatching) this.#media.take(frame.at, segment);
  }

  #note(
    packet: PacketSeen,
    octets: Uint8Array | null,
    facts: StoryFact[],
  ): void {
    this.#pings.wake(packet.at, facts);
    this.#transport.take(packet, facts);
    if (octets === null) return;
    const framing = packet.transport === "tcp" ? "stream" : "datagram";
    const read = parse(octets, 0, octets.length, framing);
    const message = read.kind === "message" ? read : read.message;
    const malformed = read.kind === "message" ? null : read;
    if (message === null) return;
    if (message.isRequest) this.#noteRequest(packet, message, malformed, facts);
    else if (message.status > 0) this.#noteAnswer(packet, message, facts);
  }

  #noteRequest(
    packet: PacketSeen,
    message: Message,
    malformed: Malformed | null,
    facts: StoryFact[],
  ): void {
    const { at, localPort, transport, direction } = packet;
    const isIn = direction === "in";
    const isAstray = isIn && transport === "udp" &&
      message.method === "REGISTER" && !this.#ends.ports.has(localPort);
    // nobody listens there
    if (isAstray) return;
    const flow = this.#transport.flowOf(packet);
    const key = exchangeKey(message, isIn);
    const known = this.#exchanges.get(key);
    if (known !== undefined) {
      if (isIn && known.status > 0 && message.method !== "ACK") {
        facts.push(retransmissionSeen(message, flow, momentOf(at)));
      }
      return;
    }
    const exchange = beginExchange(message, isIn ? malformed : null, flow, at);
    this.#exchanges.put(key, exchange);
    if (isIn) this.#receive(exchange, facts);
    else if (message.method === "OPTIONS") {
      this.#pings.ask(key, exchange, message.requestUri, facts);
    }
    if (malformed !== null || message.method === "REGISTER") return;
    this.#calls.takeRequest(exchange, message, isIn, at, facts);
  }

  /** What is told of a request at once; of others it depends on the answer. */
  #receive(exchange: Exchange, facts: StoryFact[]): void {
    this.#answers.noteRequest(exchange);
    const isWaiting = exchange.malformed !== null ||
      exchange.method === "PUBLISH";
    if (!isWaiting) facts.push(exchange.seen);
  }

  #noteAnswer(packet: PacketSeen, answer: Message, facts: StoryFact[]): void {
    const { at, direction } = packet;
    const isIn = direction === "in";
    // an answer belongs to a request of the other direction
    const key = exchangeKey(answer, !isIn);
    const exchange = this.#exchanges.get(key);
    if (isIn) {
      const flow = this.#transport.flowOf(packet);
      facts.push(responseSeen(answer, flow, at, exchange !== undefined));
    }
    if (exchange === undefined) return;
    const isRepeated = exchange.status >= 200;
    if (!isRepeated) exchange.status = answer.status;
    if (isIn) {
      this.#pings.answer(key, at, facts);
      this.#calls.takeAnswerIn(exchange, answer, at, facts);
    } else if (isRepeated) {
      this.#calls.repeatAnswerOut(exchange, answer, at, facts);
    } else this.#answer(exchange, answer, at, facts);
  }

  /** The server answered a phone for the first time, or said that it is at it. */
  #answer(
    exchange: Exchange,
    answer: Message,
    at: number,
    facts: StoryFact[],
  ): void {
    const { method, isInDialog, callId } = exchange;
    const { status } = answer;
    const isCall = method === "INVITE" &&
      (isInDialog || !TURNED_AWAY.has(status) || this.#calls.isLetIn(callId));
    if (isCall) this.#calls.takeAnswerOut(exchange, answer, at, facts);
    else if (status >= 200 && !isInDialog) {
      this.#answers.take(exchange, answer, at, facts);
    }
  }
}

function momentOf(wallMs: number) {
  return { wallMs, monotonicMs: 0 };
}

function responseSeen(
  { status, callId, cseq, method }: Message,
  flow: Flow,
  at: number,
  isExpected: boolean,
): Fact {
  return {
    kind: "response-seen",
    at,
    flow,
    stage: "parse",
    status,
    callId,
    cseq,
    method,
    isExpected,
  };
}
