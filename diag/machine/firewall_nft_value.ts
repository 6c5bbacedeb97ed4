/**
 * Values on the right side of a `match` of `nft -j`, as conditions on the field of the left side.
 * A value that cannot be read leaves the condition of unknown truth.
 * @module
 */

import {
  type AddressRange,
  AddressSet,
  type Family,
  joinRange,
  parseRange,
} from "./firewall_address.ts";
import { asList, asObject, asText, unwrap } from "./firewall_nft_text.ts";
import {
  ALWAYS,
  type Condition,
  type End,
  MAYBE,
  NEVER,
  type PortRange,
} from "./firewall_rule.ts";

const FLAGS: Readonly<Record<string, number>> = {
  fin: 1,
  syn: 2,
  rst: 4,
  psh: 8,
  ack: 16,
  urg: 32,
  ecn: 64,
  cwr: 128,
};
const PROTOCOL_NUMBERS: Readonly<Record<string, string>> = {
  "6": "tcp",
  "17": "udp",
};

/** A list of which not all members are known. */
export function openList(condition: Condition): Condition {
  if (condition.kind === "address") return { ...condition, isOpen: true };
  return { kind: "any", conditions: [condition, MAYBE] };
}

/** The element itself where it comes with a counter or a time. */
export function plain(value: unknown): unknown {
  const [key, inner] = unwrap(value);
  return key === "elem" ? asObject(inner)?.val : value;
}

/** Flags that stand in a list, or joined by `|`. */
export function flatten(value: unknown): readonly unknown[] {
  const bare = plain(value);
  const [key, inner] = unwrap(bare);
  if (key === "|") return asList(inner).flatMap(flatten);
  return Array.isArray(bare) ? bare : [bare];
}

export function isPort(values: readonly unknown[], end: End): Condition {
  const ranges: PortRange[] = [];
  for (const value of values.map(plain)) {
    const [low, high = low] = asList(asObject(value)?.range ?? value)
      .map((port) => typeof port === "number" ? port : NaN);
    ranges.push([low ?? NaN, high ?? NaN]);
  }
  const known = ranges.filter(([low, high]) => low <= high);
  const condition: Condition = { kind: "port", end, ranges: known };
  return known.length === ranges.length ? condition : openList(condition);
}

export function isAddress(
  values: readonly unknown[],
  family: Family,
  end: End,
): Condition {
  const ranges: AddressRange[] = [];
  let isOpen = false;
  for (const value of values) {
    const read = readAddress(value);
    if (read?.family === family) ranges.push(read.range);
    else isOpen = true;
  }
  const addresses = new AddressSet(family, ranges);
  return { kind: "address", end, addresses, isOpen };
}

export function readAddress(element: unknown): ReturnType<typeof parseRange> {
  const value = plain(element);
  if (typeof value === "string") return parseRange(value);
  const [key, inner] = unwrap(value);
  if (key === "prefix") {
    const { addr, len } = asObject(inner) ?? {};
    return parseRange(`${asText(addr)}/${String(len)}`);
  }
  if (key !== "range") return null;
  const [low, high] = asList(inner);
  return joinRange(asText(low), asText(high));
}

export function isProtocol(values: readonly unknown[]): Condition {
  const names = values.map(plain)
    .map((value) => PROTOCOL_NUMBERS[String(value)] ?? asText(value));
  const condition: Condition = { kind: "protocol", names };
  return values.every((value) => asObject(plain(value)) === null)
    ? condition
    : openList(condition);
}

export function isFamily(values: readonly unknown[]): Condition {
  const conditions = values.map(plain).map((value): Condition => {
    if (value === "ip" || value === "ipv4") {
      return { kind: "family", family: 4 };
    }
    if (value === "ip6" || value === "ipv6") {
      return { kind: "family", family: 6 };
    }
    return typeof value === "string" ? NEVER : MAYBE;
  });
  return { kind: "any", conditions };
}

export function isInterface(
  values: readonly unknown[],
  end: "in" | "out",
): Condition {
  const names = values.map(plain).map(asText).filter((name) => name !== "");
  const condition: Condition = { kind: "interface", end, names };
  return names.length === values.length ? condition : openList(condition);
}

export function isMark(values: readonly unknown[], mask: number): Condition {
  const conditions = values.map(plain).map((value): Condition =>
    typeof value === "number"
      ? { kind: "mark", mask, value: value >>> 0 }
      : MAYBE
  );
  return { kind: "any", conditions };
}

export function isDirection(values: readonly unknown[]): Condition {
  const conditions = values.map(plain).map((value): Condition => ({
    kind: "interface",
    end: value === "original" ? "in" : "out",
    names: ["*"],
  }));
  return { kind: "any", conditions };
}

/** A field whose value is known: one of those. */
export function isEqual(
  known: readonly unknown[],
): (values: readonly unknown[]) => Condition {
  return (values) => {
    if (values.some((value) => known.includes(plain(value)))) return ALWAYS;
    return values.every((value) => asObject(plain(value)) === null)
      ? NEVER
      : MAYBE;
  };
}

export function flagBits(value: unknown): number | null {
  if (typeof value === "number") return value;
  let bits = 0;
  for (const name of flatten(value)) {
    const bit = typeof name === "number" ? name : FLAGS[asText(name)];
    if (bit === undefined) return null;
    bits |= bit;
  }
  return bits;
}

/** Each value is a flag or a list of flags: those of the mask are exactly these. */
export function areFlags(
  values: readonly unknown[],
  mask: number,
): Condition {
  const conditions = values.map(flagBits).map((value): Condition =>
    value === null ? MAYBE : { kind: "flags", mask, value }
  );
  return { kind: "any", conditions };
}

/** `tcp flags syn,ack`: one of these flags is set. */
export function hasFlag(values: readonly unknown[]): Condition {
  const conditions = values.map(flagBits).map((mask): Condition =>
    mask === null
      ? MAYBE
      : { kind: "not", condition: { kind: "flags", mask, value: 0 } }
  );
  return { kind: "any", conditions };
}
