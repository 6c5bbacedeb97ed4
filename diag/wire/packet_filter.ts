/**
 * Builds the program by which the kernel chooses packets for the packet socket: classic BPF
 * (linux/filter.h), over packets that begin with their IP header. Chosen are UDP and TCP from or
 * to given ports, and the later fragments of UDP datagrams, which have no ports.
 * @module
 */

/** One instruction, as in `struct sock_filter`. */
export interface Instruction {
  readonly code: number;
  /** How many instructions are passed over if the comparison holds, and if not. */
  readonly jt: number;
  readonly jf: number;
  readonly k: number;
}

export interface PortRange {
  readonly first: number;
  readonly last: number;
}

export interface FilterOptions {
  /** Ports whose packets are wanted whole; at most 24 ranges. */
  readonly sip: readonly PortRange[];
  /** Ports of which the headers are enough; null: none. */
  readonly rtp: PortRange | null;
}

export const LOAD_BYTE = 0x30;
export const LOAD_SHORT = 0x28;
/** A short behind the index register. */
export const LOAD_SHORT_INDEXED = 0x48;
export const INDEX_IMMEDIATE = 0x01;
/** The index register becomes the length of an IPv4 header. */
export const INDEX_IPV4_HEADER = 0xb1;
export const JUMP_EQUAL = 0x15;
export const JUMP_GREATER = 0x25;
export const JUMP_NOT_LESS = 0x35;
export const JUMP_SET = 0x45;
export const RETURN = 0x06;

/** Where the kernel keeps the EtherType of a packet for the program. */
export const ETHERTYPE_PLACE = 0xfffff000;

const ETHERTYPE_IPV4 = 0x0800;
const ETHERTYPE_IPV6 = 0x86dd;
const UDP = 17;
const TCP = 6;
const IPV6_FRAGMENT = 44;
const WHOLE = 0x40000;
/** The longest IP and UDP headers, and RTP with a few sources. */
const HEADERS = 128;
const MOST_RANGES = 24;

/** A jump goes forward to a label; `next` is the instruction that follows. */
interface Step {
  readonly code: number;
  readonly k: number;
  readonly yes?: string;
  readonly no?: string;
}

type Line = Step | { readonly label: string };

/** Builds the program. Throws RangeError for more ranges than fit. */
export function buildFilter({ sip, rtp }: FilterOptions): Instruction[] {
  if (sip.length > MOST_RANGES) throw new RangeError("too many port ranges");
  return resolve([
    load(LOAD_SHORT, ETHERTYPE_PLACE),
    jump(JUMP_EQUAL, ETHERTYPE_IPV4, "ipv4", "next"),
    jump(JUMP_EQUAL, ETHERTYPE_IPV6, "ipv6", "nothing"),
    { label: "ipv4" },
    load(LOAD_BYTE, 9),
    jump(JUMP_EQUAL, UDP, "ipv4-udp", "next"),
    jump(JUMP_EQUAL, TCP, "next", "nothing"),
    load(LOAD_SHORT, 6),
    jump(JUMP_SET, 0x1fff, "nothing", "ipv4-first"),
    { label: "ipv4-udp" },
    load(LOAD_SHORT, 6),
    jump(JUMP_SET, 0x1fff, "whole", "next"),
    { label: "ipv4-first" },
    load(INDEX_IPV4_HEADER, 0),
    jump(JUMP_EQUAL, 0, "ports", "ports"),
    { label: "ipv6" },
    load(LOAD_BYTE, 6),
    load(INDEX_IMMEDIATE, 40),
    jump(JUMP_EQUAL, UDP, "ports", "next"),
    jump(JUMP_EQUAL, TCP, "ports", "next"),
    jump(JUMP_EQUAL, IPV6_FRAGMENT, "next", "nothing"),
    load(LOAD_BYTE, 40),
    jump(JUMP_EQUAL, UDP, "next", "nothing"),
    load(LOAD_SHORT, 42),
    jump(JUMP_SET, 0xfff8, "whole", "next"),
    load(INDEX_IMMEDIATE, 48),
    { label: "ports" },
    load(LOAD_SHORT_INDEXED, 0),
    ...ranges(sip, "whole"),
    load(LOAD_SHORT_INDEXED, 2),
    ...ranges(sip, "whole"),
    ...(rtp === null ? [] : [
      ...ranges([rtp], "headers"),
      load(LOAD_SHORT_INDEXED, 0),
      ...ranges([rtp], "headers"),
    ]),
    { label: "nothing" },
    load(RETURN, 0),
    { label: "headers" },
    load(RETURN, HEADERS),
    { label: "whole" },
    load(RETURN, WHOLE),
  ]);
}

function load(code: number, k: number): Step {
  return { code, k };
}

function jump(code: number, k: number, yes: string, no: string): Step {
  return { code, k, yes, no };
}

/** Goes to `label` if what was loaded lies in one of the ranges. */
function ranges(all: readonly PortRange[], label: string): Line[] {
  return all.flatMap(({ first, last }) => [
    jump(JUMP_NOT_LESS, first, "next", "behind"),
    jump(JUMP_GREATER, last, "behind", label),
    { label: "behind" },
  ]);
}

/** Turns labels into distances: each jump goes to the next label of that name behind it. */
function resolve(lines: readonly Line[]): Instruction[] {
  const steps: Step[] = [];
  const labels: { readonly name: string; readonly position: number }[] = [];
  for (const line of lines) {
    if ("code" in line) steps.push(line);
    else labels.push({ name: line.label, position: steps.length });
  }
  return steps.map(({ code, k, yes, no }, i) => {
    const distance = (name: string | undefined) => {
      if (name === undefined || name === "next") return 0;
      const label = labels.find((label) =>
        label.name === name && label.position > i
      );
      if (label === undefined || label.position - i > 256) {
        throw new TypeError(`no way to \`${name}\``);
      }
      return label.position - i - 1;
    };
    return { code, jt: distance(yes), jf: distance(no), k };
  });
}
