/**
 * A packet as packet filters see it, and whether a condition of theirs holds for it, in three
 * values: yes, no, and unknown where that depends on something that the packet does not tell.
 * @module
 */

import type { TransportName } from "../../sip/flow.ts";
import type { Family } from "./firewall_address.ts";
import type { Condition, End, Truth } from "./firewall_rule.ts";

/** The first packet of a phone (`in`), or an answer to one (`out`). */
export interface Packet {
  readonly direction: "in" | "out";
  readonly family: Family;
  readonly transport: TransportName;
  /** 0: any that a phone may have. */
  readonly sourcePort: number;
  readonly destinationPort: number;
  /** The phone's address; null: somebody outside. */
  readonly peer: bigint | null;
  /** Whether somebody outside is nobody that a rule names. */
  readonly isStranger: boolean;
  /** The machine's addresses of this family that the phone may have written to. */
  readonly own: readonly bigint[];
  /** The card that it passes; "" for unknown. */
  readonly interface: string;
  /** Whether the way back to the phone is known to lead through that card. */
  readonly isRouteKnown: boolean;
}

/** What rules change on the way. */
export interface PacketState {
  /** What the connection tracking may call it where it looks. */
  readonly states: readonly string[];
  /** Whether the connection tracking has looked already. */
  isTracked: boolean;
  /** Whether a rule told it not to look. */
  isUntracked: Truth;
  /** null: unknown. */
  mark: number | null;
}

const SYN = 0x02;
const ACK = 0x10;
/** Phones behind routers send from any port but the reserved ones. */
const FIRST_FREE_PORT = 1024;

/** Whether the condition holds. */
function judgeCondition(
  condition: Condition,
  packet: Packet,
  state: PacketState,
): Truth {
  switch (condition.kind) {
    case "fixed":
      return condition.truth;
    case "family":
      return claim(condition.family === packet.family);
    case "protocol":
      return claim(condition.names.includes(packet.transport));
    case "port":
      return judgePort(condition.ranges, packet, condition.end);
    case "address":
      return judgeAddress(condition, packet);
    case "address-list":
      return isPeer(condition.end, packet) && packet.isStranger
        ? "no"
        : "unknown";
    case "interface":
      return judgeInterface(condition, packet);
    case "state":
      return judgeState(condition.states, visibleStates(state));
    case "tracked":
      return state.isTracked ? invert(state.isUntracked) : "no";
    case "mark":
      return state.mark === null
        ? "unknown"
        : claim((state.mark & condition.mask) >>> 0 === condition.value);
    case "flags":
      return claim((flagsOf(packet) & condition.mask) === condition.value);
    case "reverse-path":
      return packet.isRouteKnown ? "yes" : "unknown";
    case "own-address":
      return claim(!isPeer(condition.end, packet));
    case "not":
      return invert(judgeCondition(condition.condition, packet, state));
    case "all":
      return judgeAll(condition.conditions, packet, state);
    case "any":
      return judgeAny(condition.conditions, packet, state);
  }
}

/** Whether all conditions hold. */
export function judgeAll(
  conditions: readonly Condition[],
  packet: Packet,
  state: PacketState,
): Truth {
  let truth: Truth = "yes";
  for (const condition of conditions) {
    const part = judgeCondition(condition, packet, state);
    if (part === "no") return "no";
    if (part === "unknown") truth = "unknown";
  }
  return truth;
}

function judgeAny(
  conditions: readonly Condition[],
  packet: Packet,
  state: PacketState,
): Truth {
  let truth: Truth = "no";
  for (const condition of conditions) {
    const part = judgeCondition(condition, packet, state);
    if (part === "yes") return "yes";
    if (part === "unknown") truth = "unknown";
  }
  return truth;
}

function claim(isTrue: boolean): Truth {
  return isTrue ? "yes" : "no";
}

function invert(truth: Truth): Truth {
  return truth === "unknown" ? truth : claim(truth === "no");
}

/** Whether that end is the phone. */
function isPeer(end: End, packet: Packet): boolean {
  return (end === "source") === (packet.direction === "in");
}

function flagsOf({ transport, direction }: Packet): number {
  if (transport !== "tcp") return 0;
  return direction === "in" ? SYN : SYN | ACK;
}

function judgePort(
  ranges: readonly (readonly [number, number])[],
  packet: Packet,
  end: End,
): Truth {
  const port = end === "source" ? packet.sourcePort : packet.destinationPort;
  if (port > 0) {
    return claim(ranges.some(([low, high]) => port >= low && port <= high));
  }
  const free = ranges.filter(([, high]) => high >= FIRST_FREE_PORT);
  if (free.length === 0) return "no";
  return free.some(([low, high]) => low <= FIRST_FREE_PORT && high === 65535)
    ? "yes"
    : "unknown";
}

function judgeAddress(
  { addresses, end, isOpen }: Extract<Condition, { kind: "address" }>,
  packet: Packet,
): Truth {
  if (addresses.family !== packet.family) return "no";
  if (addresses.isWhole()) return "yes";
  const absent = isOpen ? "unknown" : "no";
  if (!isPeer(end, packet)) {
    const within = packet.own.filter((address) => addresses.has(address));
    if (within.length > 0) {
      return within.length === packet.own.length ? "yes" : "unknown";
    }
    return packet.own.length > 0 || addresses.isSpecial() ? absent : "unknown";
  }
  if (packet.peer !== null) return addresses.has(packet.peer) ? "yes" : absent;
  return packet.isStranger || addresses.isSpecial() ? "no" : "unknown";
}

function judgeInterface(
  { names, end }: Extract<Condition, { kind: "interface" }>,
  packet: Packet,
): Truth {
  // A packet has one card on its way in and another on its way out, and never both here.
  if ((end === "in") !== (packet.direction === "in")) return "no";
  if (names.includes("*")) return "yes";
  if (packet.interface === "") {
    return names.every((name) => name === "lo") ? "no" : "unknown";
  }
  return claim(
    names.some((name) =>
      name.endsWith("*")
        ? packet.interface.startsWith(name.slice(0, -1))
        : packet.interface === name
    ),
  );
}

/** Before the connection tracking, and without it, a packet belongs to no flow. */
function visibleStates(state: PacketState): readonly string[] {
  const { states, isTracked, isUntracked } = state;
  const tracked = isTracked ? states : ["invalid"];
  if (isUntracked === "no") return tracked;
  return isUntracked === "yes" ? ["untracked"] : [...tracked, "untracked"];
}

function judgeState(
  wanted: readonly string[],
  possible: readonly string[],
): Truth {
  const count = possible.filter((name) => wanted.includes(name)).length;
  if (count === 0) return "no";
  return count === possible.length ? "yes" : "unknown";
}
