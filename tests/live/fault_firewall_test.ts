/**
 * The fault matrix: a firewall of the server stops SIP, whichever program wrote its
 * rules, and the command of the verdict opens it. A rule about somebody else is no fault.
 * @module
 */

import assert from "node:assert/strict";
import type { Capture, Lab } from "./lab.ts";
import { liveTest, type Need } from "./lab_case.ts";
import { assertHealthy, assertVerdict, explain } from "./lab_doctor.ts";
import {
  assertFault,
  assertMended,
  diagnose,
  type Fault,
  placePhone,
  wishOf,
} from "./lab_fault.ts";
import { ACCOUNT, type Office, openOffice } from "./lab_office.ts";
import { until } from "./lab_process.ts";
import type { Account } from "./lab_softphone.ts";

const NEEDS: readonly Need[] = ["namespaces", "baresip"];

/** A set of rules that stops a phone. */
interface FirewallFault {
  readonly name: string;
  readonly needs?: readonly Need[];
  /** What is run in the server's namespace, with its input. */
  readonly command: readonly string[];
  readonly input?: string;
  readonly account?: Partial<Account>;
  readonly fault: Partial<Fault>;
}

/** A chain of nft at one hook. */
function chain(hook: string, lines: string, policy = "accept"): string {
  return `table inet filter {
  chain ${hook} {
    type filter hook ${hook} priority 0; policy ${policy};
    ${lines}
  }
}
`;
}

const NFT = ["nft", "-f", "-"];
const IPTABLES = ["iptables-restore"];

function filter(lines: string, policy = "ACCEPT"): string {
  return [
    "*filter",
    `:INPUT ${policy} [0:0]`,
    ":FORWARD ACCEPT [0:0]",
    ":OUTPUT ACCEPT [0:0]",
    lines,
    "COMMIT\n",
  ].join("\n");
}

const FAULTS: readonly FirewallFault[] = [
  {
    name: "a rule of nft that drops and counts",
    command: NFT,
    input: chain("input", "udp dport 5060 counter drop"),
    fault: {
      evidence:
        /none reached the server[^]*inet filter input: udp dport 5060 drop[^]*has stopped/,
      command: /^nft insert rule inet filter input udp dport 5060 accept$/,
    },
  },
  {
    name: "the policy of a chain of nft",
    command: NFT,
    input: chain(
      "input",
      "iif lo accept\nct state established,related accept\ntcp dport 22 accept",
      "drop",
    ),
    fault: {
      evidence: /none reached the server[^]*policy drop/,
      command: /^nft insert rule inet filter input udp dport 5060 accept$/,
    },
  },
  {
    name: "iptables -j DROP",
    needs: ["iptables-restore"],
    command: IPTABLES,
    input: filter("-A INPUT -p udp --dport 5060 -j DROP"),
    fault: {
      evidence: /none reached the server[^]*--dport 5060 -j DROP/,
      command: /^iptables -I INPUT\b.*-p udp.*--dport 5060.*-j ACCEPT$/,
    },
  },
  {
    name: "iptables -j REJECT behind a list of what is open",
    needs: ["iptables-restore"],
    command: IPTABLES,
    input: filter([
      "-A INPUT -i lo -j ACCEPT",
      "-A INPUT -p tcp --dport 22 -j ACCEPT",
      "-A INPUT -j REJECT --reject-with icmp-port-unreachable",
    ].join("\n")),
    fault: {
      evidence: /none reached the server[^]*-j REJECT/,
      command: /^iptables -I INPUT\b.*-p udp.*--dport 5060.*-j ACCEPT$/,
    },
  },
  {
    name: "a rule of nft that lets no answer out",
    command: NFT,
    input: chain("output", "udp sport 5060 drop"),
    fault: {
      evidence: /answers to .*could not be sent|no answer left/,
      command: /^nft insert rule inet filter output udp\b.*accept$/,
    },
  },
  {
    name: "a rule of nft about TCP, and a phone that uses TCP",
    command: NFT,
    input: chain("input", "tcp dport 5060 drop"),
    account: { transport: "tcp" },
    fault: {
      evidence: /tried to connect to TCP port `5060`/,
      text: /TCP port `5060`/,
      command: /^nft insert rule inet filter input tcp dport 5060 accept$/,
    },
  },
];

for (const { name, needs = [], command, input, account, fault } of FAULTS) {
  liveTest(
    `firewall-blocks-sip: ${name}`,
    [...NEEDS, ...needs],
    async (lab) => {
      const office = await openOffice(lab);
      const { server } = office.network;
      await lab.run(server, command, input);
      const phone = placePhone(lab, office, "nat", account);
      const capture = await lab.capture(server, "any", "udp or tcp");
      const diagnosis = await diagnose(
        lab,
        wishOf(office),
        () => phone.start(),
      );
      assertFault(diagnosis, {
        code: "firewall-blocks-sip",
        stage: "firewall",
        where: "server",
        text: /UDP port `5060`/,
        ...fault,
      });
      if (account === undefined) await assertExplained(lab, office, capture);
      await phone.crash();
      const { command: remedy } = diagnosis.verdict.remedy;
      await lab.run(server, ["sh", "-c", remedy ?? "false"]);
      await assertMended(lab, office, phone);
    },
  );
}

liveTest("firewall-blocks-sip: ufw as it is when it is switched on", [
  ...NEEDS,
  "ufw",
], async (lab) => {
  const office = await openOffice(lab);
  const { server } = office.network;
  await copyUfw(lab, server);
  await lab.run(server, ["ufw", "--force", "enable"]);
  const phone = placePhone(lab, office, "nat");
  const diagnosis = await diagnose(lab, wishOf(office), () => phone.start());
  assertFault(diagnosis, {
    code: "firewall-blocks-sip",
    stage: "firewall",
    where: "server",
    evidence: /none reached the server/,
    command: /^ufw allow 5060\/udp$/,
  });
  await phone.crash();
  const { command } = diagnosis.verdict.remedy;
  await lab.run(server, ["sh", "-c", command ?? "false"]);
  await assertMended(lab, office, phone);
});

/**
 * A capture shows requests without an answer, which is a guess; of connections that nobody takes
 * it does not even tell whose they are.
 */
async function assertExplained(
  lab: Lab,
  { server }: Office,
  capture: Capture,
): Promise<void> {
  await until("the phone has tried three times", async () => {
    const command = ["tcpdump", "-n", "-A", "-r", capture.file];
    const { stdout } = await lab.attempt(null, { command });
    return stdout.split("CSeq: ").length > 3;
  });
  const [verdict] = await explain(lab, capture, server.data, ACCOUNT.number);
  const text = JSON.stringify(verdict, null, 1);
  assert.equal(verdict?.code, "firewall-blocks-sip", text);
  assert.equal(verdict.severity, "info", text);
}

/** The rules of ufw are files: `ip netns exec` puts those of the namespace into their place. */
async function copyUfw(lab: Lab, namespace: string): Promise<void> {
  const directory = `/etc/netns/${namespace}`;
  await Deno.mkdir(directory, { recursive: true });
  lab.onClose(() => Deno.remove(directory, { recursive: true }));
  await lab.run(null, ["cp", "-a", "/etc/ufw", directory]);
}

liveTest(
  "firewall: a rule about another address is no fault",
  NEEDS,
  async (lab) => {
    const office = await openOffice(lab);
    const { server } = office.network;
    const rule = "ip saddr { 192.0.2.77, 203.0.113.0/24 } udp dport 5060 drop";
    await lab.run(server, NFT, chain("input", rule));
    const phone = placePhone(lab, office, "nat");
    const diagnosis = await diagnose(lab, wishOf(office), () => phone.start());
    assertHealthy(diagnosis);
    assert.deepEqual(diagnosis.also, []);
  },
);

liveTest(
  "firewall: a rule about the phone's address only",
  NEEDS,
  async (lab) => {
    const office = await openOffice(lab);
    const { server } = office.network;
    const rule = "ip saddr 198.51.100.7 drop";
    await lab.run(server, NFT, chain("input", rule));
    const phone = placePhone(lab, office, "nat");
    const diagnosis = await diagnose(lab, wishOf(office), () => phone.start());
    assertFault(diagnosis, {
      code: "firewall-blocks-sip",
      stage: "firewall",
      where: "server",
      evidence: /ip saddr 198\.51\.100\.7 drop/,
      command: /./,
    });
    await phone.crash();
    const { command } = diagnosis.verdict.remedy;
    await lab.run(server, ["sh", "-c", command ?? "false"]);
    await assertMended(lab, office, phone);
  },
);

liveTest(
  "firewall: closed TCP does not hurt a phone that uses UDP",
  NEEDS,
  async (lab) => {
    const office = await openOffice(lab);
    await lab.run(
      office.network.server,
      NFT,
      chain("input", "tcp dport 5060 drop"),
    );
    const phone = placePhone(lab, office, "nat");
    const diagnosis = await diagnose(lab, wishOf(office), () => phone.start());
    assertHealthy(diagnosis);
    assertVerdict(diagnosis, "ok");
  },
);
