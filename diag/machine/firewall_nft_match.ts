/**
 * What a `match` of `nft -j` asks, as a condition: its left side names a field of the packet, its
 * right side the values. What cannot be told stays a condition of unknown truth, never a guess.
 * @module
 */

import { AddressSet, type Family } from "./firewall_address.ts";
import {
  asList,
  asObject,
  asText,
  type JsonObject,
  unwrap,
} from "./firewall_nft_text.ts";
import {
  type Condition,
  type End,
  MAYBE,
  NEVER,
  type PortRange,
} from "./firewall_rule.ts";
import {
  areFlags,
  flagBits,
  flatten,
  hasFlag,
  isAddress,
  isDirection,
  isEqual,
  isFamily,
  isInterface,
  isMark,
  isPort,
  isProtocol,
  openList,
  plain,
  readAddress,
} from "./firewall_nft_value.ts";

/** A named set or map, as far as matches need it. */
export interface NamedSet {
  readonly elements: readonly unknown[];
  /** Rules add to it while packets come. */
  readonly isOpen: boolean;
}

/** What names in a table mean. */
export interface NftScope {
  readonly sets: ReadonlyMap<string, NamedSet>;
  /** Whether some rule writes marks of connections. */
  readonly setsConnectionMark: boolean;
}

/** A part of the packet: what it implies, and how it compares with values. */
interface Field {
  /** Holds whenever the packet has such a field at all. */
  readonly implied: readonly Condition[];
  readonly isOneOf: (values: readonly unknown[]) => Condition;
  /** Where `==` asks for more than a bit in common. */
  readonly isExactly?: (values: readonly unknown[]) => Condition;
  /** Numbers of this field can be smaller or greater. */
  readonly port?: End;
}

const ALL_FLAGS = 0xff;
const ALL_MARK = 0xffffffff;
/** Headers that neither UDP nor TCP has. */
const FOREIGN = new Set(
  "icmp icmpv6 igmp sctp dccp esp ah comp udplite arp".split(" "),
);
const MOST_ELEMENTS = 100_000;

/** The condition of a match. */
export function readMatch(match: JsonObject, scope: NftScope): Condition {
  const field = readField(match.left, scope);
  const op = asText(match.op) || "==";
  const all = (condition: Condition): Condition => ({
    kind: "all",
    conditions: [...field.implied, condition],
  });
  if (op === "==" && field.isExactly !== undefined) {
    return all(readValues(field.isExactly, match.right, scope));
  }
  if (op === "==" || op === "in") {
    return all(readValues(field.isOneOf, match.right, scope));
  }
  if (op === "!") {
    const condition = readValues(field.isOneOf, match.right, scope);
    return all({ kind: "not", condition });
  }
  if (op === "!=") {
    const condition = readValues(
      field.isExactly ?? field.isOneOf,
      match.right,
      scope,
    );
    return all({ kind: "not", condition });
  }
  const limit = typeof match.right === "number" ? match.right : null;
  if (field.port === undefined || limit === null) return all(MAYBE);
  const ranges: Readonly<Record<string, PortRange>> = {
    "<": [0, limit - 1],
    "<=": [0, limit],
    ">": [limit + 1, 65535],
    ">=": [limit, 65535],
  };
  const range = ranges[op];
  if (range === undefined) return all(MAYBE);
  return all({ kind: "port", end: field.port, ranges: [range] });
}

/** What the key of a verdict map must be to take one of its ways. */
export function readKey(
  key: unknown,
  value: unknown,
  scope: NftScope,
): Condition {
  const field = readField(key, scope);
  return {
    kind: "all",
    conditions: [...field.implied, field.isOneOf([value])],
  };
}

/** The addresses of a set's element; null when it holds no plain addresses. */
export function readAddresses(element: unknown): AddressSet | null {
  const read = readAddress(element);
  return read === null ? null : new AddressSet(read.family, [read.range]);
}

function readValues(
  isOneOf: Field["isOneOf"],
  right: unknown,
  scope: NftScope,
): Condition {
  if (typeof right === "string" && right.startsWith("@")) {
    const set = scope.sets.get(right.slice(1));
    if (set === undefined || set.elements.length > MOST_ELEMENTS) {
      return openList(isOneOf([]));
    }
    const condition = isOneOf(set.elements);
    return set.isOpen ? openList(condition) : condition;
  }
  const [key, inner] = unwrap(right);
  if (key === "set") return isOneOf(asList(inner));
  return isOneOf([right]);
}

function readField(left: unknown, scope: NftScope): Field {
  const [key, value] = unwrap(left);
  const part = asObject(value) ?? {};
  switch (key) {
    case "payload":
      return payloadField(asText(part.protocol), asText(part.field));
    case "meta":
      return metaField(asText(part.key));
    case "ct":
      return trackingField(part, scope);
    case "fib":
      return routeField(part);
    case "&":
      return maskedField(asList(value), scope);
    case "concat":
      return joinFields(asList(value).map((part) => readField(part, scope)));
    default:
      return unknownField([]);
  }
}

function unknownField(implied: readonly Condition[]): Field {
  return { implied, isOneOf: () => MAYBE };
}

function payloadField(protocol: string, name: string): Field {
  if (FOREIGN.has(protocol)) return unknownField([NEVER]);
  if (protocol === "ip" || protocol === "ip6") {
    return addressField(protocol === "ip" ? 4 : 6, name);
  }
  if (!["udp", "tcp", "th"].includes(protocol)) return unknownField([]);
  const implied: Condition[] = protocol === "th"
    ? []
    : [{ kind: "protocol", names: [protocol] }];
  if (name === "sport" || name === "dport") {
    const end = name === "sport" ? "source" : "destination";
    return { implied, port: end, isOneOf: (values) => isPort(values, end) };
  }
  if (name !== "flags") return unknownField(implied);
  return {
    implied,
    isOneOf: hasFlag,
    isExactly: (values) => areFlags(values, ALL_FLAGS),
  };
}

function addressField(family: Family, name: string): Field {
  const implied: Condition[] = [{ kind: "family", family }];
  if (name === "saddr" || name === "daddr") {
    const end = name === "saddr" ? "source" : "destination";
    return { implied, isOneOf: (values) => isAddress(values, family, end) };
  }
  if (name === "protocol" || name === "nexthdr") {
    return { implied, isOneOf: isProtocol };
  }
  if (name === "version") return { implied, isOneOf: isEqual([family]) };
  return unknownField(implied);
}

function metaField(key: string): Field {
  switch (key) {
    case "l4proto":
      return { implied: [], isOneOf: isProtocol };
    case "nfproto":
    case "protocol":
      return { implied: [], isOneOf: isFamily };
    case "iif":
    case "iifname":
      return { implied: [], isOneOf: (names) => isInterface(names, "in") };
    case "oif":
    case "oifname":
      return { implied: [], isOneOf: (names) => isInterface(names, "out") };
    case "mark":
      return { implied: [], isOneOf: (values) => isMark(values, ALL_MARK) };
    case "pkttype":
      return { implied: [], isOneOf: isEqual(["host", "unicast"]) };
    default:
      return unknownField([]);
  }
}

function trackingField(part: JsonObject, scope: NftScope): Field {
  const key = asText(part.key);
  const tracked: Condition[] = [{ kind: "tracked" }];
  switch (key) {
    case "state":
      return {
        implied: [],
        isOneOf: (values) => ({
          kind: "state",
          states: values.flatMap(flatten).map(asText),
        }),
      };
    case "mark":
      return scope.setsConnectionMark
        ? unknownField(tracked)
        : { implied: tracked, isOneOf: isEqual([0]) };
    case "direction":
      return { implied: tracked, isOneOf: isDirection };
    case "status":
      // Who translates the address is told about where that happens.
      return {
        implied: tracked,
        isOneOf: (values) =>
          values.flatMap(flatten).every((name) =>
              name === "dnat" || name === "snat"
            )
            ? NEVER
            : MAYBE,
      };
    default:
      return /saddr$/.test(key)
        ? {
          implied: [],
          isOneOf: () => ({ kind: "address-list", end: "source" }),
        }
        : unknownField([]);
  }
}

function routeField({ result, flags }: JsonObject): Field {
  const names = asList(flags);
  const end: End = names.includes("daddr") ? "destination" : "source";
  if (result === "type") {
    const own: Condition = { kind: "own-address", end };
    return {
      implied: [],
      isOneOf: (values) => {
        const conditions: Condition[] = [];
        if (values.includes("local")) conditions.push(own);
        if (values.includes("unicast")) {
          conditions.push({ kind: "not", condition: own });
        }
        return { kind: "any", conditions };
      },
    };
  }
  if (end === "destination") return unknownField([]);
  const back: Condition = { kind: "reverse-path" };
  return {
    implied: [],
    isOneOf: ([value]) => {
      if (value === true) return back;
      return value === false || value === 0
        ? { kind: "not", condition: back }
        : MAYBE;
    },
  };
}

function maskedField(
  [inner, mask]: readonly unknown[],
  scope: NftScope,
): Field {
  const [key, value] = unwrap(inner);
  const part = asObject(value) ?? {};
  const field = readField(inner, scope);
  if (key === "meta" && part.key === "mark" && typeof mask === "number") {
    return { ...field, isOneOf: (values) => isMark(values, mask) };
  }
  if (key === "ct" && part.key === "mark" && !scope.setsConnectionMark) {
    return field;
  }
  if (key === "payload" && part.field === "flags") {
    const bits = flagBits(mask);
    if (bits === null || part.protocol !== "tcp") {
      return unknownField(field.implied);
    }
    return {
      implied: field.implied,
      isOneOf: (values) => areFlags(values, bits),
    };
  }
  if (key === "payload" && part.field === "frag-off") {
    return { ...field, isOneOf: isEqual([0]) };
  }
  if (key === "payload" && part.field === "saddr") {
    const list: Condition = { kind: "address-list", end: "source" };
    return { implied: field.implied, isOneOf: () => list };
  }
  return unknownField(field.implied);
}

function joinFields(fields: readonly Field[]): Field {
  return {
    implied: fields.flatMap(({ implied }) => implied),
    isOneOf: (values) => ({
      kind: "any",
      conditions: values.map((value): Condition => {
        const parts = asObject(plain(value))?.concat;
        return Array.isArray(parts) && parts.length === fields.length
          ? {
            kind: "all",
            conditions: fields.map((field, i) => field.isOneOf([parts[i]])),
          }
          : MAYBE;
      }),
    }),
  };
}
