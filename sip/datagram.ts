/**
 * What a datagram is before anybody reads it: SIP, a sign of life, STUN (RFC 8489 §5), nothing,
 * or garbage.
 * @module
 */

import type { DatagramClass } from "./fact.ts";

const CR = 0x0d;
const LF = 0x0a;
/** A start line with a longer Request-URI is not looked through to its end. */
const LONGEST_LOOK = 4096;

/** Classifies the octets from `start` to `end`. */
export function classifyDatagram(
  bytes: Uint8Array,
  start: number,
  end: number,
): DatagramClass {
  const length = end - start;
  if (length === 0) return "empty";
  if (length <= 4 && isKeepAlive(bytes, start, end)) return "keepalive";
  if (
    length >= 20 && bytes[start]! < 0x40 && bytes[start + 4] === 0x21 &&
    bytes[start + 5] === 0x12 && bytes[start + 6] === 0xa4 &&
    bytes[start + 7] === 0x42
  ) return "stun";
  return looksLikeSip(bytes, start, end) ? "sip" : "garbage";
}

function isKeepAlive(bytes: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) {
    if (bytes[i] !== CR && bytes[i] !== LF && bytes[i] !== 0) return false;
  }
  return true;
}

/** Whether `SIP/` stands in the first line that is not empty. */
function looksLikeSip(bytes: Uint8Array, start: number, end: number): boolean {
  let at = start;
  while (at < end && (bytes[at] === CR || bytes[at] === LF)) at++;
  const last = Math.min(end - 3, at + LONGEST_LOOK);
  for (; at < last && bytes[at] !== LF; at++) {
    if (
      bytes[at + 3] === 0x2f && (bytes[at]! | 0x20) === 0x73 &&
      (bytes[at + 1]! | 0x20) === 0x69 &&
      (bytes[at + 2]! | 0x20) === 0x70
    ) return true;
  }
  return false;
}
