/**
 * A fact as a line of the log: how loud it is, and what it says. What a phone or a stranger
 * wrote is escaped and cut; facts hold no secrets.
 * @module
 */

import { type Flow, formatAddress } from "../../sip/flow.ts";
import type { Refused, TransportTrouble } from "../../sip/fact.ts";
import { toOctets } from "../../sip/octet.ts";
import type { Fact } from "../../pbx/fact.ts";
import { cut, quote } from "../../pbx/quoted.ts";
import { callLevel, describeCall, spellOffer } from "./call_text.ts";

export type FactLevel = "error" | "warning" | "info" | "debug";

/** One line: a sentence, and the values that a program would look for. */
export interface FactText {
  readonly message: string;
  readonly properties: Record<string, unknown>;
}

/** No value in the properties is longer. */
const LONGEST = 256;

/**
 * How loud a fact is. What belongs to every healthy registration (the first 401, keep-alives, a
 * refresh, a nonce that grew old) is `debug`; what an administrator has to do something about
 * is `warning`; what strangers send all day is `info`.
 */
export function factLevel(fact: Fact): FactLevel {
  switch (fact.kind) {
    case "datagram-seen":
    case "request-seen":
    case "response-seen":
    case "retransmission-seen":
    case "bindings-fetched":
    case "ping-sent":
    case "ping-answered":
    case "connection-opened":
    case "connection-closed":
      return "debug";
    case "challenged":
      if (fact.why === "wrong-answer") return "warning";
      return fact.why === "no-credentials" || fact.why === "stale-nonce"
        ? "debug"
        : "info";
    case "registered":
      return fact.change === "refreshed" ? "debug" : "info";
    case "unregistered":
      return fact.why === "replaced" ? "debug" : "info";
    case "malformed-seen":
    case "ping-unanswered":
    case "server-started":
    case "server-stopping":
    case "extensions-changed":
      return "info";
    case "refused":
      return refusalLevel(fact.why);
    case "transport-trouble":
      return troubleLevel(fact.what);
    case "call-invited":
    case "call-answered":
    case "call-acknowledged":
    case "media-seen":
    case "call-ended":
      return callLevel(fact);
    case "store-recovered":
    case "clock-jumped":
      return "warning";
    case "store-failed":
    case "relay-failed":
      return "error";
    default:
      return fact satisfies never;
  }
}

function refusalLevel(why: Refused["why"]): FactLevel {
  switch (why) {
    case "store-failed":
      return "error";
    case "wrong-domain":
    case "unknown-extension":
    case "wrong-password":
    case "login-differs":
    case "third-party":
    case "credentials-incomplete":
    case "algorithm-unknown":
    case "uri-differs":
    case "contact-limit":
    case "call-limit":
    case "contact-unusable":
    case "wildcard-misused":
    case "cseq-out-of-order":
      return "warning";
    // The phone asks again by itself (RFC 3261 §10.2.8), or was asked out of turn.
    case "interval-too-brief":
    case "no-such-dialog":
      return "debug";
    case "malformed":
    case "unsupported-version":
    case "unsupported-scheme":
    case "unsupported-extension":
    case "unsupported-content":
    case "not-acceptable":
    case "too-many-hops":
    case "extension-required":
    case "loop-detected":
    case "method-unknown":
    case "method-not-allowed":
      return "info";
    default:
      return why satisfies never;
  }
}

function troubleLevel(what: TransportTrouble["what"]): FactLevel {
  switch (what) {
    case "connection-broken":
      return "debug";
    case "icmp-error":
    case "message-truncated":
    case "framing-lost":
    case "tls-offered":
      return "info";
    case "kernel-drops":
    case "send-failed":
    case "receive-failed":
    case "connection-limit":
      return "warning";
    default:
      return what satisfies never;
  }
}

/** What a fact says: a sentence with its values in back-ticks, and all its values by name. */
export function describeFact(fact: Fact): FactText {
  const message = writeMessage(fact);
  const properties: Record<string, unknown> = {};
  for (const name in fact) {
    if (name === "at" || name === "flow" || name === "offer") continue;
    const value: unknown = fact[name as keyof Fact];
    properties[name] = typeof value === "string"
      ? cut(decode(value), LONGEST)
      : value;
  }
  if ("offer" in fact && fact.offer !== null) {
    const { codecs, ...claims } = spellOffer(fact.offer);
    Object.assign(properties, { codecs: decode(codecs) }, claims);
  }
  if ("flow" in fact) {
    properties["source"] = spellSource(fact.flow);
    properties["local"] = formatAddress(
      fact.flow.localHost,
      fact.flow.localPort,
    );
    properties["transport"] = fact.flow.transport;
  }
  return { message, properties };
}

/** What to write for `count` facts like `sample` that were held back. */
export function describeFolded(
  sample: Fact,
  count: number,
  isMixed: boolean,
): FactText {
  const host = "flow" in sample ? sample.flow.host : "";
  if (isMixed) {
    return {
      message: `Complaints about many other addresses held back: \`${count}\``,
      properties: { kind: "repeated", count },
    };
  }
  const what = "why" in sample
    ? sample.why
    : "what" in sample && sample.kind !== "malformed-seen"
    ? sample.what
    : sample.kind;
  return {
    message: `More of \`${what}\` from ${
      show(host)
    } in the last minute: \`${count}\``,
    properties: { kind: "repeated", of: sample.kind, what, host, count },
  };
}

/**
 * What makes two facts the same complaint about the same host, so that one host cannot fill the
 * log; null for facts that are always written.
 */
export function foldKey(fact: Fact): string | null {
  switch (fact.kind) {
    case "refused":
    case "challenged":
      return `${fact.flow.host} ${fact.kind} ${fact.why}`;
    case "malformed-seen":
      return `${fact.flow.host} ${fact.kind}`;
    case "transport-trouble":
      return `${fact.flow.host} ${fact.kind} ${fact.what}`;
    default:
      return null;
  }
}

function writeMessage(fact: Fact): string {
  switch (fact.kind) {
    case "datagram-seen": {
      const head = fact.class === "garbage" ? `: ${show(fact.head, 40)}` : "";
      return `Datagram without SIP from ${
        from(fact.flow)
      }: \`${fact.class}\`, \`${fact.octets}\` octets${head}`;
    }
    case "malformed-seen": {
      const answer = fact.status === 0
        ? "dropped"
        : `answered \`${fact.status}\``;
      const what = `${
        show(fact.what)
      } at octet \`${fact.position}\` (${fact.rfc})`;
      return `Malformed message from ${from(fact.flow)}, ${answer}: ${what}`;
    }
    case "request-seen":
      return `Request ${show(fact.method)} from ${from(fact.flow)}`;
    case "response-seen": {
      const expected = fact.isExpected ? "" : ", which nobody waits for";
      return `Response \`${fact.status}\` to ${show(fact.method)} from ${
        from(fact.flow)
      }${expected}`;
    }
    case "retransmission-seen":
      return `Request ${show(fact.method)} from ${from(fact.flow)} came again`;
    case "challenged":
      return `${about(fact)} asked for credentials: \`${fact.why}\``;
    case "refused": {
      const detail = fact.detail === "" ? "" : `: ${show(fact.detail, 160)}`;
      return `${
        about(fact)
      } refused with \`${fact.status}\` for \`${fact.why}\`${detail}`;
    }
    case "registered": {
      const nat = fact.isBehindNat ? ", behind NAT" : "";
      return `Binding of ${whose(fact)} ${fact.change} from ${
        from(fact.flow)
      } for \`${fact.expiresSeconds}\` seconds${nat}`;
    }
    case "unregistered":
      return `Binding of ${whose(fact)} ended: \`${fact.why}\``;
    case "bindings-fetched":
      return `Extension ${
        show(fact.number)
      } asked for its \`${fact.bindings}\` bindings from ${from(fact.flow)}`;
    case "ping-sent":
      return `Ping to ${whose(fact)} at ${from(fact.flow)}`;
    case "ping-answered":
      return `Ping of ${whose(fact)} answered after \`${
        Math.round(fact.afterMs)
      }\` ms`;
    case "ping-unanswered":
      return `Ping of ${whose(fact)} at ${from(fact.flow)} not answered`;
    case "transport-trouble": {
      const detail = fact.detail === "" ? "" : `: ${show(fact.detail, 160)}`;
      return `${TROUBLE[fact.what]} (${
        from(fact.flow)
      }, \`${fact.count}\`)${detail}`;
    }
    case "connection-opened":
      return `Connection from ${from(fact.flow)} opened`;
    case "connection-closed":
      return `Connection from ${from(fact.flow)} closed`;
    case "call-invited":
    case "call-answered":
    case "call-acknowledged":
    case "media-seen":
    case "call-ended":
      return describeCall(fact, SPELLING);
    case "server-started":
    case "server-stopping":
    case "store-failed":
    case "store-recovered":
    case "relay-failed":
    case "extensions-changed":
    case "clock-jumped": {
      const detail = fact.detail === "" ? "" : `: ${show(fact.detail, 160)}`;
      return `${SERVER[fact.kind]}${detail}`;
    }
    default:
      return fact satisfies never;
  }
}

const TROUBLE: Readonly<Record<TransportTrouble["what"], string>> = {
  "kernel-drops": "The kernel dropped datagrams",
  "icmp-error": "The network reports that a message did not arrive",
  "send-failed": "A message could not be sent",
  "receive-failed": "Messages could not be received",
  "message-truncated": "A message was longer than the receive buffer",
  "connection-limit": "A connection was refused because there are too many",
  "connection-broken": "A connection broke",
  "tls-offered":
    "A phone speaks TLS, which is not offered here, so its connection was closed",
  "framing-lost":
    "A connection was closed because its messages could not be told apart",
};

const SERVER = {
  "server-started": "Server started",
  "server-stopping": "Server is stopping",
  "store-failed": "Registrations cannot be stored",
  "store-recovered": "Registrations are stored again",
  "relay-failed": "The relay for sound failed",
  "extensions-changed": "Extensions changed",
  "clock-jumped": "The clock of the machine jumped",
};

function about(
  { method, number, flow }: {
    readonly method: string;
    readonly number: string;
    readonly flow: Flow;
  },
): string {
  return `${show(method)} for extension ${show(number)} from ${from(flow)}`;
}

function whose(
  { number, contact }: { readonly number: string; readonly contact: string },
): string {
  return `contact ${show(contact, 120)} of extension ${show(number)}`;
}

function from(flow: Flow): string {
  return show(spellSource(flow));
}

function spellSource(flow: Flow): string {
  return formatAddress(flow.host, flow.port);
}

function show(text: string, longest?: number): string {
  return quote(decode(text), longest);
}

/** Text whose units are the octets of UTF-8, as the parser keeps it, in letters. */
function decode(text: string): string {
  if (!/[\x80-\xff]/.test(text) || /[^\0-\xff]/.test(text)) return text;
  try {
    return STRICT_UTF8.decode(toOctets(text));
  } catch {
    return text;
  }
}

const SPELLING = { show, from };
const STRICT_UTF8 = new TextDecoder("utf-8", { fatal: true });
