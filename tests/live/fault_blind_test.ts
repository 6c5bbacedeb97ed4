/**
 * The fault matrix: a doctor without the right to watch the network card says what it
 * does not know, guesses as a guess, and is certain only where counters decide.
 * @module
 */

import assert from "node:assert/strict";
import { liveTest } from "./lab_case.ts";
import { pbxCommand, pbxEnvironment } from "./lab_command.ts";
import { assertHealthy, type Diagnosis } from "./lab_doctor.ts";
import {
  assertFault,
  assertMended,
  diagnose,
  placePhone,
  wishOf,
} from "./lab_fault.ts";
import { ADDRESS } from "./lab_network.ts";
import { ACCOUNT, openOffice } from "./lab_office.ts";

const NEEDS = ["namespaces", "baresip", "setpriv"] as const;
/** No packet socket. */
const BLIND = without("net_raw");
/** No look at the rules of the firewall either. */
const BLINDER = without("net_raw", "net_admin");

function without(...rights: readonly string[]): string[] {
  const list = rights.map((right) => `-${right}`).join(",");
  return ["setpriv", "--bounding-set", list, "--inh-caps", list];
}

/** What is not known is said to be unknown, with the command that gives the right. */
function assertBlind({ told, stages }: Diagnosis, unknown: string[]): void {
  assert.match(told, /sudo \S.* doctor 1001 --data \S+/);
  for (const { stage, state } of stages) {
    if (unknown.includes(stage)) assert.equal(state, "unknown", stage);
  }
}

const CLOSED = `table inet filter {
  chain input {
    type filter hook input priority 0;
    udp dport 5060 counter drop
  }
}
`;

liveTest(
  "no-packets is a guess without a look at the card",
  NEEDS,
  async (lab) => {
    const office = await openOffice(lab);
    const wish = wishOf(office, { timeoutSeconds: 4, prefix: BLIND });
    const phone = placePhone(lab, office, "lan", { server: "192.0.2.99" });
    const diagnosis = await diagnose(lab, wish, () => phone.start());
    assertBlind(diagnosis, ["nic", "firewall"]);
    assertFault(diagnosis, {
      code: "no-packets",
      stage: "nic",
      severity: "info",
      where: "phone",
      field: "server",
      evidence: /Nothing came[^]*could not be watched.*`sudo pbx doctor`/,
      text: new RegExp(ADDRESS.server),
    });
  },
);

liveTest(
  "wrong-port is a guess by the kernel's counter",
  NEEDS,
  async (lab) => {
    const office = await openOffice(lab);
    const wish = wishOf(office, { timeoutSeconds: 4, prefix: BLIND });
    const phone = placePhone(lab, office, "nat", { port: 5070 });
    const diagnosis = await diagnose(lab, wish, () => phone.start());
    assertBlind(diagnosis, ["nic", "firewall"]);
    assertFault(diagnosis, {
      code: "wrong-port",
      stage: "nic",
      severity: "info",
      where: "phone",
      field: "port",
      evidence:
        /turned away `[1-9]\d*` datagrams to closed ports[^]*could not be/,
      text: /`5060`/,
    });
  },
);

liveTest(
  "firewall-blocks-sip is certain by the counter of the rule",
  NEEDS,
  async (lab) => {
    const office = await openOffice(lab);
    const { server } = office.network;
    await lab.run(server, ["nft", "-f", "-"], CLOSED);
    const wish = wishOf(office, { prefix: BLIND });
    const phone = placePhone(lab, office, "nat");
    const diagnosis = await diagnose(lab, wish, () => phone.start());
    assertBlind(diagnosis, ["nic"]);
    assertFault(diagnosis, {
      code: "firewall-blocks-sip",
      stage: "firewall",
      where: "server",
      evidence: /udp dport 5060 drop[^]*It has stopped `[1-9]/,
      command: /^nft insert rule inet filter input udp dport 5060 accept$/,
    });
    await phone.crash();
    const { command } = diagnosis.verdict.remedy;
    await lab.run(server, ["sh", "-c", command ?? "false"]);
    await assertMended(lab, office, phone, { prefix: BLIND });
  },
);

liveTest(
  "a firewall that may not be read leaves a guess",
  NEEDS,
  async (lab) => {
    const office = await openOffice(lab);
    await lab.run(office.network.server, ["nft", "-f", "-"], CLOSED);
    const wish = wishOf(office, { timeoutSeconds: 4, prefix: BLINDER });
    const phone = placePhone(lab, office, "nat");
    const diagnosis = await diagnose(lab, wish, () => phone.start());
    assertBlind(diagnosis, ["nic", "firewall"]);
    assertFault(diagnosis, {
      code: "no-packets",
      stage: "nic",
      severity: "info",
      where: "phone",
      field: "server",
      evidence: /could not be watched/,
    });
  },
);

liveTest(
  "a phone that works is well without a look at the card",
  NEEDS,
  async (lab) => {
    const office = await openOffice(lab);
    const wish = wishOf(office, { prefix: BLINDER });
    const phone = placePhone(lab, office, "nat");
    const diagnosis = await diagnose(lab, wish, () => phone.start());
    assertHealthy(diagnosis);
    assert.deepEqual(diagnosis.also, []);
  },
);

liveTest(
  "doctor names the command for somebody who may not read the data",
  NEEDS,
  async (lab) => {
    const office = await openOffice(lab);
    const { data } = office.server;
    await lab.run(null, ["chown", "-R", "65534", data]);
    const command = [
      ...without("dac_override", "dac_read_search"),
      ...pbxCommand(),
      "doctor",
      ...[ACCOUNT.number, "--json", "--data", data],
    ];
    const { code, stdout, stderr } = await lab.attempt(office.network.server, {
      command,
      env: pbxEnvironment(),
      clearEnv: true,
    });
    assert.equal(code, 1, stderr);
    assert.equal(stdout, "");
    assert.match(
      stderr,
      /No permission for `\S+`\n.*sudo \S.* doctor 1001 --data \S+/,
    );
  },
);
