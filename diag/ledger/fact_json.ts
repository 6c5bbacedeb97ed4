/**
 * Facts as JSON, between the server and the command line and in a help bundle. Writing is plain
 * `JSON.stringify`; reading trusts nothing, because a bundle may come from anybody.
 * @module
 */

import { Flow } from "../../sip/flow.ts";
import { STAGES } from "../../sip/stage.ts";
import type { CallEnd, CallEnder } from "../../pbx/call/call_record.ts";
import type { Side } from "../../pbx/fact.ts";
import type { StoryFact } from "../story/story_book.ts";

/** What a field of a fact holds; a list: one of these words. */
export type FactField =
  | "text"
  | "number"
  | "claim"
  | "texts"
  | "offer"
  | readonly string[];

const LONGEST = 1024;
const MOST_TEXTS = 64;

const BINDING = { number: "text", contact: "text" } as const;
const PING = { ...BINDING, method: "text", afterMs: "number" } as const;
const CALL = { number: "text", callId: "text" } as const;
const SIDES = ["caller", "callee"] as const satisfies readonly Side[];
const ENDERS = [...SIDES, "exchange"] as const satisfies readonly CallEnder[];
const ENDS: readonly CallEnd[] = [
  "hung-up",
  "cancelled",
  "refused",
  "unanswered",
  "unreachable",
  "no-such-number",
  "no-ack",
  "session-timer",
  "phone-gone",
  "transferred",
  "picked-up",
  "operator",
  "server-stopped",
  "error",
];
const SERVER = { detail: "text" } as const;

/** The fields of each kind besides `at`, `stage` and `flow`. */
export const FACT_FIELDS: Readonly<
  Record<StoryFact["kind"], Readonly<Record<string, FactField>>>
> = {
  "datagram-seen": { class: "text", octets: "number", head: "text" },
  "malformed-seen": {
    what: "text",
    position: "number",
    rfc: "text",
    status: "number",
    method: "text",
    userAgent: "text",
  },
  "request-seen": {
    method: "text",
    number: "text",
    callId: "text",
    cseq: "number",
    branch: "text",
    target: "text",
    via: "text",
    contact: "text",
    hasCredentials: "claim",
    userAgent: "text",
    octets: "number",
  },
  "response-seen": {
    status: "number",
    callId: "text",
    cseq: "number",
    method: "text",
    isExpected: "claim",
  },
  "retransmission-seen": {
    method: "text",
    callId: "text",
    cseq: "number",
    branch: "text",
  },
  "challenged": {
    method: "text",
    number: "text",
    callId: "text",
    why: "text",
    userAgent: "text",
  },
  "refused": {
    method: "text",
    number: "text",
    callId: "text",
    status: "number",
    why: "text",
    detail: "text",
    userAgent: "text",
  },
  "transport-trouble": { what: "text", count: "number", detail: "text" },
  "connection-opened": {},
  "connection-closed": {},
  "registered": {
    ...BINDING,
    change: "text",
    callId: "text",
    expiresSeconds: "number",
    userAgent: "text",
    isBehindNat: "claim",
  },
  "unregistered": { ...BINDING, why: "text" },
  "bindings-fetched": { number: "text", bindings: "number" },
  "ping-sent": PING,
  "ping-answered": PING,
  "ping-unanswered": PING,
  "banned": { numbers: "texts", why: "text", since: "number", until: "number" },
  "call-invited": {
    ...CALL,
    side: SIDES,
    callee: "text",
    octets: "number",
    offer: "offer",
  },
  "call-answered": {
    ...CALL,
    side: SIDES,
    callee: "text",
    status: "number",
    offer: "offer",
    repeats: "number",
    detail: "text",
  },
  "call-acknowledged": { ...CALL, side: SIDES },
  "media-seen": {
    ...CALL,
    side: SIDES,
    packets: "number",
    lost: "number",
    jitterMs: "number",
    silentMs: "number",
    isExpected: "claim",
  },
  "call-ended": { ...CALL, by: ENDERS, why: ENDS, answeredSeconds: "number" },
  "packet-seen": {
    direction: "text",
    transport: "text",
    host: "text",
    port: "number",
    localHost: "text",
    localPort: "number",
    class: "text",
    octets: "number",
    method: "text",
    status: "number",
    number: "text",
    callId: "text",
    cseq: "number",
    hasCredentials: "claim",
    userAgent: "text",
  },
  "fragments-lost": { host: "text", localHost: "text" },
  "server-started": SERVER,
  "server-stopping": SERVER,
  "store-failed": SERVER,
  "store-recovered": SERVER,
  "relay-failed": SERVER,
  "extensions-changed": SERVER,
  "clock-jumped": SERVER,
};

/** Kinds that have no flow. */
export const FLOWLESS_FACTS: ReadonlySet<string> = new Set([
  "packet-seen",
  "fragments-lost",
  "server-started",
  "server-stopping",
  "store-failed",
  "store-recovered",
  "relay-failed",
  "extensions-changed",
  "clock-jumped",
]);

/** Reads one fact; null where it is none, or one of a newer version. Texts are cut. */
export function readFact(value: unknown): StoryFact | null {
  if (!isRecord(value)) return null;
  const { kind, at, stage } = value;
  if (typeof kind !== "string" || !Object.hasOwn(FACT_FIELDS, kind)) {
    return null;
  }
  if (typeof at !== "number" || !Number.isFinite(at)) return null;
  if (!(STAGES as readonly unknown[]).includes(stage)) return null;
  const fact: Record<string, unknown> = { kind, at, stage };
  if (!FLOWLESS_FACTS.has(kind)) {
    const flow = readFlow(value["flow"]);
    if (flow === null) return null;
    fact["flow"] = flow;
  }
  const fields = FACT_FIELDS[kind as StoryFact["kind"]];
  for (const [name, field] of Object.entries(fields)) {
    const read = readField(value[name], field);
    if (read === undefined) return null;
    fact[name] = read;
  }
  return fact as unknown as StoryFact;
}

function readField(value: unknown, field: FactField): unknown {
  if (typeof field === "object") {
    return field.find((word) => word === value);
  }
  switch (field) {
    case "text":
      return typeof value === "string" ? value.slice(0, LONGEST) : undefined;
    case "number":
      return Number.isFinite(value) ? value : undefined;
    case "claim":
      return typeof value === "boolean" ? value : undefined;
    case "texts":
      return readTexts(value);
    case "offer": {
      if (value === null) return null;
      if (!isRecord(value)) return undefined;
      const codecs = readTexts(value["codecs"]);
      const { isSrtp, hasIce } = value;
      return codecs !== undefined && typeof isSrtp === "boolean" &&
          typeof hasIce === "boolean"
        ? { codecs, isSrtp, hasIce }
        : undefined;
    }
  }
}

function readTexts(value: unknown): string[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const texts = value.slice(0, MOST_TEXTS);
  return texts.every((text) => typeof text === "string")
    ? texts.map((text) => text.slice(0, 64))
    : undefined;
}

function readFlow(value: unknown): Flow | null {
  if (!isRecord(value)) return null;
  const { transport, localHost, localPort, host, port } = value;
  const isSound = (transport === "udp" || transport === "tcp") &&
    typeof localHost === "string" && typeof host === "string" &&
    isPort(localPort) && isPort(port);
  if (!isSound) return null;
  return new Flow(
    transport,
    0,
    localHost.slice(0, 64),
    localPort as number,
    host.slice(0, 64),
    port as number,
  );
}

function isPort(value: unknown): boolean {
  return Number.isInteger(value) && Number(value) >= 0 &&
    Number(value) <= 65535;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
