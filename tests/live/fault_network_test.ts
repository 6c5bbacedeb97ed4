/**
 * The fault matrix: the name leads elsewhere, nothing comes, it comes to another
 * port, or the answers do not find their way back.
 * @module
 */

import assert from "node:assert/strict";
import { liveTest } from "./lab_case.ts";
import { assertHealthy, assertVerdict, Doctor } from "./lab_doctor.ts";
import { serveNames } from "./lab_dns.ts";
import {
  assertFault,
  assertMended,
  diagnose,
  placePhone,
  wishOf,
} from "./lab_fault.ts";
import { ADDRESS } from "./lab_network.ts";
import { ACCOUNT, openOffice, openPhone } from "./lab_office.ts";
import type { Received } from "./lab_phone.ts";
import { watchFault } from "./lab_watch.ts";

const NEEDS = ["namespaces", "baresip"] as const;
const NAME = "pbx.example";
const ELSEWHERE = "203.0.113.9";
const CONFIG = `domain = ["${NAME}"]\n`;

/** The name as somebody typed it, or as it is configured only. */
const KNOWN_BY = {
  "typed into the phone": {
    config: undefined,
    more: ["--name", NAME],
    timeoutSeconds: 20,
  },
  "configured": { config: CONFIG, more: [], timeoutSeconds: 4 },
} as const;

for (
  const [how, { config, more, timeoutSeconds }] of Object.entries(KNOWN_BY)
) {
  const open = async (lab: Parameters<typeof openOffice>[0]) => {
    const office = await openOffice(
      lab,
      config === undefined ? {} : { config },
    );
    const file = `${lab.directory}/pbx.toml`;
    const named = config === undefined ? more : ["--config", file, ...more];
    return { office, wish: { more: named, timeoutSeconds } };
  };

  liveTest(
    `dns-no-address: a name without address, ${how}`,
    NEEDS,
    async (lab) => {
      const { office, wish } = await open(lab);
      const { server } = office.network;
      await serveNames(lab, server, { "other.example A": [ADDRESS.server] });
      const asked = wishOf(office, wish);
      assertFault(await diagnose(lab, asked), {
        code: "dns-no-address",
        stage: "dns",
        where: "provider",
        field: "server",
        text: /`pbx\.example`.*leads nowhere[^]*192\.0\.2\.1/,
      });
      // a phone that has the address needs no name
      await assertMended(lab, office, placePhone(lab, office, "nat"), wish);
    },
  );

  liveTest(
    `dns-wrong-address: a name that leads elsewhere, ${how}`,
    NEEDS,
    async (lab) => {
      const { office, wish } = await open(lab);
      const { server } = office.network;
      await serveNames(lab, server, { [`${NAME} A`]: [ELSEWHERE] });
      assertFault(await diagnose(lab, wishOf(office, wish)), {
        code: "dns-wrong-address",
        stage: "dns",
        where: "provider",
        field: "server",
        evidence: /203\.0\.113\.9[^]*192\.0\.2\.1/,
        text: /`pbx\.example`[^]*`203\.0\.113\.9` to `192\.0\.2\.1`/,
      });
      await assertMended(lab, office, placePhone(lab, office, "nat"), wish);
    },
  );

  liveTest(
    `dns-unusable-aaaa: nobody listens on IPv6, ${how}`,
    NEEDS,
    async (lab) => {
      const { office, wish } = await open(lab);
      const { server } = office.network;
      await serveNames(lab, server, {
        [`${NAME} A`]: [ADDRESS.server],
        [`${NAME} AAAA`]: [ADDRESS.server6],
      });
      const phone = placePhone(lab, office, "lan");
      const diagnosis = await diagnose(
        lab,
        wishOf(office, wish),
        () => phone.start(),
      );
      assertHealthy(diagnosis);
      assertVerdict(diagnosis, "ok", ["dns-unusable-aaaa"]);
      const remark = diagnosis.also.find(({ code }) =>
        code === "dns-unusable-aaaa"
      )!;
      assert.deepEqual([remark.severity, remark.stage], ["warning", "dns"]);
      assert.equal(remark.remedy.where, "provider");
      assert.match(remark.remedy.text, /AAAA record `2001:db8::1`/);
    },
  );
}

liveTest("dns: the right name gives no word about it", NEEDS, async (lab) => {
  const office = await openOffice(lab, { sip: ["0.0.0.0:5060", "[::]:5060"] });
  await serveNames(lab, office.network.server, {
    [`${NAME} A`]: [ADDRESS.server],
    [`${NAME} AAAA`]: [ADDRESS.server6],
  });
  const phone = placePhone(lab, office, "nat");
  const wish = wishOf(office, { more: ["--name", NAME] });
  const diagnosis = await diagnose(lab, wish, () => phone.start());
  assertHealthy(diagnosis);
  assert.deepEqual(diagnosis.also, []);
});

const NO_PACKETS = {
  code: "no-packets",
  stage: "nic",
  where: "phone",
  field: "server",
  evidence: /Nothing came[^]*5050-5090[^]*lets SIP in/,
  text: /`192\.0\.2\.1` \(port `5060`\)/,
} as const;

liveTest("no-packets: a phone that is switched off", NEEDS, async (lab) => {
  const office = await openOffice(lab);
  const wish = wishOf(office, { timeoutSeconds: 4 });
  assertFault(await diagnose(lab, wish), NO_PACKETS);
  await assertMended(lab, office, placePhone(lab, office, "lan"));
});

liveTest(
  "no-packets: a phone that writes to another address",
  NEEDS,
  async (lab) => {
    const office = await openOffice(lab);
    const wish = wishOf(office, { timeoutSeconds: 4 });
    const phone = placePhone(lab, office, "lan", { server: "192.0.2.99" });
    assertFault(await diagnose(lab, wish, () => phone.start()), NO_PACKETS);
  },
);

liveTest(
  "no-packets: another phone gets through meanwhile",
  NEEDS,
  async (lab) => {
    const office = await openOffice(lab);
    await office.server.cli(["extension", "add", "1002"]);
    const wish = wishOf(office, { timeoutSeconds: 5, number: "1002" });
    const phone = placePhone(lab, office, "nat");
    const act = async () => {
      phone.start();
      await phone.registered();
    };
    assertFault(await diagnose(lab, wish, act), {
      ...NO_PACKETS,
      evidence: /Nothing came[^]*Others got through[^]*198\.51\.100\.7/,
    });
  },
);

const WRONG_PORT = {
  code: "wrong-port",
  stage: "nic",
  where: "phone",
  field: "port",
} as const;

liveTest("wrong-port: a phone with port 5070", NEEDS, async (lab) => {
  const office = await openOffice(lab);
  const phone = placePhone(lab, office, "nat", { port: 5070 });
  await using other = openPhone(office.network, "lan", { number: "1002" });
  await office.server.cli(
    ["extension", "add", "1002", "--password-stdin"],
    `${ACCOUNT.password}\n`,
  );
  await watchFault(lab, office, {
    ...WRONG_PORT,
    evidence: /SIP packets came from `198\.51\.100\.7` to port `5070`/,
    text: /`5070`[^]*`5060`/,
  }, {
    // without an answer of the server the capture does not tell where it is
    act: async () => {
      const contacts = [`<${other.contact}>;expires=60`];
      assert.equal((await other.register(contacts))?.status, 200);
      phone.start();
    },
    host: ADDRESS.router,
    offline: "wrong-port",
  });
  await phone.crash();
  await assertMended(lab, office, placePhone(lab, office, "nat"));
});

liveTest("wrong-port: a phone with port 5061 over UDP", NEEDS, async (lab) => {
  const office = await openOffice(lab);
  await using phone = openPhone(office.network, "lan", {
    server: { host: ADDRESS.server, port: 5061 },
  });
  const registering = () => void phone.register([`<${phone.contact}>`], 9000);
  const diagnosis = await diagnose(lab, wishOf(office), registering);
  assertFault(diagnosis, { ...WRONG_PORT, text: /`5061`[^]*`5060`/ });
  phone.abandon();
});

liveTest(
  "wrong-port: a phone without port while the server has another",
  NEEDS,
  async (lab) => {
    const office = await openOffice(lab, { sip: ["0.0.0.0:5080"] });
    const phone = placePhone(lab, office, "nat");
    const diagnosis = await diagnose(lab, wishOf(office), () => phone.start());
    assertFault(diagnosis, { ...WRONG_PORT, text: /`5060`[^]*`5080`/ });
    await phone.crash();
    const right = placePhone(lab, office, "nat", { port: 5080 });
    await assertMended(lab, office, right);
  },
);

liveTest(
  "replies-lost: a router that lets no answer back",
  NEEDS,
  async (lab) => {
    const office = await openOffice(lab);
    const { router } = office.network;
    await lab.run(
      router,
      ["nft", "-f", "-"],
      `table ip lossy {
  chain back {
    type filter hook forward priority 0;
    iifname "wan" udp sport 5060 drop
  }
}
`,
    );
    const phone = placePhone(lab, office, "nat");
    await watchFault(lab, office, {
      code: "replies-lost",
      stage: "reply",
      where: "router",
      evidence: /repeated a request[^]*never sent its password/,
      text: /SIP ALG/,
    }, { act: () => phone.start(), offline: "replies-lost" });
    await phone.crash();
    await lab.run(router, ["nft", "delete", "table", "ip", "lossy"]);
    await assertMended(lab, office, phone);
  },
);

liveTest(
  "reply-from-other-address: the machine sends from its second address",
  NEEDS,
  async (lab) => {
    const office = await openOffice(lab);
    const { server } = office.network;
    await lab.run(
      server,
      ["nft", "-f", "-"],
      `table ip second {
  chain leaving {
    type filter hook postrouting priority 0;
    ip saddr ${ADDRESS.server} udp sport 5060 ip saddr set ${ADDRESS.serverSecond}
  }
}
`,
    );
    const phone = placePhone(lab, office, "nat");
    await watchFault(lab, office, {
      code: "reply-from-other-address",
      stage: "reply",
      where: "server",
      text: /`192\.0\.2\.2` instead of `192\.0\.2\.1`/,
    }, { act: () => phone.start(), offline: "reply-from-other-address" });
    await phone.crash();
    await lab.run(server, ["nft", "delete", "table", "ip", "second"]);
    await assertMended(lab, office, phone);
  },
);

liveTest(
  "fragments-lost: only the first piece of a long request comes",
  NEEDS,
  async (lab) => {
    const office = await openOffice(lab);
    const { lan } = office.network;
    const rules = `table netdev cut {
  chain leaving {
    type filter hook egress device "eth0" priority 0;
    ip frag-off & 0x1fff != 0 drop
  }
}
`;
    await lab.run(lan, ["nft", "-f", "-"], rules);
    const headers = [`Accept: ${"application/sdp, ".repeat(150)}text/plain`];
    await using phone = openPhone(office.network, "lan", { headers });
    const contacts = [`<${phone.contact}>;expires=60`];
    let response: Promise<Received | null> = Promise.resolve(null);
    await watchFault(lab, office, {
      code: "fragments-lost",
      stage: "socket",
      severity: "warning",
      where: "phone",
      field: "codecs",
      evidence: /long packets from `192\.0\.2\.20`/,
      text: /PCMA and PCMU/,
    }, {
      act: () => {
        response = phone.register(contacts, 8000);
      },
      wish: { timeoutSeconds: 5 },
      offline: "fragments-lost",
    });
    phone.abandon();
    assert.equal(await response, null);

    await lab.run(lan, ["nft", "delete", "table", "netdev", "cut"]);
    const again = await Doctor.start(lab, wishOf(office));
    assert.equal((await phone.register(contacts))?.status, 200);
    assertHealthy(await again.verdict());
  },
);
