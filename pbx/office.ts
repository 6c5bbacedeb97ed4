/**
 * The office: takes what came in, and writes what has to go out. A datagram passes through it from
 * the top to the bottom of this file: class, grammar, transaction, examination, domain, identity,
 * registrar or switchboard. It performs nothing: whoever calls it commits the changed bindings and sends the
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
import {
  type Authenticated,
  Authenticator,
  forbidden,
} from "./authenticator.ts";
import type { BindingTable } from "./binding_table.ts";
import { CALL_METHODS } from "./call/call_wire.ts";
import { type CallLimits, Switchboard } from "./call/switchboard.ts";
import type { Directory } from "./directory.ts";
import type { Domains } from "./domain.ts";
import type { Fact } from "./fact.ts";
import type { JournalLine, Moment } from "./journal_line.ts";
import type { MediaRelay } from "./media/media_relay.ts";
import { nearestNumbers } from "./nearest_number.ts";
import { Pinger } from "./pinger.ts";
import { Registrar } from "./registrar.ts";
import type { RegistrationLimits } from "./registration.ts";
import {
  RegistrationService,
  type RemovalReason,
} from "./registration_service.ts";
import { Reply, requestSeen } from "./reply.ts";
import { Responder } from "./responder.ts";
import type { Turn } from "./turn.ts";

const NONCE_LIFETIME_SECONDS = 3600;
const ALLOW = `Allow: REGISTER, ${CALL_METHODS}\r\n`;
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
/** Extensions among which the nearest numbers are looked for. */
const MOST_SEARCHED = 2000;

export interface OfficeParts {
  readonly directory: Directory;
  readonly bindings: BindingTable;
  readonly domains: Domains;
  readonly realm: string;
  readonly limits: RegistrationLimits;
  readonly callLimits: CallLimits;
  /** Carries the sound of calls. */
  readonly relay: MediaRelay;
  /** Where phones reach a server that stands behind a router itself. */
  readonly publicAddress: string | null;
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
  readonly switchboard: Switchboard;
  readonly #registration: RegistrationService;
  readonly #bindings: BindingTable;
  readonly #domains: Domains;
  readonly #authenticator: Authenticator;
  /** Memory for the parser: no message is looked at any more when the next one comes. */
  readonly #index: number[] = [];
  #sweptAtMs = -Infinity;

  constructor(parts: OfficeParts) {
    const { directory, bindings } = parts;
    this.#bindings = bindings;
    this.#domains = parts.domains;
    const tokens = new TokenMint(parts.tokenKey);
    const mint = new NonceMint(parts.nonceKey, NONCE_LIFETIME_SECONDS);
    this.#authenticator = new Authenticator(directory, parts.realm, mint);
    this.responder = new Responder(tokens);
    this.registrar = new Registrar(directory, bindings, parts.limits);
    this.pinger = new Pinger(directory, bindings, tokens, parts.pingSeconds);
    const { registrar, responder, pinger } = this;
    const shared = { directory, bindings, registrar, responder, pinger };
    this.#registration = new RegistrationService(shared);
    this.switchboard = new Switchboard({
      responder,
      tokens,
      bindings,
      relay: parts.relay,
      publicAddress: parts.publicAddress,
      slotsOf: (number) => registrar.slotsOf(directory.find(number)),
      isExtension: (number) => directory.find(number) >= 0,
      nearest: (number) => listNearest(directory, number),
      isOurs: (uri, flow) => parts.domains.isOurs(uri, flow),
      limits: parts.callLimits,
    });
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
    const turn = { now, outbox, facts };
    this.responder.wake(nowMs, outbox);
    this.switchboard.wake(turn);
    this.pinger.repeat(now, outbox, facts);
    for (const slot of this.pinger.takeSilent()) {
      if (!this.#bindings.isLive(slot)) continue;
      this.removeBinding(slot, "forgotten", turn);
    }
    if (nowMs - this.#sweptAtMs < SWEEP_EVERY_MS) return;
    this.#sweptAtMs = nowMs;
    const { expiresAtMs, used } = this.#bindings;
    for (let slot = 0; slot < used; slot++) {
      if (expiresAtMs[slot]! <= nowMs && this.#bindings.isLive(slot)) {
        this.removeBinding(slot, "expired", turn);
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
  removeBinding(slot: number, why: RemovalReason, turn: Turn): void {
    this.#registration.removeBinding(slot, why, turn);
  }

  #receiveResponse(
    response: Message,
    flow: Flow,
    now: Moment,
    outbox: Outbox,
    facts: Fact[],
  ): void {
    const turn = { now, outbox, facts };
    const isExpected = this.switchboard.receiveAnswer(response, turn) ||
      this.pinger.receive(response, now, outbox, facts);
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
    if (message.method === "ACK") {
      return this.switchboard.acknowledge(message, { now, outbox, facts });
    }
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
    if (method === "OPTIONS" && message.toTag === "") {
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
      // whoever knows our tag is the phone that we talk to, unless he sits elsewhere now
      if (message.toTag !== "" && !this.#isProven(reply)) return;
      if (message.toTag !== "" && this.switchboard.receive(reply)) return;
      return this.responder.refuse(reply, noSuchDialog());
    }
    const number = reply.claimedNumber;
    const sender = this.#authenticate(reply, number);
    if (sender === null) return;
    if (sender.number !== number) {
      const refusal = forbidden("login-differs", `login \`${sender.number}\``);
      return this.responder.refuse(reply, refusal, true);
    }
    if (method === "INVITE") return this.switchboard.invite(reply, number);
    if (method === "MESSAGE") return this.switchboard.message(reply, number);
    this.responder.refuse(reply, notAllowed(method), true);
  }

  /** Whether the sender of a request inside a dialog is known, or has shown his password. */
  #isProven(reply: Reply): boolean {
    const owner = this.switchboard.findMoved(reply.message, reply.flow);
    if (owner === null) return true;
    const sender = this.#authenticate(reply, owner);
    if (sender === null) return false;
    if (sender.number === owner) return true;
    const refusal = forbidden("login-differs", `login \`${sender.number}\``);
    this.responder.refuse(reply, refusal, true);
    return false;
  }

  /** The INVITE that it means has its final answer already, or never was (RFC 3261 §9.2). */
  #cancel(reply: Reply): void {
    if (this.switchboard.cancel(reply)) return;
    const invite = reply.key.replace(/\|CANCEL$/, "|INVITE");
    if (this.responder.has(invite)) {
      return this.responder.answer(reply, 200, "OK", "");
    }
    this.responder.refuse(reply, noSuchDialog());
  }

  #register(reply: Reply): void {
    const sender = this.#authenticate(reply, reply.claimedNumber);
    if (sender !== null) this.#registration.serve(reply, sender);
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
}

function noSuchDialog(): Refusal {
  return refuse(
    481,
    "Call/Transaction Does Not Exist",
    "policy",
    "no-such-dialog",
  );
}

function notAllowed(method: string): Refusal {
  const why = "method-not-allowed";
  return refuse(405, "Method Not Allowed", "policy", why, method, ALLOW);
}

/** Extensions that somebody may have meant; none where there are too many to be searched. */
function listNearest(directory: Directory, number: string): readonly string[] {
  if (directory.size > MOST_SEARCHED) return [];
  const known = [...directory.numbers()];
  return nearestNumbers(number, known.filter((one) => /^\d+$/.test(one)));
}
