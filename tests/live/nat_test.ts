/**
 * What only a network with a router and several addresses shows: the reply leaves from the
 * address that was written to, pings keep the router's mapping open, a retransmission gets the
 * same answer, and phones over TCP and IPv6 register (RFC 3581, RFC 5626 §4.4, RFC 3261 §17.2.2).
 * @module
 */

import assert from "node:assert/strict";
import { ADDRESS } from "./lab_network.ts";
import { liveTest } from "./lab_case.ts";
import { ACCOUNT, openOffice, openPhone, sourceHost } from "./lab_office.ts";
import { openUdpSocket } from "./lab_namespace.ts";
import { until } from "./lab_process.ts";
import { SOFTPHONES } from "./lab_softphone.ts";

const NEEDS = ["namespaces"];
const NAT_UDP_SECONDS = 3;
/** What the log says at level debug. */
const PING_ANSWERED = /ping-answered|Ping of [^\n]* answered after/;

liveTest(
  "a reply leaves from the address that the phone wrote to",
  NEEDS,
  async (lab) => {
    const { network } = await openOffice(lab);
    for (const host of [ADDRESS.server, ADDRESS.serverSecond]) {
      await using phone = openPhone(network, "lan", {
        server: { host, port: 5060 },
      });
      const response = await phone.register([`<${phone.contact}>;expires=60`]);
      assert.equal(response?.status, 200, response?.text);
      assert.deepEqual([response.from.hostname, response.from.port], [
        host,
        5060,
      ]);
    }
  },
);

for (const algorithm of ["MD5", "SHA-256"] as const) {
  liveTest(
    `a phone with ${algorithm} registers behind a router with random ports`,
    NEEDS,
    async (lab) => {
      const { network, server } = await openOffice(lab, { natPorts: "random" });
      await using phone = openPhone(network, "nat", {
        algorithm,
        server: { host: ADDRESS.serverSecond, port: 5060 },
      });
      const response = await phone.register([`<${phone.contact}>;expires=60`]);
      assert.equal(response?.status, 200, response?.text);
      assert.match(response.text, new RegExp(`received=${ADDRESS.router}`));
      const [binding] = await server.bindings(ACCOUNT.number);
      assert.equal(sourceHost(binding), ADDRESS.router);
      assert.match(
        response.text,
        new RegExp(`rport=${binding!.source.split(":")[1]}\\b`),
      );
    },
  );
}

liveTest("pings keep the router's mapping open", NEEDS, async (lab) => {
  const { network, server } = await openOffice(lab, {
    natUdpSeconds: NAT_UDP_SECONDS,
    config: "[nat]\nping_seconds = 1\n",
  });
  // The control: a mapping that nobody refreshes is gone, a datagram from outside is lost.
  const outside = openUdpSocket(network.server, ADDRESS.server);
  const silent = openUdpSocket(network.nat, ADDRESS.nat);
  let late = 0;
  const listening = silent.receive().then(() => late++, () => {});
  try {
    await using phone = openPhone(network, "nat");
    const response = await phone.register([`<${phone.contact}>;expires=60`]);
    assert.equal(response?.status, 200, response?.text);
    await silent.send(new Uint8Array(4), outside.addr);
    const [, mapped] = await outside.receive();

    const start = performance.now();
    await until("pings for three times the life of a mapping", () => {
      return performance.now() - start > 3000 * NAT_UDP_SECONDS &&
        phone.requests.length > 0;
    }, 4000 * NAT_UDP_SECONDS);
    const before = phone.requests.length;
    await until("another ping", () => phone.requests.length > before, 5000);
    assert.ok(before >= 4, `only ${before} pings`);
    assert.equal(phone.requests.at(-1)!.from.hostname, ADDRESS.server);
    assert.match(server.process.output, PING_ANSWERED);
    await outside.send(new Uint8Array(4), mapped);
    assert.equal((await server.bindings(ACCOUNT.number)).length, 1);
    assert.equal(
      late,
      0,
      "the router does not forget mappings: the test proves nothing",
    );
  } finally {
    silent.close();
    outside.close();
    await listening;
  }
});

liveTest("baresip behind NAT answers pings long after it registered", [
  ...NEEDS,
  "baresip",
], async (lab) => {
  const { network, server } = await openOffice(lab, {
    natUdpSeconds: NAT_UDP_SECONDS,
    config: "[nat]\nping_seconds = 1\n",
  });
  const phone = SOFTPHONES["baresip"]!(lab, network.nat, ACCOUNT);
  phone.start();
  await phone.registered();
  const answered = () => server.process.output.split(PING_ANSWERED).length - 1;
  await until("five answered pings", () => answered() >= 5, 15_000);
});

liveTest(
  "a retransmission gets the same answer and is not processed again",
  NEEDS,
  async (lab) => {
    const { network, server } = await openOffice(lab);
    await using phone = openPhone(network, "nat");
    const first = await phone.register([`<${phone.contact}>;expires=60`]);
    assert.equal(first?.status, 200, first?.text);
    for (let repeat = 0; repeat < 3; repeat++) {
      const again = phone.next(phone.lastSent, 3000);
      await phone.send(phone.lastSent);
      assert.equal((await again)?.text, first.text);
    }
    assert.equal((await server.bindings(ACCOUNT.number)).length, 1);
  },
);

for (const place of ["lan", "nat"] as const) {
  liveTest(
    `baresip over TCP registers (${place})`,
    [...NEEDS, "baresip"],
    async (lab) => {
      const { network, server } = await openOffice(lab);
      const account = { ...ACCOUNT, transport: "tcp" } as const;
      const phone = SOFTPHONES["baresip"]!(lab, network[place], account);
      phone.start();
      await phone.registered();
      const [binding] = await server.bindings(ACCOUNT.number);
      assert.equal(binding?.transport.toLowerCase(), "tcp");
      await phone.refresh();
      await phone.unregister();
      assert.deepEqual(await server.bindings(ACCOUNT.number), []);
    },
  );
}

liveTest("baresip over IPv6 registers", [...NEEDS, "baresip"], async (lab) => {
  const { network, server } = await openOffice(lab, {
    sip: ["0.0.0.0:5060", "[::]:5060"],
  });
  const phone = SOFTPHONES["baresip"]!(lab, network.lan, {
    ...ACCOUNT,
    server: ADDRESS.server6,
  });
  phone.start();
  await phone.registered();
  const [binding] = await server.bindings(ACCOUNT.number);
  assert.equal(sourceHost(binding), ADDRESS.lan6);
});

liveTest(
  "no secret is on the wire",
  [...NEEDS, "baresip", "tcpdump"],
  async (lab) => {
    const { network } = await openOffice(lab);
    const capture = await lab.capture(network.nat, "eth0", "udp port 5060");
    const phone = SOFTPHONES["baresip"]!(lab, network.nat, ACCOUNT);
    phone.start();
    await phone.registered();
    const packets = await until("a captured 200", async () => {
      const text = await lab.run(null, [
        "tcpdump",
        "-n",
        "-A",
        "-r",
        capture.file,
      ]).catch(() => "");
      return text.includes("SIP/2.0 200") && text;
    });
    assert.match(packets, /WWW-Authenticate: Digest/);
    assert.ok(!packets.includes(ACCOUNT.password));
  },
);
