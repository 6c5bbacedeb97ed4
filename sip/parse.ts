/**
 * From octets to a message (RFC 3261 §7, §25.1): the start line, the index of header fields, and
 * of their values only what every message needs: Via, CSeq, Max-Forwards, Content-Length.
 *
 *     Request  = Method SP Request-URI SP SIP-Version CRLF  *( header CRLF )  CRLF  [ body ]
 *     Response = SIP-Version SP 3DIGIT SP Reason-Phrase CRLF  *( header CRLF )  CRLF  [ body ]
 *
 * Lax where it is harmless and phones need it: empty lines before the start line, bare LF as the
 * end of a line, blanks before a colon, a missing Max-Forwards or Content-Length, octets behind
 * the body of a datagram (RFC 3261 §18.3). A bare CR is refused, because it would become a line
 * end in somebody's log or proxy.
 * @module
 */

import { recogniseHeader } from "./header_name.ts";
import { type Malformed, malformed } from "./malformed.ts";
import { FOLDED, Message, STRIDE } from "./message.ts";
import { isBlankOctet, isTokenOctet } from "./octet.ts";
import { checkRequired } from "./parse_required.ts";
import { readStartLine } from "./parse_start_line.ts";

const SPACE = 0x20;
const TAB = 0x09;
const CR = 0x0d;
const LF = 0x0a;
const COLON = 0x3a;

/** More header fields than any phone sends; a bound on the work that a stranger can cause. */
const MOST_HEADERS = 256;

/**
 * Reads one message.
 *
 * @param framing a `datagram` ends where its octets end, a message from a `stream` was cut out of
 * it by its Content-Length.
 * @param index memory for the index of header fields, where a caller reads one message after the
 * other and needs none of them any more when it reads the next.
 * @returns a message that is valid as long as `bytes` is not written to, or what is wrong with it.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { toOctets } from "./octet.ts";
 * import { parse } from "./parse.ts";
 * const octets = toOctets("OPTIONS sip:pbx SIP/2.0\r\n\r\n");
 * const read = parse(octets, 0, octets.length);
 * assert.equal(read.kind, "malformed");
 * ```
 */
export function parse(
  bytes: Uint8Array,
  start: number,
  end: number,
  framing: "datagram" | "stream" = "datagram",
  index: number[] = [],
): Message | Malformed {
  const message = new Message(bytes, start, end, index);
  let at = start;
  while (at < end && (bytes[at] === CR || bytes[at] === LF)) at++;
  const lineEnd = findLineEnd(bytes, at, end);
  if (lineEnd < 0) {
    return malformed(
      message,
      at,
      "no end of the start line",
      "RFC 3261 §7.1",
      0,
    );
  }
  const fault = readStartLine(message, at, trimCr(bytes, at, lineEnd));
  // a version that is not ours is told after the header fields, which the answer needs
  if (fault !== null && fault.status !== 505) {
    readHeaders(message, lineEnd + 1);
    return answerable(fault);
  }
  const headerFault = readHeaders(message, lineEnd + 1);
  if (headerFault !== null) return answerable(headerFault);
  if (fault !== null) return answerable(fault);
  return answerable(checkRequired(message, framing));
}

/** Whether a broken request can be answered is known only when its Via was looked at. */
function answerable(result: Message | Malformed): Message | Malformed {
  if (result.kind === "message" || result.status === 0) return result;
  const message = result.message!;
  if (!message.isRequest || message.method === "ACK" || !message.has("via")) {
    return { ...result, status: 0 };
  }
  return result;
}

function findLineEnd(bytes: Uint8Array, at: number, end: number): number {
  while (at < end && bytes[at] !== LF) at++;
  return at < end ? at : -1;
}

function trimCr(bytes: Uint8Array, start: number, end: number): number {
  return end > start && bytes[end - 1] === CR ? end - 1 : end;
}

/** Fills the index. */
function readHeaders(message: Message, start: number): Malformed | null {
  const { bytes, end, index } = message;
  let at = start;
  // every octet of all values, to see whether one is not ASCII
  let octets = 0;
  for (let i = message.start; i < start; i++) octets |= bytes[i]!;
  for (;;) {
    if (at >= end) {
      return malformed(
        message,
        at,
        "no empty line behind the header fields",
        "RFC 3261 §7",
      );
    }
    if (bytes[at] === LF) {
      message.bodyStart = at + 1;
      message.isAscii = octets <= 0x7f;
      return null;
    }
    if (bytes[at] === CR && at + 1 < end && bytes[at + 1] === LF) {
      message.bodyStart = at + 2;
      message.isAscii = octets <= 0x7f;
      return null;
    }
    if (message.indexEnd >= MOST_HEADERS * STRIDE) {
      return malformed(message, at, "too many header fields", "RFC 3261 §7.3");
    }
    const name = at;
    while (at < end && isTokenOctet(bytes[at]!)) at++;
    const nameEnd = at;
    while (at < end && (bytes[at] === SPACE || bytes[at] === TAB)) at++;
    if (nameEnd === name || at >= end || bytes[at] !== COLON) {
      return malformed(
        message,
        at,
        "header field without name and colon",
        "RFC 3261 §7.3.1",
      );
    }
    at++;
    while (at < end && (bytes[at] === SPACE || bytes[at] === TAB)) at++;
    let value = at;
    let folded = 0;
    let valueEnd = at;
    for (;;) {
      let octet = 0;
      while (at < end) {
        octet = bytes[at]!;
        if (octet === LF || octet === CR) break;
        octets |= octet;
        at++;
      }
      if (at >= end) {
        return malformed(
          message,
          at,
          "no end of a header field",
          "RFC 3261 §7.3.1",
        );
      }
      valueEnd = at;
      if (octet === CR) {
        if (at + 1 >= end || bytes[at + 1] !== LF) {
          return malformed(
            message,
            at,
            "CR without LF in a header field",
            "RFC 3261 §7.3.1",
          );
        }
        at++;
      }
      at++;
      if (at >= end || (bytes[at] !== SPACE && bytes[at] !== TAB)) break;
      folded = FOLDED;
    }
    while (valueEnd > value && isBlankOctet(bytes[valueEnd - 1]!)) valueEnd--;
    while (value < valueEnd && isBlankOctet(bytes[value]!)) value++;
    const number = recogniseHeader(bytes, name, nameEnd);
    message.present |= 1 << number;
    const entry = message.indexEnd;
    index[entry] = number | folded;
    index[entry + 1] = name;
    index[entry + 2] = nameEnd;
    index[entry + 3] = value;
    index[entry + 4] = valueEnd;
    message.indexEnd = entry + STRIDE;
  }
}
