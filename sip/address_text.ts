/**
 * IP addresses between text and octets: IPv4 in dotted form, IPv6 in the one form of RFC 5952 §4,
 * with a scope (`fe80::1%2`, RFC 4007 §11) where the address needs one.
 * @module
 */

const DOT = 0x2e;
const ZERO = 0x30;

/** An address as it goes over the wire. */
export interface IpAddress {
  /** Four octets or sixteen, the first of the wire first. */
  readonly octets: Uint8Array<ArrayBuffer>;
  /** The number of the interface, 0 where the address needs none. */
  readonly scope: number;
}

/**
 * Reads an IP address without brackets; null when it is none.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { parseIp } from "./address_text.ts";
 * assert.deepEqual(parseIp("192.0.2.1")?.octets, Uint8Array.of(192, 0, 2, 1));
 * assert.equal(parseIp("fe80::1%2")?.scope, 2);
 * assert.equal(parseIp("192.0.2.01"), null);
 * ```
 */
export function parseIp(text: string): IpAddress | null {
  if (text.includes(":")) return parseIpv6(text);
  const octets = parseIpv4(text);
  return octets === null ? null : { octets: Uint8Array.from(octets), scope: 0 };
}

/**
 * Writes the address that begins at `at`: `length` is 4 or 16. The octets must be there.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { formatIp } from "./address_text.ts";
 * assert.equal(formatIp(Uint8Array.of(192, 0, 2, 1), 0, 4), "192.0.2.1");
 * ```
 */
export function formatIp(
  bytes: Uint8Array,
  at: number,
  length: 4 | 16,
  scope = 0,
): string {
  if (length === 4) {
    return `${bytes[at]}.${bytes[at + 1]}.${bytes[at + 2]}.${bytes[at + 3]}`;
  }
  const groups: number[] = [];
  for (let i = 0; i < 16; i += 2) {
    groups.push(bytes[at + i]! << 8 | bytes[at + i + 1]!);
  }
  const text = formatGroups(groups);
  return scope === 0 ? text : `${text}%${scope}`;
}

function formatGroups(groups: readonly number[]): string {
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
  return best < 0
    ? hex.join(":")
    : `${hex.slice(0, best).join(":")}::${
      hex.slice(best + bestLength).join(":")
    }`;
}

function parseIpv4(text: string): number[] | null {
  const octets: number[] = [];
  let octet = -1;
  for (let i = 0; i < text.length; i++) {
    const letter = text.charCodeAt(i);
    if (letter === DOT) {
      if (octet < 0) return null;
      octets.push(octet);
      octet = -1;
      continue;
    }
    const digit = letter - ZERO;
    // A leading zero means octal to some programs: refuse what cannot be read in one way.
    if (digit < 0 || digit > 9 || octet === 0) return null;
    octet = octet < 0 ? digit : octet * 10 + digit;
    if (octet > 255) return null;
  }
  if (octet < 0) return null;
  octets.push(octet);
  return octets.length === 4 ? octets : null;
}

function parseIpv6(text: string): IpAddress | null {
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
  const octets = groups.flatMap((group) => [group >> 8, group & 0xff]);
  return { octets: Uint8Array.from(octets), scope: Number(scopeText ?? 0) };
}

function parseGroups(text: string, mayEndDotted: boolean): number[] | null {
  if (text === "") return [];
  const groups: number[] = [];
  const parts = text.split(":");
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i]!;
    if (mayEndDotted && i === parts.length - 1 && part.includes(".")) {
      const octets = parseIpv4(part);
      if (octets === null) return null;
      groups.push(
        octets[0]! << 8 | octets[1]!,
        octets[2]! << 8 | octets[3]!,
      );
    } else if (/^[0-9a-fA-F]{1,4}$/.test(part)) {
      groups.push(parseInt(part, 16));
    } else {
      return null;
    }
  }
  return groups;
}
