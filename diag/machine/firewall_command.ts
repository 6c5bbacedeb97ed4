/**
 * Which tool an administrator uses for the firewall of this machine, and the command in it that
 * lets a packet through where it is stopped: it opens a port, or, where a rule stops one source
 * only, takes that source out.
 * @module
 */

import type { FirewallQuestion } from "./firewall.ts";
import { parseIp } from "./firewall_address.ts";
import {
  type Condition,
  type FilterChain,
  type FilterRule,
  type FilterTable,
  isAboutSource,
  type PortRange,
  tableCommand,
} from "./firewall_rule.ts";
import type { WayEnd } from "./firewall_walk.ts";

export type FirewallTool = "ufw" | "firewalld" | "iptables" | "nft";

const UFW_USER = /^ufw6?-user-(?:input|output)$/;
/** Chains of ufw that come after the rules of its user. */
const UFW_LATE = /^ufw6?-(?:user|after|reject|skip|track|logging)/;
const FIREWALLD_ZONE =
  /^(?:filter_)?IN_([\w-]+?)(?:_(?:pre|log|deny|allow|post))?$/;

/** The tool that rules over these tables: ufw or firewalld, else the one with most rules. */
export function chooseTool(tables: readonly FilterTable[]): FirewallTool {
  const counts = { ufw: 0, firewalld: 0, iptables: 0, nft: 0 };
  for (const table of tables) counts[toolOf(table)] += countRules(table);
  if (counts.ufw > 0) return "ufw";
  if (counts.firewalld > 0) return "firewalld";
  return counts.iptables > counts.nft ? "iptables" : "nft";
}

/** The tool that changes what stops the packet there. */
export function toolAt({ base, rule }: WayEnd): FirewallTool {
  const tool = toolOf(base.table);
  const isTooEarly = tool === "ufw" && rule !== null &&
    !UFW_LATE.test(rule.chain.name);
  return isTooEarly ? "iptables" : tool;
}

function toolOf(table: FilterTable): FirewallTool {
  const names = [...table.chains.keys()];
  if (names.some((name) => UFW_USER.test(name))) return "ufw";
  if (table.program === "nft") {
    return table.name === "firewalld" ? "firewalld" : "nft";
  }
  return names.includes("INPUT_ZONES") ? "firewalld" : "iptables";
}

function countRules({ chains }: FilterTable): number {
  return [...chains.values()].reduce(
    (sum, { base, rules }) =>
      sum + rules.length + (base?.policy === "drop" ? 1 : 0),
    0,
  );
}

/** The command that lets the packets of the question pass where they end. */
export function writeCommand(end: WayEnd, question: FirewallQuestion): string {
  const isNamed = question.direction === "in" &&
    parseIp(question.source) !== null;
  const culprit = isNamed ? findSourceRule(end) : null;
  return culprit === null
    ? openPort(end, question)
    : releaseSource(culprit, end, question);
}

/** The rule that stops this source, and not others. */
function findSourceRule({ path }: WayEnd): FilterRule | null {
  const at = path.findLastIndex(({ conditions }) =>
    conditions.some(isAboutSource)
  );
  const rule = path[at];
  if (rule === undefined) return null;
  if (at === path.length - 1) return rule;
  // A way for some sources on which ports are opened is no ban.
  return mayAccept(path[at + 1]!.chain, new Set()) ? null : rule;
}

/** Whether some packet is accepted in the chain, or in one that it leads to. */
function mayAccept(chain: FilterChain, seen: Set<FilterChain>): boolean {
  if (seen.has(chain)) return false;
  seen.add(chain);
  return chain.rules.some(({ action }) => {
    if (action.kind !== "jump" && action.kind !== "goto") {
      return action.kind === "accept";
    }
    const target = chain.table.chains.get(action.target);
    return target !== undefined && mayAccept(target, seen);
  });
}

function openPort(end: WayEnd, question: FirewallQuestion): string {
  const { base, path } = end;
  const { transport } = question;
  const isOut = question.direction === "out";
  const [side, first, last] = isOut && question.otherPort > 0
    ? ["s", question.otherPort, question.otherPort]
    : ["d", question.first, question.last];
  const ports = (separator: string) =>
    first === last ? `${first}` : `${first}${separator}${last}`;
  const tool = toolAt(end);
  if (tool === "ufw") {
    const range = [first, last] as const;
    return openUfw(path, isOut ? side : "", transport, ports(":"), range);
  }
  if (tool === "firewalld" && !isOut) {
    return `firewall-cmd --permanent ${zoneOption(end)}--add-port=${
      ports("-")
    }/${transport} && firewall-cmd --reload`;
  }
  return base.table.program === "nft"
    ? `nft insert rule ${placeOf(base)} ${transport} ${side}port ${
      ports("-")
    } accept`
    : `${
      tableCommand(base.table)
    } -I ${base.name} -p ${transport} --${side}port ${ports(":")} -j ACCEPT`;
}

function openUfw(
  path: readonly FilterRule[],
  side: string,
  transport: string,
  ports: string,
  range: PortRange,
): string {
  if (side !== "") {
    const port = `port ${ports}`;
    return side === "s"
      ? `ufw allow out proto ${transport} from any ${port} to any`
      : `ufw allow out proto ${transport} to any ${port}`;
  }
  // ufw turns a rule for the same ports around; one for others must be preceded.
  const rule = path.find(({ chain }) => UFW_USER.test(chain.name));
  const isOther = rule !== undefined && !rule.conditions.flatMap(listPorts)
    .some(([low, high]) => low === range[0] && high === range[1]);
  return `ufw ${isOther ? "insert 1 " : ""}allow ${ports}/${transport}`;
}

/** All ranges of destination ports that a condition names. */
export function listPorts(condition: Condition): readonly PortRange[] {
  switch (condition.kind) {
    case "port":
      return condition.end === "destination" ? condition.ranges : [];
    case "not":
      return listPorts(condition.condition);
    case "all":
    case "any":
      return condition.conditions.flatMap(listPorts);
    default:
      return [];
  }
}

/** `--zone=work `; "" where it is the default zone, or none is seen. */
function zoneOption({ path, base }: WayEnd): string {
  const names = path.map(({ chain }) => FIREWALLD_ZONE.exec(chain.name)?.[1]);
  const zone = names.find((name) => name !== undefined);
  const zones = base.table.chains.get("filter_INPUT_ZONES") ??
    base.table.chains.get("INPUT_ZONES");
  const last = zones?.rules.at(-1)?.action;
  const usual = last?.kind === "goto"
    ? FIREWALLD_ZONE.exec(last.target)?.[1]
    : undefined;
  return zone === undefined || zone === usual ? "" : `--zone=${zone} `;
}

/** `inet filter input`. */
function placeOf({ table, name }: FilterChain): string {
  return `${table.family} ${table.name} ${name}`;
}

function releaseSource(
  rule: FilterRule,
  end: WayEnd,
  question: FirewallQuestion,
): string {
  const { chain, text } = rule;
  const { table } = chain;
  const { source } = question;
  const jail = findJail(rule);
  if (jail !== "") return `fail2ban-client set ${jail} unbanip ${source}`;
  const tool = toolOf(table);
  if (/crowdsec/.test(`${table.name} ${text}`)) {
    return `cscli decisions delete --ip ${source}`;
  }
  if (tool === "ufw" && UFW_USER.test(chain.name)) return releaseUfw(rule);
  if (tool === "firewalld") return releaseFirewalld(rule, end);
  if (table.program !== "nft") {
    const list = /--match-set (\S+) src/.exec(rule.spec)?.[1];
    return list === undefined
      ? `${tableCommand(table)} -D ${chain.name} ${rule.spec}`
      : `ipset del ${list} ${source}`;
  }
  const address = parseIp(source)!;
  const element = table.sets.get(rule.sourceSet)?.find(({ addresses }) =>
    addresses.family === address.family && addresses.has(address.value)
  );
  if (element !== undefined) {
    return `nft delete element ${table.family} ${table.name} ${rule.sourceSet} '{ ${element.text} }'`;
  }
  if (!rule.namesManySources) {
    return `nft delete rule ${placeOf(chain)} ${rule.spec}`;
  }
  const field = address.family === 4 ? "ip" : "ip6";
  return openPort({ ...end, rule: null }, question)
    .replace(` ${question.transport} `, ` ${field} saddr ${source}$&`);
}

/** The jail of fail2ban that a rule, a chain or a set belongs to. */
function findJail({ chain, sourceSet, spec }: FilterRule): string {
  const names = [
    /^addr6?-set-(.+)$/.exec(sourceSet)?.[1],
    /--match-set f2b-(\S+?)6? /.exec(spec)?.[1],
    chain.table.program === "nft"
      ? undefined
      : /^(?:f2b|fail2ban)-(.+)$/.exec(chain.name)?.[1],
  ];
  return names.find((name) => name !== undefined) ?? "";
}

/** `-s 203.0.113.9/32 -p udp -m udp --dport 5060 -j DROP` was a rule of ufw. */
function releaseUfw({ spec, action }: FilterRule): string {
  const find = (pattern: RegExp) => pattern.exec(spec)?.[1];
  const address = find(/(?:^| )-s (\S+)/)?.replace(/\/(?:32|128)$/, "");
  const port = find(/--dports? (\S+)/);
  const protocol = find(/-p (\S+)/);
  return [
    `ufw delete ${action.kind === "reject" ? "reject" : "deny"}`,
    `from ${address ?? "any"}`,
    port === undefined ? "" : `to any port ${port}`,
    protocol === undefined ? "" : `proto ${protocol}`,
  ].filter((part) => part !== "").join(" ");
}

/** A source in a zone that stops everything, or a rich rule. */
function releaseFirewalld({ text, action }: FilterRule, end: WayEnd): string {
  const source = /(?:saddr|-s) (\S+)/.exec(text)?.[1] ?? "";
  const reload = "&& firewall-cmd --reload";
  if (action.kind === "goto" || action.kind === "jump") {
    const zone = FIREWALLD_ZONE.exec(action.target)?.[1] ?? action.target;
    return `firewall-cmd --permanent --zone=${zone} --remove-source=${source} ${reload}`;
  }
  const family = source.includes(":") ? "ipv6" : "ipv4";
  return `firewall-cmd --permanent ${
    zoneOption(end)
  }--remove-rich-rule='rule family="${family}" source address="${source}" ${action.kind}' ${reload}`;
}
