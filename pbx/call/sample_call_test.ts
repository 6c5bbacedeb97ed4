/**
 * Phones for the tests of calls: each has an inbox, and says what the test tells it to say. What
 * the office sends is put into the inbox of the phone that it goes to.
 * @module
 */

import assert from "node:assert/strict";
import type { Flow } from "../../sip/flow.ts";
import {
  authorization,
  challengeOf,
  Desk,
  type DeskParts,
  flowFrom,
  headerValues,
  type Sent,
  statusOf,
} from "../sample_test.ts";
import type { CallRecord } from "./call_record.ts";

/** What a phone at an address says of its sound. */
export function sdpOf(host: string, port: number, more = ""): string {
  return `v=0\r\no=phone 77 1 IN IP4 ${host}\r\ns=call\r\nc=IN IP4 ${host}\r\nt=0 0\r\n` +
    `m=audio ${port} RTP/AVP 8 0 101\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:0 PCMU/8000\r\n` +
    `a=rtpmap:101 telephone-event/8000\r\n${more}`;
}

/** The port of the first line of sound in a message. */
export function portOf(text: string): number {
  return Number(/^m=audio (\d+)/m.exec(text)?.[1] ?? 0);
}

/** Everything behind the header fields. */
export function bodyOf(text: string): string {
  return text.slice(text.indexOf("\r\n\r\n") + 4);
}

/** The method of a request; "" for an answer. */
export function methodOf(text: string): string {
  return /^([A-Z]+) \S+ SIP\/2\.0\r\n/.exec(text)?.[1] ?? "";
}

export class CallDesk extends Desk {
  readonly phones: SimPhone[] = [];
  readonly #records = new Map<string, CallRecord>();

  constructor(parts: DeskParts = {}) {
    super({ numbers: ["1001", "1002", "1003"], ...parts });
  }

  /** A phone of an extension that is registered. */
  phone(number: string, host: string, port = 5060, q = ""): SimPhone {
    const phone = new SimPhone(this, number, flowFrom(host, port), q);
    this.phones.push(phone);
    phone.register();
    return phone;
  }

  /** A datagram from a phone, and what that leads to. */
  say(text: string, flow: Flow): void {
    this.take(text, flow);
    this.deliver(this.flush());
  }

  /** Time passes. */
  pass(ms: number): void {
    this.deliver(this.advance(ms));
  }

  /** Lets everything run out, and checks that nothing of any call is left. */
  finish(): void {
    const { switchboard } = this.office;
    this.pass(70_000);
    assert.deepEqual(switchboard.list(), [], "calls");
    assert.equal(switchboard.dialogs, 0, "dialogs");
    assert.deepEqual([...this.relay.ends.keys()], [], "ends of the relay");
    for (const { inbox } of this.phones) inbox.length = 0;
    this.pass(20_000);
    const late = this.phones.flatMap(({ inbox }) => inbox);
    assert.deepEqual(late, [], "nothing may be sent any more");
  }

  /** What is kept of the calls, the last state of each. */
  records(): CallRecord[] {
    for (const record of this.office.switchboard.takeRecords()) {
      this.#records.set(record.id, record);
    }
    return [...this.#records.values()];
  }

  /** How the only call ended: who, why, and the status that the caller heard. */
  ending(): string {
    const [record, ...more] = this.records();
    assert.ok(record !== undefined && more.length === 0, "one call");
    const { state, endedBy, why, status } = record;
    return `${state} ${endedBy} ${why} ${status}`;
  }

  deliver(sent: readonly Sent[]): void {
    for (const { text, flow } of sent) {
      this.phones.find(({ flow: own }) => own.peer === flow.peer)?.inbox.push(
        text,
      );
    }
  }
}

/** A request that a phone got, or an answer. */
export class SimPhone {
  readonly desk: CallDesk;
  readonly number: string;
  readonly flow: Flow;
  readonly inbox: string[] = [];
  /** What it says of itself in From, before the URI. */
  name: string;
  contact: string;
  /** What it sent last, but for answers. */
  last = "";
  readonly #q: string;
  #calls = 0;

  constructor(desk: CallDesk, number: string, flow: Flow, q: string) {
    this.desk = desk;
    this.number = number;
    this.flow = flow;
    this.name = `"Phone ${number}"`;
    this.contact = `sip:${number}@${flow.host}:${flow.port}`;
    this.#q = q;
  }

  get sdp(): string {
    return sdpOf(this.flow.host, 4000 + this.flow.port % 1000 * 2);
  }

  register(headers: readonly string[] = []): void {
    const { number } = this;
    const call = { callId: `r-${this.flow.peer}`, headers };
    const address = `<sip:${number}@pbx.example>`;
    const contacts = [`<${this.contact}>${this.#q}`];
    const ask = { ...call, contacts, from: address, to: address };
    const answer = this.desk.login(ask, { number }, this.flow);
    assert.equal(statusOf(answer), 200, answer);
  }

  /** Sends any request; gives its text. */
  send(
    method: string,
    uri: string,
    headers: readonly string[],
    body = "",
    type = "application/sdp",
  ): string {
    const lines = [
      `${method} ${uri} SIP/2.0`,
      ...headers,
      ...body === "" ? [] : [`Content-Type: ${type}`],
      `Content-Length: ${body.length}`,
    ];
    this.last = `${lines.join("\r\n")}\r\n\r\n${body}`;
    this.desk.say(this.last, this.flow);
    return this.last;
  }

  /** Calls a number, with the answer to the challenge. */
  call(to: string, sdp = this.sdp, more: readonly string[] = []): SimCall {
    const name = `${this.number}-${this.flow.port}-${++this.#calls}`;
    const call = new SimCall(this, to, name);
    call.invite(sdp, more);
    const challenge = this.take(/^SIP\/2\.0 401 /);
    call.acknowledgeFailure(challenge);
    const nonce = challengeOf(challenge, "nonce");
    const uri = `sip:${to}@pbx.example`;
    const { number } = this;
    const login = authorization({ nonce, number, method: "INVITE", uri });
    call.invite(sdp, [...more, login]);
    return call;
  }

  /** The first message in the inbox that fits, taken out. */
  take(what: RegExp): string {
    const at = this.inbox.findIndex((text) => what.test(text));
    assert.ok(
      at >= 0,
      `nothing like ${what} in:\n${this.inbox.join("\n--\n")}`,
    );
    return this.inbox.splice(at, 1)[0]!;
  }

  /** The only message in the inbox that fits is taken out; the rest is forgotten. */
  takeOnly(what: RegExp): string {
    const text = this.take(what);
    assert.ok(!this.has(what), `${what} twice`);
    this.inbox.length = 0;
    return text;
  }

  /** The first message that fits is taken out; its repeats, and the rest, are forgotten. */
  takeFirst(what: RegExp): string {
    const text = this.take(what);
    this.inbox.length = 0;
    return text;
  }

  has(what: RegExp): boolean {
    return this.inbox.some((text) => what.test(text));
  }

  /** Answers a request that came. */
  answer(
    request: string,
    status: number,
    body = "",
    more: readonly string[] = [],
    tag = `t${this.flow.port}`,
  ): void {
    const [to = ""] = headerValues(request, "To");
    const lines = [
      `SIP/2.0 ${status} Word`,
      ...headerValues(request, "Via").map((value) => `Via: ${value}`),
      ...headerValues(request, "Record-Route").map((one) =>
        `Record-Route: ${one}`
      ),
      `From: ${headerValues(request, "From")[0]}`,
      `To: ${to}${to.includes(";tag=") ? "" : `;tag=${tag}`}`,
      `Call-ID: ${headerValues(request, "Call-ID")[0]}`,
      `CSeq: ${headerValues(request, "CSeq")[0]}`,
      `Contact: <${this.contact}>`,
      ...more,
      ...body === "" ? [] : ["Content-Type: application/sdp"],
      `Content-Length: ${body.length}`,
    ];
    this.desk.say(`${lines.join("\r\n")}\r\n\r\n${body}`, this.flow);
  }

  /** Says something inside the dialog that an INVITE of ours opened. */
  inside(
    invite: string,
    method: string,
    cseq: number,
    body = "",
    more: readonly string[] = [],
    tag = `t${this.flow.port}`,
  ): string {
    const [from = "", to = ""] = [
      headerValues(invite, "From")[0],
      headerValues(invite, "To")[0],
    ];
    const [contact = ""] = headerValues(invite, "Contact");
    return this.send(
      method,
      /<([^>]+)>/.exec(contact)?.[1] ?? "",
      [
        `Via: SIP/2.0/UDP ${this.flow.peer};branch=z9hG4bKi${method}${cseq}${tag};rport`,
        "Max-Forwards: 70",
        `From: ${to}${to.includes(";tag=") ? "" : `;tag=${tag}`}`,
        `To: ${from}`,
        `Call-ID: ${headerValues(invite, "Call-ID")[0]}`,
        `CSeq: ${cseq} ${method}`,
        `Contact: <${this.contact}>`,
        ...more,
      ],
      body,
    );
  }
}

/** A call that a phone made. */
export class SimCall {
  readonly phone: SimPhone;
  readonly to: string;
  readonly callId: string;
  toTag = "";
  target = "";
  inviteCseq = 0;
  cseq = 0;

  constructor(phone: SimPhone, to: string, callId: string) {
    this.phone = phone;
    this.to = to;
    this.callId = callId;
  }

  invite(sdp: string, more: readonly string[]): string {
    this.inviteCseq = ++this.cseq;
    const uri = this.toTag === "" ? `sip:${this.to}@pbx.example` : this.target;
    return this.phone.send("INVITE", uri, this.#head("INVITE", more), sdp);
  }

  acknowledgeFailure(answer: string): void {
    const [to = ""] = headerValues(answer, "To");
    const head = this.#head("ACK", []).map((line) =>
      line.startsWith("To:") ? `To: ${to}` : line
    );
    this.phone.send("ACK", `sip:${this.to}@pbx.example`, head);
  }

  /** Takes the failure and acknowledges it. */
  refused(status: number): string {
    const answer = this.phone.take(/^SIP\/2\.0 [3-6][^]*CSeq: \d+ INVITE/);
    assert.equal(statusOf(answer), status, answer);
    this.acknowledgeFailure(answer);
    return answer;
  }

  /** Takes the 200 and acknowledges it. */
  accepted(body = ""): string {
    const answer = this.phone.take(/^SIP\/2\.0 200 [^]*CSeq: \d+ INVITE/);
    this.learn(answer);
    this.acknowledge(body);
    return answer;
  }

  learn(answer: string): void {
    const [to = ""] = headerValues(answer, "To");
    this.toTag = /;tag=([^;]+)/.exec(to)?.[1] ?? "";
    const [contact = ""] = headerValues(answer, "Contact");
    this.target = /<([^>]+)>/.exec(contact)?.[1] ?? this.target;
  }

  acknowledge(body = ""): void {
    this.phone.send("ACK", this.target, this.#head("ACK", [], "a"), body);
  }

  /** Cancels the INVITE that waits. */
  cancel(): void {
    const uri = `sip:${this.to}@pbx.example`;
    this.phone.send("CANCEL", uri, this.#head("CANCEL", []));
  }

  /** A request inside the dialog. */
  request(
    method: string,
    body = "",
    more: readonly string[] = [],
    type = "application/sdp",
  ): void {
    this.cseq++;
    this.phone.send(method, this.target, this.#head(method, more), body, type);
  }

  bye(): void {
    this.request("BYE");
  }

  #head(method: string, more: readonly string[], suffix = ""): string[] {
    const { number, flow, contact, name } = this.phone;
    const isOfInvite = method === "ACK" || method === "CANCEL";
    const cseq = isOfInvite ? this.inviteCseq : this.cseq;
    const tag = this.toTag === "" ? "" : `;tag=${this.toTag}`;
    const branch = `z9hG4bK${this.callId}-${cseq}${
      isOfInvite ? "INVITE" : method
    }${suffix}`;
    return [
      `Via: SIP/2.0/UDP ${flow.peer};branch=${branch};rport`,
      "Max-Forwards: 70",
      `From: ${name} <sip:${number}@pbx.example>;tag=f${this.callId}`,
      `To: <sip:${this.to}@pbx.example>${tag}`,
      `Call-ID: ${this.callId}`,
      `CSeq: ${cseq} ${method}`,
      `Contact: <${contact}>`,
      "Allow: INVITE, ACK, CANCEL, BYE, UPDATE",
      ...more,
    ];
  }
}

/** Two phones that talk to each other. */
export interface Talk {
  readonly call: SimCall;
  /** What the phone that was called got. */
  readonly invite: string;
}

/** One phone calls another, and that takes it. */
export function talk(
  caller: SimPhone,
  callee: SimPhone,
  moreOfInvite: readonly string[] = [],
  moreOfAnswer: readonly string[] = [],
): Talk {
  const call = caller.call(callee.number, caller.sdp, moreOfInvite);
  const invite = callee.take(/^INVITE/);
  callee.answer(invite, 180);
  callee.answer(invite, 200, callee.sdp, moreOfAnswer);
  call.accepted();
  callee.take(/^ACK/);
  for (const phone of [caller, callee]) phone.inbox.length = 0;
  return { call, invite };
}
