/**
 * The packet socket of Linux in network namespaces: it sees what a packet filter drops, once and
 * only what was asked for, and says why where it may not look.
 * @module
 */

import assert from "node:assert/strict";
import {
  openPacketSocket,
  type PacketSocket,
} from "../../diag/io/packet_socket.ts";
import { type Dissected, Dissector } from "../../diag/wire/dissect.ts";
import type { PacketSeen } from "../../diag/wire/packet_fact.ts";
import type { FilterOptions } from "../../diag/wire/packet_filter.ts";
import { message } from "../../diag/wire/sample_test.ts";
import { liveTest } from "./lab_case.ts";
import { inNamespace, openUdpSocket } from "./lab_namespace.ts";
import { ADDRESS } from "./lab_network.ts";
import { until } from "./lab_process.ts";

const SIP: FilterOptions = { sip: [{ first: 5060, last: 5070 }], rtp: null };
const HOSTS = [
  ADDRESS.server,
  ADDRESS.server6,
  "127.0.0.1",
  "::1",
];
const DROP = `table inet shut {
  chain arriving {
    type filter hook input priority 0;
    udp dport 5060 drop
    tcp dport 5060 drop
  }
}
`;

/** A socket that runs, and what it saw. */
class Watch {
  readonly seen: Dissected[] = [];
  readonly socket: PacketSocket;
  readonly #running: Promise<void>;

  constructor(namespace: string, options = SIP) {
    const socket = inNamespace(namespace, () => openPacketSocket(options));
    assert.ok(!("why" in socket), JSON.stringify(socket));
    this.socket = socket;
    const hosts = new Set(HOSTS);
    const dissector = new Dissector({ hosts, ports: new Set([5060]) });
    this.#running = socket.run((frame) => {
      this.seen.push(...dissector.take(frame));
    });
  }

  /** The packets of one Call-ID. */
  of(callId: string): PacketSeen[] {
    return this.seen.flatMap(({ fact }) =>
      fact.kind === "packet-seen" && fact.callId === callId ? [fact] : []
    );
  }

  async close(): Promise<void> {
    this.socket.close();
    await this.#running;
  }
}

liveTest(
  "a packet socket sees the datagrams that a packet filter drops",
  ["namespaces"],
  async (lab) => {
    const { server, lan } = await lab.network();
    await lab.run(server, ["nft", "-f", "-"], DROP);
    const watch = new Watch(server);
    const listener = openUdpSocket(server, "0.0.0.0", 5060);
    let received = 0;
    const listening = listener.receive().then(() => received++, () => {});
    const pairs = [[ADDRESS.lan, ADDRESS.server], [
      ADDRESS.lan6,
      ADDRESS.server6,
    ]] as const;
    const ports: number[] = [];
    for (const [host, hostname] of pairs) {
      const phone = openUdpSocket(lan, host);
      ports.push((phone.addr as Deno.NetAddr).port);
      const octets = message({ callId: hostname });
      for (const port of [5060, 5071]) {
        await phone.send(octets, { transport: "udp", hostname, port });
      }
      phone.close();
    }
    await until("both are seen", () => watch.seen.length >= 2);
    for (const [i, [host, localHost]] of pairs.entries()) {
      const [fact, more] = watch.of(localHost);
      assert.equal(more, undefined);
      assert.equal(fact?.direction, "in");
      assert.deepEqual([fact.host, fact.port], [host, ports[i]]);
      assert.deepEqual([fact.localHost, fact.localPort], [localHost, 5060]);
      assert.equal(fact.number, "1002");
      assert.ok(Math.abs(fact.at - Date.now()) < 10_000);
    }
    assert.equal(received, 0);
    listener.close();
    await listening;
    await watch.close();
  },
);

liveTest(
  "a packet socket sees a connection that is asked for, and whole datagrams of fragments",
  ["namespaces", "nc"],
  async (lab) => {
    const { server, lan } = await lab.network();
    await lab.run(server, ["nft", "-f", "-"], DROP);
    const watch = new Watch(server);
    const command = ["nc", "-w", "1", "-z", ADDRESS.server, "5060"];
    const asking = lab.attempt(lan, { command });
    await until(
      "a SYN is seen",
      () =>
        watch.seen.some(({ fact }) => "class" in fact && fact.class === "syn"),
    );
    await asking;
    const octets = message({ callId: "long", lines: 50 });
    assert.ok(octets.length > 3000);
    const phone = openUdpSocket(lan, ADDRESS.lan);
    await phone.send(octets, {
      transport: "udp",
      hostname: ADDRESS.server,
      port: 5060,
    });
    phone.close();
    await until("the message is seen", () => watch.of("long").length > 0);
    const found = watch.seen.find(({ fact }) =>
      "callId" in fact && fact.callId === "long"
    );
    assert.deepEqual(found?.message, octets);
    await watch.close();
  },
);

liveTest(
  "a packet socket sees the loopback's packets once, in both directions",
  ["namespaces"],
  async (lab) => {
    const { server } = await lab.network();
    const watch = new Watch(server);
    const [one, other] = [0, 5060].map((port) =>
      openUdpSocket(server, "127.0.0.1", port)
    );
    await one!.send(message({ callId: "there" }), other!.addr);
    await other!.send(message({ callId: "back" }), one!.addr);
    await until("both are seen", () => watch.of("back").length > 0);
    assert.deepEqual(watch.of("there").map((fact) => fact.direction), ["in"]);
    assert.deepEqual(watch.of("back").map((fact) => fact.direction), ["out"]);
    one!.close();
    other!.close();
    await watch.close();
  },
);

liveTest(
  "a packet socket keeps up with 2000 packets a second and leaves the event loop free",
  ["namespaces"],
  async (lab) => {
    const { server, lan } = await lab.network();
    const watch = new Watch(server);
    const phone = openUdpSocket(lan, ADDRESS.lan);
    const target = {
      transport: "udp",
      hostname: ADDRESS.server,
      port: 5060,
    } as const;
    let longestMs = 0;
    const start = performance.now();
    for (let sent = 0; sent < 2000; sent += 20) {
      for (let i = 0; i < 20; i++) {
        await phone.send(message({ callId: `m${sent + i}` }), target);
      }
      const before = performance.now();
      await new Promise((wake) =>
        setTimeout(wake, Math.max(0, start + sent / 2 - before))
      );
      const due = Math.max(before, start + sent / 2);
      longestMs = Math.max(longestMs, performance.now() - due);
    }
    await until("all are seen", () => watch.of("m1999").length > 0);
    phone.close();
    assert.equal(watch.seen.length, 2000);
    assert.equal(watch.socket.takeDrops(), 0);
    assert.ok(longestMs < 200, `${longestMs}`);
    await watch.close();
  },
);

liveTest(
  "a packet socket tells how many packets it had no room for",
  ["namespaces"],
  async (lab) => {
    const { server } = await lab.network();
    const socket = inNamespace(server, () => openPacketSocket(SIP));
    assert.ok(!("why" in socket));
    const [one, other] = [0, 5060].map((port) =>
      openUdpSocket(server, "127.0.0.1", port)
    );
    const large = new Uint8Array(60_000);
    for (let i = 0; i < 300; i++) await one!.send(large, other!.addr);
    assert.ok(socket.takeDrops() > 0);
    assert.equal(socket.takeDrops(), 0);
    one!.close();
    other!.close();
    socket.close();
    socket.close();
  },
);

liveTest(
  "openPacketSocket() says that the right is missing",
  ["root", "setpriv"],
  async (lab) => {
    const file = new URL("../../diag/io/packet_socket.ts", import.meta.url);
    const program = `import { openPacketSocket } from "${file}";
      const tried = openPacketSocket({ sip: [], rtp: null });
      console.log(JSON.stringify(tried));`;
    const script = `${lab.directory}/try.ts`;
    await Deno.writeTextFile(script, program);
    const printed = await lab.run(null, [
      "setpriv",
      "--bounding-set=-net_raw",
      Deno.execPath(),
      "run",
      "-A",
      script,
    ]);
    assert.deepEqual(JSON.parse(printed), {
      why: "no-right",
      error: "EPERM",
    });
  },
);
