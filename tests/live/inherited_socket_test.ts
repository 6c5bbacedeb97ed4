/**
 * The transports on sockets that were open before: which are taken, what is told of them, and that
 * nothing is lost or left when a transport ends.
 * @module
 */

import assert from "node:assert/strict";
import {
  type Inherited,
  takeInherited,
} from "../../sip/io/inherited_sockets.ts";
import { openLibc } from "../../sip/io/libc.ts";
import { openTcp } from "../../sip/io/tcp.ts";
import { openUdp } from "../../sip/io/udp.ts";
import {
  closeSockets,
  duplicate,
  openSockets,
  type SocketOptions,
} from "./lab_activator.ts";
import type { Lab } from "./lab.ts";
import { liveTest } from "./lab_case.ts";
import {
  countDescriptors,
  LIMITS,
  OPTIONS,
  until,
  writeAll,
} from "./tcp_peer.ts";
import { HAS_IPV6, octets, openLinux, Peer } from "./udp_peer.ts";

const RLIMIT_NOFILE = 7;

/** A UDP socket of the test, and what a transport inherits of it. */
function openUdpPair(lab: Lab, host: string, options: SocketOptions = {}) {
  const [socket] = openSockets(host, ["udp"], options);
  lab.onClose(() => closeSockets([socket!]));
  const take = (): Inherited =>
    takeInherited([duplicate(socket!).descriptor], [socket!]);
  const open = () => openUdp([socket!], Date.now, take().sockets);
  return { socket: socket!, open };
}

liveTest(
  "takeInherited() takes what is configured and closes the rest",
  [],
  () => {
    const before = countDescriptors();
    const own = openSockets("127.0.0.1", ["udp", "tcp"]);
    const all = openSockets("0.0.0.0", ["udp"]);
    const file = Deno.openSync("/dev/null");
    const again = duplicate(own[0]!);
    const { port } = own[0]!;
    const handed = [...own, ...all, again].map(({ descriptor }) => descriptor);
    const { sockets, unused } = takeInherited(
      [...handed, 9999],
      [{ host: "127.0.0.1", port }, { host: "127.0.0.1", port: all[0]!.port }],
    );
    assert.deepEqual(sockets, own.map((socket) => ({ ...socket })));
    assert.deepEqual(unused, [
      `UDP 0.0.0.0:${all[0]!.port}`,
      `UDP 127.0.0.1:${port}`,
      "descriptor 9999",
    ]);
    file.close();
    closeSockets(own);
    assert.equal(countDescriptors(), before);
    return Promise.resolve();
  },
);

liveTest("takeInherited() tells wildcards of both families apart", [], () => {
  if (!HAS_IPV6) return Promise.resolve();
  const both = openSockets("::", ["udp"], { isForBoth: true });
  const { port } = both[0]!;
  const listen = [{ host: "0.0.0.0", port }, { host: "::", port }];
  const taken = takeInherited([both[0]!.descriptor], listen);
  assert.deepEqual(taken.sockets, []);
  assert.match(taken.unused.join(), /^UDP \[::\]:\d+ \(for IPv4 as well/);
  const six = openSockets("::", ["udp", "tcp"], { port });
  const handed = six.map(({ descriptor }) => descriptor);
  const { sockets, unused } = takeInherited(handed, listen);
  assert.deepEqual(sockets.map(({ host }) => host), ["::", "::"]);
  assert.deepEqual(unused, []);
  closeSockets(six);
  return Promise.resolve();
});

liveTest(
  "LinuxUdp leaves what it has not read to its successor",
  [],
  async (lab) => {
    const before = countDescriptors();
    const { socket, open } = openUdpPair(lab, "127.0.0.1");
    const phone = new Peer(openLinux("127.0.0.1", 0));
    const flow = phone.flowTo("127.0.0.1", socket.port);
    const first = new Peer(open());
    phone.send(flow, octets(5, 1));
    assert.deepEqual((await first.next()).bytes, octets(5, 1));
    const closing = first.close();
    for (let i = 0; i < 100; i++) phone.send(flow, octets(6, i));
    await closing;
    const second = new Peer(open());
    for (let i = 0; i < 100; i++) {
      assert.deepEqual((await second.next()).bytes, octets(6, i));
    }
    await second.close();
    await phone.close();
    assert.equal(countDescriptors(), before + 1);
  },
);

liveTest(
  "LinuxUdp answers from where it was asked also what waited without its address",
  [],
  async (lab) => {
    const options = { hasPacketInfo: false };
    for (const host of HAS_IPV6 ? ["0.0.0.0", "::"] : ["0.0.0.0"]) {
      const { socket, open } = openUdpPair(lab, host, options);
      const six = host === "::";
      const phone = new Peer(openLinux(six ? "::1" : "127.0.0.1", 0));
      const written = six ? "::1" : "127.0.0.7";
      const flow = phone.flowTo(
        written,
        socket.port,
        six ? "::1" : "127.0.0.1",
      );
      phone.send(flow, octets(5, 1));
      const server = new Peer(open(), true);
      const answer = await phone.next();
      assert.equal(answer.flow.host, written);
      assert.deepEqual(answer.bytes, octets(5, 1));
      await server.close();
      await phone.close();
    }
  },
);

liveTest(
  "LinuxUdp tells no drops of before, and those that come",
  ["root"],
  async (lab) => {
    const { socket, open } = openUdpPair(lab, "127.0.0.1");
    const phone = new Peer(openLinux("127.0.0.1", 0));
    const flow = phone.flowTo("127.0.0.1", socket.port);
    const flood = () => {
      for (let i = 0; i < 600; i++) phone.send(flow, octets(60_000, 1));
    };
    const drain = async (server: Peer) => {
      // the kernel tells the count with a datagram that finds room
      phone.send(flow, octets(1, 0));
      for (let left = true; left;) {
        left = (await server.next()).bytes.length > 1;
        if (left) phone.send(flow, octets(1, 0));
      }
      await server.close();
      return server.transport.takeFacts().map((fact) =>
        fact.kind === "transport-trouble" ? fact.what : fact.kind
      );
    };
    const early = open();
    flood();
    assert.deepEqual(await drain(new Peer(early)), ["kernel-drops"]);
    assert.deepEqual(await drain(new Peer(open())), []);
    flood();
    const late = open();
    assert.deepEqual(await drain(new Peer(late)), []);
    await phone.close();
  },
);

liveTest(
  "openTcp() waits where there are no descriptors, and serves when there are",
  [],
  async (lab) => {
    const before = countDescriptors();
    const sockets = openSockets("127.0.0.1", ["tcp"]);
    lab.onClose(() => closeSockets(sockets));
    const [socket] = sockets;
    const { port } = socket!;
    const { sockets: taken } = takeInherited(
      [duplicate(socket!).descriptor],
      [socket!],
    );
    using phone = await Deno.connect({ hostname: "127.0.0.1", port });
    await writeAll(phone, OPTIONS);
    const server = openTcp([socket!], LIMITS, taken);
    const facts: string[] = [];
    let received = 0;
    const libc = openLibc(["getrlimit", "setrlimit"])!;
    const limits = new BigUint64Array(2);
    libc.call.getrlimit(RLIMIT_NOFILE, limits);
    const spare = duplicate(socket!);
    const lowest = spare.descriptor;
    closeSockets([spare]);
    const [soft = 0n, hard = 0n] = limits;
    libc.call.setrlimit(RLIMIT_NOFILE, BigUint64Array.of(BigInt(lowest), hard));
    const running = server.run((_, count) => received += count);
    try {
      await until(() => {
        for (const fact of server.takeFacts()) {
          facts.push(
            fact.kind === "transport-trouble" ? fact.detail : fact.kind,
          );
        }
        return facts.length >= 2;
      });
      for (let turn = 0; turn < 50; turn++) {
        await new Promise((resolve) => setTimeout(resolve, 0));
      }
      assert.deepEqual(server.takeFacts(), []);
      assert.deepEqual(facts, ["accept: EMFILE", "accept: EMFILE"]);
    } finally {
      libc.call.setrlimit(RLIMIT_NOFILE, BigUint64Array.of(soft, hard));
      libc.close();
    }
    await until(() => received === 1);
    server.close();
    await running;
    await until(() => countDescriptors() === before + 2);
  },
);
