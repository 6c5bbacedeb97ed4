/**
 * The header fields that every message has, and has once (RFC 3261 §8.1.1, §7.3.1): Via, CSeq,
 * Call-ID, From and To; and with them Max-Forwards and Content-Length, which may be missing.
 * @module
 */

import { headerNumber, OTHER_HEADER } from "./header_name.ts";
import { type Malformed, malformed } from "./malformed.ts";
import { type Message, STRIDE } from "./message.ts";
import { readMethod } from "./method.ts";
import {
  equalsText,
  isBlankOctet,
  isTokenOctet,
  readInteger,
} from "./octet.ts";
import { parseVia } from "./parse_via.ts";

/** RFC 3261 §8.1.1.5. */
const CSEQ_LIMIT = 0x7fffffff;
/** What a transaction is remembered by; a stranger may not make it as long as he likes. */
const LONGEST_NAME = 512;

/** Each of these stands once in a message (RFC 3261 §7.3.1, §20). */
const SINGLE = new Set(
  ([
    "from",
    "to",
    "call-id",
    "cseq",
    "max-forwards",
    "content-length",
    "content-type",
    "expires",
  ] as const)
    .map(headerNumber),
);
const VIA = headerNumber("via");

/** What every message must have, and have once. */
export function checkRequired(
  message: Message,
  framing: "datagram" | "stream",
): Message | Malformed {
  const { bytes, index } = message;
  let seen = 0;
  for (let at = 0; at < message.indexEnd; at += STRIDE) {
    const number = index[at]! & 0xff;
    if (number === OTHER_HEADER || !SINGLE.has(number)) {
      if (number === VIA && message.via === null) {
        const via = parseVia(
          message,
          message.valueStart(at),
          message.valueEnd(at),
        );
        if (typeof via === "number") {
          return malformed(message, via, "bad Via", "RFC 3261 §20.42");
        }
        message.via = via;
      }
      continue;
    }
    if ((seen & (1 << number)) !== 0) {
      const what = `second ${message.slice(index[at + 1]!, index[at + 2]!)}`;
      return malformed(message, index[at + 1]!, what, "RFC 3261 §7.3.1");
    }
    seen |= 1 << number;
  }
  if (message.via === null) return missing(message, "Via");
  const cseqFault = readCSeq(message);
  if (cseqFault !== null) return cseqFault;
  if (!hasValue(message, "call-id")) return missing(message, "Call-ID");
  if (!hasValue(message, "from")) return missing(message, "From");
  if (!hasValue(message, "to")) return missing(message, "To");
  const callId = message.find("call-id");
  if (message.valueEnd(callId) - message.valueStart(callId) > LONGEST_NAME) {
    return malformed(
      message,
      message.valueStart(callId),
      "Call-ID too long",
      "RFC 3261 §20.8",
    );
  }
  if (message.branch.length > LONGEST_NAME) {
    return malformed(
      message,
      message.start,
      "branch too long",
      "RFC 3261 §8.1.1.7",
    );
  }
  const hops = message.find("max-forwards");
  if (hops >= 0) {
    const [start, end] = [message.valueStart(hops), message.valueEnd(hops)];
    message.maxForwards = readInteger(bytes, start, end, 255);
    if (message.maxForwards < 0) {
      return malformed(message, start, "bad Max-Forwards", "RFC 3261 §20.22");
    }
  }
  return readLength(message, framing) ?? message;
}

function hasValue(message: Message, name: "call-id" | "from" | "to"): boolean {
  const at = message.find(name);
  return at >= 0 && message.valueEnd(at) > message.valueStart(at);
}

function missing(message: Message, name: string): Malformed {
  return malformed(message, message.bodyStart, `no ${name}`, "RFC 3261 §8.1.1");
}

function readCSeq(message: Message): Malformed | null {
  const at = message.find("cseq");
  if (at < 0) return missing(message, "CSeq");
  const bytes = message.bytes;
  const start = message.valueStart(at);
  const end = message.valueEnd(at);
  let digits = start;
  while (digits < end && bytes[digits]! >= 0x30 && bytes[digits]! <= 0x39) {
    digits++;
  }
  let method = digits;
  while (method < end && isBlankOctet(bytes[method]!)) method++;
  message.cseq = readInteger(bytes, start, digits, CSEQ_LIMIT);
  if (message.cseq < 0 || method === digits || method === end) {
    return malformed(message, start, "bad CSeq", "RFC 3261 §20.16");
  }
  for (let i = method; i < end; i++) {
    if (!isTokenOctet(bytes[i]!)) {
      return malformed(message, i, "bad CSeq", "RFC 3261 §20.16");
    }
  }
  if (!message.isRequest) {
    message.method = readMethod(bytes, method, end);
  } else if (!equalsText(bytes, method, end, message.method)) {
    return malformed(
      message,
      method,
      "CSeq names another method",
      "RFC 3261 §8.1.1.5",
    );
  }
  return null;
}

function readLength(
  message: Message,
  framing: "datagram" | "stream",
): Malformed | null {
  const at = message.find("content-length");
  if (at < 0) {
    message.bodyEnd = message.end;
    return framing === "datagram" ? null : missing(message, "Content-Length");
  }
  const start = message.valueStart(at);
  const length = readInteger(
    message.bytes,
    start,
    message.valueEnd(at),
    0xffffffff,
  );
  if (length < 0) {
    return malformed(message, start, "bad Content-Length", "RFC 3261 §20.14");
  }
  message.bodyEnd = message.bodyStart + length;
  if (message.bodyEnd > message.end) {
    return malformed(
      message,
      start,
      "body is shorter than its Content-Length",
      "RFC 3261 §18.3",
    );
  }
  return null;
}
