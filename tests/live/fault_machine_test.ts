/**
 * The fault matrix: the machine of the server loses datagrams, or its clock jumps.
 * @module
 */

import assert from "node:assert/strict";
import type { Lab } from "./lab.ts";
import { liveTest } from "./lab_case.ts";
import { assertHealthy, assertVerdict, Doctor } from "./lab_doctor.ts";
import { assertFault, assertMended, placePhone, wishOf } from "./lab_fault.ts";
import { openUdpSocket } from "./lab_namespace.ts";
import { ADDRESS, type Network } from "./lab_network.ts";
import { ACCOUNT, type Office, openOffice, openPhone } from "./lab_office.ts";
import type { ScriptPhone } from "./lab_phone.ts";
import { Server } from "./lab_server.ts";

const NEEDS = ["namespaces", "baresip"] as const;

/** More than the buffer of the server's socket takes while nobody reads it. */
async function flood({ lan }: Network): Promise<void> {
  const socket = openUdpSocket(lan, ADDRESS.lan);
  const datagram = new Uint8Array(1400).fill(0x2e);
  const server = {
    transport: "udp",
    hostname: ADDRESS.server,
    port: 5060,
  } as const;
  for (let i = 0; i < 15_000; i++) await socket.send(datagram, server);
  socket.close();
}

const OVERFLOW = {
  code: "receive-buffer-overflow",
  stage: "socket",
  severity: "warning",
  where: "server",
  evidence: /dropped `[1-9]\d*` datagrams/,
  text: /Enlarge the receive buffer/,
} as const;

liveTest(
  "receive-buffer-overflow: a server that takes nothing under a flood",
  NEEDS,
  async (lab) => {
    const office = await openOffice(lab);
    const wish = wishOf(office, { timeoutSeconds: 6 });
    const phone = placePhone(lab, office, "nat");
    const doctor = await Doctor.start(lab, wish);
    office.server.process.signal("SIGSTOP");
    await flood(office.network);
    phone.start();
    const diagnosis = await doctor.verdict();
    assertFault(diagnosis, {
      ...OVERFLOW,
      command: /^sysctl -w net\.core\.rmem_max=\d+$/,
    });
    await phone.crash();
    office.server.process.signal("SIGCONT");
    await assertMended(lab, office, phone);
  },
);

liveTest(
  "receive-buffer-overflow: a phone that works all the same",
  NEEDS,
  async (lab) => {
    const office = await openOffice(lab);
    const phone = placePhone(lab, office, "nat");
    const doctor = await Doctor.start(lab, wishOf(office));
    office.server.process.signal("SIGSTOP");
    await flood(office.network);
    office.server.process.signal("SIGCONT");
    phone.start();
    const diagnosis = await doctor.verdict();
    assertHealthy(diagnosis);
    assertVerdict(diagnosis, "ok", [OVERFLOW.code]);
    assert.deepEqual(diagnosis.also.map(({ severity }) => severity), [
      "warning",
    ]);
  },
);

liveTest(
  "undecided: a server that takes nothing, without a flood",
  NEEDS,
  async (lab) => {
    const office = await openOffice(lab);
    const wish = wishOf(office, { timeoutSeconds: 5 });
    const phone = placePhone(lab, office, "nat");
    const doctor = await Doctor.start(lab, wish);
    office.server.process.signal("SIGSTOP");
    phone.start();
    assertFault(await doctor.verdict(), {
      code: "undecided",
      stage: "firewall",
      severity: "info",
      where: "server",
      evidence: /`198\.51\.100\.7` to UDP port `5060`.*none reached the server/,
    });
  },
);

/** A wall clock for programs that are started with it, and how to set it. */
async function openClock(lab: Lab) {
  const file = `${lab.directory}/clock`;
  const set = async (offset: string) => {
    await Deno.writeTextFile(`${file}.new`, `${offset}\n`);
    await Deno.rename(`${file}.new`, file);
  };
  await set("+0");
  const folder = `/usr/lib/${Deno.build.arch}-linux-gnu/faketime`;
  const prefix = [
    "env",
    `LD_PRELOAD=${folder}/libfaketimeMT.so.1`,
    `FAKETIME_TIMESTAMP_FILE=${file}`,
    "FAKETIME_NO_CACHE=1",
    "FAKETIME_DONT_FAKE_MONOTONIC=1",
  ];
  return { set, prefix };
}

liveTest("clock-jump: a clock that jumps hurts no phone", [
  "namespaces",
  "faketime",
], async (lab) => {
  const { set, prefix } = await openClock(lab);
  const network = await lab.network();
  const server = await Server.start(lab, {
    namespace: network.server,
    prefix,
    sip: ["0.0.0.0:5060"],
    extensions: { [ACCOUNT.number]: ACCOUNT.password },
  });
  const office: Office = { network, server };
  await using phone = openPhone(network, "nat");
  const contacts = [`<${phone.contact}>;expires=60`];
  assert.equal((await phone.register(contacts))?.status, 200);
  for (const offset of ["+2h", "-3h"]) {
    const mark = server.process.mark();
    await set(offset);
    await server.process.waitFor(/clock[^\n]*jumped/i, 10_000, mark);
    const doctor = await Doctor.start(lab, wishOf(office, { prefix }));
    // the question from before the jump is as good as it was
    const before = sequenceOf(phone);
    assert.equal((await phone.register(contacts))?.status, 200);
    assert.equal(sequenceOf(phone), before + 1);
    const diagnosis = await doctor.verdict();
    assertHealthy(diagnosis);
    assert.deepEqual(diagnosis.also, []);
  }
});

/** The number of the last request: it grows by one with each. */
function sequenceOf({ lastSent }: ScriptPhone): number {
  return Number(/^CSeq: (\d+)/m.exec(new TextDecoder().decode(lastSent))?.[1]);
}
