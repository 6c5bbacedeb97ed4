/**
 * Ways through chains: which ends are possible, and what is certain.
 * @module
 */

import assert from "node:assert/strict";
import { readIptables } from "./firewall_iptables.ts";
import type { Packet } from "./firewall_packet.ts";
import { followPacket, sortBases } from "./firewall_walk.ts";

const PACKET: Packet = {
  direction: "in",
  family: 4,
  transport: "udp",
  sourcePort: 0,
  destinationPort: 5060,
  peer: 1n,
  isStranger: false,
  own: [],
  interface: "eth0",
  isRouteKnown: true,
};
/** A condition of unknown truth. */
const MAYBE = "-m limit --limit 3/min";

function follow(text: string, steps: number = 1000) {
  const tables = readIptables({ program: "iptables", family: "ip", text });
  const bases = sortBases(tables, "in");
  return followPacket(PACKET, ["new"], bases, { steps });
}

function filter(lines: readonly string[], policy: string = "ACCEPT"): string {
  const rules = lines.map((line) => `-A ${line}\n`).join("");
  return `*filter\n:INPUT ${policy} [0:0]\n:a - [0:0]\n:b - [0:0]\n${rules}COMMIT\n`;
}

Deno.test("followPacket() is certain only where all ends are of one kind", () => {
  const table: readonly (readonly [string, readonly string[]])[] = [
    ["accept", []],
    ["drop", ["INPUT -j DROP"]],
    ["unknown", [`INPUT ${MAYBE} -j DROP`]],
    ["drop", [`INPUT ${MAYBE} -j REJECT`, "INPUT -j DROP"]],
    ["unknown", [`INPUT ${MAYBE} -j ACCEPT`, "INPUT -j DROP"]],
    ["accept", [`INPUT ${MAYBE} -j ACCEPT`, "INPUT -j ACCEPT"]],
    ["drop", ["INPUT -j a", "a -j RETURN", "a -j ACCEPT", "INPUT -j DROP"]],
    ["drop", [`INPUT ${MAYBE} -j a`, "a -j DROP", "INPUT -j DROP"]],
    ["unknown", [`INPUT ${MAYBE} -j a`, "a -j ACCEPT", "INPUT -j DROP"]],
    ["accept", ["INPUT -g a", "a -j b", "b -j RETURN", "INPUT -j DROP"]],
    ["unknown", [`INPUT -j a`, `a ${MAYBE} -g b`, "a -j DROP"]],
    ["unknown", ["INPUT -j NFQUEUE", "INPUT -j DROP"]],
  ];
  for (const [verdict, lines] of table) {
    assert.equal(follow(filter(lines)).verdict, verdict, lines.join("; "));
  }
});

Deno.test("followPacket() knows a mark only where every packet has got it", () => {
  const mark = (condition: string) =>
    `*mangle\n:PREROUTING ACCEPT [0:0]\n-A PREROUTING ${condition} -j MARK --set-xmark 0x1/0xffffffff\nCOMMIT\n`;
  const drop = filter(["INPUT -m mark --mark 0x1 -j DROP"]);
  assert.equal(follow(mark("-p udp") + drop).verdict, "drop");
  assert.equal(follow(mark("-p tcp") + drop).verdict, "accept");
  assert.equal(follow(mark(MAYBE) + drop).verdict, "unknown");
  const early = mark("-p udp").replace(
    "-A",
    `-A PREROUTING ${MAYBE} -j ACCEPT\n-A`,
  );
  assert.equal(follow(early + drop).verdict, "unknown");
});

Deno.test("followPacket() finds no flow before the connection tracking", () => {
  const raw = (line: string) =>
    `*raw\n:PREROUTING ACCEPT [0:0]\n-A PREROUTING ${line}\nCOMMIT\n`;
  const state = (name: string) => `-m conntrack --ctstate ${name} -j DROP`;
  assert.equal(follow(raw(state("NEW"))).verdict, "accept");
  assert.equal(follow(raw(state("INVALID"))).verdict, "drop");
  const late = (name: string) => filter([`INPUT ${state(name)}`]);
  assert.equal(follow(late("NEW")).verdict, "drop");
  const untracked = raw("-p udp -j CT --notrack");
  assert.equal(follow(untracked + late("NEW")).verdict, "accept");
  assert.equal(follow(untracked + late("UNTRACKED")).verdict, "drop");
});

Deno.test("followPacket() gives up where chains lead to each other without end", () => {
  const lines = ["INPUT -j a"];
  for (let i = 0; i < 50; i++) {
    lines.push(`a ${MAYBE} -j b`, `b ${MAYBE} -j a`);
  }
  assert.equal(follow(filter([...lines, "INPUT -j DROP"])).verdict, "unknown");
});
