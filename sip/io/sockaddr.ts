/**
 * Addresses between text and the memory of `struct sockaddr`: IPv4 in dotted form, IPv6 in the
 * one form of RFC 5952 §4, with a scope (`fe80::1%2`, RFC 4007 §11) where the address needs one.
 * A word is 32 bits as they lie in memory of a little endian machine: 127.0.0.1 is 0x0100007f.
 * @module
 */

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
  return text.includes(":") ? parseIpv6(text) : parseIpv4(text);
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
  const groups: number[] = [];
  for (let i = 0; i < 4; i++) {
    const word = words[at + i]!;
    groups.push(
      (word & 255) << 8 | word >>> 8 & 255,
      (word >>> 16 & 255) << 8 | word >>> 24,
    );
  }
  // The longest run of zeros, the first of equals, and never one group alone (§4.2).
  let best = -1;
  let bestLength = 1;
  for (let i = 0; i < 8; i++) {
    let end = i;
    while (end < 8 && groups[end] === 0) end++;
    if (end - i > bestLength) [best, bestLength] = [i, end - i];
    if (end > i) i = end;
  }
  const hex = groups.map((group) => group.toString(16));
  const text = best < 0
    ? hex.join(":")
    : `${hex.slice(0, best).join(":")}::${
      hex.slice(best + bestLength).join(":")
    }`;
  return scope === 0 ? text : `${text}%${scope}`;
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

function parseIpv4(text: string): Address | null {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text);
  if (match === null) return null;
  let word = 0;
  for (let i = 4; i > 0; i--) {
    const octet = Number(match[i]);
    // A leading zero means octal to some programs: refuse what cannot be read in one way.
    if (octet > 255 || String(octet) !== match[i]) return null;
    word = word << 8 | octet;
  }
  return { family: AF_INET, words: Uint32Array.of(word), scope: 0 };
}

function parseIpv6(text: string): Address | null {
  const [body = "", scopeText, more] = text.split("%");
  if (
    more !== undefined ||
    (scopeText !== undefined && !/^\d{1,9}$/.test(scopeText))
  ) return null;
  const halves = body.split("::");
  if (halves.length > 2) return null;
  const head = parseGroups(halves[0]!, halves.length === 1);
  const tail = halves.length === 2 ? parseGroups(halves[1]!, true) : [];
  if (head === null || tail === null) return null;
  const missing = 8 - head.length - tail.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return null;
  const groups = [...head, ...Array<number>(missing).fill(0), ...tail];
  const words = new Uint32Array(4);
  const view = new DataView(words.buffer);
  for (let i = 0; i < 8; i++) view.setUint16(2 * i, groups[i]!);
  return { family: AF_INET6, words, scope: Number(scopeText ?? 0) };
}

function parseGroups(text: string, mayEndDotted: boolean): number[] | null {
  if (text === "") return [];
  const groups: number[] = [];
  const parts = text.split(":");
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i]!;
    if (mayEndDotted && i === parts.length - 1 && part.includes(".")) {
      const word = parseIpv4(part)?.words[0];
      if (word === undefined) return null;
      groups.push(
        (word & 255) << 8 | word >>> 8 & 255,
        (word >>> 16 & 255) << 8 | word >>> 24,
      );
    } else if (/^[0-9a-fA-F]{1,4}$/.test(part)) {
      groups.push(parseInt(part, 16));
    } else {
      return null;
    }
  }
  return groups;
}
