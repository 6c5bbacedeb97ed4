/**
 * Sets of IP addresses as packet filters write them: an address, a prefix (`10.0.0.0/8`,
 * `10.0.0.0/255.0.0.0`) or a range. IPv4 and IPv6 (RFC 4291 §2.2) never mix in one set.
 * @module
 */

export type Family = 4 | 6;

/** An inclusive range of addresses as numbers. */
export type AddressRange = readonly [low: bigint, high: bigint];

/** An address as a number; null when the text is none. A scope (`%eth0`) is left out. */
export function parseIp(
  text: string,
): { readonly family: Family; readonly value: bigint } | null {
  const family = text.includes(":") ? 6 : 4;
  const value = family === 4 ? parseIpv4(text) : parseIpv6(text);
  return value === null ? null : { family, value };
}

/** The range of an address, a prefix or `low-high`; null when the text is none of them. */
export function parseRange(
  text: string,
): { readonly family: Family; readonly range: AddressRange } | null {
  const [low = "", high, more] = text.split("-");
  if (more !== undefined) return null;
  if (high !== undefined) return joinRange(low, high);
  const [address = "", mask, tooMuch] = text.split("/");
  const ip = parseIp(address);
  if (ip === null || tooMuch !== undefined) return null;
  const { family, value } = ip;
  const length = mask === undefined ? bits(family) : parseMask(mask, family);
  return length === null
    ? null
    : { family, range: prefixRange(value, length, family) };
}

/** The range from one address to another; null when they do not make one. */
export function joinRange(
  low: string,
  high: string,
): { readonly family: Family; readonly range: AddressRange } | null {
  const [first, last] = [parseIp(low), parseIp(high)];
  if (first === null || first.family !== last?.family) return null;
  return { family: first.family, range: [first.value, last.value] };
}

/** Addresses of one family, for quick questions; ranges may come in any order and overlap. */
export class AddressSet {
  readonly family: Family;
  readonly #ranges: readonly AddressRange[];

  constructor(family: Family, ranges: readonly AddressRange[]) {
    this.family = family;
    this.#ranges = merge(ranges);
  }

  has(address: bigint): boolean {
    let [from, to] = [0, this.#ranges.length - 1];
    while (from <= to) {
      const middle = (from + to) >> 1;
      const [low, high] = this.#ranges[middle]!;
      if (address < low) to = middle - 1;
      else if (address > high) from = middle + 1;
      else return true;
    }
    return false;
  }

  /** Whether every address is in it, as in `0.0.0.0/0`. */
  isWhole(): boolean {
    const [low, high] = this.#ranges[0] ?? [1n, 0n];
    return low === 0n && high === (1n << BigInt(bits(this.family))) - 1n;
  }

  /** Whether it holds no address that a single host on a network card has. */
  isSpecial(): boolean {
    const special = SPECIAL[this.family];
    return this.#ranges.every(([low, high]) =>
      special.some((range) => low >= range[0] && high <= range[1])
    );
  }
}

/** Loopback, multicast and broadcast. */
const SPECIAL: Readonly<Record<Family, readonly AddressRange[]>> = {
  4: ["127.0.0.0/8", "224.0.0.0/4", "255.255.255.255"].map(knownRange),
  6: ["::1", "ff00::/8"].map(knownRange),
};

function knownRange(text: string): AddressRange {
  return parseRange(text)!.range;
}

function merge(ranges: readonly AddressRange[]): readonly AddressRange[] {
  const sorted = ranges.filter(([low, high]) => low <= high)
    .sort((a, b) => a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0);
  const merged: [bigint, bigint][] = [];
  for (const [low, high] of sorted) {
    const last = merged.at(-1);
    if (last === undefined || low > last[1] + 1n) merged.push([low, high]);
    else if (high > last[1]) last[1] = high;
  }
  return merged;
}

function bits(family: Family): number {
  return family === 4 ? 32 : 128;
}

function prefixRange(
  value: bigint,
  length: number,
  family: Family,
): AddressRange {
  const free = BigInt(bits(family) - length);
  const low = value >> free << free;
  return [low, low + (1n << free) - 1n];
}

/** The length of a prefix, from its number or from a mask without holes. */
function parseMask(text: string, family: Family): number | null {
  if (/^\d{1,3}$/.test(text)) {
    const length = Number(text);
    return length <= bits(family) ? length : null;
  }
  const mask = parseIp(text);
  if (mask?.family !== family) return null;
  const binary = mask.value.toString(2).padStart(bits(family), "0");
  const length = binary.indexOf("0");
  if (length < 0) return bits(family);
  return binary.includes("1", length) ? null : length;
}

function parseIpv4(text: string): bigint | null {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text);
  if (match === null) return null;
  const octets = match.slice(1).map(Number);
  if (octets.some((octet) => octet > 255)) return null;
  return octets.reduce((value, octet) => value << 8n | BigInt(octet), 0n);
}

function parseIpv6(text: string): bigint | null {
  const [body = ""] = text.split("%");
  const halves = body.split("::");
  if (halves.length > 2) return null;
  const [head, tail] = [parseGroups(halves[0]!), parseGroups(halves[1] ?? "")];
  if (head === null || tail === null) return null;
  const missing = 8 - head.length - tail.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return null;
  return [...head, ...Array<number>(missing).fill(0), ...tail]
    .reduce((value, group) => value << 16n | BigInt(group), 0n);
}

function parseGroups(text: string): number[] | null {
  if (text === "") return [];
  const groups: number[] = [];
  for (const part of text.split(":")) {
    const dotted = part.includes(".") ? parseIpv4(part) : null;
    if (dotted !== null) {
      groups.push(Number(dotted >> 16n), Number(dotted & 0xffffn));
    } else if (/^[0-9a-fA-F]{1,4}$/.test(part)) {
      groups.push(parseInt(part, 16));
    } else {
      return null;
    }
  }
  return groups;
}
