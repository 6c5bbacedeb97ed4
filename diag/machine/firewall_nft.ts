/**
 * Reads what `nft -j list ruleset` prints: the tables through which UDP and TCP to and from this
 * machine pass. A statement that is not known leaves its rule of unknown effect.
 * @module
 */

import { readAddresses, readKey, readMatch } from "./firewall_nft_match.ts";
import type { NamedSet, NftScope } from "./firewall_nft_match.ts";
import {
  asList,
  asObject,
  asText,
  type JsonObject,
  unwrap,
  writeRule,
  writeValue,
} from "./firewall_nft_text.ts";
import {
  type Action,
  type BaseHook,
  type Condition,
  type Effect,
  type FilterChain,
  type FilterTable,
  type Hook,
  MAYBE,
  type SetElement,
} from "./firewall_rule.ts";

const FAMILIES = ["ip", "ip6", "inet", "netdev"] as const;
/** Of lists and objects in each other; nft prints no deeper ones. */
const DEEPEST = 64;
const HOOKS: readonly string[] = [
  "ingress",
  "prerouting",
  "input",
  "output",
  "postrouting",
];
/** Flags of a table that change nothing for packets. */
const HARMLESS_FLAGS: readonly unknown[] = ["owner", "persist"];
/** Statements that let the packet go on. */
const PASSING = new Set(
  "counter log comment dup last secmark flow ct_helper ct_timeout".split(" "),
);
const TALKING = new Set(["dnat", "redirect", "queue", "tproxy", "fwd"]);

interface OpenTable {
  readonly table: FilterTable;
  readonly chains: Map<string, FilterChain>;
  readonly sets: Map<string, SetElement[]>;
  readonly named: Map<string, NamedSet>;
  readonly counters: Map<string, number>;
  readonly isDormant: boolean | "unknown";
}

/** The tables of a rule set in JSON; null when the text is none. */
export function readNft(text: string): readonly FilterTable[] | null {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    return null;
  }
  const list = asObject(document)?.nftables;
  if (!Array.isArray(list) || isDeeper(list, DEEPEST)) return null;
  const tables = new Map<string, OpenTable>();
  const entries = list.map(unwrap);
  const objects = entries.map(([kind, value]) =>
    [kind, asObject(value) ?? {}] as const
  );
  for (const [kind, object] of objects) {
    if (kind === "table") openTable(tables, object);
  }
  const open = openSets(objects);
  for (const [kind, object] of objects) addObject(tables, kind, object, open);
  const setsConnectionMark = /"key":\s*\{\s*"ct":\s*\{\s*"key":\s*"mark"/
    .test(text);
  for (const [kind, object] of objects) {
    if (kind === "rule") addRule(tables, object, setsConnectionMark);
  }
  return [...tables.values()].filter(({ isDormant }) => isDormant !== true)
    .map(({ table }) => table);
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  return levels === 0 ||
    Object.values(value).some((inner) => isDeeper(inner, levels - 1));
}

function keyOf(object: JsonObject, name: unknown): string {
  return `${asText(object.family)} ${asText(name)}`;
}

function openTable(tables: Map<string, OpenTable>, object: JsonObject): void {
  const family = FAMILIES.find((name) => name === object.family);
  if (family === undefined) return;
  const flags = object.flags === undefined ? [] : asList(object.flags);
  const chains = new Map<string, FilterChain>();
  const sets = new Map<string, SetElement[]>();
  tables.set(keyOf(object, object.name), {
    table: { program: "nft", family, name: asText(object.name), chains, sets },
    chains,
    sets,
    named: new Map(),
    counters: new Map(),
    // nft 1.0.6 prints a wrong name for the flag.
    isDormant: flags.includes("dormant") ||
      (flags.every((flag) => HARMLESS_FLAGS.includes(flag))
        ? false
        : "unknown"),
  });
}

/** Names of sets to which rules add, as `family table set`. */
function openSets(
  objects: readonly (readonly [string, JsonObject])[],
): ReadonlySet<string> {
  const open = new Set<string>();
  for (const [kind, rule] of objects) {
    if (kind !== "rule") continue;
    for (const statement of asList(rule.expr ?? [])) {
      const set = asText(asObject(asObject(statement)?.set)?.set);
      if (set !== "") open.add(`${keyOf(rule, rule.table)} ${set.slice(1)}`);
    }
  }
  return open;
}

function addObject(
  tables: Map<string, OpenTable>,
  kind: string,
  object: JsonObject,
  open: ReadonlySet<string>,
): void {
  const key = keyOf(object, object.table);
  const table = tables.get(key);
  if (table === undefined) return;
  const name = asText(object.name);
  if (kind === "chain") {
    const base = readBase(object, table.isDormant !== "unknown");
    table.chains.set(name, { table: table.table, name, base, rules: [] });
  } else if (kind === "set" || kind === "map") {
    const elements = asList(object.elem ?? []);
    table.named.set(name, { elements, isOpen: open.has(`${key} ${name}`) });
    if (kind === "set") table.sets.set(name, elements.flatMap(readElement));
  } else if (kind === "counter" && typeof object.packets === "number") {
    table.counters.set(name, object.packets);
  }
}

function readElement(element: unknown): SetElement[] {
  const addresses = readAddresses(element);
  return addresses === null ? [] : [{ text: writeValue(element), addresses }];
}

function readBase(chain: JsonObject, isActive: boolean): BaseHook | null {
  const hook = asText(chain.hook);
  if (!HOOKS.includes(hook)) return null;
  const devices = asList(chain.dev ?? []).map(asText);
  return {
    hook: hook as Hook,
    priority: typeof chain.prio === "number" ? chain.prio : 0,
    isNat: chain.type === "nat",
    devices: devices.length > 0 ? devices : null,
    isActive,
    policy: chain.policy === "drop" ? "drop" : "accept",
    policyPackets: -1,
  };
}

/** What is gathered of a rule while its statements are read in order. */
interface Draft {
  readonly scope: NftScope;
  readonly counters: ReadonlyMap<string, number>;
  readonly conditions: Condition[];
  packets: number;
  /** What the rule does besides its verdict. */
  readonly effects: { readonly after: number; readonly effect: Effect }[];
  action: Action | null;
  /** The ways of a verdict map. */
  ways: { readonly condition: Condition; readonly action: Action }[] | null;
  isStrange: boolean;
  sourceSet: string;
  namesManySources: boolean;
}

function addRule(
  tables: Map<string, OpenTable>,
  object: JsonObject,
  setsConnectionMark: boolean,
): void {
  const open = tables.get(keyOf(object, object.table));
  const chain = open?.chains.get(asText(object.chain));
  if (open === undefined || chain === undefined) return;
  const statements = asList(object.expr ?? []);
  const draft: Draft = {
    scope: { sets: open.named, setsConnectionMark },
    counters: open.counters,
    conditions: [],
    packets: -1,
    effects: [],
    action: null,
    ways: null,
    isStrange: false,
    sourceSet: "",
    namesManySources: false,
  };
  for (const statement of statements) readStatement(statement, draft);
  const { table } = open;
  const comment = asText(object.comment);
  const rule = (more: readonly Condition[], action: Action) =>
    chain.rules.push({
      chain,
      text: `${table.family} ${table.name} ${chain.name}: ` +
        writeRule(statements) + (comment && ` comment "${comment}"`),
      spec: `handle ${writeValue(object.handle)}`,
      packets: draft.packets,
      conditions: [...draft.conditions, ...more],
      effects: draft.effects,
      action,
      sourceSet: draft.sourceSet,
      namesManySources: draft.namesManySources,
    });
  for (const { condition, action } of draft.ways ?? []) {
    rule([condition], action);
  }
  if (draft.action !== null) rule([], draft.action);
  else if (draft.isStrange) rule([MAYBE], UNKNOWN);
  if (draft.effects.length > 0) rule([], { kind: "continue" });
}

const UNKNOWN: Action = { kind: "unknown" };

function readStatement(statement: unknown, draft: Draft): void {
  const [key, value] = unwrap(statement);
  const part = asObject(value) ?? {};
  const condition = (condition: Condition) => {
    draft.conditions.push(condition);
    // A counter that stands before a condition counts others too.
    draft.packets = -1;
  };
  if (key === "match") {
    noteSource(part, draft);
    condition(readMatch(part, draft.scope));
  } else if (key === "counter") {
    draft.packets = typeof value === "string"
      ? draft.counters.get(value) ?? -1
      : typeof part.packets === "number"
      ? part.packets
      : -1;
  } else if (key === "vmap") {
    draft.ways = readWays(part, draft.scope);
  } else if (key === "set") {
    const isPlain = part.stmt === undefined;
    if (!isPlain) condition(MAYBE);
  } else if (key === "mangle") {
    readMangle(part, draft);
  } else if (key === "notrack") {
    addEffect(draft, { kind: "notrack" });
  } else if (PASSING.has(key.replace(" ", "_"))) {
    return;
  } else {
    readVerdict(key, value, draft, condition);
  }
}

function readVerdict(
  key: string,
  value: unknown,
  draft: Draft,
  condition: (condition: Condition) => void,
): void {
  const action = verdictOf(key, value);
  if (action !== null) {
    draft.action = action;
  } else if (TALKING.has(key) || key === "synproxy") {
    draft.action = UNKNOWN;
  } else {
    // Limits, quotas, numbers of connections, and whatever is not known here.
    condition(MAYBE);
    draft.isStrange ||= !["limit", "quota", "ct count", "meter"].includes(key);
  }
}

function verdictOf(key: string, value: unknown): Action | null {
  switch (key) {
    case "accept":
    case "snat":
    case "masquerade":
      return { kind: "accept" };
    case "drop":
    case "reject":
    case "return":
    case "continue":
      return { kind: key };
    case "jump":
    case "goto":
      return { kind: key, target: asText(asObject(value)?.target) };
    default:
      return null;
  }
}

function addEffect(draft: Draft, effect: Effect): void {
  draft.effects.push({ after: draft.conditions.length, effect });
}

function readMangle({ key, value }: JsonObject, draft: Draft): void {
  const field = asObject(asObject(key)?.meta)?.key;
  if (field === "mark") {
    const mark = typeof value === "number" ? value >>> 0 : null;
    addEffect(draft, { kind: "mark", value: mark });
  } else if (field === undefined && asObject(key)?.ct === undefined) {
    // Somebody rewrites the packet itself.
    draft.isStrange = true;
  }
}

function readWays(
  { key, data }: JsonObject,
  scope: NftScope,
): { readonly condition: Condition; readonly action: Action }[] {
  const name = asText(data);
  const pairs = name.startsWith("@")
    ? scope.sets.get(name.slice(1))?.elements
    : asObject(data)?.set;
  if (!Array.isArray(pairs)) return [{ condition: MAYBE, action: UNKNOWN }];
  return pairs.map((pair) => {
    const [item, verdict] = asList(pair);
    const [kind, value] = unwrap(verdict);
    return {
      condition: item === "*" ? MAYBE : readKey(key, item, scope),
      action: verdictOf(kind, value) ?? UNKNOWN,
    };
  });
}

/** Keeps which sources a rule names, for the command that takes one out. */
function noteSource({ left, right }: JsonObject, draft: Draft): void {
  const payload = asObject(asObject(left)?.payload);
  const isSource = payload?.field === "saddr";
  const isJoined = asObject(left)?.concat !== undefined &&
    JSON.stringify(left).includes('"saddr"');
  if (!isSource && !isJoined) return;
  const name = asText(right);
  if (isSource && name.startsWith("@")) draft.sourceSet = name.slice(1);
  const set = asObject(right)?.set;
  draft.namesManySources ||= isJoined || name.startsWith("@") ||
    (Array.isArray(set) && set.length > 1);
}
