/**
 * The first line of a message (RFC 3261 §7.1, §7.2), strict about its blanks.
 * @module
 */

import { type Malformed, malformed } from "./malformed.ts";
import type { Message } from "./message.ts";
import { readMethod } from "./method.ts";
import { equalsLower, isTokenOctet, readInteger } from "./octet.ts";

const SPACE = 0x20;
const TAB = 0x09;

/** Reads a request line or a status line into the message. */
export function readStartLine(
  message: Message,
  start: number,
  end: number,
): Malformed | null {
  const bytes = message.bytes;
  if (equalsLower(bytes, start, Math.min(end, start + 4), "sip/")) {
    return readStatusLine(message, start, end);
  }
  let at = start;
  while (at < end && isTokenOctet(bytes[at]!)) at++;
  if (at === start || bytes[at] !== SPACE) {
    return malformed(
      message,
      at,
      "no method in the start line",
      "RFC 3261 §7.1",
      0,
    );
  }
  message.isRequest = true;
  message.method = readMethod(bytes, start, at);
  const uri = at + 1;
  at = uri;
  while (at < end && bytes[at] !== SPACE && bytes[at] !== TAB) at++;
  message.uriStart = uri;
  message.uriEnd = at;
  if (at === uri) {
    return malformed(
      message,
      at,
      "blanks around the Request-URI",
      "RFC 3261 §25.1",
    );
  }
  const version = at + 1;
  if (equalsLower(bytes, version, end, "sip/2.0")) return null;
  const isVersion =
    equalsLower(bytes, version, Math.min(end, version + 4), "sip/") &&
    isVersionNumber(bytes, version + 4, end);
  return isVersion
    ? malformed(
      message,
      version,
      "SIP version is not 2.0",
      "RFC 3261 §21.5.6",
      505,
    )
    : malformed(
      message,
      at,
      "start line does not end in SIP/2.0",
      "RFC 3261 §25.1",
    );
}

function isVersionNumber(
  bytes: Uint8Array,
  start: number,
  end: number,
): boolean {
  let dot = start;
  while (dot < end && bytes[dot] !== 0x2e) dot++;
  return readInteger(bytes, start, dot, 999) >= 0 &&
    readInteger(bytes, dot + 1, end, 999) >= 0;
}

function readStatusLine(
  message: Message,
  start: number,
  end: number,
): Malformed | null {
  const bytes = message.bytes;
  message.status = bytes[start + 7] === SPACE
    ? readInteger(bytes, start + 8, start + 11, 999)
    : -1;
  const isRight = equalsLower(bytes, start, start + 7, "sip/2.0") &&
    end >= start + 11 &&
    message.status >= 100 && message.status <= 699 &&
    (end === start + 11 || bytes[start + 11] === SPACE);
  if (isRight) return null;
  return malformed(
    message,
    start,
    "status line is not one",
    "RFC 3261 §7.2",
    0,
  );
}
