/**
 * Phones that say anything at any time, within their dialogs and beside them: nothing throws, and
 * nothing is left behind.
 * @module
 */

import assert from "node:assert/strict";
import { headerValues } from "../sample_test.ts";
import { CallDesk, SimCall, type SimPhone } from "./sample_call_test.ts";

const SEEDS = 24;
const STEPS = 400;
const METHODS = [
  "BYE",
  "INVITE",
  "UPDATE",
  "INFO",
  "MESSAGE",
  "OPTIONS",
  "REFER",
  "REFER",
  "REFER",
  "NOTIFY",
  "PRACK",
];
const STATUSES = [
  200,
  200,
  200,
  200,
  200,
  100,
  180,
  183,
  200,
  200,
  202,
  302,
  401,
  408,
  481,
  486,
  491,
  503,
  603,
];

class Fuzz {
  readonly desk = new CallDesk();
  readonly phones: readonly SimPhone[];
  readonly calls: SimCall[] = [];
  /** Requests of ours that some phone got. */
  readonly asked: (readonly [SimPhone, string])[] = [];
  #seed: number;
  #cseq = 0;

  constructor(seed: number) {
    this.#seed = seed;
    this.phones = [
      this.desk.phone("1001", "198.51.100.7", 5061),
      this.desk.phone("1001", "198.51.100.7", 5062, ";q=0.3"),
      this.desk.phone("1002", "198.51.100.8", 5063),
      this.desk.phone("1003", "198.51.100.9", 5064),
      this.desk.phone("1003", "198.51.100.9", 5065),
    ];
  }

  below(limit: number): number {
    // mulberry32
    this.#seed = (this.#seed + 0x6d2b79f5) | 0;
    let t = Math.imul(this.#seed ^ (this.#seed >>> 15), 1 | this.#seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % limit;
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)]!;
  }

  step(): void {
    this.#read();
    const act = this.below(20);
    if (act < 2) this.#call();
    else if (act < 9) this.#answer();
    else if (act < 12) this.#inside();
    else if (act < 15) this.#insideCalled();
    else if (act < 16 && this.calls.length > 0) this.pick(this.calls).cancel();
    else if (act < 18 && this.calls.length > 0) this.#acknowledge();
    else this.desk.pass(this.pick([250, 500, 4000, 33_000]));
  }

  /** Callers learn the tags that they are told; all else is kept for later. */
  #read(): void {
    for (const phone of this.phones) {
      for (const text of phone.inbox.splice(0)) {
        if (!text.startsWith("SIP/2.0")) this.asked.push([phone, text]);
        const [callId] = headerValues(text, "Call-ID");
        const call = this.calls.find((one) => one.callId === callId);
        if (!call || !/^SIP\/2\.0 (?:18|2)/.test(text)) continue;
        call.learn(text);
        const isTaken = /^SIP\/2\.0 200 [^]*\r\nCSeq: \d+ INVITE\r/.test(text);
        if (isTaken && this.below(4) > 0) call.acknowledge();
      }
    }
  }

  #call(): void {
    const to = this.pick([
      "1001",
      "1002",
      "1003",
      "*43",
      "*60",
      "**",
      "**1002",
    ]);
    const phone = this.pick(this.phones);
    phone.inbox.length = 0;
    const named = this.calls.length > 0 ? this.pick(this.calls) : null;
    const more = named !== null && this.below(10) === 0
      ? [`Replaces: ${this.#replaces(named)}`]
      : [];
    this.calls.push(phone.call(to, this.#sdp(phone), more));
  }

  #replaces({ callId, toTag }: SimCall): string {
    return `${callId};to-tag=${toTag || "none"};from-tag=f${callId}`;
  }

  #sdp(phone: SimPhone): string {
    const { sdp } = phone;
    const video = "m=video 4002 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\n";
    return this.pick([
      sdp,
      sdp,
      sdp,
      sdp + "a=sendonly\r\n",
      sdp + video,
      video + sdp,
      sdp.replace(/audio \d+/, "audio 0"),
      sdp.replace("8 0 101", "18"),
      "",
    ]);
  }

  #answer(): void {
    if (this.asked.length === 0) return;
    // mostly what came last, and now and then what was answered long ago
    const at = this.below(3) > 0
      ? this.asked.length - 1
      : this.below(this.asked.length);
    const [phone, request] = this.asked[at]!;
    if (this.below(3) > 0) this.asked.splice(at, 1);
    const status = this.pick(STATUSES);
    const tag = this.below(12) === 0 ? "strange" : `t${phone.flow.port}`;
    const more = this.pick([
      [],
      [],
      ["Session-Expires: 90;refresher=uas"],
      ["Session-Expires: 100;refresher=uac"],
      ["Record-Route: <sip:198.51.100.99;lr>"],
      ["Allow: INVITE, UPDATE"],
    ]);
    phone.answer(request, status, this.#sdp(phone), more, tag);
  }

  #headers(method: string): readonly string[] {
    const named = this.calls.length > 0 ? this.pick(this.calls) : null;
    const replaces = named === null
      ? ""
      : `?Replaces=${encodeURIComponent(this.#replaces(named))}`;
    const to = this.pick(["1001", "1002", "1003", "*43", "7777"]);
    if (method === "REFER") {
      const target = `sip:${to}@pbx.example${this.pick(["", replaces])}`;
      return [`Refer-To: <${target}>`];
    }
    return this.pick([
      [],
      ["Supported: timer", "Session-Expires: 95;refresher=uac"],
      ["Session-Expires: 10"],
      ["Refer-To: <sip:%00%0d%0a@pbx.example>"],
    ]);
  }

  #inside(): void {
    if (this.calls.length === 0) return;
    const call = this.pick(this.calls);
    if (call.toTag === "") return;
    const method = this.pick(METHODS);
    const { phone } = call;
    if (method === "INVITE") {
      call.invite(this.#sdp(phone), this.#headers(method));
    } else call.request(method, this.#sdp(phone), this.#headers(method));
    if (this.below(6) === 0) this.desk.say(phone.last, phone.flow);
    if (this.below(6) === 0) call.cseq -= this.below(3);
  }

  #insideCalled(): void {
    const invites = this.asked.filter(([, text]) => text.startsWith("INVITE"));
    if (invites.length === 0) return;
    const [phone, invite] = this.pick(invites);
    const method = this.pick([...METHODS, "ACK"]);
    const cseq = this.below(8) > 0 ? ++this.#cseq : this.below(this.#cseq + 1);
    const headers = this.#headers(method);
    phone.inside(invite, method, cseq, this.#sdp(phone), headers);
  }

  #acknowledge(): void {
    const call = this.pick(this.calls);
    if (call.toTag === "") return;
    call.acknowledge(this.#sdp(call.phone));
  }
}

Deno.test("Switchboard.receive() bears phones that say anything at any time", () => {
  let answered = 0;
  for (let seed = 1; seed <= SEEDS; seed++) {
    const fuzz = new Fuzz(seed);
    const { desk } = fuzz;
    for (let i = 0; i < STEPS; i++) fuzz.step();
    answered += desk.records().filter(({ answeredAt }) =>
      answeredAt > 0
    ).length;
    if (seed % 2 === 0) {
      const { now, outbox, facts } = desk;
      desk.office.switchboard.stop({ now, outbox, facts });
      desk.deliver(desk.flush());
    } else {
      // nobody answers any more: what lives still is given up
      desk.deliver(desk.advance(2_000_000, 1000));
    }
    for (const phone of fuzz.phones) phone.inbox.length = 0;
    desk.finish();
    for (const { state, why, endedBy } of desk.records()) {
      assert.ok(state === "ended" && why !== "" && endedBy !== "");
    }
  }
  assert.ok(answered > SEEDS, `only ${answered} calls were answered`);
});
