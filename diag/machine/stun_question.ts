/**
 * A STUN Binding request, and the address that the answer tells (RFC 8489 §5, §14.1, §14.2): how
 * a server on the internet sees this machine.
 * @module
 */

import { type Address, readIp } from "../../pbx/config_value.ts";

const COOKIE = [0x21, 0x12, 0xa4, 0x42];
const HEADER_OCTETS = 20;
const MAPPED_ADDRESS = 0x0001;
const XOR_MAPPED_ADDRESS = 0x0020;
const FAMILY_OCTETS: Readonly<Record<number, number>> = { 1: 4, 2: 16 };

/** Writes the request; `id` is a transaction id of 12 random octets. */
export function writeBindingRequest(id: Uint8Array): Uint8Array<ArrayBuffer> {
  if (id.length !== 12) throw new RangeError("12 octets are needed");
  return Uint8Array.from([0, 1, 0, 0, ...COOKIE, ...id]);
}

/**
 * Reads the success response to the request with this transaction id; null where the octets are
 * something else. Old servers tell the address plain, without masking it.
 */
export function readMappedAddress(
  bytes: Uint8Array,
  id: Uint8Array,
): Address | null {
  const isAnswer = bytes.length >= HEADER_OCTETS && bytes[0] === 1 &&
    bytes[1] === 1 && readUint16(bytes, 2) === bytes.length - HEADER_OCTETS &&
    COOKIE.every((octet, i) => bytes[4 + i] === octet) &&
    id.every((octet, i) => bytes[8 + i] === octet);
  if (!isAnswer) return null;
  let plain: Address | null = null;
  let at = HEADER_OCTETS;
  while (at + 4 <= bytes.length) {
    const type = readUint16(bytes, at);
    const length = readUint16(bytes, at + 2);
    const value = bytes.subarray(at + 4, at + 4 + length);
    if (value.length < length) return plain;
    if (type === XOR_MAPPED_ADDRESS) {
      return readAddress(value, [...COOKIE, ...id]) ?? plain;
    }
    if (type === MAPPED_ADDRESS) plain = readAddress(value, []);
    // Values are padded to a multiple of four octets (§14).
    at += 4 + length + (-length & 3);
  }
  return plain;
}

function readAddress(
  value: Uint8Array,
  mask: readonly number[],
): Address | null {
  const length = FAMILY_OCTETS[value[1] ?? 0];
  if (length === undefined || value.length !== 4 + length) return null;
  const octets = Array.from(
    value.subarray(4),
    (octet, i) => octet ^ (mask[i] ?? 0),
  );
  const port = readUint16(value, 2) ^
    ((mask[0] ?? 0) << 8 | (mask[1] ?? 0));
  const host = length === 4 ? octets.join(".") : readIp(
    Array.from(
      { length: 8 },
      (_, i) => (octets[2 * i]! << 8 | octets[2 * i + 1]!).toString(16),
    ).join(":"),
  );
  return host === null ? null : { host, port };
}

function readUint16(bytes: Uint8Array, at: number): number {
  return (bytes[at] ?? 0) << 8 | (bytes[at + 1] ?? 0);
}
