/**
 * A packet's way through the chains of a packet filter, and where it may end. A rule of which
 * nobody knows whether it applies leaves both ways open; what comes out is every end that is
 * possible, and it is certain where there is only one kind.
 * @module
 */

import {
  type Condition,
  type Effect,
  type FilterChain,
  type FilterRule,
  type FilterTable,
  type Hook,
  policyText,
  type Truth,
} from "./firewall_rule.ts";
import { judgeAll, type Packet, type PacketState } from "./firewall_packet.ts";

export type FinalVerdict = "accept" | "drop" | "reject" | "unknown";

/** Where a packet may end. */
export interface WayEnd {
  readonly verdict: FinalVerdict;
  /** null: the policy of the base chain. */
  readonly rule: FilterRule | null;
  readonly base: FilterChain;
  /** The rules that led to the rule's chain, and it itself. */
  readonly path: readonly FilterRule[];
  readonly text: string;
  readonly packets: number;
}

/** All ends of the base chain that decides. */
export interface Fate {
  readonly verdict: FinalVerdict;
  /** The end to tell about; null where no chain stood in the way. */
  readonly end: WayEnd | null;
}

/** The kernel refuses deeper jumps. */
const DEEPEST = 16;
/** How many rules may still be looked at, for all packets of one judgement. */
export interface Patience {
  steps: number;
}

/** Where the connection tracking stands among the chains of its hook. */
const TRACKING_PRIORITY = -200;

const HOOKS: Readonly<Record<Packet["direction"], readonly Hook[]>> = {
  in: ["ingress", "prerouting", "input"],
  out: ["output", "postrouting"],
};

/** The base chains of these tables in the order in which a packet of that direction meets them. */
export function sortBases(
  tables: readonly FilterTable[],
  direction: Packet["direction"],
): readonly FilterChain[] {
  const hooks = HOOKS[direction];
  // Of chains with one priority the kernel asks the youngest first.
  return tables.flatMap(({ chains }) => [...chains.values()]).reverse()
    .filter(({ base }) => base !== null && hooks.includes(base.hook))
    .sort((a, b) =>
      hooks.indexOf(a.base!.hook) - hooks.indexOf(b.base!.hook) ||
      a.base!.priority - b.base!.priority
    );
}

/** What becomes of the packet in these base chains, which `sortBases` has put in order. */
export function followPacket(
  packet: Packet,
  states: readonly string[],
  bases: readonly FilterChain[],
  patience: Patience,
): Fate {
  const walk = new Walk(packet, states, patience);
  let doubt: WayEnd | null = null;
  let last: WayEnd | null = null;
  for (const base of bases) {
    const ends = walk.passBase(base);
    const stops = ends.filter(({ verdict }) => isStop(verdict));
    if (stops.length === ends.length && stops.length > 0) {
      const end = stops.at(-1)!;
      return { verdict: end.verdict, end };
    }
    // Another program, or another address: what the later chains would do tells nothing.
    const lost = ends.find(({ verdict }) => verdict === "unknown");
    if (lost !== undefined) return { verdict: "unknown", end: lost };
    doubt ??= stops.at(-1) ?? null;
    last = ends.findLast((end) => end.verdict === "accept" && end.rule) ?? last;
  }
  return doubt === null
    ? { verdict: "accept", end: last }
    : { verdict: "unknown", end: doubt };
}

function isStop(verdict: FinalVerdict): boolean {
  return verdict === "drop" || verdict === "reject";
}

function joinTruth(one: Truth, other: Truth): Truth {
  if (one === "no" || other === "no") return "no";
  return one === "yes" ? other : one;
}

/** Where a packet may go after a rule. */
interface Step {
  /** To the rule behind it. */
  readonly goesOn: boolean;
  /** Out of the chain, to whoever jumped into it. */
  readonly comesOut: boolean;
}

const GOES_ON: Step = { goesOn: true, comesOut: false };
const COMES_OUT: Step = { goesOn: false, comesOut: true };
const ENDS: Step = { goesOn: false, comesOut: false };

class Walk {
  readonly #packet: Packet;
  readonly #state: PacketState;
  readonly #patience: Patience;
  #ends: WayEnd[] = [];

  constructor(
    packet: Packet,
    states: readonly string[],
    patience: Patience,
  ) {
    this.#packet = packet;
    this.#patience = patience;
    this.#state = { states, isTracked: false, isUntracked: "no", mark: 0 };
  }

  /** Every end that the packet may find in a base chain; none where the chain does not see it. */
  passBase(base: FilterChain): readonly WayEnd[] {
    this.#ends = [];
    const { hook, priority, devices, isActive, isNat } = base.base!;
    const isFirst = hook === "prerouting" || hook === "output";
    this.#state.isTracked = hook !== "ingress" &&
      (!isFirst || priority >= TRACKING_PRIORITY);
    const { family, interface: card } = this.#packet;
    if (base.table.family === (family === 4 ? "ip6" : "ip")) return [];
    if (isNat && this.#skipsNat()) return [];
    if (devices !== null && card !== "" && !devices.includes(card)) return [];
    const isPassed = isActive &&
      (hook !== "ingress" || (devices !== null && card !== ""));
    if (this.#passChain(base, base, [], isPassed)) this.#endByPolicy(base);
    if (!isPassed) this.#end("accept", base, []);
    return this.#ends;
  }

  /**
   * Whether the packet may come out at the chain's end.
   * @param isSure Every packet of this kind comes here, so that what a rule changes is changed.
   */
  #passChain(
    chain: FilterChain,
    base: FilterChain,
    path: readonly FilterRule[],
    isSure: boolean,
  ): boolean {
    let isStillSure = isSure;
    let comesOut = false;
    for (const rule of chain.rules) {
      if (--this.#patience.steps < 0 || path.length > DEEPEST) {
        this.#end("unknown", base, [...path, rule]);
        return comesOut;
      }
      const truth = this.#apply(rule, isStillSure);
      if (truth === "no") continue;
      const ends = this.#ends.length;
      const step = this.#carryOut(
        rule,
        base,
        [...path, rule],
        isStillSure && truth === "yes",
      );
      comesOut ||= step.comesOut;
      if (truth === "yes" && !step.goesOn) return comesOut;
      isStillSure &&= !step.comesOut && this.#ends.length === ends;
    }
    return true;
  }

  /** Whether the rule applies; what it changes besides is changed. */
  #apply({ conditions, effects }: FilterRule, isSure: boolean): Truth {
    let truth: Truth = "yes";
    let done = 0;
    for (const { after, effect } of effects) {
      truth = joinTruth(truth, this.#judge(conditions.slice(done, after)));
      if (truth === "no") return truth;
      this.#change(effect, isSure && truth === "yes");
      done = after;
    }
    return joinTruth(truth, this.#judge(conditions.slice(done)));
  }

  #judge(conditions: readonly Condition[]): Truth {
    return judgeAll(conditions, this.#packet, this.#state);
  }

  #change(effect: Effect, isSure: boolean): void {
    const state = this.#state;
    if (effect.kind === "mark") {
      state.mark = isSure ? effect.value : null;
    } else if (!state.isTracked && state.isUntracked !== "yes") {
      state.isUntracked = isSure ? "yes" : "unknown";
    }
  }

  /** Only the first packet of a flow that is tracked comes to chains that translate. */
  #skipsNat(): boolean {
    const { states, isUntracked } = this.#state;
    return isUntracked === "yes" || !states.includes("new");
  }

  #carryOut(
    rule: FilterRule,
    base: FilterChain,
    path: readonly FilterRule[],
    isSure: boolean,
  ): Step {
    const { action } = rule;
    switch (action.kind) {
      case "continue":
        return GOES_ON;
      case "return":
        return COMES_OUT;
      case "jump":
      case "goto": {
        const target = rule.chain.table.chains.get(action.target);
        if (target === undefined) break;
        const mayComeOut = this.#passChain(target, base, path, isSure);
        return action.kind === "jump"
          ? { goesOn: mayComeOut, comesOut: false }
          : { goesOn: false, comesOut: mayComeOut };
      }
      case "accept":
      case "drop":
      case "reject":
        this.#end(action.kind, base, path);
        return ENDS;
    }
    this.#end("unknown", base, path);
    return ENDS;
  }

  #end(
    verdict: FinalVerdict,
    base: FilterChain,
    path: readonly FilterRule[],
  ): void {
    const rule = path.at(-1) ?? null;
    const text = rule?.text ?? "";
    this.#ends.push({
      verdict,
      rule,
      base,
      path,
      text,
      packets: rule?.packets ?? -1,
    });
  }

  #endByPolicy(base: FilterChain): void {
    this.#ends.push({
      verdict: base.base!.policy,
      rule: null,
      base,
      path: [],
      text: policyText(base),
      packets: base.base!.policyPackets,
    });
  }
}
