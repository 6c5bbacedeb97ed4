/**
 * An office and its strangers as facts alone: phones on hosts of their own and behind one router,
 * that register, are refused, call each other and move, and strangers who try. Seeded, so that
 * what failed once fails again.
 * @module
 */

import type { CallFact, Fact, MediaOffer } from "../pbx/fact.ts";
import type { Challenged, Refused } from "../sip/fact.ts";
import { Flow } from "../sip/flow.ts";

export const BEGIN_MS = Date.UTC(2026, 0, 12, 8, 0, 0);

export interface CrowdOptions {
  readonly seed: number;
  /** Extensions `1000`, `1001` and so on, each with a phone. */
  readonly phones: number;
  /** Hosts that they share. */
  readonly phoneHosts: number;
  readonly strangers: number;
}

interface Phone {
  readonly number: string;
  readonly userAgent: string;
  flow: Flow;
  callId: string;
}

/** A call that goes on. */
interface Call {
  readonly callId: string;
  readonly caller: Phone;
  readonly callee: Phone;
  step: number;
}

const OFFERS: readonly (MediaOffer | null)[] = [
  null,
  { codecs: ["PCMA/8000", "PCMU/8000"], isSrtp: false, hasIce: false },
  { codecs: ["opus/48000/2"], isSrtp: true, hasIce: true },
];
const REFUSALS: readonly Pick<Refused, "status" | "why" | "stage">[] = [
  { status: 403, why: "wrong-password", stage: "auth" },
  { status: 404, why: "unknown-extension", stage: "account" },
  { status: 403, why: "wrong-domain", stage: "domain" },
  { status: 403, why: "contact-limit", stage: "policy" },
  { status: 500, why: "store-failed", stage: "reply" },
];
const MOST_CALLS = 12;

export class FactCrowd {
  #state: number;
  readonly #options: CrowdOptions;
  readonly #phones: Phone[] = [];
  readonly #calls: Call[] = [];
  #ids = 0;
  nowMs = BEGIN_MS;

  constructor(options: CrowdOptions) {
    this.#options = options;
    this.#state = options.seed + 1;
    for (let i = 0; i < options.phones; i++) {
      this.#phones.push({
        number: String(1000 + i),
        userAgent: i % 3 === 0 ? "" : "MicroSIP/3.21.6",
        flow: flowTo(phoneHost(i % options.phoneHosts), 40_000 + i),
        callId: this.#id("r"),
      });
    }
  }

  /** The numbers that exist. */
  get extensions(): readonly string[] {
    return this.#phones.map(({ number }) => number);
  }

  /** Something happens: some facts, most often in the order of time. */
  next(): Fact[] {
    this.nowMs += this.#below(400);
    const dice = this.#below(100);
    if (dice < 15) return this.#stranger();
    if (dice < 35) return this.#register();
    if (dice < 45) return this.#ping();
    if (dice < 49) return [this.#noise()];
    if (dice < 51) return [this.#late()];
    if (dice < 52) return [this.#server()];
    return this.#call();
  }

  #below(limit: number): number {
    // mulberry32
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  }

  #pick<T>(list: readonly T[]): T {
    return list[this.#below(list.length)]!;
  }

  #id(prefix: string): string {
    return `${prefix}${++this.#ids}`;
  }

  #stranger(): Fact[] {
    const which = this.#below(this.#options.strangers);
    const flow = flowTo(strangerHost(which), 5060);
    const number = which % 4 === 0
      ? this.#pick(this.#phones).number
      : String(100 + this.#below(40));
    const userAgent = which % 7 === 0 ? "friendly-scanner" : "";
    const method = this.#below(4) === 0 ? "INVITE" : "REGISTER";
    const who = { number, userAgent, flow, callId: this.#id("s") };
    const refusal = this.#pick(REFUSALS);
    return [
      this.#request(who, method, false),
      this.#below(2) === 0
        ? this.#challenged(who, method, "wrong-answer")
        : { ...this.#about(who), kind: "refused", method, ...refusal },
    ];
  }

  #register(): Fact[] {
    const phone = this.#pick(this.#phones);
    const change = this.#below(3) === 0 ? "added" : "refreshed";
    if (this.#below(12) === 0) {
      // it comes back from elsewhere
      const { phoneHosts } = this.#options;
      const host = phoneHost(this.#below(phoneHosts + 1));
      phone.flow = flowTo(host, 40_000 + this.#below(2000));
    }
    if (change === "added") phone.callId = this.#id("r");
    const facts = [
      this.#request(phone, "REGISTER", false),
      this.#challenged(phone, "REGISTER", "no-credentials"),
      this.#request(phone, "REGISTER", true),
    ];
    const seen = this.#about(phone);
    const { number, flow, at } = seen;
    const contact = `sip:${number}@10.0.0.7`;
    switch (this.#below(8)) {
      case 0: {
        const refusal = this.#pick(REFUSALS);
        const method = "REGISTER";
        return [...facts, { ...seen, kind: "refused", method, ...refusal }];
      }
      case 1:
        return [
          ...facts,
          this.#repeated(phone),
        ];
      case 2:
        return [{
          kind: "unregistered",
          at,
          flow,
          stage: "policy",
          number,
          contact,
          why: this.#pick(["by-phone", "expired", "replaced"]),
        }];
      default:
        return [...facts, {
          ...seen,
          kind: "registered",
          stage: "reply",
          contact,
          change,
          expiresSeconds: this.#pick([30, 300]),
          isBehindNat: true,
        }];
    }
  }

  #repeated({ flow, callId }: Phone): Fact {
    const seen = { at: this.nowMs, flow, callId, method: "REGISTER" };
    const kind = "retransmission-seen";
    return { ...seen, kind, stage: "reply", cseq: 2, branch: "z" };
  }

  #ping(): Fact[] {
    const { number, flow } = this.#pick(this.#phones);
    const seen = {
      at: this.nowMs,
      flow,
      stage: "reachable",
      number,
      contact: `sip:${number}@10.0.0.7`,
      method: "OPTIONS",
    } as const;
    const isAnswered = this.#below(4) > 0;
    return [
      { ...seen, kind: "ping-sent", afterMs: 0 },
      isAnswered
        ? { ...seen, kind: "ping-answered", afterMs: 30 }
        : { ...seen, kind: "ping-unanswered", afterMs: 0 },
    ];
  }

  #noise(): Fact {
    const flow = this.#below(2) === 0
      ? this.#pick(this.#phones).flow
      : flowTo(strangerHost(this.#below(this.#options.strangers)), 9);
    const seen = { at: this.nowMs, flow, stage: "transport" } as const;
    switch (this.#below(4)) {
      case 0:
        return {
          ...seen,
          kind: "datagram-seen",
          class: this.#pick(["keepalive", "stun", "garbage"]),
          octets: 4,
          head: "",
        };
      case 1:
        return {
          ...seen,
          kind: "transport-trouble",
          what: this.#pick(["icmp-error", "tls-offered", "send-failed"]),
          count: 0,
          detail: "EPERM",
        };
      case 2:
        return {
          ...seen,
          kind: "malformed-seen",
          what: "no Via",
          position: 3,
          rfc: "",
          status: 400,
          method: "REGISTER",
          userAgent: "",
        };
      default:
        return { ...seen, kind: "connection-opened" };
    }
  }

  /** A fact of before, as those that are read from the disk. */
  #late(): Fact {
    const phone = this.#pick(this.#phones);
    const at = this.nowMs - this.#below(60_000);
    return { ...this.#request(phone, "REGISTER", true), at };
  }

  #server(): Fact {
    return {
      kind: this.#pick(["clock-jumped", "store-failed", "store-recovered"]),
      at: this.nowMs,
      stage: "process",
      detail: String(this.#below(9)),
    };
  }

  /** A call begins, or goes on; some facts of it never come. */
  #call(): Fact[] {
    if (this.#calls.length < MOST_CALLS && this.#below(3) === 0) {
      const caller = this.#pick(this.#phones);
      const callee = this.#pick(this.#phones);
      this.#calls.push({ callId: this.#id("c"), caller, callee, step: 0 });
    }
    if (this.#calls.length === 0) return [];
    const call = this.#pick(this.#calls);
    const step = call.step++;
    if (step >= 12) this.#calls.splice(this.#calls.indexOf(call), 1);
    if (this.#below(8) === 0) return [];
    return this.#stepOf(call, step);
  }

  #stepOf({ callId, caller, callee }: Call, step: number): Fact[] {
    const offer = this.#pick(OFFERS);
    const known = { at: this.nowMs, number: caller.number, callId };
    const side = this.#pick(["caller", "callee"] as const);
    const flow = side === "caller" ? caller.flow : callee.flow;
    const toCaller = { ...known, flow: caller.flow, side: "caller" } as const;
    const toCallee = { ...known, flow: callee.flow, side: "callee" } as const;
    const called = { callee: callee.number, offer };
    const invited = { ...called, octets: 900 };
    switch (step) {
      case 0:
        return [
          this.#request({ ...caller, callId }, "INVITE", false),
          this.#challenged({ ...caller, callId }, "INVITE", "no-credentials"),
        ];
      case 1:
        return [
          this.#request({ ...caller, callId }, "INVITE", true),
          { ...toCaller, kind: "call-invited", stage: "route", ...invited },
        ];
      case 2:
        return [
          { ...toCallee, kind: "call-invited", stage: "ring", ...invited },
        ];
      case 3:
      case 4: {
        const status = this.#pick([0, 200, 200, 404, 480, 486, 488]);
        const told = step === 3 ? toCallee : toCaller;
        const more = { ...called, status, repeats: 0, detail: "" };
        return [{ ...told, kind: "call-answered", stage: "answer", ...more }];
      }
      case 5:
        return [{ ...toCaller, kind: "call-acknowledged", stage: "answer" }];
      case 11:
        return [{
          ...known,
          flow,
          kind: "call-ended",
          stage: "media",
          by: side,
          why: this.#pick(["hung-up", "no-ack", "session-timer"]),
          answeredSeconds: 20,
        }];
      case 6:
        // within the call, from whichever phone
        return [this.#request(
          { ...(side === "caller" ? caller : callee), callId },
          "INVITE",
          true,
        )];
      default:
        return [this.#media({ ...known, flow, side })];
    }
  }

  #media(
    seen: Pick<CallFact, "at" | "number" | "callId" | "flow"> & {
      readonly side: "caller" | "callee";
    },
  ): Fact {
    return {
      ...seen,
      kind: "media-seen",
      stage: "media",
      packets: this.#pick([0, 0, 400]),
      lost: this.#pick([0, 0, 50]),
      jitterMs: 5,
      silentMs: this.#pick([0, 7000]),
      isExpected: true,
    };
  }

  #about(
    { number, userAgent, flow, callId }: Pick<
      Phone,
      "number" | "userAgent" | "flow" | "callId"
    >,
  ) {
    const at = this.nowMs;
    return { at, number, userAgent, flow, callId, detail: "" };
  }

  #challenged(
    who: Pick<Phone, "number" | "userAgent" | "flow" | "callId">,
    method: string,
    why: Challenged["why"],
  ): Fact {
    const { detail: _, ...seen } = this.#about(who);
    return { ...seen, kind: "challenged", stage: "auth", method, why };
  }

  #request(
    who: Pick<Phone, "number" | "userAgent" | "flow" | "callId">,
    method: string,
    hasCredentials: boolean,
  ): Fact {
    const { detail: _, ...seen } = this.#about(who);
    return {
      ...seen,
      kind: "request-seen",
      stage: "parse",
      method,
      cseq: 1,
      branch: "z",
      target: method === "INVITE"
        ? `sip:${this.#pick(this.#phones).number}@pbx`
        : "sip:pbx",
      via: "10.0.0.7:5060",
      contact: `<sip:${who.number}@10.0.0.7>`,
      hasCredentials,
      octets: 500,
    };
  }
}

function phoneHost(index: number): string {
  return `198.51.${100 + (index >> 8)}.${index & 255}`;
}

function strangerHost(index: number): string {
  return `203.0.${index >> 8}.${index & 255}`;
}

function flowTo(host: string, port: number): Flow {
  return new Flow("udp", 0, "192.0.2.1", 5060, host, port);
}
