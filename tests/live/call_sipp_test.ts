/**
 * Calls between two SIPp: twenty at once, over UDP and TCP; busy; cancelled (RFC 3261 §9, §13).
 * @module
 */

import assert from "node:assert/strict";
import { liveTest } from "./lab_case.ts";
import {
  accountOf,
  type CallOffice,
  countMediaPorts,
  openCalls,
  readCalls,
} from "./lab_call.ts";
import type { Lab } from "./lab.ts";
import { ADDRESS } from "./lab_network.ts";
import { until } from "./lab_process.ts";
import { runSipp } from "./lab_sipp.ts";

const NEEDS = ["namespaces", "sipp", "ss"];
const OWN_PORT = 5066;
const CALLS = 20;

interface Play {
  /** The scenario of 1001 behind NAT, and that of 1002 in the LAN. */
  readonly out: string;
  readonly in: string;
  readonly transport?: "udp" | "tcp";
}

/** 1002 registers and waits; 1001 calls it so many times, all at once. */
async function play(lab: Lab, { network }: CallOffice, how: Play) {
  const callee = {
    ...accountOf("1002"),
    namespace: network.lan,
    from: ADDRESS.lan,
    ownPort: OWN_PORT,
  };
  await runSipp(lab, { ...callee, scenario: "register" });
  const settings = { calls: CALLS, atOnce: CALLS };
  await Promise.all([
    runSipp(lab, { ...callee, ...settings, scenario: how.in }),
    runSipp(lab, {
      ...accountOf("1001"),
      ...settings,
      ...how.transport && { transport: how.transport },
      namespace: network.nat,
      from: ADDRESS.nat,
      dialled: "1002",
      scenario: how.out,
    }),
  ]);
}

/** Waits until all calls are over and in the record. */
async function assertAll(office: CallOffice, why: string, status: number) {
  const calls = await until("all calls are in the record", async () => {
    const calls = await readCalls(office);
    const isOver = calls.every(({ state }) => state === "ended");
    return isOver && calls.length === CALLS && calls;
  });
  for (const call of calls) {
    const text = JSON.stringify(call);
    assert.equal(call.why, why, text);
    assert.equal(call.status, status, text);
    assert.equal(call.caller.number, "1001", text);
    assert.equal(call.callee.number, "1002", text);
  }
  return calls;
}

for (const transport of ["udp", "tcp"] as const) {
  liveTest(
    `twenty calls at once from ${transport} to UDP`,
    NEEDS,
    async (lab) => {
      const office = await openCalls(lab);
      const idle = await countMediaPorts(lab, office.network);
      await play(lab, office, { out: "call_out", in: "call_in", transport });
      const calls = await assertAll(office, "hung-up", 200);
      for (const call of calls) {
        assert.equal(call.endedBy, "caller");
        assert.equal(call.codec, "PCMA/8000");
        assert.equal(call.caller.transport, transport);
      }
      await until("the ports for sound are free again", async () => {
        return await countMediaPorts(lab, office.network) === idle;
      });
    },
  );
}

liveTest("twenty calls at once to a phone that is busy", NEEDS, async (lab) => {
  const office = await openCalls(lab);
  await play(lab, office, { out: "call_busy", in: "busy" });
  await assertAll(office, "refused", 486);
});

liveTest("twenty calls at once that are cancelled", NEEDS, async (lab) => {
  const office = await openCalls(lab);
  await play(lab, office, { out: "call_cancel", in: "cancelled" });
  await assertAll(office, "cancelled", 487);
});
