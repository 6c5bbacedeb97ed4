/**
 * What the packet filters of this machine would do with SIP and RTP: whether a packet from outside
 * reaches the socket and an answer leaves, which rule stops it, and the command that lets it
 * through. It is said to be unknown wherever it depends on what nobody can see from here; a drop
 * is claimed only where it is certain.
 * @module
 */

import type { TransportName } from "../../sip/flow.ts";
import type { FirewallFlow, FirewallView } from "../scene.ts";
import { type Family, parseIp } from "./firewall_address.ts";
import {
  chooseTool,
  listPorts,
  toolAt,
  writeCommand,
} from "./firewall_command.ts";
import {
  type IptablesText,
  isKeptInNft,
  listForeignTables,
  readIptables,
} from "./firewall_iptables.ts";
import { readNft } from "./firewall_nft.ts";
import type { Packet } from "./firewall_packet.ts";
import {
  findInterface,
  readRoutes4,
  readRoutes6,
  type Route,
} from "./firewall_route.ts";
import type { FilterChain, FilterTable } from "./firewall_rule.ts";
import {
  type Fate,
  followPacket,
  type Patience,
  sortBases,
  type WayEnd,
} from "./firewall_walk.ts";

/** One reading of all that decides about packets. */
export interface FirewallRules {
  /** Why the rules could not be read; "" where they could. */
  readonly unreadable: string;
  /** What `nft -j list ruleset` printed; "" where there is no nft. */
  readonly nft: string;
  readonly iptables: readonly IptablesText[];
  /** `/proc/net/route` and `/proc/net/ipv6_route`. */
  readonly routes: { readonly ipv4: string; readonly ipv6: string };
  /** The machine's addresses that others can write to. */
  readonly addresses: readonly string[];
}

/** A kind of packet whose fate is asked. */
export interface FirewallQuestion {
  readonly direction: "in" | "out";
  readonly transport: TransportName;
  /** First and last port of ours (in), or of the peer (out). */
  readonly first: number;
  readonly last: number;
  /** The peer's address; "" or `0.0.0.0` for somebody outside, `::` for somebody with IPv6. */
  readonly source: string;
  /** The address of ours that the phone writes to; "" for any. */
  readonly localAddress: string;
  /** The network card; "" for the one that leads to the peer. */
  readonly interface: string;
  /** The port at the other end: of the phone (in), of ours (out); 0 for any. */
  readonly otherPort: number;
}

/** Ranges of ports that are told apart; no person opens more. */
const MOST_PIECES = 512;
/** Rules looked at for all questions; more is no rule set that a person made. */
const MOST_STEPS = 2_000_000;

/** Answers the questions; `before` is an earlier reading, to see which counters grew. */
export function judgeFirewall(
  rules: FirewallRules,
  questions: readonly FirewallQuestion[],
  before?: FirewallRules,
): FirewallView {
  const tables = readTables(rules);
  const unreadable = rules.unreadable || findGap(rules, tables);
  if (tables === null || unreadable !== "") {
    const flows = questions.map((question) => describe(question, null, ""));
    return { tool: "nft", unreadable, flows };
  }
  const earlier = countPackets(
    before === undefined ? null : readTables(before),
  );
  const surroundings = {
    routes: [
      ...readRoutes4(rules.routes.ipv4),
      ...readRoutes6(rules.routes.ipv6),
    ],
    addresses: rules.addresses,
    steps: MOST_STEPS,
  };
  const fates = questions.map((question) =>
    judgeQuestion(question, tables, surroundings)
  );
  const stopped = fates.find(({ verdict }) => verdict !== "accept")?.end;
  return {
    tool: stopped ? toolAt(stopped) : chooseTool(tables),
    unreadable: "",
    flows: questions.map((question, i) =>
      describe(question, fates[i]!, fates[i]!.where, earlier)
    ),
  };
}

/** What of the rules cannot be read; "" for nothing. */
function findGap(
  { nft, iptables }: FirewallRules,
  tables: readonly FilterTable[] | null,
): string {
  if (tables === null) return "`nft -j list ruleset` printed no JSON";
  const isForeign = iptables.some(({ text }) =>
    listForeignTables(text).length > 0
  );
  return nft === "" && isForeign
    ? "some rules can be read with nft only: `apt install nftables`"
    : "";
}

/** Every table once: what iptables keeps in nft is read as iptables has it. */
function readTables(rules: FirewallRules): readonly FilterTable[] | null {
  const native = rules.nft === "" ? [] : readNft(rules.nft);
  if (native === null) return null;
  const legacy: FilterTable[] = [];
  const kept = new Map<string, FilterTable>();
  for (const source of rules.iptables) {
    for (const table of readIptables(source)) {
      if (isKeptInNft(source.text)) {
        kept.set(`${table.family} ${table.name}`, table);
      } else legacy.push(table);
    }
  }
  if (rules.nft === "") return [...kept.values(), ...legacy];
  const tables = native.map((table) => {
    const same = kept.get(`${table.family} ${table.name}`);
    return same !== undefined && hasChainsOf(same, table) ? same : table;
  });
  return [...tables, ...legacy];
}

function hasChainsOf(table: FilterTable, other: FilterTable): boolean {
  return [...other.chains.keys()].every((name) => table.chains.has(name));
}

/** What is known of the machine besides its rules, and how much work is left. */
interface Surroundings extends Patience {
  readonly routes: readonly Route[];
  readonly addresses: readonly string[];
}

interface RangeFate extends Fate {
  /** The ports of which `end` tells, where not all share its fate; else "". */
  readonly where: string;
}

function judgeQuestion(
  question: FirewallQuestion,
  tables: readonly FilterTable[],
  surroundings: Surroundings,
): RangeFate {
  const bases = sortBases(tables, question.direction);
  const pieces = splitPorts(question, tables);
  const fates = pieces.map(([first]) =>
    judgePort(question, first, bases, tables, surroundings)
  );
  const isStopped = fates.map(({ verdict }) =>
    verdict === "drop" || verdict === "reject"
  );
  const at = Math.max(
    0,
    fates.findIndex(({ verdict }) => verdict !== "accept"),
  );
  const { verdict, end } = fates[at]!;
  const [low, high] = pieces[at]!;
  const where = low === high ? `port ${low}` : `ports ${low}-${high}`;
  if (isStopped.every(Boolean)) {
    const isSame = fates.every((fate) => fate.verdict === verdict);
    return { verdict: isSame ? verdict : "drop", end, where: "" };
  }
  const isSame = fates.every((fate) => fate.verdict === verdict);
  if (isSame) return { verdict, end, where: "" };
  return { verdict: "unknown", end, where };
}

/** The ports of the question in ranges within which no rule tells one port from another. */
function splitPorts(
  { first, last }: FirewallQuestion,
  tables: readonly FilterTable[],
): readonly (readonly [number, number])[] {
  const cuts = new Set([first]);
  for (const { chains } of tables) {
    for (const { rules } of chains.values()) {
      for (const { conditions } of rules) {
        for (const [low, high] of conditions.flatMap(listPorts)) {
          if (low > first && low <= last) cuts.add(low);
          if (high >= first && high < last) cuts.add(high + 1);
        }
      }
    }
  }
  const starts = [...cuts].sort((a, b) => a - b).slice(0, MOST_PIECES);
  return starts.map((start, i) => [start, (starts[i + 1] ?? last + 1) - 1]);
}

function judgePort(
  question: FirewallQuestion,
  port: number,
  bases: readonly FilterChain[],
  tables: readonly FilterTable[],
  surroundings: Surroundings,
): Fate {
  const states = possibleStates(question, tables);
  const packet = makePacket(question, port, surroundings);
  const fate = followPacket(packet, states, bases, surroundings);
  if (fate.verdict !== "unknown" || packet.peer !== null) return fate;
  // Somebody outside whom no rule names tells which rule it is about.
  const stranger = { ...packet, isStranger: true };
  const usual = followPacket(stranger, states, bases, surroundings);
  return usual.verdict === "accept"
    ? usual
    : { verdict: "unknown", end: usual.end };
}

/** The first packet of a phone is new; an answer belongs to it, unless nobody keeps track. */
function possibleStates(
  { direction }: FirewallQuestion,
  tables: readonly FilterTable[],
): readonly string[] {
  if (direction === "in") return ["new"];
  const isUntracked = sortBases(tables, "in").some(({ table }) =>
    [...table.chains.values()].some(({ rules }) =>
      rules.some(({ effects }) =>
        effects.some(({ effect }) => effect.kind === "notrack")
      )
    )
  );
  return isUntracked ? ["established", "new"] : ["established"];
}

function makePacket(
  question: FirewallQuestion,
  port: number,
  { routes, addresses }: Surroundings,
): Packet {
  const { direction, transport, source, otherPort } = question;
  const ip = parseIp(source);
  const family: Family = ip?.family ?? 4;
  const peer = ip === null || ip.value === 0n ? null : ip.value;
  const card = findInterface(routes, family, peer);
  return {
    direction,
    family,
    transport,
    sourcePort: otherPort,
    destinationPort: port,
    peer,
    isStranger: false,
    own: (question.localAddress === "" ? addresses : [question.localAddress])
      .map(parseIp).flatMap((own) => own?.family === family ? [own.value] : []),
    interface: question.interface || card,
    isRouteKnown: card !== "" &&
      (question.interface === "" || question.interface === card),
  };
}

/** The packets that each rule and each policy has counted. */
function countPackets(
  tables: readonly FilterTable[] | null,
): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  const count = (key: string, packets: number) => {
    if (!counts.has(key)) counts.set(key, packets);
  };
  for (const { chains } of tables ?? []) {
    for (const chain of chains.values()) {
      count(keyOf(chain, "policy"), chain.base?.policyPackets ?? -1);
      for (const { spec, packets } of chain.rules) {
        count(keyOf(chain, spec), packets);
      }
    }
  }
  return counts;
}

function keyOf({ table, name }: FilterChain, spec: string): string {
  return [table.program, table.family, table.name, name, spec].join(" ");
}

function describe(
  question: FirewallQuestion,
  fate: Fate | null,
  where: string,
  earlier: ReadonlyMap<string, number> = new Map(),
): FirewallFlow {
  const { direction, transport, first, last, source } = question;
  const end = fate?.end ?? null;
  const outcome = fate?.verdict ?? "unknown";
  const counts = outcome === "accept"
    ? { packets: 0, recentPackets: 0 }
    : readCounts(end, earlier);
  const isStopping = end?.verdict === "drop" || end?.verdict === "reject";
  return {
    direction,
    transport,
    first,
    last,
    source,
    outcome,
    rule: end === null
      ? ""
      : where === ""
      ? end.text
      : `${end.text} (${where})`,
    ...counts,
    command: end !== null && isStopping ? writeCommand(end, question) : "",
  };
}

function readCounts(
  end: WayEnd | null,
  earlier: ReadonlyMap<string, number>,
): { readonly packets: number; readonly recentPackets: number } {
  if (end === null || end.verdict === "unknown" || end.verdict === "accept") {
    return { packets: -1, recentPackets: -1 };
  }
  const chain = end.rule?.chain ?? end.base;
  const past = earlier.get(keyOf(chain, end.rule?.spec ?? "policy")) ?? -1;
  const isKnown = past >= 0 && end.packets >= past;
  return {
    packets: end.packets,
    recentPackets: isKnown ? end.packets - past : -1,
  };
}
