/**
 * Everything that the office answers, and the transactions that answer repeats of it. Two sets of
 * them: one for what strangers may cause, one for what phones with a password did, so that a
 * flood of the one does not push out the other.
 *
 * An answer that promises something is marked, and taken back where the journal fails.
 * @module
 */

import type { Flow } from "../sip/flow.ts";
import type { Malformed } from "../sip/malformed.ts";
import type { Message } from "../sip/message.ts";
import { printable } from "../sip/octet.ts";
import type { Outbox } from "../sip/outbox.ts";
import { parse } from "../sip/parse.ts";
import { reasonOf } from "../sip/reason.ts";
import type { Refusal } from "../sip/refusal.ts";
import {
  keepResponseHead,
  recordRoutes,
  writeKeptResponse,
} from "../sip/response_head.ts";
import { type Body, writeResponse } from "../sip/serialize.ts";
import {
  mergeKeyOf,
  type ServerTransaction,
  ServerTransactions,
} from "../sip/server_transactions.ts";
import type { TokenMint } from "../sip/token_mint.ts";
import type { Challenge } from "./authenticator.ts";
import type { Fact } from "./fact.ts";
import type { Moment } from "./journal_line.ts";
import {
  numberOf,
  type Reply,
  replyFlow,
  requestSeen,
  retransmissionSeen,
} from "./reply.ts";
import type { Turn } from "./turn.ts";

/** What a stranger may make us remember. */
const STRANGERS = { octets: 512 * 1024, transactions: 1024, isPassive: true };
/**
 * What phones with a password may: 32 seconds of 64 requests each. A repeat that comes when its
 * answer was pushed out is challenged once more, and the phone answers that by itself.
 */
const MEMBERS = { octets: 1024 * 1024, transactions: 2048 };

/** What calls may: each has its INVITE, and its BYE, for 32 seconds. */
const CALLS = { octets: 8 * 1024 * 1024, transactions: 16_384 };

/** A request that is answered later, when its octets are gone. */
export class Held {
  readonly transaction: ServerTransaction;
  /** What each answer begins with (see `response_head.ts`). */
  readonly head: Uint8Array;
  /** The Record-Route of an answer that makes a dialog (RFC 3261 §12.1.1). */
  readonly routes: string;
  readonly flow: Flow;
  readonly cseq: number;
  /** Whether the last answer has left. */
  isAnswered = false;

  constructor(
    transaction: ServerTransaction,
    head: Uint8Array,
    routes: string,
    flow: Flow,
    cseq: number,
  ) {
    this.transaction = transaction;
    this.head = head;
    this.routes = routes;
    this.flow = flow;
    this.cseq = cseq;
  }
}

/** An answer that must not leave if the journal cannot be written. */
interface Promise200 {
  readonly transaction: ServerTransaction;
  /** Position in the outbox. */
  readonly position: number;
  readonly number: string;
}

export class Responder {
  readonly #tokens: TokenMint;
  readonly #strangers = new ServerTransactions(STRANGERS);
  readonly #members = new ServerTransactions(MEMBERS);
  readonly #calls = new ServerTransactions(CALLS);
  readonly #promises: Promise200[] = [];

  constructor(tokens: TokenMint) {
    this.#tokens = tokens;
  }

  /** Answers a request that came before, or takes the ACK of a failure; false for a new one. */
  repeat(
    key: string,
    message: Message,
    flow: Flow,
    now: Moment,
    outbox: Outbox,
    facts: Fact[],
  ): boolean {
    let transactions = this.#members;
    let known = transactions.match(key);
    if (known === undefined) {
      transactions = this.#calls;
      known = transactions.match(key);
    }
    if (known === undefined) {
      transactions = this.#strangers;
      known = transactions.match(key);
    }
    if (known === undefined) return false;
    const isAck = message.method === "ACK";
    const before = outbox.count;
    transactions.receive(
      known,
      isAck ? "ack" : "request",
      now.monotonicMs,
      outbox,
    );
    // what was promised in this very batch is promised once more
    const promise = this.#promises.find((made) => made.transaction === known);
    if (promise !== undefined && outbox.count > before) {
      this.#promises.push({ ...promise, position: before });
    }
    facts.push((isAck ? requestSeen : retransmissionSeen)(message, flow, now));
    return true;
  }

  /** Whether the same request is being served under another branch (RFC 3261 §8.2.2.2). */
  isMerged(message: Message): boolean {
    const key = mergeKeyOf(message);
    return this.#members.isMerged(key) || this.#calls.isMerged(key) ||
      this.#strangers.isMerged(key);
  }

  /** Whether there is a transaction of that name. */
  has(key: string): boolean {
    return this.#members.match(key) !== undefined ||
      this.#calls.match(key) !== undefined ||
      this.#strangers.match(key) !== undefined;
  }

  /** Answers what changes nothing. */
  answer(reply: Reply, status: number, reason: string, headers: string): void {
    this.#send(reply, this.#strangers, status, reason, headers, false);
  }

  /** Answers 200 to a member; `isPromise` where the journal has to be written first. */
  accept(reply: Reply, headers: string, isPromise: boolean): void {
    this.#send(reply, this.#members, 200, "OK", headers, isPromise);
  }

  /** Answers a request inside a dialog at once. */
  answerInDialog(reply: Reply, status: number, headers: string): void {
    this.#send(reply, this.#calls, status, reasonOf(status), headers, false);
  }

  /**
   * Takes a request of a call that is answered later.
   *
   * @param toTag our tag in the dialog.
   */
  hold(reply: Reply, toTag: string): Held {
    const { message, flow } = reply;
    const back = replyFlow(message, flow);
    return new Held(
      this.#calls.open(reply.key, message, back),
      keepResponseHead(message, flow, toTag),
      recordRoutes(message),
      back,
      message.cseq,
    );
  }

  /** Answers a request that was held; nothing where it has its last answer already. */
  answerHeld(
    held: Held,
    turn: Turn,
    status: number,
    headers: string,
    body?: Body,
  ): void {
    if (held.isAnswered) return;
    if (status >= 200) held.isAnswered = true;
    const { outbox, now } = turn;
    const start = outbox.position;
    const reason = reasonOf(status);
    writeKeptResponse(outbox, held.head, status, reason, headers, body);
    const { transaction } = held;
    this.#calls.respond(transaction, status, now.monotonicMs, outbox, start);
    outbox.end(start, held.flow);
  }

  /** Sends the 2xx of an INVITE once more (RFC 3261 §13.3.1.4). */
  resend(held: Held, turn: Turn): void {
    this.#calls.resend(held.transaction, turn.outbox);
  }

  challenge(reply: Reply, challenge: Challenge): void {
    const { message, flow, now } = reply;
    reply.facts.push({
      kind: "challenged",
      at: now.wallMs,
      flow,
      stage: "auth",
      method: message.method,
      number: printable(reply.claimedNumber, 64),
      callId: message.callId,
      why: challenge.why,
      userAgent: message.userAgent,
    });
    this.answer(reply, 401, "Unauthorized", challenge.headers);
  }

  /** `isMember`: who is refused has proved who he is, and hears it until he acknowledges it. */
  refuse(reply: Reply, refusal: Refusal, isMember = false): void {
    const { message, flow, now } = reply;
    reply.facts.push({
      kind: "refused",
      at: now.wallMs,
      flow,
      stage: refusal.stage,
      method: printable(message.method, 32),
      number: printable(reply.claimedNumber, 64),
      callId: message.callId,
      status: refusal.status,
      why: refusal.why,
      detail: printable(refusal.detail, 200),
      userAgent: message.userAgent,
    });
    const transactions = isMember ? this.#members : this.#strangers;
    const { status, reason, headers } = refusal;
    this.#send(reply, transactions, status, reason, headers, false);
  }

  /** Answers what breaks the grammar, if it deserves that, without a transaction. */
  answerMalformed(
    read: Malformed,
    flow: Flow,
    now: Moment,
    outbox: Outbox,
    facts: Fact[],
  ): void {
    const message = read.message!;
    facts.push({
      kind: "malformed-seen",
      at: now.wallMs,
      flow,
      stage: "parse",
      what: read.what,
      position: read.at,
      rfc: read.rfc,
      status: read.status,
      method: printable(message.method, 32),
      userAgent: printable(message.userAgent, 128),
    });
    if (read.status === 0) return;
    const start = outbox.position;
    const back = replyFlow(message, flow);
    const reason = read.status === 505
      ? "Version Not Supported"
      : `Bad Request: ${read.what}`;
    writeResponse(
      outbox,
      message,
      flow,
      read.status,
      printable(reason, 80),
      this.#tokens.next(),
      "",
    );
    outbox.end(start, back);
  }

  wake(nowMs: number, outbox: Outbox): void {
    this.#strangers.wake(nowMs, outbox);
    this.#members.wake(nowMs, outbox);
    this.#calls.wake(nowMs, outbox);
  }

  /** The journal holds what the answers promise. */
  keepPromises(): void {
    this.#promises.length = 0;
  }

  /** The journal could not be written: those who were to hear 200 hear 503 instead. */
  breakPromises(
    cause: string,
    now: Moment,
    outbox: Outbox,
    facts: Fact[],
  ): void {
    const told = new Set<ServerTransaction>();
    const numbers = new Set<string>();
    const refused: Fact[] = [];
    for (const { transaction, position, number } of this.#promises) {
      const answer = this.#writeRegret(transaction, position, outbox);
      numbers.add(number);
      if (told.has(transaction)) continue;
      told.add(transaction);
      refused.push({
        kind: "refused",
        at: now.wallMs,
        flow: outbox.flows[position]!,
        stage: "reply",
        method: "REGISTER",
        number,
        callId: answer.callId,
        status: 503,
        why: "store-failed",
        detail: cause,
        userAgent: "",
      });
    }
    this.#promises.length = 0;
    for (let i = facts.length - 1; i >= 0; i--) {
      if (isUndone(facts[i]!, numbers)) facts.splice(i, 1);
    }
    facts.push(...refused);
  }

  /** Puts a 503 in the place of a 200, in the outbox and in its transaction. */
  #writeRegret(
    transaction: ServerTransaction,
    position: number,
    outbox: Outbox,
  ): Message {
    const { bytes, starts, ends, flows } = outbox;
    const answer = parse(bytes, starts[position]!, ends[position]!, "stream");
    if (answer.kind === "malformed") {
      throw new TypeError("an answer of ours is malformed");
    }
    const start = outbox.position;
    const headers = "Retry-After: 30\r\n";
    const reason = "Service Unavailable";
    writeResponse(outbox, answer, flows[position]!, 503, reason, "", headers);
    starts[position] = start;
    ends[position] = outbox.position;
    this.#members.replace(transaction, outbox, start);
    return answer;
  }

  #send(
    reply: Reply,
    transactions: ServerTransactions,
    status: number,
    reason: string,
    headers: string,
    isPromise: boolean,
  ): void {
    const { message, flow, now, outbox } = reply;
    const back = replyFlow(message, flow);
    const transaction = transactions.open(reply.key, message, back);
    const start = outbox.position;
    writeResponse(
      outbox,
      message,
      flow,
      status,
      reason,
      this.#tokens.next(),
      headers,
    );
    transactions.respond(transaction, status, now.monotonicMs, outbox, start);
    outbox.end(start, back);
    if (!isPromise) return;
    const number = numberOf(message, "to");
    this.#promises.push({ transaction, position: outbox.count - 1, number });
  }
}

/** Whether a fact tells of something that a failed journal undid. */
function isUndone(fact: Fact, numbers: ReadonlySet<string>): boolean {
  switch (fact.kind) {
    case "registered":
      return true;
    case "unregistered":
      return fact.why === "by-phone" || fact.why === "limit";
    case "bindings-fetched":
      return numbers.has(fact.number);
    default:
      return false;
  }
}
