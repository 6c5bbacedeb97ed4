/**
 * The judgement of packet filter rules against the kernel: rules are really installed, a datagram
 * is really sent, and what happened to it must be what was said. Where a command is given that
 * opens the way, it is typed in, and the next datagram must arrive.
 * @module
 */

import assert from "node:assert/strict";
import {
  type FirewallQuestion,
  type FirewallRules,
  judgeFirewall,
} from "../../diag/machine/firewall.ts";
import { CASES, filter, input, type RuleCase } from "./firewall_case.ts";
import type { Lab } from "./lab.ts";
import { liveTest } from "./lab_case.ts";
import { inNamespace, openUdpSocket } from "./lab_namespace.ts";
import { ADDRESS, type Network } from "./lab_network.ts";
import type { Running } from "./lab_process.ts";

/** Runs inside the server's namespace and reads the rules whenever a line comes. */
const READER = `
import { readFirewall } from ${
  JSON.stringify(new URL("../../diag/io/firewall.ts", import.meta.url).href)
};
for await (const _ of Deno.stdin.readable) {
  console.log(JSON.stringify(await readFirewall()));
}`;

interface Stage {
  readonly lab: Lab;
  readonly network: Network;
  readonly reader: Running;
}

/** The probe goes before the rules are taken away, and a second datagram after. */
const [PROBE, MARKER] = [1, 2];

liveTest(
  "judgeFirewall() says what really happens to a datagram",
  [
    "namespaces",
    "iptables",
    "iptables-legacy",
    "ip6tables",
  ],
  async (lab) => {
    const network = await lab.network();
    const stage = { lab, network, reader: startReader(lab, network) };
    for (const test of CASES) {
      const { outcome, command } = await judge(stage, test);
      if (outcome === "accept") {
        assert.equal(command, "", test.name);
      } else if (test.isForeign !== true) {
        await install(stage, test);
        await lab.run(network.server, ["sh", "-c", command]);
        assert.ok(await passes(stage, test), `${test.name}: ${command}`);
      }
    }
  },
);

/** Installs the rules, sends, and compares what was said with what happened. */
async function judge(stage: Stage, test: RuleCase) {
  const { name } = test;
  await install(stage, test);
  const before = await read(stage);
  const question = questionOf(test);
  let after: FirewallRules | undefined;
  const hasPassed = await passes(stage, test, async () => {
    after = await read(stage);
  });
  const view = judgeFirewall(after!, [question], before);
  const flow = view.flows[0]!;
  assert.equal(view.unreadable, "", name);
  assert.equal(hasPassed, test.outcome === "accept", `${name}: the kernel`);
  assert.equal(flow.outcome, test.outcome, `${name}: ${flow.rule}`);
  if (test.rule) assert.match(flow.rule, test.rule, name);
  if (test.command) {
    assert.match(flow.command, test.command, `${name}: ${flow.command}`);
  }
  if (test.counts) assert.equal(flow.recentPackets, 1, `${name}: packets`);
  return flow;
}

function questionOf({ port = 5060, ipv6 = false }: RuleCase): FirewallQuestion {
  return {
    direction: "in",
    transport: "udp",
    first: port,
    last: port,
    source: ipv6 ? ADDRESS.lan6 : ADDRESS.lan,
    localAddress: ipv6 ? ADDRESS.server6 : ADDRESS.server,
    interface: "",
    otherPort: 0,
  };
}

function startReader(lab: Lab, { server }: Network): Running {
  return lab.spawn(server, { command: [Deno.execPath(), "eval", READER] });
}

async function read({ reader }: Stage): Promise<FirewallRules> {
  const mark = reader.mark();
  await reader.write("\n");
  const [line] = await reader.waitFor(/^\{.*\}\n/, 20_000, mark);
  return JSON.parse(line);
}

async function install(
  { lab, network: { server } }: Stage,
  { loader, rules }: RuleCase,
): Promise<void> {
  await clear(lab, server);
  if (rules === "") return;
  const command = loader === "nft" ? ["nft", "-f", "-"] : [`${loader}-restore`];
  await lab.run(server, command, rules);
}

async function clear(lab: Lab, server: string): Promise<void> {
  await lab.run(server, ["nft", "flush", "ruleset"]);
  await lab.run(server, ["iptables-legacy-restore"], filter(""));
}

/** Whether a datagram gets through the rules; they are gone afterwards. */
async function passes(
  { lab, network }: Stage,
  { port = 5060, ipv6 = false }: RuleCase,
  meanwhile: () => Promise<void> = () => Promise.resolve(),
): Promise<boolean> {
  const [ours, theirs] = ipv6
    ? [ADDRESS.server6, ADDRESS.lan6]
    : [ADDRESS.server, ADDRESS.lan];
  const socket = openUdpSocket(network.server, ours, port);
  const phone = openUdpSocket(network.lan, theirs);
  const to = { transport: "udp", hostname: ours, port } as const;
  await phone.send(Uint8Array.of(PROBE), to);
  await meanwhile();
  await clear(lab, network.server);
  await phone.send(Uint8Array.of(MARKER), to).catch(() => {});
  await phone.send(Uint8Array.of(MARKER), to);
  const [bytes] = await socket.receive();
  socket.close();
  phone.close();
  return bytes[0] === PROBE;
}

liveTest(
  "judgeFirewall() says whether TCP and answers get through",
  ["namespaces", "nc"],
  async (lab) => {
    const network = await lab.network();
    const stage = { lab, network, reader: startReader(lab, network) };
    const server = inNamespace(
      network.server,
      () => Deno.listen({ hostname: ADDRESS.server, port: 5060 }),
    );
    lab.onClose(() => server.close());
    const question: FirewallQuestion = {
      direction: "in",
      transport: "tcp",
      first: 5060,
      last: 5060,
      source: ADDRESS.lan,
      localAddress: "",
      interface: "",
      otherPort: 0,
    };
    const answer: FirewallQuestion = {
      ...question,
      direction: "out",
      first: 1024,
      last: 65535,
      otherPort: 5060,
    };
    const output = (lines: string) =>
      `table inet filter { chain out { type filter hook output priority 0; policy drop; ${lines}; } ; }`;
    const rules: readonly (readonly [string, string, string])[] = [
      [input("tcp dport 5060 reject with tcp reset"), "reject", "accept"],
      [
        input("tcp flags & (fin|syn|rst|ack) == syn drop"),
        "drop",
        "accept",
      ],
      [
        input("tcp flags & (syn|ack) == ack drop", "accept"),
        "accept",
        "accept",
      ],
      [output("tcp sport 22 accept"), "accept", "drop"],
      [output("ct state established accept"), "accept", "accept"],
      [output("tcp flags syn / fin,syn,rst,ack accept"), "accept", "drop"],
    ];
    for (const [text, inwards, outwards] of rules) {
      await lab.run(network.server, ["nft", "-f", "-"], text);
      const { flows } = judgeFirewall(await read(stage), [question, answer]);
      const outcomes = flows.map(({ outcome }) => outcome);
      assert.deepEqual(outcomes, [inwards, outwards], text);
      const { code } = await lab.attempt(network.lan, {
        command: ["nc", "-z", "-w", "1", ADDRESS.server, "5060"],
      });
      // The third rule lets the connection begin and stops what follows.
      const isOpen = outcomes.every((outcome) => outcome === "accept");
      assert.equal(code === 0, isOpen, text);
      if (outwards === "drop") {
        assert.equal(
          flows[1]!.command,
          "nft insert rule inet filter out tcp sport 5060 accept",
        );
        await lab.run(network.server, ["sh", "-c", flows[1]!.command]);
        await lab.run(network.lan, [
          "nc",
          "-z",
          "-w",
          "1",
          ADDRESS.server,
          "5060",
        ]);
      }
      await lab.run(network.server, ["nft", "flush", "ruleset"]);
    }
  },
);

liveTest(
  "writeCommand() opens and forgives in the words of ufw",
  ["namespaces", "iptables", "ufw", "mount", "cp"],
  async (lab) => {
    const network = await lab.network();
    const stage = { lab, network, reader: startReader(lab, network) };
    const folder = `${lab.directory}/ufw`;
    await lab.run(null, ["cp", "-a", "/etc/ufw", folder]);
    // The namespace has mounts of its own, so the settings of the machine stay as they are.
    const type = (command: string) =>
      lab.run(network.server, [
        "sh",
        "-c",
        `mount --bind ${folder} /etc/ufw && ${command}`,
      ]);
    await type("ufw --force enable");
    await type("ufw reject 5061/udp");
    await type("ufw deny 5070:5080/udp");
    await type(`ufw deny from ${ADDRESS.lan} to any port 5090 proto udp`);
    await type("ufw allow 5090/udp");
    for (
      const [port, outcome, command] of [
        [5060, "drop", "ufw allow 5060/udp"],
        [5061, "reject", "ufw allow 5061/udp"],
        [5075, "drop", "ufw insert 1 allow 5075/udp"],
        [
          5090,
          "drop",
          `ufw delete deny from ${ADDRESS.lan} to any port 5090 proto udp`,
        ],
      ] as const
    ) {
      const ask = async () =>
        judgeFirewall(await read(stage), [
          questionOf({
            name: "",
            loader: "iptables",
            rules: "",
            outcome,
            port,
          }),
        ]);
      const { tool, flows: [closed] } = await ask();
      assert.deepEqual([tool, closed?.outcome, closed?.command], [
        "ufw",
        outcome,
        command,
      ]);
      await type(command);
      assert.equal((await ask()).flows[0]?.outcome, "accept", command);
    }
  },
);
