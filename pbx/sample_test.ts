/**
 * What the tests of this room have in common: an office at a desk, with a clock that the test
 * moves and a journal that can fail, and the texts that phones send to it.
 * @module
 */

import assert from "node:assert/strict";
import { hash } from "node:crypto";
import { hashPassword } from "../sip/digest.ts";
import { Flow } from "../sip/flow.ts";
import type { Message } from "../sip/message.ts";
import { readText, toOctets } from "../sip/octet.ts";
import { Outbox } from "../sip/outbox.ts";
import { parse } from "../sip/parse.ts";
import type { Binding } from "./binding.ts";
import { BindingTable } from "./binding_table.ts";
import { Directory, type ExtensionRecord } from "./directory.ts";
import type { CallLimits } from "./call/switchboard.ts";
import { Domains } from "./domain.ts";
import type { Fact } from "./fact.ts";
import {
  formatFreeLine,
  formatLine,
  type JournalLine,
  type Moment,
  parseLine,
} from "./journal_line.ts";
import { FakeRelay } from "./media/sample_relay_test.ts";
import { Office } from "./office.ts";
import type { RegistrationLimits } from "./registration.ts";

export const REALM = "pbx";
export const PASSWORD = "correct horse";
/** Where the phone of most tests sits, behind a router. */
export const PHONE = flowFrom("198.51.100.7", 40000);
export const LIMITS: RegistrationLimits = {
  defaultSeconds: 3600,
  minimumSeconds: 60,
  maximumSeconds: 7200,
  contacts: 4,
};
const START: Moment = { wallMs: 1_800_000_000_000, monotonicMs: 100_000 };

/** The way from an address to the server and back. */
export function flowFrom(
  host: string,
  port: number,
  transport: "udp" | "tcp" = "udp",
): Flow {
  return new Flow(transport, 1, "192.0.2.1", 5060, host, port);
}

/** An extension as the store has it. */
export function recordOf(number: string, password = PASSWORD): ExtensionRecord {
  return {
    number,
    ha1Md5: hashPassword("MD5", number, REALM, password),
    ha1Sha256: hashPassword("SHA-256", number, REALM, password),
  };
}

/** A binding that is right, but for what the test changes. */
export function makeBinding(changes: Partial<Binding> = {}): Binding {
  return {
    contact: "sip:1001@10.0.0.7:5062",
    callId: "call-1",
    cseq: 1,
    expiresAtMs: START.monotonicMs + 300_000,
    grantedSeconds: 300,
    q: 1000,
    userAgent: "MicroSIP/3.21.6",
    instance: "",
    regId: 0,
    path: "",
    isBehindNat: true,
    isOutbound: false,
    transport: "udp",
    flowId: 1,
    host: "198.51.100.7",
    port: 40000,
    localHost: "192.0.2.1",
    localPort: 5060,
    ...changes,
  };
}

/** The parts of a request; what is left out is right. */
export interface Ask {
  readonly method?: string;
  readonly uri?: string;
  readonly from?: string;
  readonly to?: string;
  readonly callId?: string;
  readonly cseq?: number;
  readonly branch?: string;
  readonly contacts?: readonly string[];
  /** Further header fields, without their line ends. */
  readonly headers?: readonly string[];
}

/** The text of a request. */
export function requestText(ask: Ask): string {
  const method = ask.method ?? "REGISTER";
  const cseq = ask.cseq ?? 1;
  const branch = ask.branch ?? `z9hG4bK${method}${ask.callId ?? ""}${cseq}`;
  const lines = [
    `${method} ${ask.uri ?? "sip:pbx.example"} SIP/2.0`,
    `Via: SIP/2.0/UDP 10.0.0.7:5062;branch=${branch};rport`,
    "Max-Forwards: 70",
    `From: ${ask.from ?? "<sip:1001@pbx.example>"};tag=from1`,
    `To: ${ask.to ?? "<sip:1001@pbx.example>"}`,
    `Call-ID: ${ask.callId ?? "call-1"}`,
    `CSeq: ${cseq} ${method}`,
    ...(ask.contacts ?? []).map((contact) => `Contact: ${contact}`),
    ...(ask.headers ?? []),
    "Content-Length: 0",
  ];
  return `${lines.join("\r\n")}\r\n\r\n`;
}

/** Parses what must read well. */
export function readMessage(text: string): Message {
  const octets = toOctets(text);
  const message = parse(octets, 0, octets.length);
  assert.ok(message.kind === "message", `malformed: ${text}`);
  return message;
}

/** The status of an answer. */
export function statusOf(answer: string | undefined): number {
  return Number(/^SIP\/2\.0 ([0-9]{3}) /.exec(answer ?? "")?.[1]);
}

/** The values of a header field, one for each line. */
export function headerValues(message: string | undefined, name: string) {
  const line = new RegExp(`^${name}: *(.*?) *$`, "gmi");
  return [...(message ?? "").matchAll(line)].map((found) => found[1]!.trim());
}

/** A parameter of a challenge. */
export function challengeOf(answer: string, name: string): string {
  const [value = ""] = headerValues(answer, "WWW-Authenticate");
  return new RegExp(`${name}="?([^",]*)`).exec(value)?.[1] ?? "";
}

/** What a phone puts into its answer to a challenge; the hash is right for what it says. */
export interface Login {
  readonly nonce: string;
  readonly number?: string;
  readonly password?: string;
  readonly realm?: string;
  readonly method?: string;
  readonly uri?: string;
  readonly nc?: string;
  readonly cnonce?: string;
  readonly algorithm?: "MD5" | "SHA-256";
}

/** The Authorization header field, hashed without any code of the server. */
export function authorization(login: Login): string {
  const {
    nonce,
    number = "1001",
    password = PASSWORD,
    realm = REALM,
    method = "REGISTER",
    uri = "sip:pbx.example",
    nc = "00000001",
    cnonce = "0a4f113b",
    algorithm = "MD5",
  } = login;
  const digest = (text: string) =>
    hash(algorithm === "MD5" ? "md5" : "sha256", text);
  const ha1 = digest(`${number}:${realm}:${password}`);
  const ha2 = digest(`${method}:${uri}`);
  const response = digest(`${ha1}:${nonce}:${nc}:${cnonce}:auth:${ha2}`);
  return `Authorization: Digest username="${number}", realm="${realm}", ` +
    `nonce="${nonce}", uri="${uri}", response="${response}", ` +
    `algorithm=${algorithm}, cnonce="${cnonce}", qop=auth, nc=${nc}`;
}

/** One message that left. */
export interface Sent {
  readonly text: string;
  readonly flow: Flow;
}

/** A journal in memory that fails where the test says so. */
export class FakeJournal {
  isFailing = false;
  readonly lines = new Map<number, string>();

  commit(desk: Desk, changed: ReadonlyMap<number, Binding | null>): void {
    if (this.isFailing) throw new Error("database or disk is full");
    for (const [slot, binding] of changed) {
      const number = binding === null
        ? ""
        : desk.directory.numberOf(desk.bindings.extension[slot]!);
      const line = binding === null
        ? formatFreeLine(slot)
        : formatLine(slot, number, binding, desk.now);
      this.lines.set(slot, line.slice(0, -1));
    }
  }

  readBack(slots: Iterable<number>, now: Moment) {
    const lines = new Map<number, JournalLine | null>();
    for (const slot of slots) {
      const line = this.lines.get(slot);
      lines.set(slot, line === undefined ? null : parseLine(line, now));
    }
    return lines;
  }
}

/** The members of the union of facts that may be of these kinds. */
type FactOf<K, F = Fact> = F extends Fact
  ? Extract<F["kind"], K> extends never ? never : F
  : never;

/** What a test may choose about its office. */
export interface DeskParts {
  readonly numbers?: readonly string[];
  readonly domains?: readonly string[];
  readonly pingSeconds?: number;
  readonly journal?: FakeJournal;
  readonly now?: Moment;
  readonly limits?: RegistrationLimits;
  readonly callLimits?: Partial<CallLimits>;
  readonly publicAddress?: string;
}

/** An office that is driven as the exchange drives it: work, commit, send. */
export class Desk {
  readonly directory = new Directory();
  readonly bindings = new BindingTable();
  readonly journal: FakeJournal;
  readonly office: Office;
  readonly outbox = new Outbox();
  readonly facts: Fact[] = [];
  readonly relay = new FakeRelay();
  now: Moment;
  #cseq = 0;

  constructor(parts: DeskParts = {}) {
    this.now = parts.now ?? START;
    this.journal = parts.journal ?? new FakeJournal();
    for (const number of parts.numbers ?? ["1001", "1002"]) {
      this.directory.set(recordOf(number));
    }
    this.office = new Office({
      directory: this.directory,
      bindings: this.bindings,
      domains: new Domains(parts.domains ?? [], ["192.0.2.1", "203.0.113.9"]),
      realm: REALM,
      limits: parts.limits ?? LIMITS,
      callLimits: {
        calls: 100,
        ringSeconds: 60,
        sessionSeconds: 1800,
        ...parts.callLimits,
      },
      relay: this.relay,
      publicAddress: parts.publicAddress ?? null,
      pingSeconds: parts.pingSeconds ?? 0,
      nonceKey: new Uint8Array(16).fill(this.now.monotonicMs & 0xff),
      tokenKey: new Uint8Array(16).fill(2),
    });
    const { lines } = this.journal;
    const read = this.journal.readBack(lines.keys(), this.now);
    this.office.registrar.restore(read, this.now.monotonicMs);
  }

  /** Takes a datagram without sending anything yet, as within a batch. */
  take(text: string, flow: Flow = PHONE): void {
    const octets = toOctets(text);
    const { office, now, outbox, facts } = this;
    office.receive(octets, 0, octets.length, flow, now, outbox, facts);
  }

  /** Ends a batch: journal first, then what leaves. */
  flush(): Sent[] {
    const { registrar } = this.office;
    const { outbox } = this;
    if (registrar.changed.size > 0) {
      try {
        this.journal.commit(this, registrar.changed);
        this.office.confirm();
      } catch {
        const lines = this.journal.readBack(registrar.changed.keys(), this.now);
        this.office.takeBack(lines, "disk full", this.now, outbox, this.facts);
      }
    }
    const sent = Array.from({ length: outbox.count }, (_, i) => ({
      text: readText(outbox.bytes, outbox.starts[i]!, outbox.ends[i]!),
      flow: outbox.flows[i]!,
    }));
    outbox.clear();
    return sent;
  }

  /** A batch of one datagram; what leaves. */
  receive(text: string, flow: Flow = PHONE): string[] {
    this.take(text, flow);
    return this.flush().map((sent) => sent.text);
  }

  /** The same where exactly one answer must leave. */
  ask(ask: Ask, flow: Flow = PHONE): string {
    const answers = this.receive(requestText(ask), flow);
    assert.equal(answers.length, 1, answers.join("\n"));
    return answers[0]!;
  }

  /** Sends a request, and once more with the answer to the challenge. */
  login(ask: Ask, login: Omit<Login, "nonce"> = {}, flow: Flow = PHONE) {
    const method = ask.method ?? "REGISTER";
    const uri = ask.uri ?? "sip:pbx.example";
    const first = { cseq: this.#cseq + 1, ...ask };
    this.#cseq = first.cseq + 1;
    const challenge = this.ask(first, flow);
    assert.equal(statusOf(challenge), 401, challenge);
    if (method === "INVITE") this.receive(ackText(first), flow);
    const nonce = challengeOf(challenge, "nonce");
    const header = authorization({ nonce, method, uri, ...login });
    const headers = [...ask.headers ?? [], header];
    return this.ask({ ...first, cseq: first.cseq + 1, headers }, flow);
  }

  /** Moves both clocks, with the ticks of the exchange; what leaves meanwhile. */
  advance(ms: number, stepMs = 250): Sent[] {
    const sent: Sent[] = [];
    for (let left = ms; left > 0; left -= stepMs) {
      const step = Math.min(left, stepMs);
      const { wallMs, monotonicMs } = this.now;
      this.now = { wallMs: wallMs + step, monotonicMs: monotonicMs + step };
      this.office.wake(this.now, this.outbox, this.facts);
      sent.push(...this.flush());
    }
    return sent;
  }

  /** The bindings of an extension, newest first. */
  bound(number = "1001"): Binding[] {
    const slots = this.office.registrar.slotsOf(this.directory.find(number));
    return slots.map((slot) => this.bindings.get(slot));
  }

  /** Takes the facts of these kinds, or of every kind, and forgets all. */
  takeFacts<K extends Fact["kind"]>(...kinds: readonly K[]) {
    const facts = this.facts.splice(0);
    return facts.filter((fact): fact is FactOf<K> =>
      kinds.length === 0 || (kinds as readonly string[]).includes(fact.kind)
    );
  }
}

/** The ACK of a failure: branch and CSeq are the INVITE's. */
export function ackText(ask: Ask): string {
  const cseq = ask.cseq ?? 1;
  const branch = ask.branch ?? `z9hG4bKINVITE${ask.callId ?? ""}${cseq}`;
  return requestText({ ...ask, method: "ACK", headers: [], branch });
}
