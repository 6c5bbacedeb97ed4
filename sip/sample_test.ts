/**
 * What the tests of this room have in common: a request to take apart, and octets as text.
 * @module
 */

import assert from "node:assert/strict";
import { Flow } from "./flow.ts";
import type { Malformed } from "./malformed.ts";
import type { Message } from "./message.ts";
import { readText, toOctets } from "./octet.ts";
import type { Outbox } from "./outbox.ts";
import { parse } from "./parse.ts";

/** Where the phone of these tests sits. */
export const PHONE = new Flow(
  "udp",
  1,
  "192.0.2.1",
  5060,
  "198.51.100.7",
  40000,
);

/** The same phone on a connection. */
export const STREAM = new Flow(
  "tcp",
  2,
  "192.0.2.1",
  5060,
  "198.51.100.7",
  40000,
);

/** Changes to the header fields of `requestText`: null leaves one out. */
export type Changes = Readonly<Record<string, string | null>>;

/** A request that is right, but for what the test changes; `body` stands behind the empty line. */
export function requestText(
  changes: Changes = {},
  method = "OPTIONS",
  uri = "sip:pbx.example",
  body = "",
): string {
  const headers: Record<string, string | null> = {
    "Via": "SIP/2.0/UDP 10.0.0.7:5062;branch=z9hG4bKsample;rport",
    "Max-Forwards": "70",
    "From": "<sip:1001@pbx.example>;tag=from1",
    "To": "<sip:pbx.example>",
    "Call-ID": "call-1",
    "CSeq": `1 ${method}`,
    ...changes,
  };
  const lines = Object.entries(headers)
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `${name}: ${value}\r\n`);
  return `${method} ${uri} SIP/2.0\r\n${lines.join("")}\r\n${body}`;
}

/** Parses text that does not stand at the start of its buffer, as in a batch. */
export function read(
  text: string,
  framing: "datagram" | "stream" = "datagram",
): Message | Malformed {
  const before = "octets before";
  const octets = toOctets(`${before}${text}octets behind`);
  return parse(octets, before.length, before.length + text.length, framing);
}

/** The same for what must read well. */
export function readWell(
  text: string,
  framing: "datagram" | "stream" = "datagram",
): Message {
  const message = read(text, framing);
  assert.ok(
    message.kind === "message",
    message.kind === "malformed" ? `${message.what} at ${message.at}` : "",
  );
  return message;
}

/** The same for what must not. */
export function readBadly(
  text: string,
  framing: "datagram" | "stream" = "datagram",
): Malformed {
  const malformed = read(text, framing);
  assert.ok(malformed.kind === "malformed", `reads well: ${text}`);
  return malformed;
}

/** What was written since `start`. */
export function writtenText(outbox: Outbox, start = 0): string {
  return readText(outbox.bytes, start, outbox.position);
}

/** The complete messages of an outbox. */
export function messagesOf(outbox: Outbox): string[] {
  return Array.from(
    { length: outbox.count },
    (_, i) => readText(outbox.bytes, outbox.starts[i]!, outbox.ends[i]!),
  );
}
