/**
 * The fixed header of RTP (RFC 3550 §5.1), and what else comes on a port for it: RTCP on the same
 * port (RFC 5761 §4), DTLS, STUN (RFC 7983 §7), fax.
 *
 *      0                   1                   2                   3
 *     |V=2|P|X|  CC   |M|     PT      |       sequence number         |
 *     |                           timestamp                           |
 *     |                             SSRC                              |
 * @module
 */

export const OTHER_KIND = 0;
export const RTP_KIND = 1;
export const RTCP_KIND = 2;
export type DatagramKind =
  | typeof OTHER_KIND
  | typeof RTP_KIND
  | typeof RTCP_KIND;

const RTP_OCTETS = 12;
const RTCP_OCTETS = 8;

/**
 * What a datagram is, by its first octets.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { kindOf, RTP_KIND } from "./rtp_header.ts";
 * assert.equal(kindOf(Uint8Array.of(0x80, 0, 0, 1, 0, 0, 0, 160, 1, 2, 3, 4), 12), RTP_KIND);
 * ```
 */
export function kindOf(bytes: Uint8Array, length: number): DatagramKind {
  if (length < RTCP_OCTETS || bytes[0]! >>> 6 !== 2) return OTHER_KIND;
  const second = bytes[1]!;
  // RFC 5761 §4: the types of RTCP are 192 to 223, where RTP has none of its own
  if (second >= 192 && second <= 223) return RTCP_KIND;
  return length < RTP_OCTETS ? OTHER_KIND : RTP_KIND;
}

export function payloadTypeOf(bytes: Uint8Array): number {
  return bytes[1]! & 0x7f;
}

export function sequenceOf(bytes: Uint8Array): number {
  return bytes[2]! << 8 | bytes[3]!;
}

export function timestampOf(bytes: Uint8Array): number {
  return wordOf(bytes, 4);
}

/** Who sends: the synchronization source of RTP. */
export function ssrcOf(bytes: Uint8Array): number {
  return wordOf(bytes, 8);
}

/** Writes a header without extensions; `isFirst` sets the marker (RFC 3551 §4.1). */
export function writeRtpHeader(
  bytes: Uint8Array,
  payloadType: number,
  isFirst: boolean,
  sequence: number,
  timestamp: number,
  ssrc: number,
): void {
  bytes[0] = 0x80;
  bytes[1] = payloadType | (isFirst ? 0x80 : 0);
  bytes[2] = sequence >>> 8;
  bytes[3] = sequence;
  writeWord(bytes, 4, timestamp);
  writeWord(bytes, 8, ssrc);
}

function wordOf(bytes: Uint8Array, at: number): number {
  return (bytes[at]! << 24 | bytes[at + 1]! << 16 | bytes[at + 2]! << 8 |
    bytes[at + 3]!) >>> 0;
}

function writeWord(bytes: Uint8Array, at: number, word: number): void {
  bytes[at] = word >>> 24;
  bytes[at + 1] = word >>> 16;
  bytes[at + 2] = word >>> 8;
  bytes[at + 3] = word;
}
