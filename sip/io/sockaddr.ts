/**
 * Addresses between text and the memory of `struct sockaddr`; IPv6 may have a scope (`fe80::1%2`,
 * RFC 4007 §11). A word is 32 bits as they lie in memory of a little endian machine: 127.0.0.1 is
 * 0x0100007f.
 * @module
 */

import { formatIp, parseIp } from "../address_text.ts";

export const AF_INET = 2;
export const AF_INET6 = 10;

/** Octets of the larger of both structs, rounded up. */
export const SOCKADDR_ROOM = 32;

export interface Address {
  readonly family: typeof AF_INET | typeof AF_INET6;
  /** One word or four. */
  readonly words: Uint32Array;
  /** The number of the interface, 0 where the address needs none. */
  readonly scope: number;
}

/** Reads an IP address without brackets; null when it is none. */
export function parseAddress(text: string): Address | null {
  const address = parseIp(text);
  if (address === null) return null;
  const { octets, scope } = address;
  const family = octets.length === 4 ? AF_INET : AF_INET6;
  return { family, words: new Uint32Array(octets.buffer), scope };
}

/** Whether nothing but zeros: 0.0.0.0 or ::, "every address of this machine". */
export function isUnspecified(address: Address): boolean {
  return address.words.every((word) => word === 0);
}

/**
 * Writes a word as dotted text.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { formatIpv4 } from "./sockaddr.ts";
 * assert.equal(formatIpv4(0x0100007f), "127.0.0.1");
 * ```
 */
export function formatIpv4(word: number): string {
  return `${word & 255}.${word >>> 8 & 255}.${word >>> 16 & 255}.${
    word >>> 24
  }`;
}

/** Writes four words that begin at `at` by RFC 5952 §4; link-local ones with their scope. */
export function formatIpv6(
  words: Uint32Array,
  at: number,
  scope: number,
): string {
  const octets = new Uint8Array(words.buffer, words.byteOffset + 4 * at, 16);
  return formatIp(octets, 0, 16, scope);
}

/** Writes the struct at `at` and returns its length; the memory may be dirty. */
export function writeSockaddr(
  bytes: Uint8Array,
  at: number,
  address: Address,
  port: number,
): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, SOCKADDR_ROOM);
  view.setUint16(0, address.family, true);
  view.setUint16(2, port);
  if (address.family === AF_INET) {
    view.setUint32(4, address.words[0]!, true);
    view.setUint32(8, 0);
    view.setUint32(12, 0);
    return 16;
  }
  view.setUint32(4, 0);
  for (let i = 0; i < 4; i++) {
    view.setUint32(8 + 4 * i, address.words[i]!, true);
  }
  view.setUint32(24, address.scope, true);
  return 28;
}

/**
 * Reads the struct at the beginning of the memory; null where it is of another family. An IPv4
 * address that a socket of IPv6 shows as `::ffff:192.0.2.1` is read as the plain one.
 */
export function readSockaddr(
  bytes: Uint8Array<ArrayBuffer>,
): { readonly hostname: string; readonly port: number } | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, SOCKADDR_ROOM);
  const family = view.getUint16(0, true);
  const port = view.getUint16(2);
  if (family === AF_INET) {
    return { hostname: formatIpv4(view.getUint32(4, true)), port };
  }
  if (family !== AF_INET6) return null;
  const words = Uint32Array.from(
    { length: 4 },
    (_, i) => view.getUint32(8 + 4 * i, true),
  );
  const isMapped = words[0] === 0 && words[1] === 0 && words[2] === 0xffff0000;
  const hostname = isMapped
    ? formatIpv4(words[3]!)
    : formatIpv6(words, 0, view.getUint32(24, true));
  return { hostname, port };
}
