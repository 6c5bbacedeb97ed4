/**
 * Rule sets for the live test of packet filters: what installs them, and what must become of a
 * datagram from the phone in the same network.
 * @module
 */

import { ADDRESS } from "./lab_network.ts";

type Loader = "nft" | "iptables" | "ip6tables" | "iptables-legacy";

export interface RuleCase {
  readonly name: string;
  readonly loader: Loader;
  readonly rules: string;
  readonly outcome: "accept" | "drop" | "reject";
  /** Part of the deciding rule. */
  readonly rule?: RegExp;
  /** Whether the deciding rule counts what it stops. */
  readonly counts?: boolean;
  readonly command?: RegExp;
  /** The command is not for this machine. */
  readonly isForeign?: boolean;
  readonly port?: number;
  readonly ipv6?: boolean;
}

/** A chain of nft at the input hook. */
export function input(lines: string, policy = "accept", before = ""): string {
  return `table inet filter {
${before}
chain input {
type filter hook input priority 0; policy ${policy};
${lines}
}
}
`;
}

/** The filter table of iptables. */
export function filter(lines: string, policy = "ACCEPT", before = ""): string {
  return `*filter
:INPUT ${policy} [0:0]
:FORWARD ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
${before}${lines}
COMMIT
`;
}

export const CASES: readonly RuleCase[] = [
  { name: "no rules", loader: "nft", rules: "", outcome: "accept" },
  {
    name: "nft drops the port and counts",
    loader: "nft",
    rules: input("udp dport 5060 counter drop"),
    outcome: "drop",
    rule: /^inet filter input: udp dport 5060 drop$/,
    counts: true,
    command: /^nft insert rule inet filter input udp dport 5060 accept$/,
  },
  {
    name: "nft policy drop with an answer for established flows",
    loader: "nft",
    rules: input(
      "iif lo accept\nct state established,related accept\ntcp dport 22 accept",
      "drop",
    ),
    outcome: "drop",
    rule: /^inet filter input: policy drop$/,
    command: /^nft insert rule inet filter input udp dport 5060 accept$/,
  },
  {
    name: "an early chain accepts, a later one drops",
    loader: "nft",
    rules: `table inet early {
chain pre { type filter hook prerouting priority -150; udp dport 5060 accept
}
chain in { type filter hook input priority -10; udp dport 5060 accept
}
}
table ip late {
chain in { type filter hook input priority 10; ip protocol udp counter drop
}
}
`,
    outcome: "drop",
    rule: /^ip late in: ip protocol udp drop$/,
    counts: true,
    command: /^nft insert rule ip late in udp dport 5060 accept$/,
  },
  {
    name: "a prerouting chain drops what input accepts",
    loader: "nft",
    rules: `table ip raw2 {
chain pre { type filter hook prerouting priority -300; ip saddr != 10.0.0.0/8 udp dport 5000-5999 drop
}
}
` + input("udp dport 5060 accept", "drop"),
    outcome: "drop",
    rule: /^ip raw2 pre: ip saddr != 10\.0\.0\.0\/8 udp dport 5000-5999 drop$/,
    command: /^nft insert rule ip raw2 pre udp dport 5060 accept$/,
  },
  {
    name: "jump, return and goto",
    loader: "nft",
    rules: input(
      "jump guard\nudp dport 5060 goto office\naccept",
      "drop",
      `chain guard {
udp dport 5060 return
drop
}
chain office {
ip saddr 10.0.0.0/8 accept
tcp dport 5060 accept
}`,
    ),
    outcome: "drop",
    rule: /policy drop$/,
    command: /^nft insert rule inet filter input udp dport 5060 accept$/,
  },
  {
    name: "verdict maps and named sets let through",
    loader: "nft",
    rules: input(
      "ct state vmap { established : accept, related : accept, invalid : drop }\n" +
        "meta l4proto . th dport vmap @services",
      "drop",
      `map services {
type inet_proto . inet_service : verdict
flags interval
elements = { tcp . 22 : accept, udp . 5060-5061 : jump open }
}
chain open {
ip saddr @friends accept
}
set friends {
type ipv4_addr
flags interval
elements = { 192.0.2.0/27, 10.0.0.1-10.0.0.9 }
}`,
    ),
    outcome: "accept",
    rule: /^inet filter open: ip saddr @friends accept$/,
  },
  {
    name: "a set of banned sources",
    loader: "nft",
    rules: input(
      "ip saddr @black counter drop\nudp dport 5060 accept",
      "accept",
      `set black {
type ipv4_addr
flags interval
elements = { 198.51.100.0/24, 192.0.2.16/28 }
}`,
    ),
    outcome: "drop",
    rule: /ip saddr @black drop$/,
    counts: true,
    command: /^nft delete element inet filter black '\{ 192\.0\.2\.16\/28 \}'$/,
  },
  {
    name: "one banned source",
    loader: "nft",
    rules: input(
      `ip saddr ${ADDRESS.lan} reject with icmp type admin-prohibited`,
    ),
    outcome: "reject",
    rule: /ip saddr 192\.0\.2\.20 reject with icmp admin-prohibited$/,
    command: /^nft delete rule inet filter input handle \d+$/,
  },
  {
    name: "several sources in one rule",
    loader: "nft",
    rules: input(`ip saddr { 192.0.2.20, 192.0.2.21 } drop`),
    outcome: "drop",
    command:
      /^nft insert rule inet filter input ip saddr 192\.0\.2\.20 udp dport 5060 accept$/,
  },
  {
    name: "another source is banned",
    loader: "nft",
    rules: input(
      "ip saddr { 192.0.2.21, 198.51.100.0/24 } drop\n" +
        "ip saddr . udp dport { 192.0.2.20 . 5061, 192.0.2.30-192.0.2.40 . 5060 } drop",
    ),
    outcome: "accept",
  },
  {
    name: "without connection tracking a flow is not new",
    loader: "nft",
    rules: `table inet raw {
chain pre { type filter hook prerouting priority raw; udp dport 5060 notrack
}
}
` + input("ct state new accept\ntcp dport 22 accept", "drop"),
    outcome: "drop",
    rule: /policy drop$/,
    command: /insert/,
  },
  {
    name: "a mark made early decides later",
    loader: "nft",
    rules: `table inet early {
chain pre { type filter hook prerouting priority mangle; udp dport 5060 meta mark set 0x12
}
}
` + input("meta mark & 0xf0 == 0x10 counter drop"),
    outcome: "drop",
    counts: true,
    command: /insert/,
  },
  {
    name: "interfaces, own addresses and packet types",
    loader: "nft",
    rules: input(
      'iifname "wan" drop\nfib daddr type != local drop\n' +
        "meta pkttype { broadcast, multicast } drop\n" +
        'iifname "la*" ip daddr 192.0.2.0/24 udp dport != 1-5059 accept',
      "drop",
    ),
    outcome: "accept",
    rule: /iifname "la\*"/,
  },
  {
    name: "a dormant table",
    loader: "nft",
    rules: `table ip asleep {
flags dormant
chain in { type filter hook input priority 0; policy accept; tcp dport 5060 drop
}
}
`,
    outcome: "accept",
  },
  {
    name: "IPv6 apart from IPv4",
    loader: "nft",
    rules: input(
      "meta nfproto ipv4 accept\nip6 nexthdr udp ip6 saddr 2001:db8::/64 udp dport 5060 counter drop",
    ),
    ipv6: true,
    outcome: "drop",
    counts: true,
    command: /^nft delete rule/,
  },
  {
    name: "fail2ban in nft",
    loader: "nft",
    rules: `table inet f2b-table {
set addr-set-asterisk {
type ipv4_addr
elements = { 192.0.2.20 }
}
chain f2b-chain {
type filter hook input priority filter - 1; policy accept;
udp dport { 5060, 5061 } ip saddr @addr-set-asterisk reject
}
}
`,
    outcome: "reject",
    command: /^fail2ban-client set asterisk unbanip 192\.0\.2\.20$/,
    isForeign: true,
  },
  {
    name: "iptables policy drop counts",
    loader: "iptables",
    rules: filter(
      "-A INPUT -i lo -j ACCEPT\n" +
        "-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT\n" +
        "-A INPUT -p udp -m multiport --dports 53,10000:19999 -j ACCEPT",
      "DROP",
    ),
    outcome: "drop",
    rule: /^iptables -P INPUT DROP$/,
    counts: true,
    command: /^iptables -I INPUT -p udp --dport 5060 -j ACCEPT$/,
  },
  {
    name: "iptables with a port in a list",
    loader: "iptables",
    rules: filter(
      '-A INPUT -p udp -m multiport --dports 53,5060:5061 -m comment --comment "sip -j DROP" -j ACCEPT',
      "DROP",
    ),
    outcome: "accept",
    rule: /--dports 53,5060:5061/,
  },
  {
    name: "fail2ban in iptables",
    loader: "iptables",
    rules: filter(
      "-A INPUT -p udp -m multiport --dports 5060,5061 -j f2b-sip\n" +
        "-A f2b-sip -s 192.0.2.20/32 -j REJECT --reject-with icmp-port-unreachable\n" +
        "-A f2b-sip -j RETURN",
      "ACCEPT",
      ":f2b-sip - [0:0]\n",
    ),
    outcome: "reject",
    rule: /-A f2b-sip -s 192\.0\.2\.20\/32 -j REJECT/,
    counts: true,
    command: /^fail2ban-client set sip unbanip 192\.0\.2\.20$/,
    isForeign: true,
  },
  {
    name: "iptables bans a network with exceptions",
    loader: "iptables",
    rules: filter(
      "-A INPUT ! -s 192.0.2.0/28 -p udp -m udp --dport 5060 -j sip\n" +
        "-A sip -s 192.0.2.0/255.255.255.0 -m state --state NEW -j DROP",
      "ACCEPT",
      ":sip - [0:0]\n",
    ),
    outcome: "drop",
    counts: true,
    command:
      /^iptables -D sip -s 192\.0\.2\.0\/24 -m state --state NEW -j DROP$/,
  },
  {
    name: "the raw table of iptables",
    loader: "iptables",
    rules: `*raw
:PREROUTING ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
-A PREROUTING -i wan -j ACCEPT
-A PREROUTING -p udp -m udp --dport 5000:5100 -j DROP
COMMIT
` + filter("-A INPUT -p udp -m udp --dport 5060 -j ACCEPT", "DROP"),
    outcome: "drop",
    rule:
      /^iptables -t raw -A PREROUTING -p udp -m udp --dport 5000:5100 -j DROP$/,
    counts: true,
    command: /^iptables -t raw -I PREROUTING -p udp --dport 5060 -j ACCEPT$/,
  },
  {
    name: "iptables and nft side by side",
    loader: "iptables",
    rules: filter(
      "-A INPUT -m addrtype ! --dst-type LOCAL -j DROP\n" +
        "-A INPUT -p udp -m mark ! --mark 0x1 -m udp --dport 5060 -g sip\n-A INPUT -j DROP\n" +
        "-A sip -m iprange --src-range 192.0.2.15-192.0.2.25 -j ACCEPT",
      "DROP",
      ":sip - [0:0]\n",
    ),
    outcome: "accept",
    rule: /-A sip -m iprange --src-range 192\.0\.2\.15-192\.0\.2\.25 -j ACCEPT/,
  },
  {
    name: "the legacy tables",
    loader: "iptables-legacy",
    rules: filter(
      "-A INPUT -m state --state RELATED,ESTABLISHED -j ACCEPT\n" +
        "-A INPUT -p udp -m udp --dport 5060 -j REJECT --reject-with icmp-port-unreachable",
    ),
    outcome: "reject",
    counts: true,
    command: /^iptables-legacy -I INPUT -p udp --dport 5060 -j ACCEPT$/,
  },
  {
    name: "ip6tables",
    loader: "ip6tables",
    rules: filter("-A INPUT -p ipv6-icmp -j ACCEPT", "DROP"),
    ipv6: true,
    outcome: "drop",
    counts: true,
    command: /^ip6tables -I INPUT -p udp --dport 5060 -j ACCEPT$/,
  },
  {
    name: "a port of the media range",
    loader: "nft",
    rules: input("udp dport { 5060, 10000-14999 } accept", "drop"),
    port: 15000,
    outcome: "drop",
    command: /^nft insert rule inet filter input udp dport 15000 accept$/,
  },
];
