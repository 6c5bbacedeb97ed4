/**
 * The lines of a story that say what happened: `SECONDS WHO WHAT`, where `who NAME HOST:PORT` has
 * said who that is. `times=3 every=0.5` repeats a line.
 *
 *     who phone 198.51.100.7:40001 number=1002 agent=MicroSIP/3.21.6 via=192.168.1.20:5060 tcp
 *     0 phone REGISTER auth call=2        again (came once more)      401 why=stale-nonce
 *     0 phone 403 why=wrong-password      200 refreshed expires=300   unregistered why=expired
 *     0 phone ping                        pong after=40               silence
 *     0 phone icmp   send-failed EPERM    tls    connected    PUBLISH    OPTIONS
 *     0 phone keepalive    stun    garbage    malformed what="bad Via" position=40
 *     0 phone banned why=guessing until=3600
 *     0 phone card sip REGISTER port=5070  (seen on the card)      card-out sip     card-out reset
 *     0 phone fragments-lost
 *     0 phone INVITE callee=1003 octets=900 auth     401 INVITE
 *     0 phone invited callee=1003 codecs=PCMA/8000 srtp ice
 *     0 desk invited of=phone              answered 200 of=phone codecs=PCMU/8000
 *     0 phone answered 200 repeats=3       acked    media packets=0 lost=0 silent=6 held
 *     0 phone ended why=hung-up seconds=20
 * @module
 */

import type { StoryFact } from "../diag/story/story_book.ts";
import type { PacketClass } from "../diag/wire/packet_fact.ts";
import type { Registered, Side, Unregistered } from "../pbx/fact.ts";
import type { Challenged, Refused, RequestSeen } from "../sip/fact.ts";
import { Flow } from "../sip/flow.ts";
import { readCallFact } from "./story_call_fact.ts";
import { type Line, listOf, splitPlace, timeOf } from "./story_file.ts";
import { stageOfRefusal } from "./story_stage.ts";

/** Somebody of a story. */
export interface Actor {
  readonly flow: Flow;
  readonly number: string;
  readonly userAgent: string;
  readonly via: string;
  readonly contact: string;
  readonly target: string;
}

/** One line with a time. */
export interface Moment {
  readonly at: number;
  readonly actor: Actor;
  /** What follows the name. */
  readonly words: readonly string[];
  readonly values: Line["values"];
}

export class FactReader {
  readonly #actors = new Map<string, Actor>();
  readonly #facts: StoryFact[] = [];
  #requests = 0;

  read(line: Line): void {
    const [time, name = "", ...words] = line.words;
    if (time === "who") {
      this.#actors.set(name, readActor(line));
      return;
    }
    const { values } = line;
    const actor = this.#actor(name);
    const times = Number(values["times"] ?? 1);
    const every = Number(values["every"] ?? 1);
    for (let i = 0; i < times; i++) {
      const at = timeOf(String(Number(time) + i * every));
      this.#facts.push(this.#readFact({ at, actor, words, values }));
    }
  }

  /** In the order of time. */
  list(): StoryFact[] {
    return this.#facts.toSorted((a, b) => a.at - b.at);
  }

  #actor(name: string): Actor {
    const actor = this.#actors.get(name);
    if (actor === undefined) throw new SyntaxError(`who is ${name}?`);
    return actor;
  }

  #readFact(moment: Moment): StoryFact {
    const { words, values } = moment;
    const [what = ""] = words;
    if (/^[A-Z]+$/.test(what)) return this.#request(moment);
    const caller = this.#actor(
      values["of"] ?? this.#actors.keys().next().value!,
    );
    const side: Side = caller === moment.actor ? "caller" : "callee";
    return readAnswer(moment) ?? readDatagram(moment) ?? readPing(moment) ??
      readWire(moment) ?? readCallFact(moment, caller, side) ?? fail(what);
  }

  #request({ at, actor, words, values }: Moment): RequestSeen {
    const { flow, via, contact, userAgent } = actor;
    const [method = ""] = words;
    const number = values["number"] ?? actor.number;
    const target = method === "INVITE" ? `sip:${values["callee"]}@pbx` : null;
    this.#requests++;
    return {
      kind: "request-seen",
      at,
      flow: values["port"] === undefined
        ? flow
        : moveFlow(flow, Number(values["port"])),
      stage: "parse",
      method,
      number,
      callId: callIdOf(actor, values),
      cseq: this.#requests,
      branch: `z9hG4bK${this.#requests}`,
      target: values["target"] ?? target ?? actor.target,
      via: values["via"] ?? via,
      contact: values["contact"] ?? contact,
      hasCredentials: words.includes("auth"),
      userAgent,
      octets: Number(values["octets"] ?? 600),
    };
  }
}

function fail(what: string): never {
  throw new SyntaxError(`unknown: ${what}`);
}

function readActor({ words, values }: Line): Actor {
  const [, , place = "", transport = "udp"] = words;
  const { host, port } = splitPlace(place);
  const local = splitPlace(values["local"] ?? "203.0.113.5:5060");
  const number = values["number"] ?? "1002";
  return {
    flow: new Flow(
      transport === "tcp" ? "tcp" : "udp",
      0,
      local.host,
      local.port,
      host,
      port,
    ),
    number,
    userAgent: values["agent"] ?? "MicroSIP/3.21.6",
    via: values["via"] ?? "192.168.1.20:5060",
    contact: values["contact"] ?? `<sip:${number}@192.168.1.20:5060;ob>`,
    target: values["target"] ?? "sip:203.0.113.5",
  };
}

function moveFlow(flow: Flow, port: number): Flow {
  const { transport, id, localHost, localPort, host } = flow;
  return new Flow(transport, id, localHost, localPort, host, port);
}

function callIdOf({ flow }: Actor, values: Line["values"]): string {
  return `${values["call"] ?? "1"}@${flow.peer}`;
}

/** What the server answered, or did about a binding. */
function readAnswer({ at, actor, words, values }: Moment): StoryFact | null {
  const [what = "", word = "REGISTER"] = words;
  const { userAgent } = actor;
  const number = values["number"] ?? actor.number;
  const flow = values["port"] === undefined
    ? actor.flow
    : moveFlow(actor.flow, Number(values["port"]));
  const seen = { at, flow, number, callId: callIdOf(actor, values), userAgent };
  const contact = values["contact"] ?? actor.contact.replace(/^<|>$/g, "");
  if (what === "401") {
    const why = (values["why"] ?? "no-credentials") as Challenged["why"];
    const method = word;
    return { ...seen, kind: "challenged", stage: "auth", method, why };
  }
  if (what === "200") {
    return {
      ...seen,
      kind: "registered",
      stage: "reply",
      contact,
      change: (words[1] ?? "added") as Registered["change"],
      expiresSeconds: Number(values["expires"] ?? 300),
      isBehindNat: !words.includes("direct"),
    };
  }
  if (what === "unregistered") {
    const why = (values["why"] ?? "by-phone") as Unregistered["why"];
    return { at, flow, stage: "policy", number, contact, kind: what, why };
  }
  if (!/^[45]\d\d$/.test(what)) return null;
  const why = values["why"] as Refused["why"];
  return {
    ...seen,
    kind: "refused",
    stage: stageOfRefusal(why),
    method: word,
    status: Number(what),
    why,
    detail: values["detail"] ?? "",
  };
}

function readPing({ at, actor, words, values }: Moment): StoryFact | null {
  const kinds = {
    ping: "ping-sent",
    pong: "ping-answered",
    silence: "ping-unanswered",
  } as const;
  const kind = kinds[words[0] as keyof typeof kinds];
  if (kind === undefined) return null;
  return {
    kind,
    at,
    flow: values["port"] === undefined
      ? actor.flow
      : moveFlow(actor.flow, Number(values["port"])),
    stage: "reachable",
    number: actor.number,
    contact: values["contact"] ?? actor.contact.replace(/^<|>$/g, ""),
    method: "OPTIONS",
    afterMs: kind === "ping-answered" ? Number(values["after"] ?? 40) : 0,
  };
}

/** What came and is no request, and what the transport noticed. */
function readDatagram({ at, actor, words, values }: Moment): StoryFact | null {
  const { flow, userAgent } = actor;
  const [what = "", detail = ""] = words;
  switch (what) {
    case "again":
      return {
        kind: "retransmission-seen",
        at,
        flow,
        stage: "reply",
        method: "REGISTER",
        callId: callIdOf(actor, values),
        cseq: 1,
        branch: "z9hG4bK",
      };
    case "keepalive":
    case "stun":
    case "garbage": {
      const octets = what === "keepalive" ? 2 : 20;
      const stage = "transport";
      const kind = "datagram-seen";
      return { kind, at, flow, stage, class: what, octets, head: "" };
    }
    case "malformed":
      return {
        kind: "malformed-seen",
        at,
        flow,
        stage: "parse",
        what: values["what"] ?? "bad Via",
        position: Number(values["position"] ?? 40),
        rfc: values["rfc"] ?? "RFC 3261 §20.42",
        status: 400,
        method: values["method"] ?? "REGISTER",
        userAgent: values["agent"] ?? userAgent,
      };
    case "icmp":
    case "send-failed":
    case "tls": {
      const kinds = { icmp: "icmp-error", tls: "tls-offered" } as const;
      return {
        kind: "transport-trouble",
        at,
        flow,
        stage: "transport",
        what: what === "send-failed" ? what : kinds[what],
        count: 1,
        detail,
      };
    }
    case "connected":
      return { kind: "connection-opened", at, flow, stage: "transport" };
    case "banned":
      return {
        kind: "banned",
        at,
        flow,
        stage: "ban",
        numbers: listOf(values["numbers"]),
        why: values["why"] ?? "guessing",
        since: timeOf(values["since"] ?? "0"),
        until: values["until"] === undefined ? 0 : timeOf(values["until"]),
      };
    default:
      return null;
  }
}

function readWire({ at, actor, words, values }: Moment): StoryFact | null {
  const { flow, number, userAgent } = actor;
  const { transport, host, port, localHost, localPort } = flow;
  const [what = "", kind = "", method = ""] = words;
  if (what === "fragments-lost") {
    return { kind: what, stage: "socket", at, host, localHost };
  }
  if (what !== "card" && what !== "card-out") return null;
  const isTcp = kind === "syn" || kind === "tls" || kind === "reset";
  return {
    kind: "packet-seen",
    stage: "nic",
    at,
    direction: what === "card" ? "in" : "out",
    transport: isTcp ? "tcp" : transport,
    host,
    port,
    localHost: values["local"] ?? localHost,
    localPort: Number(values["port"] ?? localPort),
    class: kind as PacketClass,
    octets: 600,
    method: kind === "sip" ? method || "REGISTER" : "",
    status: what === "card" || kind !== "sip" ? 0 : 401,
    number: kind === "sip" ? values["number"] ?? number : "",
    callId: "",
    cseq: 1,
    hasCredentials: words.includes("auth"),
    userAgent: kind === "sip" ? userAgent : "",
  };
}
