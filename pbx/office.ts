/**
 * The office: takes what came in, and writes what has to go out. A datagram passes through it from
 * the top to the bottom of this file: class, grammar, transaction, examination, domain, identity,
 * registrar. It performs nothing: whoever calls it commits the changed bindings and sends the
 * outbox, in that order.
 * @module
 */

import { classifyDatagram } from "../sip/datagram.ts";
import { examine, SUPPORTED_OPTIONS } from "../sip/examine.ts";
import type { Flow } from "../sip/flow.ts";
import type { Message } from "../sip/message.ts";
import { KNOWN_METHODS } from "../sip/method.ts";
import { NonceMint } from "../sip/nonce.ts";
import { printable, readText } from "../sip/octet.ts";
import type { Outbox } from "../sip/outbox.ts";
import { parse } from "../sip/parse.ts";
import { type Refusal, refuse } from "../sip/refusal.ts";
import { transactionKey } from "../sip/server_transactions.ts";
import { answerStun } from "../sip/stun.ts";
import { TokenMint } from "../sip/token_mint.ts";
import { maskPassword } from "../sip/uri.ts";
import {
  type Authenticated,
  Authenticator,
  forbidden,
} from "./authenticator.ts";
import type { BindingTable } from "./binding_table.ts";
import type { Directory } from "./directory.ts";
import type { Domains } from "./domain.ts";
import type { Fact } from "./fact.ts";
import type { JournalLine, Moment } from "./journal_line.ts";
import { Pinger } from "./pinger.ts";
import { Registrar } from "./registrar.ts";
import { extensionHeaders, type RegistrationLimits } from "./registration.ts";
import { numberOf, Reply, requestSeen } from "./reply.ts";
import { Responder } from "./responder.ts";

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
  /** 0: ask no phone whether it is there. */
  readonly pingSeconds: number;
  /** 16 random octets. */
  readonly nonceKey: Uint8Array;
  /** 16 random octets. */
  readonly tokenKey: Uint8Array;
}

export class Office {
  readonly registrar: Registrar;
  readonly responder: Responder;
  readonly pinger: Pinger;
  readonly #directory: Directory;
  readonly #bindings: BindingTable;
  readonly #domains: Domains;
  readonly #authenticator: Authenticator;
  /** Memory for the parser: no message is looked at any more when the next one comes. */
  readonly #index: number[] = [];
  #sweptAtMs = -Infinity;
  #dateSecond = 0;
  #date = "";

  constructor(parts: OfficeParts) {
    const { directory, bindings } = parts;
    this.#directory = directory;
    this.#bindings = bindings;
    this.#domains = parts.domains;
    const tokens = new TokenMint(parts.tokenKey);
    const mint = new NonceMint(parts.nonceKey, NONCE_LIFETIME_SECONDS);
    this.#authenticator = new Authenticator(directory, parts.realm, mint);
    this.responder = new Responder(tokens);
    this.registrar = new Registrar(directory, bindings, parts.limits);
    this.pinger = new Pinger(directory, bindings, tokens, parts.pingSeconds);
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
        ? readText(bytes, start, Math.min(end, start + 64))
        : "";
      facts.push({
        kind: "datagram-seen",
        at: now.wallMs,
        flow,
        stage: "transport",
        class: kind,
        octets: end - start,
        head: printable(head, 64),
      });
      return;
    }
    const framing = flow.transport === "tcp" ? "stream" : "datagram";
    const read = parse(bytes, start, end, framing, this.#index);
    if (read.kind === "malformed") {
      this.responder.answerMalformed(read, flow, now, outbox, facts);
    } else if (read.isRequest) {
      this.#receiveRequest(read, flow, now, outbox, facts);
    } else this.#receiveResponse(read, flow, now, outbox, facts);
  }

  /** Time has passed: repeats, questions, expiry. */
  wake(now: Moment, outbox: Outbox, facts: Fact[]): void {
    const nowMs = now.monotonicMs;
    this.responder.wake(nowMs, outbox);
    this.pinger.repeat(now, outbox, facts);
    if (nowMs - this.#sweptAtMs < SWEEP_EVERY_MS) return;
    this.#sweptAtMs = nowMs;
    const { expiresAtMs, used } = this.#bindings;
    for (let slot = 0; slot < used; slot++) {
      if (expiresAtMs[slot]! <= nowMs && this.#bindings.isLive(slot)) {
        this.removeBinding(slot, "expired", now, facts);
      }
    }
    this.pinger.wake(now, outbox, facts);
  }

  /** The journal holds every change: the answers may leave. */
  confirm(): void {
    this.responder.keepPromises();
    this.registrar.confirm();
  }

  /**
   * The journal could not be written: nobody hears that something was done, and it was not.
   *
   * @param lines what the journal says of the changed slots; null where it cannot even be read,
   * then memory leads, and is written as soon as that works.
   * @param cause why it could not be written, for people.
   */
  takeBack(
    lines: ReadonlyMap<number, JournalLine | null> | null,
    cause: string,
    now: Moment,
    outbox: Outbox,
    facts: Fact[],
  ): void {
    this.responder.breakPromises(cause, now, outbox, facts);
    if (lines === null) return;
    this.registrar.restore(lines, now.monotonicMs);
    for (const slot of lines.keys()) {
      if (!this.#bindings.isLive(slot)) continue;
      this.pinger.schedule(slot, true, now.monotonicMs);
    }
  }

  /** Ends a binding for a reason that is not the phone's. */
  removeBinding(
    slot: number,
    why: "expired" | "extension-removed" | "password-changed",
    now: Moment,
    facts: Fact[],
  ): void {
    const number = this.#directory.numberOf(this.#bindings.extension[slot]!);
    const contact = maskPassword(this.#bindings.get(slot).contact);
    const flow = this.#bindings.flowOf(slot);
    this.registrar.removeForGood(slot);
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

  #receiveResponse(
    response: Message,
    flow: Flow,
    now: Moment,
    outbox: Outbox,
    facts: Fact[],
  ): void {
    const isExpected = this.pinger.receive(response, now, outbox, facts);
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
    if (this.responder.repeat(key, message, flow, now, outbox, facts)) return;
    facts.push(requestSeen(message, flow, now));
    // the ACK of an answer that we no longer know, or of none: never answered
    if (message.method === "ACK") return;
    const reply = new Reply(message, flow, now, outbox, facts, key);
    const refusal = this.#examine(message, flow);
    if (refusal === null) this.#serve(reply);
    else this.responder.refuse(reply, refusal);
  }

  #examine(message: Message, flow: Flow): Refusal | null {
    if (this.responder.isMerged(message)) {
      return refuse(482, "Loop Detected", "parse", "loop-detected");
    }
    return examine(message) ?? this.#examineDomain(message, flow);
  }

  #examineDomain(message: Message, flow: Flow): Refusal | null {
    const { target, to } = message;
    const isRegister = message.method === "REGISTER" && !("fault" in to);
    for (const uri of isRegister ? [target, to.uri] : [target]) {
      if (uri?.kind !== "sip" || this.#domains.isOurs(uri, flow)) continue;
      const host = uri.host.slice(0, 128);
      return refuse(
        404,
        "Domain Not Served Here",
        "domain",
        "wrong-domain",
        host,
      );
    }
    return null;
  }

  #serve(reply: Reply): void {
    const { message } = reply;
    const { method } = message;
    if (method === "REGISTER") return this.#register(reply);
    if (method === "OPTIONS") {
      return this.responder.answer(reply, 200, "OK", CAPABILITIES);
    }
    if (method === "CANCEL") return this.#cancel(reply);
    if (!KNOWN_METHODS.has(method)) {
      const refusal = refuse(
        501,
        "Not Implemented",
        "policy",
        "method-unknown",
        "",
        ALLOW,
      );
      return this.responder.refuse(reply, refusal);
    }
    if (message.toTag !== "" || !AUTHENTICATED_METHODS.has(method)) {
      return this.responder.refuse(reply, noSuchDialog());
    }
    const number = reply.claimedNumber;
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
    this.responder.refuse(reply, refusal, true);
  }

  /** The INVITE that it means has its final answer already, or never was (RFC 3261 §9.2). */
  #cancel(reply: Reply): void {
    const invite = reply.key.replace(/\|CANCEL$/, "|INVITE");
    if (this.responder.has(invite)) {
      return this.responder.answer(reply, 200, "OK", "");
    }
    this.responder.refuse(reply, noSuchDialog());
  }

  #register(reply: Reply): void {
    const { message, flow, now } = reply;
    const nowMs = now.monotonicMs;
    const number = reply.claimedNumber;
    const sender = this.#authenticate(reply, number);
    if (sender === null) return;
    const other = this.#findOther(message, number, sender);
    if (other !== null) return this.responder.refuse(reply, other);
    for (const slot of this.registrar.expiredSlots(sender.extension, nowMs)) {
      this.removeBinding(slot, "expired", now, reply.facts);
    }
    const outcome = this.registrar.register(
      message,
      sender.extension,
      flow,
      now,
    );
    if (outcome.kind === "refusal") {
      return this.responder.refuse(reply, outcome);
    }
    for (const fact of outcome.facts) reply.facts.push(fact);
    for (const slot of outcome.slots) {
      this.pinger.schedule(slot, this.#bindings.pingsSent[slot] === 0, nowMs);
    }
    if (outcome.isFetch) {
      const bindings = this.registrar.slotsOf(sender.extension).length;
      const at = now.wallMs;
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
      extensionHeaders(message) + this.#dateHeader(now);
    // a mere question may see what is not written yet
    const isPromise = outcome.facts.length > 0 ||
      this.registrar.slotsOf(sender.extension).some((slot) =>
        this.registrar.changed.has(slot)
      );
    this.responder.accept(reply, headers, isPromise);
  }

  /** Whoever is authenticated owns one AOR, his own (RFC 3261 §10.3 step 4). */
  #findOther(
    message: Message,
    number: string,
    sender: Authenticated,
  ): Refusal | null {
    if (sender.number !== number) {
      return forbidden("login-differs", `login \`${sender.number}\``);
    }
    const from = numberOf(message, "from");
    return from === number
      ? null
      : forbidden("third-party", `From \`${printable(from, 64)}\``);
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
    if (result.kind === "challenge") this.responder.challenge(reply, result);
    else this.responder.refuse(reply, result);
    return null;
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

function noSuchDialog(): Refusal {
  return refuse(
    481,
    "Call/Transaction Does Not Exist",
    "policy",
    "no-such-dialog",
  );
}
