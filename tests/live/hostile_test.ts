/**
 * The doctor while the server ends under its hands, and while strangers do what they do all day.
 * @module
 */

import { liveTest } from "./lab_case.ts";
import { assertHealthy, assertVerdict, Doctor } from "./lab_doctor.ts";
import { placePhone, wishOf } from "./lab_fault.ts";
import { ADDRESS } from "./lab_network.ts";
import { openUdpSocket } from "./lab_namespace.ts";
import { openOffice } from "./lab_office.ts";

const NEEDS = ["namespaces", "baresip"];
const encoder = new TextEncoder();

liveTest("doctor says so when the server ends while it watches", [
  "namespaces",
], async (lab) => {
  const office = await openOffice(lab);
  const doctor = await Doctor.start(lab, wishOf(office));
  await office.server.stop("SIGKILL");
  assertVerdict(await doctor.verdict(15_000), "server-down");
});

liveTest(
  "doctor goes on when the server is started anew while it watches",
  NEEDS,
  async (lab) => {
    const office = await openOffice(lab);
    const doctor = await Doctor.start(lab, wishOf(office));
    await office.server.stop("SIGKILL");
    await office.server.restart();
    placePhone(lab, office, "nat").start();
    assertHealthy(await doctor.verdict());
  },
);

liveTest(
  "doctor takes no stranger for a phone that is registered and answers",
  [
    ...NEEDS,
    "nc",
  ],
  async (lab) => {
    const office = await openOffice(lab);
    const { lan } = office.network;
    const phone = placePhone(lab, office, "nat");
    phone.start();
    await phone.registered();
    const doctor = await Doctor.start(lab, wishOf(office));
    const stranger = openUdpSocket(lan, ADDRESS.lan);
    try {
      for (const port of [5060, 5080]) {
        await stranger.send(
          encoder.encode(
            `REGISTER sip:${ADDRESS.server} SIP/2.0\r\nVia: nonsense\r\nTo: <sip:100@x>\r\n\r\n`,
          ),
          { transport: "udp", hostname: ADDRESS.server, port },
        );
      }
      for (let i = 0; i < 3; i++) {
        const command = ["nc", "-z", "-w", "1", ADDRESS.server, "5061"];
        await lab.spawn(lan, { command }).exited;
      }
      assertHealthy(await doctor.verdict());
    } finally {
      stranger.close();
    }
  },
);
