/**
 * The fault matrix, fourth part: what a router on the way, or the phone's own program, does to
 * messages that are typed in rightly.
 * @module
 */

import { liveTest } from "./lab_case.ts";
import { rewriteSip } from "./lab_alg.ts";
import { assertMended, diagnose, placePhone, wishOf } from "./lab_fault.ts";
import { assertHealthy } from "./lab_doctor.ts";
import { ADDRESS } from "./lab_network.ts";
import { ACCOUNT, openOffice, openPhone } from "./lab_office.ts";
import { until } from "./lab_process.ts";
import { SOFTPHONES } from "./lab_softphone.ts";
import { captureAll, watchFault, watchHealthy } from "./lab_watch.ts";

const { number } = ACCOUNT;
const BARESIP = ["namespaces", "baresip"];
/** The router swallows what it cannot deliver. */
const SILENT = `table ip silent {
  chain arriving {
    type filter hook input priority 0;
    iifname "wan" udp dport 1024-65535 drop
  }
}
`;
const MALFORMED = {
  code: "malformed-message",
  stage: "parse",
  where: "phone",
} as const;

liveTest("malformed-message: netcat sends a REGISTER without a Call-ID", [
  ...BARESIP,
  "nc",
], async (lab) => {
  const office = await openOffice(lab);
  const text = [
    `REGISTER sip:${ADDRESS.server} SIP/2.0`,
    "Via: SIP/2.0/UDP 192.168.77.20:5060;rport;branch=z9hG4bKbroken",
    `From: <sip:${number}@${ADDRESS.server}>;tag=1`,
    `To: <sip:${number}@${ADDRESS.server}>`,
    "CSeq: 1 REGISTER",
    "Max-Forwards: 70",
    "Contact: <sip:1001@192.168.77.20:5060>",
    "Content-Length: 0\r\n\r\n",
  ].join("\r\n");
  const command = ["nc", "-u", "-w", "1", ADDRESS.server, "5060"];
  await watchFault(lab, office, {
    ...MALFORMED,
    evidence: /Call-ID.*RFC 3261/,
  }, {
    act: async () => {
      await lab.attempt(office.network.nat, { command }, text);
    },
    host: ADDRESS.router,
  });
  await assertMended(lab, office, placePhone(lab, office, "nat"));
});

liveTest(
  "malformed-message: a router damages what a phone says",
  BARESIP,
  async (lab) => {
    const office = await openOffice(lab);
    let isDamaging = true;
    await rewriteSip(
      lab,
      office.network,
      (message) =>
        isDamaging
          ? message.replace(/^CSeq: \d+ /m, "CSeq: not-a-number ")
          : message,
    );
    const phone = placePhone(lab, office, "nat");
    await watchFault(lab, office, { ...MALFORMED, evidence: /CSeq/ }, {
      act: () => phone.start(),
      host: ADDRESS.router,
    });
    isDamaging = false;
    await phone.crash();
    await assertMended(lab, office, phone);
  },
);

liveTest(
  "sip-alg: a router rewrites the Contact, and the phone works",
  BARESIP,
  async (lab) => {
    const office = await openOffice(lab);
    await rewriteSip(
      lab,
      office.network,
      (message, outside) =>
        message.replace(/^(Contact: <sip:[^@]+@)[\d.:]+/m, `$1${outside}`),
    );
    await watchHealthy(lab, office, ["sip-alg"], {
      act: () => placePhone(lab, office, "nat").start(),
      extension: number,
      host: ADDRESS.router,
    });
  },
);

liveTest(
  "sip-alg: a router rewrites the Via, and the answers get lost",
  BARESIP,
  async (lab) => {
    const office = await openOffice(lab);
    let isRewriting = true;
    await rewriteSip(
      lab,
      office.network,
      (message) =>
        isRewriting
          ? message.replace(
            /^(Via: SIP\/2.0\/UDP )[\d.:]+(.*?);rport/m,
            `$1${ADDRESS.router}:9$2`,
          )
          : message,
    );
    const phone = placePhone(lab, office, "nat");
    await watchFault(lab, office, {
      code: "sip-alg",
      stage: "reply",
      where: "router",
      evidence: /198\.51\.100\.7:9.*192\.168\.77\.20/,
    }, {
      act: () => phone.start(),
      extension: number,
      host: ADDRESS.router,
    });
    isRewriting = false;
    await phone.crash();
    await assertMended(lab, office, phone);
  },
);

for (const program of Object.keys(SOFTPHONES)) {
  liveTest(`sip-alg: not for ${program} behind a router that moves ports`, [
    "namespaces",
    program,
  ], async (lab) => {
    const office = await openOffice(lab, { natPorts: "random" });
    const phone = SOFTPHONES[program]!(lab, office.network.nat, ACCOUNT);
    const run = {
      act: () => phone.start(),
      extension: number,
      host: ADDRESS.router,
    };
    const { also } = await watchHealthy(lab, office, [], run);
    if (also.some(({ code }) => code === "sip-alg")) {
      throw new Error(JSON.stringify(also));
    }
  });
}

for (const isTold of [true, false]) {
  const title = isTold ? "and says so" : "and says nothing";
  liveTest(`nat-mapping-expired: the router forgets the phone ${title}`, [
    ...BARESIP,
    "conntrack",
  ], async (lab) => {
    const office = await openOffice(lab, {
      natPorts: "random",
      config: "[nat]\nping_seconds = 0\n",
    });
    const { router } = office.network;
    const phone = placePhone(lab, office, "nat", { expiresSeconds: 600 });
    const capture = await captureAll(lab, office);
    assertHealthy(await diagnose(lab, wishOf(office), () => phone.start()));
    if (!isTold) await lab.run(router, ["nft", "-f", "-"], SILENT);
    await lab.run(router, ["conntrack", "-F"]);
    await watchFault(lab, office, {
      code: "nat-mapping-expired",
      stage: "reachable",
      where: "phone",
      field: "keep-alive",
      evidence: isTold ? /nobody listens/ : /questions .* went unanswered/,
    }, {
      act: () => {},
      extension: number,
      host: ADDRESS.router,
      capture,
      // what the router says is in no capture that is read yet, and silence takes its time
      ...isTold && { offline: null },
    });
    await phone.crash();
    await assertMended(lab, office, phone);
  });
}

liveTest("stun-on-sip-port: a phone that asks the SIP port for its address", [
  "namespaces",
], async (lab) => {
  const office = await openOffice(lab);
  await using phone = openPhone(office.network, "nat");
  const question = new Uint8Array(20);
  question.set([0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42]);
  await watchHealthy(lab, office, ["stun-on-sip-port"], {
    act: async () => {
      await phone.send(question);
      await phone.register([`<${phone.contact}>;expires=60`]);
    },
    extension: number,
    host: ADDRESS.router,
  });
});

liveTest("phone-publishes-presence: linphone beside its registration", [
  "linphonec",
  "namespaces",
], async (lab) => {
  const office = await openOffice(lab);
  const account = { ...ACCOUNT, publishes: true };
  const phone = SOFTPHONES["linphonec"]!(lab, office.network.nat, account);
  const capture = await captureAll(lab, office);
  phone.start();
  await phone.registered();
  await until("PUBLISH", () => /PUBLISH/.test(office.server.process.output));
  await watchHealthy(lab, office, ["phone-publishes-presence"], {
    capture,
    act: () => phone.refresh(),
    extension: number,
    host: ADDRESS.router,
  });
});
