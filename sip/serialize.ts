/**
 * Messages that we send, strict (RFC 3261 §7, §8.2.6, §18.2.1, RFC 3581 §4). An answer is made by
 * copying octets of its request, so that Via, From, To, Call-ID and CSeq come back as they were.
 * @module
 */

import { type Flow, formatAddress } from "./flow.ts";
import { headerNumber } from "./header_name.ts";
import { type Message, STRIDE } from "./message.ts";
import { toOctets } from "./octet.ts";
import type { Outbox } from "./outbox.ts";
import type { Via } from "./parse_via.ts";

const VIA_NUMBER = headerNumber("via");
const VIA = toOctets("Via: ");
const FROM = toOctets("\r\nFrom: ");
const TO = toOctets("\r\nTo: ");
const TAG = toOctets(";tag=");
const CALL_ID = toOctets("\r\nCall-ID: ");
const CSEQ = toOctets("\r\nCSeq: ");
const END_OF_LINE = toOctets("\r\n");
const EMPTY_BODY = toOctets("Content-Length: 0\r\n\r\n");
const CONTENT_TYPE = toOctets("Content-Type: ");
const CONTENT_LENGTH = toOctets("Content-Length: ");

/** What follows the header fields; every UTF-16 unit of the text is one octet. */
export interface Body {
  readonly type: string;
  readonly text: string;
}

const STATUS_LINES = new Map<string, Uint8Array>(
  ["200 OK", "401 Unauthorized", "403 Forbidden"].map((
    status,
  ) => [status, toOctets(`SIP/2.0 ${status}\r\n`)]),
);

/**
 * Writes an answer into the outbox, without ending it: the caller says where it goes.
 *
 * @param toTag put into To where the request has none; "" for a 100.
 * @param headers further header fields, each ended by CRLF.
 */
export function writeResponse(
  outbox: Outbox,
  request: Message,
  flow: Flow,
  status: number,
  reason: string,
  toTag: string,
  headers: string,
): void {
  writeStatusLine(outbox, status, reason);
  writeResponseHead(outbox, request, flow, toTag);
  if (status === 100 && request.has("timestamp")) {
    outbox.text("Timestamp: ");
    writeValue(outbox, request, "timestamp");
    outbox.constant(END_OF_LINE);
  }
  writeEnd(outbox, headers);
}

export function writeStatusLine(
  outbox: Outbox,
  status: number,
  reason: string,
): void {
  const line = `${status} ${reason}`;
  const constant = STATUS_LINES.get(line);
  if (constant === undefined) outbox.text("SIP/2.0 ").text(line).text("\r\n");
  else outbox.constant(constant);
}

/** What every answer to a request has in common: Via, From, To, Call-ID and CSeq. */
export function writeResponseHead(
  outbox: Outbox,
  request: Message,
  flow: Flow,
  toTag: string,
): void {
  writeVias(outbox, request, flow);
  outbox.constant(FROM);
  writeValue(outbox, request, "from");
  outbox.constant(TO);
  writeValue(outbox, request, "to");
  if (toTag !== "" && request.toTag === "") outbox.constant(TAG).text(toTag);
  outbox.constant(CALL_ID);
  writeValue(outbox, request, "call-id");
  outbox.constant(CSEQ);
  writeValue(outbox, request, "cseq");
  outbox.constant(END_OF_LINE);
}

/** Header fields of the message's own, and its body. */
export function writeEnd(outbox: Outbox, headers: string, body?: Body): void {
  if (headers !== "") outbox.text(headers);
  if (body === undefined || body.text === "") {
    outbox.constant(EMPTY_BODY);
    return;
  }
  outbox.constant(CONTENT_TYPE).text(body.type).constant(END_OF_LINE);
  outbox.constant(CONTENT_LENGTH).number(body.text.length);
  outbox.constant(END_OF_LINE).constant(END_OF_LINE).text(body.text);
}

/** Every Via as it came; in the topmost one we write where it really came from. */
function writeVias(outbox: Outbox, request: Message, flow: Flow): void {
  const { bytes, index, via } = request;
  let isTopmost = true;
  for (let at = 0; at < request.indexEnd; at += STRIDE) {
    if ((index[at]! & 0xff) !== VIA_NUMBER) continue;
    if (!isTopmost) outbox.constant(END_OF_LINE);
    outbox.constant(VIA);
    if (!isTopmost || via === null) {
      outbox.text(request.valueAt(at));
    } else if (request.isFolded(at)) {
      writeFoldedTopmostVia(outbox, request, at, via, flow);
    } else {
      writeTopmostVia(outbox, bytes, request.valueStart(at), via, flow);
      outbox.copy(bytes, via.end, request.valueEnd(at));
    }
    isTopmost = false;
  }
}

function writeTopmostVia(
  outbox: Outbox,
  bytes: Uint8Array,
  start: number,
  via: Via,
  flow: Flow,
): void {
  let at = start;
  const rportFirst = via.rportStart < via.receivedStart;
  const first = rportFirst
    ? [via.rportStart, via.rportEnd]
    : [via.receivedStart, via.receivedEnd];
  const second = rportFirst
    ? [via.receivedStart, via.receivedEnd]
    : [via.rportStart, via.rportEnd];
  if (first[1]! > 0) {
    outbox.copy(bytes, at, first[0]!);
    at = first[1]!;
  }
  if (second[1]! > 0) {
    outbox.copy(bytes, at, second[0]!);
    at = second[1]!;
  }
  outbox.copy(bytes, at, via.end);
  outbox.text(receivedParameters(via, flow));
}

/** Only torture tests fold a Via: it is put on one line, value by value. */
function writeFoldedTopmostVia(
  outbox: Outbox,
  request: Message,
  at: number,
  via: Via,
  flow: Flow,
): void {
  const unfold = (start: number, end: number) =>
    request.slice(start, end).replace(/\r?\n[ \t]+/g, " ");
  const cuts = [
    [via.rportStart, via.rportEnd] as const,
    [via.receivedStart, via.receivedEnd] as const,
  ].filter(([, end]) => end > 0).sort(([a], [b]) => a - b);
  let from = request.valueStart(at);
  for (const [start, end] of cuts) {
    outbox.text(unfold(from, start).trimEnd());
    from = end;
  }
  outbox.text(unfold(from, via.end).trimEnd());
  outbox.text(receivedParameters(via, flow));
  outbox.text(unfold(via.end, request.valueEnd(at)));
}

/** RFC 3261 §18.2.1: `received` where it differs; RFC 3581 §4: both where `rport` was asked for. */
function receivedParameters(via: Via, flow: Flow): string {
  if (via.hasRport) return `;received=${flow.host};rport=${flow.port}`;
  const host = via.host.startsWith("[") ? via.host.slice(1, -1) : via.host;
  return host.toLowerCase() === flow.host ? "" : `;received=${flow.host}`;
}

function writeValue(
  outbox: Outbox,
  request: Message,
  name: "from" | "to" | "call-id" | "cseq" | "timestamp",
): void {
  const at = request.find(name);
  if (at < 0) return;
  if (request.isFolded(at)) outbox.text(request.valueAt(at));
  else {outbox.copy(
      request.bytes,
      request.valueStart(at),
      request.valueEnd(at),
    );}
}

/**
 * Where an answer over UDP goes (RFC 3261 §18.2.2, RFC 3581 §4): back to the port that it came
 * from if the phone asked for that, else to the port of its Via.
 */
export function responsePort(via: Via | null, flow: Flow): number {
  if (via === null || via.hasRport || flow.transport === "tcp") {
    return flow.port;
  }
  return via.port === 0 ? 5060 : via.port;
}

/** The parts of a request of ours. */
export interface RequestParts {
  readonly method: string;
  readonly uri: string;
  readonly flow: Flow;
  readonly branch: string;
  readonly from: string;
  readonly to: string;
  readonly callId: string;
  readonly cseq: number;
  /** Further header fields, each ended by CRLF. */
  readonly headers: string;
  /** Route header fields, each ended by CRLF; none where left out. */
  readonly routes?: string;
  /** 70 where left out. */
  readonly maxForwards?: number;
  readonly body?: Body;
}

/** Writes a request into the outbox, without ending it. */
export function writeRequest(outbox: Outbox, parts: RequestParts): void {
  const { flow, method, routes = "", maxForwards = 70 } = parts;
  const sentBy = formatAddress(flow.localHost, flow.localPort);
  const transport = flow.transport === "tcp" ? "TCP" : "UDP";
  outbox.text(
    `${method} ${parts.uri} SIP/2.0\r\n` +
      `Via: SIP/2.0/${transport} ${sentBy};branch=${parts.branch};rport\r\n${routes}` +
      `Max-Forwards: ${maxForwards}\r\nFrom: ${parts.from}\r\nTo: ${parts.to}\r\n` +
      `Call-ID: ${parts.callId}\r\nCSeq: ${parts.cseq} ${method}\r\n`,
  );
  writeEnd(outbox, parts.headers, parts.body);
}
