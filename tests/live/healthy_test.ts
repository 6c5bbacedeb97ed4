/**
 * The healthy matrix: whatever a phone that works does, the doctor says `ok` and tells of no
 * error.
 * @module
 */

import assert from "node:assert/strict";
import { readVerdicts } from "./lab_api.ts";
import { ADDRESS } from "./lab_network.ts";
import { liveTest } from "./lab_case.ts";
import { assertHealthy, Doctor } from "./lab_doctor.ts";
import { diagnose, wishOf } from "./lab_fault.ts";
import { ACCOUNT, openOffice, openPhone, PLACES } from "./lab_office.ts";
import type { Place } from "./lab_network.ts";
import { SOFTPHONES } from "./lab_softphone.ts";

for (const program of Object.keys(SOFTPHONES)) {
  for (const place of Object.keys(PLACES) as Place[]) {
    for (const transport of ["udp", "tcp"] as const) {
      liveTest(
        `doctor says ok to ${program}, ${place}, ${transport}`,
        ["namespaces", program],
        async (lab) => {
          const { network, server } = await openOffice(lab);
          const { data } = server;
          const namespace = network.server;
          const { number } = ACCOUNT;
          const doctor = await Doctor.start(lab, { namespace, data, number });
          const account = { ...ACCOUNT, transport };
          SOFTPHONES[program]!(lab, network[place], account).start();
          assertHealthy(await doctor.verdict());
        },
      );
    }
  }
}

liveTest(
  "doctor says ok to a phone that refreshes after a restart of the server",
  [
    "namespaces",
    "baresip",
  ],
  async (lab) => {
    const { network, server } = await openOffice(lab);
    const phone = SOFTPHONES["baresip"]!(lab, network.nat, ACCOUNT);
    phone.start();
    await phone.registered();
    await server.stop("SIGKILL");
    await server.restart();
    const { data } = server;
    const doctor = await Doctor.start(lab, {
      namespace: network.server,
      data,
      number: ACCOUNT.number,
    });
    assertHealthy(await doctor.verdict());
  },
);

liveTest("doctor says ok to two phones on one number behind one router", [
  "namespaces",
  "baresip",
], async (lab) => {
  const { network, server } = await openOffice(lab);
  const namespace = network.server;
  const { data } = server;
  await using other = openPhone(network, "nat");
  const response = await other.register([`<${other.contact}>;expires=60`]);
  if (response?.status !== 200) throw new Error(response?.text);
  const { number } = ACCOUNT;
  const doctor = await Doctor.start(lab, { namespace, data, number });
  SOFTPHONES["baresip"]!(lab, network.nat, ACCOUNT).start();
  assertHealthy(await doctor.verdict());
});

liveTest("doctor says ok under a scanner's fire of 1,000 messages a second", [
  "namespaces",
  "baresip",
  "sipp",
], async (lab) => {
  const { network, server } = await openOffice(lab);
  const namespace = network.server;
  const { data } = server;
  const scenario = new URL("sipp/scanner.xml", import.meta.url).pathname;
  const scanner = lab.spawn(network.lan, {
    command: [
      ["sipp", `${ADDRESS.server}:5060`, "-sf", scenario, "-i", ADDRESS.lan],
      ["-r", "1000", "-m", "30000", "-l", "30000", "-nostdin", "-bg"],
    ].flat().filter((word) => word !== "-bg"),
    cwd: lab.directory,
  });
  const { number } = ACCOUNT;
  const doctor = await Doctor.start(lab, { namespace, data, number });
  SOFTPHONES["baresip"]!(lab, network.nat, ACCOUNT).start();
  const diagnosis = await doctor.verdict();
  if (scanner.exitCode !== null) throw new Error(scanner.output);
  assertHealthy(diagnosis);
});

for (const program of Object.keys(SOFTPHONES)) {
  liveTest(`the server says ok to ${program} after doctor and a refresh`, [
    "curl",
    "namespaces",
    program,
  ], async (lab) => {
    const office = await openOffice(lab);
    const { nat } = office.network;
    const phone = SOFTPHONES[program]!(lab, nat, ACCOUNT);
    assertHealthy(await diagnose(lab, wishOf(office), () => phone.start()));
    await phone.refresh();
    const verdicts = await readVerdicts(lab, office);
    assert.deepEqual(verdicts.map(({ code }) => code), ["ok"]);
    const { number } = ACCOUNT;
    assert.equal(verdicts[0]?.extension, number);
  });

  liveTest(`doctor says ok to ${program} that crashed and has another port`, [
    "conntrack",
    "curl",
    "namespaces",
    program,
  ], async (lab) => {
    const office = await openOffice(lab, { natPorts: "random" });
    const { nat, router } = office.network;
    const phone = SOFTPHONES[program]!(lab, nat, ACCOUNT);
    phone.start();
    await phone.registered();
    const [before] = await office.server.bindings(ACCOUNT.number);
    await phone.crash();
    await lab.run(router, ["conntrack", "-F"]);
    const wish = wishOf(office);
    const diagnosis = await diagnose(lab, wish, () => phone.start());
    assertHealthy(diagnosis);
    assert.notEqual(diagnosis.verdict.source, before?.source);
    const verdicts = await readVerdicts(lab, office);
    assert.deepEqual(verdicts.map(({ code }) => code), ["ok"]);
  });
}

liveTest("a phone is ok though what it left behind answers no more", [
  "curl",
  "namespaces",
], async (lab) => {
  const office = await openOffice(lab);
  const { network, server } = office;
  const before = openPhone(network, "nat");
  await before.register([`<${before.contact}>;expires=60`]);
  await before.close();
  await using phone = openPhone(network, "nat");
  const register = () => phone.register([`<${phone.contact}>;expires=60`]);
  assertHealthy(await diagnose(lab, wishOf(office), register));
  await server.process.waitFor(/ping-unanswered|unanswered/, 45_000);
  const verdicts = await readVerdicts(lab, office);
  assert.deepEqual(verdicts.map(({ code }) => code), ["ok"]);
});
