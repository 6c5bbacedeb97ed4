/**
 * The office: takes what came in, and writes what has to go out. One datagram passes through it
 * from the top to the bottom of this file: class, grammar, transaction, examination, domain,
 * identity, registrar. It performs nothing: whoever calls it commits the changed bindings and
 * sends the outbox, in that order.
 * @module
 */

import { classifyDatagram } from "../sip/datagram.ts";
import { examine, SUPPORTED_OPTIONS } from "../sip/examine.ts";
import { Flow } from "../sip/flow.ts";
import type { Malformed } from "../sip/malformed.ts";
import type { Message } from "../sip/message.ts";
import { KNOWN_METHODS } from "../sip/method.ts";
import { NonceMint } from "../sip/nonce.ts";
import { printable, readText } from "../sip/octet.ts";
import type { Outbox } from "../sip/outbox.ts";
import { parse } from "../sip/parse.ts";
import { type Refusal, refuse } from "../sip/refusal.ts";
import { responsePort, writeResponse } from "../sip/serialize.ts";
import {
  type ServerTransaction,
  ServerTransactions,
  transactionKey,
} from "../sip/server_transactions.ts";
import { answerStun } from "../sip/stun.ts";
import { TokenMint } from "../sip/token_mint.ts";
import { type SipUri, unescapeText } from "../sip/uri.ts";
import {
  type Authenticated,
  Authenticator,
  type Challenge,
  forbidden,
} from "./authenticator.ts";
import type { BindingTable } from "./binding_table.ts";
import type { Directory } from "./directory.ts";
import type { Domains } from "./domain.ts";
import type { Fact } from "./fact.ts";
import type { Moment } from "./journal_line.ts";
import { Pinger } from "./pinger.ts";
import { Registrar } from "./registrar.ts";
import type { RegistrationLimits } from "./registration.ts";

/** What a stranger may make us remember. */
const CHALLENGE_MEMORY = { octets: 1024 * 1024, transactions: 2048 };
/** What phones with a password may make us remember: 32 seconds of 500 requests each. */
const ANSWER_MEMORY = { octets: 6 * 1024 * 1024, transactions: 16384 };
const NONCE_LIFETIME_SECONDS = 3600;
const ALLOW = "Allow: REGISTER, OPTIONS, ACK, CANCEL\r\n";
const CAPABILITIES = `${ALLOW}Accept: application/sdp\r\nSupported: ${
  SUPPORTED_OPTIONS.join(", ")
}\r\n`;
/** Requests that open something for the sender: he has to say who he is. */
const AUTHENTICATED_METHODS = new Set([
  "INVITE",
  "MESSAGE",
  "SUBSCRIBE",
  "PUBLISH",
  "REFER",
]);
const SWEEP_EVERY_MS = 1000;

export interface OfficeParts {
  readonly directory: Directory;
  readonly bindings: BindingTable;
  readonly domains: Domains;
  readonly realm: string;
  readonly limits: RegistrationLimits;
  readonly pingSeconds: number;
  /** 16 random octets each. */
  readonly nonceKey: Uint8Array;
  readonly tokenKey: Uint8Array;
}

/** An answer that must not leave if the journal cannot be written. */
interface Uncommitted {
  readonly transaction: ServerTransaction;
  readonly position: number;
  readonly number: string;
}

export class Office {
  readonly registrar: Registrar;
  readonly pinger: Pinger;
  readonly #directory: Directory;
  readonly #bindings: BindingTable;
  readonly #domains: Domains;
  readonly #authenticator: Authenticator;
  readonly #tokens: TokenMint;
  readonly #challenges = new ServerTransactions(CHALLENGE_MEMORY);
  readonly #answers = new ServerTransactions(ANSWER_MEMORY);
  readonly #uncommitted: Uncommitted[] = [];
  #sweptAtMs = -Infinity;
  #dateSecond = 0;
  #date = "";

  constructor(parts: OfficeParts) {
    const { directory, bindings, realm } = parts;
    this.#directory = directory;
    this.#bindings = bindings;
    this.#domains = parts.domains;
    this.#tokens = new TokenMint(parts.tokenKey);
    const mint = new NonceMint(parts.nonceKey, NONCE_LIFETIME_SECONDS);
    this.#authenticator = new Authenticator(directory, realm, mint);
    this.registrar = new Registrar(directory, bindings, parts.limits);
    this.pinger = new Pinger(
      directory,
      bindings,
      this.#tokens,
      parts.pingSeconds,
    );
  }

  /** One datagram, or one message from a stream, has come in. */
  receive(
    bytes: Uint8Array,
    start: number,
    end: number,
    flow: Flow,
    now: Moment,
    outbox: Outbox,
    facts: Fact[],
  ): void {
    const kind = classifyDatagram(bytes, start, end);
    if (kind !== "sip") {
      if (kind === "stun") answerStun(bytes, start, end, flow, outbox);
      const head = kind === "garbage"
        ? printable(readText(bytes, start, Math.min(end, start + 64)), 64)
        : "";
      facts.push({
        kind: "datagram-seen",
        at: now.wallMs,
        flow,
        stage: "transport",
        class: kind,
        octets: end - start,
        head,
      });
      return;
    }
    const read = parse(
      bytes,
      start,
      end,
      flow.transport === "tcp" ? "stream" : "datagram",
    );
    if (read.kind === "malformed") {
      this.#answerMalformed(read, flow, now, outbox, facts);
    } else if (read.isRequest) {
      this.#receiveRequest(read, flow, now, outbox, facts);
    } else this.#receiveResponse(read, flow, now, outbox, facts);
  }

  /** Time has passed: repeats, questions, expiry. */
  wake(now: Moment, outbox: Outbox, facts: Fact[]): void {
    const nowMs = now.monotonicMs;
    this.#challenges.wake(nowMs, outbox);
    this.#answers.wake(nowMs, outbox);
    if (nowMs - this.#sweptAtMs < SWEEP_EVERY_MS) return;
    this.#sweptAtMs = nowMs;
    const { expiresAtMs, used } = this.#bindings;
    for (let slot = 0; slot < used; slot++) {
      if (expiresAtMs[slot]! <= nowMs && this.#bindings.isLive(slot)) {
        this.removeBinding(slot, "expired", now, facts);
      }
    }
    this.pinger.wake(now, outbox, facts as never);
  }

  /** Ends a binding for a reason that is not the phone's. */
  removeBinding(
    slot: number,
    why: "expired" | "extension-removed" | "password-changed",
    now: Moment,
    facts: Fact[],
  ): void {
    const number = this.#directory.numberOf(this.#bindings.extension[slot]!);
    const { contact } = this.#bindings.get(slot);
    const flow = this.#bindings.flowOf(slot);
    this.registrar.remove(slot);
    facts.push({
      kind: "unregistered",
      at: now.wallMs,
      flow,
      stage: "policy",
      number,
      contact,
      why,
    });
  }

  /** The journal holds what the answers say. */
  confirmCommitted(): void {
    this.#uncommitted.length = 0;
    this.registrar.changed.clear();
  }

  /** The journal could not be written: those who were to hear 200 hear 503 instead. */
  refuseUncommitted(now: Moment, outbox: Outbox, facts: Fact[]): void {
    for (const { transaction, position, number } of this.#uncommitted) {
      const answer = parse(
        outbox.bytes,
        outbox.starts[position]!,
        outbox.ends[position]!,
        "stream",
      );
      if (answer.kind === "malformed") continue;
      const start = outbox.position;
      const flow = outbox.flows[position]!;
      const headers = "Retry-After: 30\r\n";
      writeResponse(
        outbox,
        answer,
        flow,
        503,
        "Service Unavailable",
        "",
        headers,
      );
      outbox.starts[position] = start;
      outbox.ends[position] = outbox.position;
      this.#answers.replace(transaction, outbox, start);
      facts.push({
        kind: "refused",
        at: now.wallMs,
        flow,
        stage: "reply",
        method: "REGISTER",
        number,
        callId: answer.callId,
        status: 503,
        why: "store-failed",
        detail: "",
        userAgent: "",
      });
    }
    this.#uncommitted.length = 0;
  }

  #answerMalformed(
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
      reason,
      this.#tokens.next(),
      "",
    );
    outbox.end(start, back, false);
  }

  #receiveResponse(
    response: Message,
    flow: Flow,
    now: Moment,
    outbox: Outbox,
    facts: Fact[],
  ): void {
    const isExpected = this.pinger.receive(
      response,
      now,
      outbox,
      facts as never,
    );
    facts.push({
      kind: "response-seen",
      at: now.wallMs,
      flow,
      stage: "parse",
      status: response.status,
      callId: response.callId,
      cseq: response.cseq,
      method: response.method,
      isExpected,
    });
  }

  #receiveRequest(
    message: Message,
    flow: Flow,
    now: Moment,
    outbox: Outbox,
    facts: Fact[],
  ): void {
    const key = transactionKey(message, flow);
    const isAck = message.method === "ACK";
    for (const transactions of [this.#answers, this.#challenges]) {
      const known = transactions.match(key);
      if (known === undefined) continue;
      transactions.receive(
        known,
        isAck ? "ack" : "request",
        now.monotonicMs,
        outbox,
      );
      facts.push(
        isAck
          ? requestSeen(message, flow, now)
          : retransmission(message, flow, now),
      );
      return;
    }
    facts.push(requestSeen(message, flow, now));
    if (isAck) return;
    const exchange = new Reply(message, flow, now, outbox, facts, key);
    if (this.#answers.isMerged(message) || this.#challenges.isMerged(message)) {
      return this.#refuse(
        exchange,
        refuse(482, "Loop Detected", "parse", "loop-detected"),
      );
    }
    const refusal = examine(message) ?? this.#examineDomain(message, flow);
    if (refusal !== null) return this.#refuse(exchange, refusal);
    this.#serve(exchange);
  }

  #examineDomain(message: Message, flow: Flow): Refusal | null {
    const target = message.target as SipUri;
    const to = message.method === "REGISTER" && !("fault" in message.to)
      ? message.to.uri
      : target;
    for (const uri of [target, to]) {
      if (uri.kind !== "sip" || this.#domains.isOurs(uri, flow)) continue;
      return refuse(
        404,
        "Domain Not Served Here",
        "domain",
        "wrong-domain",
        uri.host.slice(0, 128),
      );
    }
    return null;
  }

  #serve(reply: Reply): void {
    const { message } = reply;
    const { method } = message;
    if (method === "REGISTER") return this.#register(reply);
    if (method === "OPTIONS") {
      return this.#answer(reply, 200, "OK", CAPABILITIES, false);
    }
    if (method === "CANCEL") return this.#cancel(reply);
    if (!KNOWN_METHODS.has(method)) {
      return this.#refuse(
        reply,
        refuse(501, "Not Implemented", "policy", "method-unknown", "", ALLOW),
      );
    }
    if (message.toTag !== "" || !AUTHENTICATED_METHODS.has(method)) {
      const reason = "Call/Transaction Does Not Exist";
      return this.#refuse(
        reply,
        refuse(481, reason, "policy", "no-such-dialog"),
      );
    }
    const number = numberOf(message, "from");
    const sender = this.#authenticate(reply, number);
    if (sender === null) return;
    const refusal = sender.number === number
      ? refuse(
        405,
        "Method Not Allowed",
        "policy",
        "method-not-allowed",
        method,
        ALLOW,
      )
      : forbidden("login-differs", `login \`${sender.number}\``);
    this.#refuse(reply, refusal);
  }

  /** The INVITE that it means has its final answer already, or never was (RFC 3261 §9.2). */
  #cancel(reply: Reply): void {
    const invite = reply.key.replace(/\|CANCEL$/, "|INVITE");
    if (this.#answers.match(invite) !== undefined) {
      return this.#answer(reply, 200, "OK", "", false);
    }
    const reason = "Call/Transaction Does Not Exist";
    this.#refuse(reply, refuse(481, reason, "policy", "no-such-dialog"));
  }

  #register(reply: Reply): void {
    const { message, flow, now } = reply;
    const number = numberOf(message, "to");
    const sender = this.#authenticate(reply, number);
    if (sender === null) return;
    if (sender.number !== number) {
      return this.#refuse(
        reply,
        forbidden("login-differs", `login \`${sender.number}\``),
      );
    }
    if (numberOf(message, "from") !== number) {
      const detail = `From \`${printable(numberOf(message, "from"), 64)}\``;
      return this.#refuse(reply, forbidden("third-party", detail));
    }
    const nowMs = now.monotonicMs;
    const outcome = this.registrar.register(
      message,
      sender.extension,
      flow,
      nowMs,
    );
    if (outcome.kind === "refusal") return this.#refuse(reply, outcome);
    const at = now.wallMs;
    for (const fact of outcome.facts) {
      reply.facts.push({ ...fact, at, flow } as Fact);
    }
    for (const slot of this.registrar.changed) {
      if (!this.#bindings.isLive(slot)) continue;
      this.pinger.schedule(slot, this.#bindings.pingsSent[slot] === 0, nowMs);
    }
    if (outcome.isFetch) {
      const bindings = this.registrar.slotsOf(sender.extension).length;
      reply.facts.push({
        kind: "bindings-fetched",
        at,
        flow,
        stage: "reply",
        number,
        bindings,
      });
    }
    const headers = this.registrar.contactHeaders(sender.extension, nowMs) +
      outboundHeaders(message) + this.#dateHeader(now);
    this.#answer(reply, 200, "OK", headers, !outcome.isFetch);
  }

  /** Who sends the request; null where he was challenged or refused. */
  #authenticate(reply: Reply, number: string): Authenticated | null {
    const { message, now } = reply;
    const result = this.#authenticator.authenticate(
      message,
      number,
      now.monotonicMs,
    );
    if (result.kind === "authenticated") return result;
    if (result.kind === "challenge") this.#challenge(reply, result, number);
    else this.#refuse(reply, result);
    return null;
  }

  #challenge(reply: Reply, challenge: Challenge, number: string): void {
    const { message, flow, now } = reply;
    reply.facts.push({
      kind: "challenged",
      at: now.wallMs,
      flow,
      stage: "auth",
      method: message.method,
      number: printable(number, 64),
      callId: message.callId,
      why: challenge.why,
      userAgent: message.userAgent,
    });
    this.#send(
      reply,
      this.#challenges,
      401,
      "Unauthorized",
      challenge.headers,
      false,
    );
  }

  #refuse(reply: Reply, refusal: Refusal): void {
    const { message, flow, now } = reply;
    const claimed = numberOf(
      message,
      message.method === "REGISTER" ? "to" : "from",
    );
    reply.facts.push({
      kind: "refused",
      at: now.wallMs,
      flow,
      stage: refusal.stage,
      method: printable(message.method, 32),
      number: printable(claimed, 64),
      callId: message.callId,
      status: refusal.status,
      why: refusal.why,
      detail: printable(refusal.detail, 200),
      userAgent: message.userAgent,
    });
    this.#send(
      reply,
      this.#challenges,
      refusal.status,
      refusal.reason,
      refusal.headers,
      false,
    );
  }

  #answer(
    reply: Reply,
    status: number,
    reason: string,
    headers: string,
    afterCommit: boolean,
  ): void {
    const isOurs = reply.message.method === "REGISTER";
    const transactions = isOurs ? this.#answers : this.#challenges;
    this.#send(reply, transactions, status, reason, headers, afterCommit);
  }

  #send(
    reply: Reply,
    transactions: ServerTransactions,
    status: number,
    reason: string,
    headers: string,
    afterCommit: boolean,
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
    outbox.end(start, back, afterCommit);
    if (!afterCommit) return;
    const number = numberOf(message, "to");
    this.#uncommitted.push({ transaction, position: outbox.count - 1, number });
  }

  #dateHeader(now: Moment): string {
    const second = Math.floor(now.wallMs / 1000);
    if (second !== this.#dateSecond) {
      this.#dateSecond = second;
      this.#date = `Date: ${new Date(now.wallMs).toUTCString()}\r\n`;
    }
    return this.#date;
  }
}

/** One request on its way to its answer. */
class Reply {
  readonly message: Message;
  readonly flow: Flow;
  readonly now: Moment;
  readonly outbox: Outbox;
  readonly facts: Fact[];
  readonly key: string;

  constructor(
    message: Message,
    flow: Flow,
    now: Moment,
    outbox: Outbox,
    facts: Fact[],
    key: string,
  ) {
    this.message = message;
    this.flow = flow;
    this.now = now;
    this.outbox = outbox;
    this.facts = facts;
    this.key = key;
  }
}

/** The number that a request is about or from; "" where there is none. */
function numberOf(message: Message, header: "to" | "from"): string {
  const address = message[header];
  if ("fault" in address || address.uri.kind !== "sip") return "";
  return unescapeText(address.uri.user ?? "");
}

/** The flow on which an answer leaves: another port only where RFC 3261 §18.2.2 wants it. */
function replyFlow(message: Message, flow: Flow): Flow {
  const port = responsePort(message.via, flow);
  if (port === flow.port) return flow;
  return new Flow(
    flow.transport,
    flow.id,
    flow.localHost,
    flow.localPort,
    flow.host,
    port,
  );
}

function requestSeen(message: Message, flow: Flow, now: Moment): Fact {
  return {
    kind: "request-seen",
    at: now.wallMs,
    flow,
    stage: "parse",
    method: message.method,
    callId: message.callId,
    cseq: message.cseq,
    branch: message.branch,
    userAgent: message.userAgent,
    octets: message.end - message.start,
  };
}

function retransmission(message: Message, flow: Flow, now: Moment): Fact {
  return {
    kind: "retransmission-seen",
    at: now.wallMs,
    flow,
    stage: "reply",
    method: message.method,
    callId: message.callId,
    cseq: message.cseq,
    branch: message.branch,
  };
}

/** RFC 3327 §5.3 and RFC 5626 §6: what a phone that speaks them is told. */
function outboundHeaders(message: Message): string {
  const hasPath = message.has("path");
  const { contacts } = message;
  const hasRegId = contacts !== "*" && !("fault" in contacts) &&
    contacts.some((contact) =>
      contact.parameters.some(({ name }) => name === "reg-id")
    );
  if (!hasPath && !hasRegId) return "";
  const paths = message.values("path").map((path) => `Path: ${path}\r\n`).join(
    "",
  );
  const speaksOutbound = message.values("supported").some((value) =>
    /\boutbound\b/i.test(value)
  );
  return paths + (hasRegId && speaksOutbound ? "Require: outbound\r\n" : "");
}
