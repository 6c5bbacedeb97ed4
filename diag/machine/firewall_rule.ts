/**
 * The rules of a packet filter in one form, whichever program wrote them: tables of chains of
 * rules, a rule being conditions that must all hold and an action. What nobody can tell from
 * outside, such as a limit of packets per second, is a condition of unknown truth.
 *
 *     packet -> base chain -> base chain -> … -> socket
 *               (each by hook and priority; "accept" ends one of them, "drop" ends all)
 *
 * @module
 */

import type { AddressSet, Family } from "./firewall_address.ts";

/** Whether a condition holds for a packet. */
export type Truth = "yes" | "no" | "unknown";

/** Where a packet comes from or goes to. */
export type End = "source" | "destination";

export type PortRange = readonly [low: number, high: number];

export type Condition =
  | { readonly kind: "fixed"; readonly truth: Truth }
  | { readonly kind: "family"; readonly family: Family }
  /** `udp`, `tcp`, or another name. */
  | { readonly kind: "protocol"; readonly names: readonly string[] }
  | {
    readonly kind: "port";
    readonly end: End;
    readonly ranges: readonly PortRange[];
  }
  | {
    readonly kind: "address";
    readonly end: End;
    readonly addresses: AddressSet;
    /** The list has more members than could be read, or grows while packets come. */
    readonly isOpen: boolean;
  }
  /** Addresses of a list that could not be read. */
  | { readonly kind: "address-list"; readonly end: End }
  /** A name ends in `*` where any rest is meant. */
  | {
    readonly kind: "interface";
    readonly end: "in" | "out";
    readonly names: readonly string[];
  }
  /** The connection tracking knows the packet's flow. */
  | { readonly kind: "tracked" }
  /** `new`, `established`, `related`, `invalid`, `untracked`. */
  | { readonly kind: "state"; readonly states: readonly string[] }
  | { readonly kind: "mark"; readonly mask: number; readonly value: number }
  /** Flags of TCP (RFC 9293 §3.1): those of the mask are exactly these. */
  | { readonly kind: "flags"; readonly mask: number; readonly value: number }
  /** The way back to the source leads through the interface that the packet came by. */
  | { readonly kind: "reverse-path" }
  /** The address is the machine's own (or, as a source, is not). */
  | { readonly kind: "own-address"; readonly end: End }
  | { readonly kind: "not"; readonly condition: Condition }
  | { readonly kind: "all"; readonly conditions: readonly Condition[] }
  | { readonly kind: "any"; readonly conditions: readonly Condition[] };

export type Action =
  /** Goes on with the next rule. */
  | { readonly kind: "continue" }
  | { readonly kind: "accept" }
  | { readonly kind: "drop" }
  | { readonly kind: "reject" }
  | { readonly kind: "return" }
  | { readonly kind: "jump"; readonly target: string }
  | { readonly kind: "goto"; readonly target: string }
  /** Gives the packet to another program, another address, or nobody knows whom. */
  | { readonly kind: "unknown" };

/** What a rule does to the packet besides its action. */
export type Effect =
  | { readonly kind: "notrack" }
  /** null: to something that cannot be known. */
  | { readonly kind: "mark"; readonly value: number | null };

export interface FilterRule {
  readonly chain: FilterChain;
  /** As the program writes it, with its place. */
  readonly text: string;
  /** What names the rule when it is to go: a handle of nft, the options of iptables. */
  readonly spec: string;
  /** How often it was carried out; -1: it does not count. */
  readonly packets: number;
  readonly conditions: readonly Condition[];
  /** Each comes after so many conditions have held. */
  readonly effects: readonly {
    readonly after: number;
    readonly effect: Effect;
  }[];
  readonly action: Action;
  /** The named set of source addresses that it looks into; "" for none. */
  readonly sourceSet: string;
  /** Whether it names more than one source itself. */
  readonly namesManySources: boolean;
}

export type Hook =
  | "ingress"
  | "prerouting"
  | "input"
  | "output"
  | "postrouting";

/** What makes a chain the beginning of a packet's way. */
export interface BaseHook {
  readonly hook: Hook;
  readonly priority: number;
  /** It sees the first packet of a flow only. */
  readonly isNat: boolean;
  /** The network cards of an ingress chain; null: all, or unknown. */
  readonly devices: readonly string[] | null;
  /** Whether the kernel is known to look into it; tables can be dormant. */
  readonly isActive: boolean;
  readonly policy: "accept" | "drop";
  /** Packets that the policy decided; -1: it does not count. */
  readonly policyPackets: number;
}

export interface FilterChain {
  readonly table: FilterTable;
  readonly name: string;
  /** null: only other chains lead here. */
  readonly base: BaseHook | null;
  readonly rules: FilterRule[];
}

export interface FilterTable {
  /** The program that changes it: `nft`, `iptables`, `ip6tables`, `iptables-legacy`… */
  readonly program: string;
  readonly family: "ip" | "ip6" | "inet" | "netdev";
  readonly name: string;
  readonly chains: ReadonlyMap<string, FilterChain>;
  /** Elements of named sets as the program writes them, for commands. */
  readonly sets: ReadonlyMap<string, readonly SetElement[]>;
}

export interface SetElement {
  readonly text: string;
  readonly addresses: AddressSet;
}

export const NEVER: Condition = { kind: "fixed", truth: "no" };
export const ALWAYS: Condition = { kind: "fixed", truth: "yes" };
export const MAYBE: Condition = { kind: "fixed", truth: "unknown" };

/** Whether a condition holds for some sources only, and names them (and not all others). */
export function isAboutSource(condition: Condition): boolean {
  switch (condition.kind) {
    case "address":
      return condition.end === "source" && !condition.addresses.isWhole();
    case "address-list":
      return condition.end === "source";
    case "all":
    case "any":
      return condition.conditions.some(isAboutSource);
    default:
      return false;
  }
}

/** Where the policy of a base chain stands, as its program writes it. */
export function policyText({ table, name, base }: FilterChain): string {
  const policy = base?.policy ?? "accept";
  return table.program === "nft"
    ? `${table.family} ${table.name} ${name}: policy ${policy}`
    : `${tableCommand(table)} -P ${name} ${policy.toUpperCase()}`;
}

/** `iptables`, or `iptables -t raw`. */
export function tableCommand({ program, name }: FilterTable): string {
  return name === "filter" ? program : `${program} -t ${name}`;
}
