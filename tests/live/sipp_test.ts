/**
 * SIPp against a real server: MD5 digest over UDP and TCP, in the LAN and behind NAT, refresh,
 * removal, refusals, and a network that loses datagrams (RFC 3261 §17.1.2.2).
 * @module
 */

import assert from "node:assert/strict";
import { ADDRESS, type Place } from "./lab_network.ts";
import { liveTest } from "./lab_case.ts";
import { ACCOUNT, openOffice, PLACES, sourceHost } from "./lab_office.ts";
import { runSipp } from "./lab_sipp.ts";

const NEEDS = ["namespaces", "sipp"];

for (const place of Object.keys(PLACES) as Place[]) {
  const from = PLACES[place].own;
  for (const transport of ["udp", "tcp"] as const) {
    const title = `sipp over ${transport} ${
      place === "lan" ? "in the LAN" : "behind NAT"
    }`;
    const open = async (lab: Parameters<typeof openOffice>[0]) => {
      const { network, server } = await openOffice(lab);
      const play = (scenario: string, change: { password?: string } = {}) =>
        runSipp(lab, {
          ...ACCOUNT,
          ...change,
          scenario,
          transport,
          from,
          namespace: network[place],
        });
      return { server, play };
    };

    liveTest(`${title} registers and refreshes`, NEEDS, async (lab) => {
      const { server, play } = await open(lab);
      await play("refresh");
      const bindings = await server.bindings(ACCOUNT.number);
      assert.equal(bindings.length, 1, JSON.stringify(bindings));
      assert.equal(sourceHost(bindings[0]), PLACES[place].seen);
      assert.equal(bindings[0]?.transport.toLowerCase(), transport);
    });

    liveTest(
      `${title} unregisters and is gone from the list`,
      NEEDS,
      async (lab) => {
        const { server, play } = await open(lab);
        await play("unregister");
        assert.deepEqual(await server.bindings(ACCOUNT.number), []);
      },
    );

    liveTest(
      `${title} with a wrong password gets 403 at once`,
      NEEDS,
      async (lab) => {
        const { server, play } = await open(lab);
        await play("wrong_password", { password: "wrong" });
        assert.deepEqual(await server.bindings(ACCOUNT.number), []);
      },
    );
  }
}

liveTest(
  "sipp that wishes for 5 seconds gets 423 with Min-Expires",
  NEEDS,
  async (lab) => {
    const { network, server } = await openOffice(lab);
    await runSipp(lab, {
      ...ACCOUNT,
      scenario: "too_brief",
      namespace: network.lan,
      from: ADDRESS.lan,
      expiresSeconds: 5,
    });
    assert.deepEqual(await server.bindings(ACCOUNT.number), []);
  },
);

liveTest(
  "sipp registers although 30 of 100 datagrams are lost",
  NEEDS,
  async (lab) => {
    const { network, server } = await openOffice(lab, { lossPercent: 30 });
    await runSipp(lab, {
      ...ACCOUNT,
      scenario: "register",
      namespace: network.nat,
      from: ADDRESS.nat,
      calls: 5,
    });
    const bindings = await server.bindings(ACCOUNT.number);
    assert.equal(bindings.length, 1, JSON.stringify(bindings));
  },
);
