/**
 * The plan of the network that live tests run in: names, addresses, and what `ip` and `nft` are
 * told to build it (RFC 5737 and RFC 3849 documentation addresses).
 *
 *     phone 192.168.77.20 -- router 192.168.77.1 | 198.51.100.7 -- 198.51.100.1 server
 *     phone 192.0.2.20, 2001:db8::20 -- 192.0.2.1, 192.0.2.2, 2001:db8::1 server
 *
 * @module
 */

/** Where a phone stands. */
export type Place = "lan" | "nat";

/** The addresses of the lab. */
export const ADDRESS = {
  server: "192.0.2.1",
  serverSecond: "192.0.2.2",
  server6: "2001:db8::1",
  lan: "192.0.2.20",
  lan6: "2001:db8::20",
  router: "198.51.100.7",
  nat: "192.168.77.20",
} as const;

/** The names of the four namespaces. */
export interface Network {
  readonly server: string;
  readonly lan: string;
  readonly router: string;
  readonly nat: string;
}

export interface NetworkOptions {
  /** How the router chooses the public port: kept where possible, or always a random one. */
  readonly natPorts?: "kept" | "random";
  /** How long the router keeps a UDP mapping without traffic. */
  readonly natUdpSeconds?: number;
  /** How many of a hundred datagrams to the server's port 5060 are lost. */
  readonly lossPercent?: number;
}

/** Lines for `ip -n NAMESPACE -batch`: addresses, devices up, the way out. */
export function addresses(
  { server, lan, router, nat }: Network,
): (readonly [namespace: string, lines: readonly string[]])[] {
  return [
    [server, [
      ...device("lan", [
        "192.0.2.1/24",
        "192.0.2.2/24",
        "2001:db8::1/64",
      ]),
      ...device("wan", ["198.51.100.1/24"]),
    ]],
    [lan, [
      ...device("eth0", ["192.0.2.20/24", "2001:db8::20/64"]),
      "route add default via 192.0.2.1",
    ]],
    [router, [
      ...device("wan", ["198.51.100.7/24"]),
      ...device("lan", ["192.168.77.1/24"]),
      "route add default via 198.51.100.1",
    ]],
    [nat, [
      ...device("eth0", ["192.168.77.20/24"]),
      "route add default via 192.168.77.1",
    ]],
  ];
}

function device(name: string, rows: readonly string[]): string[] {
  return [
    "link set lo up",
    ...rows.map((row) =>
      `addr add ${row} dev ${name}${row.includes(":") ? " nodad" : ""}`
    ),
    `link set ${name} up`,
  ];
}

/** Lines for `ip -batch`: the wires between the namespaces. */
export function wires({ server, lan, router, nat }: Network): string {
  return [
    `link add lan netns ${server} type veth peer name eth0 netns ${lan}`,
    `link add wan netns ${server} type veth peer name wan netns ${router}`,
    `link add lan netns ${router} type veth peer name eth0 netns ${nat}`,
  ].join("\n");
}

/** Rules for `nft`: a masquerade lets in only what comes from the address and port that was written to. */
export function masquerade(ports: "kept" | "random"): string {
  const how = ports === "random" ? "masquerade fully-random" : "masquerade";
  return `table ip nat {
  chain post {
    type nat hook postrouting priority 100;
    oifname "wan" ${how}
  }
}
`;
}

/** Loses datagrams on their way into the server. */
export function loss(percent: number): string {
  return `table inet loss {
  chain arriving {
    type filter hook input priority 0;
    udp dport 5060 numgen random mod 100 < ${percent} drop
  }
}
`;
}
