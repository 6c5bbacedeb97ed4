/**
 * The options of one rule as `iptables-save` writes them: what they ask of a packet, and the
 * target. An option that is not known makes a condition of unknown truth.
 * @module
 */

import { AddressSet, parseRange } from "./firewall_address.ts";
import {
  ALWAYS,
  type Condition,
  type End,
  MAYBE,
  NEVER,
  type PortRange,
} from "./firewall_rule.ts";

/** What one rule asks, and where it sends the packet. */
export interface RuleOptions {
  readonly conditions: readonly Condition[];
  /** The name behind `-j` or `-g`; "" for none. */
  readonly target: string;
  readonly isGoto: boolean;
  /** What the target is told. */
  readonly targetOptions: readonly string[];
}

/** Words of a line; what stands in double quotes is one word. */
export function splitWords(line: string): string[] {
  const words: string[] = [];
  for (const match of line.matchAll(/"((?:[^"\\]|\\.)*)"|\S+/g)) {
    words.push(match[1]?.replace(/\\(.)/g, "$1") ?? match[0]);
  }
  return words;
}

/** Options that say nothing by themselves; their values are left out. */
const SILENT = new Map([
  ["-m", 1],
  ["--comment", 1],
  ["--name", 1],
  ["--rsource", 0],
  ["--rdest", 0],
  ["--mask", 1],
  ["--seconds", 1],
  ["--hitcount", 1],
  ["--invert", 0],
  ["--loose", 0],
  ["--validmark", 0],
  ["--accept-local", 0],
]);
/** Modules that ask nothing without an option. */
const MODULES = new Set(
  ("tcp udp udplite icmp icmp6 comment conntrack state multiport mark connmark " +
    "addrtype pkttype iprange set mac limit hashlimit recent")
    .split(" "),
);
const FLAGS: Readonly<Record<string, number>> = {
  FIN: 1,
  SYN: 2,
  RST: 4,
  PSH: 8,
  ACK: 16,
  URG: 32,
  ALL: 63,
  NONE: 0,
};

/** Reads what stands behind `-A CHAIN`. */
export function readOptions(words: readonly string[]): RuleOptions {
  const conditions: Condition[] = [];
  let at = 0;
  let module = "";
  while (at < words.length) {
    const isNegated = words[at] === "!";
    const name = words[at + (isNegated ? 1 : 0)] ?? "";
    at += isNegated ? 2 : 1;
    if (["-j", "-g", "--jump", "--goto"].includes(name)) {
      return {
        conditions,
        target: words[at] ?? "",
        isGoto: name === "-g" || name === "--goto",
        targetOptions: words.slice(at + 1),
      };
    }
    const values = takeValues(words, at, name);
    at += values.length;
    if (name === "-m") module = values[0] ?? "";
    const condition = name === "-m"
      ? readModule(module, words)
      : readOption(name, values, module);
    if (condition === null) continue;
    conditions.push(isNegated ? { kind: "not", condition } : condition);
  }
  return { conditions, target: "", isGoto: false, targetOptions: [] };
}

function takeValues(
  words: readonly string[],
  at: number,
  name: string,
): readonly string[] {
  const count = SILENT.get(name);
  if (count !== undefined) return words.slice(at, at + count);
  const end = words.findIndex((word, i) =>
    i >= at && (word === "!" || /^-{1,2}[a-zA-Z]/.test(word))
  );
  return words.slice(at, end < 0 ? words.length : end);
}

/** What a module asks by itself; null where only its options ask. */
function readModule(
  module: string,
  words: readonly string[],
): Condition | null {
  if (module === "rpfilter") {
    const back: Condition = { kind: "reverse-path" };
    return words.includes("--invert") ? { kind: "not", condition: back } : back;
  }
  return MODULES.has(module) ? null : MAYBE;
}

function readOption(
  name: string,
  values: readonly string[],
  module: string,
): Condition | null {
  if (SILENT.has(name)) return null;
  const value = values[0] ?? "";
  switch (name) {
    case "-p":
    case "--protocol":
      return readProtocol(value);
    case "-s":
    case "--source":
    case "--src-range":
      return readAddress(value, "source");
    case "-d":
    case "--destination":
    case "--dst-range":
      return readAddress(value, "destination");
    case "-i":
    case "-o":
      return {
        kind: "interface",
        end: name === "-i" ? "in" : "out",
        names: [value.replace(/\+$/, "*")],
      };
    case "--sport":
    case "--sports":
      return readPorts(value, "source");
    case "--dport":
    case "--dports":
      return readPorts(value, "destination");
    case "--ports":
      return {
        kind: "any",
        conditions: [
          readPorts(value, "source"),
          readPorts(value, "destination"),
        ],
      };
    case "--ctstate":
    case "--state":
      return { kind: "state", states: value.toLowerCase().split(",") };
    case "--tcp-flags":
      return readFlags(value, values[1] ?? "");
    case "--syn":
      return readFlags("FIN,SYN,RST,ACK", "SYN");
    case "--mark":
      return module === "mark" ? readMark(value) : MAYBE;
    case "--pkt-type":
      return value === "unicast" ? ALWAYS : NEVER;
    case "--dst-type":
      return readAddressType(value, "destination");
    case "--src-type":
      return readAddressType(value, "source");
    case "--match-set":
      return readList(values);
    case "--mac-source":
      return { kind: "address-list", end: "source" };
    case "-f":
    case "--icmp-type":
    case "--icmpv6-type":
      return NEVER;
    case "--set":
      return ALWAYS;
    default:
      return MAYBE;
  }
}

function readProtocol(value: string): Condition {
  if (value === "all" || value === "0") return ALWAYS;
  const name = value === "17" ? "udp" : value === "6" ? "tcp" : value;
  return { kind: "protocol", names: [name] };
}

function readAddress(text: string, end: End): Condition {
  const read = text.split(",").map(parseRange);
  const family = read[0]?.family;
  if (family === undefined) return { kind: "address-list", end };
  const ranges = read.flatMap((part) =>
    part?.family === family ? [part.range] : []
  );
  return {
    kind: "address",
    end,
    addresses: new AddressSet(family, ranges),
    isOpen: ranges.length < read.length,
  };
}

function readPorts(text: string, end: End): Condition {
  const ranges = text.split(",").map((part): PortRange => {
    const [low = "", high = low] = part.split(":");
    return [Number(low || "0"), Number(high || "65535")];
  });
  return ranges.every(([low, high]) => low <= high)
    ? { kind: "port", end, ranges }
    : MAYBE;
}

function readFlags(mask: string, value: string): Condition {
  const [bits, wanted] = [mask, value].map((list) =>
    list.split(",").reduce((sum, name) => sum | (FLAGS[name] ?? NaN), 0)
  );
  const isKnown = [...mask.split(","), ...value.split(",")]
    .every((name) => FLAGS[name] !== undefined);
  if (!isKnown) return MAYBE;
  return { kind: "flags", mask: bits!, value: wanted! };
}

function readMark(text: string): Condition {
  const [value, mask = 0xffffffff] = text.split("/").map(Number);
  return Number.isInteger(value) && Number.isInteger(mask)
    ? { kind: "mark", value: value! >>> 0, mask: mask >>> 0 }
    : MAYBE;
}

function readAddressType(text: string, end: End): Condition {
  const own: Condition = { kind: "own-address", end };
  const conditions = text.split(",").map((type): Condition => {
    if (type === "LOCAL") return own;
    return type === "UNICAST" ? { kind: "not", condition: own } : NEVER;
  });
  return { kind: "any", conditions };
}

/** `--match-set NAME src`: a list that is kept elsewhere. */
function readList([, directions = ""]: readonly string[]): Condition {
  const end = directions.startsWith("dst") ? "destination" : "source";
  return directions.includes(",") || directions === ""
    ? MAYBE
    : { kind: "address-list", end };
}
