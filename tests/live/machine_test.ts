/**
 * What the diagnosis reads of a machine, on a real one: who holds a port, the kernel's counters,
 * names, routes, the public address, the disk.
 * @module
 */

import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { tryToBind } from "../../diag/io/bind_tries.ts";
import { readClock } from "../../diag/io/clock.ts";
import { readDisk } from "../../diag/io/disk.ts";
import { readKernelCounters } from "../../diag/io/kernel_reading.ts";
import { readLimits } from "../../diag/io/limits.ts";
import { tryMedia } from "../../diag/io/media_round.ts";
import { readPorts } from "../../diag/io/port_owners.ts";
import { runProgram } from "../../diag/io/program.ts";
import { askPublicAddress } from "../../diag/io/public_address.ts";
import { listLocalAddresses } from "../../diag/io/server_view.ts";
import { findSourceAddresses } from "../../diag/io/source_address.ts";
import { readUnit } from "../../diag/io/unit.ts";
import { growthOf } from "../../diag/machine/kernel_counters.ts";
import { liveTest } from "./lab_case.ts";
import { serveNames, useNameServer } from "./lab_dns.ts";
import { findFreePort, inNamespace, openUdpSocket } from "./lab_namespace.ts";
import { ADDRESS } from "./lab_network.ts";
import { openOffice } from "./lab_office.ts";

/** A UDP socket on the loopback address that is closed at the end of the block. */
function openLoopback(
  port = 0,
): { readonly socket: Deno.DatagramConn; [Symbol.dispose](): void } {
  const hostname = "127.0.0.1";
  const socket = Deno.listenDatagram({ transport: "udp", hostname, port });
  return { socket, [Symbol.dispose]: () => socket.close() };
}

function portOf(socket: { readonly addr: Deno.Addr }): number {
  return (socket.addr as Deno.NetAddr).port;
}

Deno.test("readPorts() finds our own sockets of every kind", async () => {
  using udp = openLoopback();
  using tcp = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const wanted = [udp.socket, tcp].map((socket) => ({
    host: "127.0.0.1",
    port: portOf(socket),
  }));
  const { holders } = await readPorts(wanted, Deno.pid);
  assert.deepEqual(
    holders.map(({ transport, host, port, pid, isOurs }) => [
      transport,
      host,
      port,
      pid,
      isOurs,
    ]),
    [
      ["udp", "127.0.0.1", portOf(udp.socket), Deno.pid, true],
      ["tcp", "127.0.0.1", portOf(tcp), Deno.pid, true],
    ],
  );
  assert.notEqual(holders[0]?.program, "");
  const others = await readPorts(wanted, 0);
  assert.deepEqual(others.holders.map(({ isOurs }) => isOurs), [false, false]);
});

Deno.test("readKernelCounters() counts datagrams to a closed port", async () => {
  const before = await readKernelCounters(0);
  assert.ok(before !== null);
  using from = openLoopback();
  const to = {
    transport: "udp",
    hostname: "127.0.0.1",
    port: findFreePort(),
  } as const;
  await from.socket.send(new Uint8Array(8), to);
  const growth = growthOf((await readKernelCounters(Deno.pid))!, before);
  assert.ok(growth.udpNoPorts >= 1, JSON.stringify(growth));
  assert.equal(growth.socketDrops, 0);
  assert.ok(growth.receiveBufferLimit > 0);
});

Deno.test("tryToBind() says what the server would be told", () => {
  using udp = openLoopback(findFreePort());
  const taken = { host: "127.0.0.1", port: portOf(udp.socket) };
  const nowhere = { host: "192.0.2.250", port: 5060 };
  const tries = tryToBind([taken, nowhere]);
  assert.deepEqual(
    tries.map(({ transport, failure }) => [transport, failure]),
    [
      ["udp", "EADDRINUSE"],
      ["tcp", ""],
      ["udp", "EADDRNOTAVAIL"],
      ["tcp", "EADDRNOTAVAIL"],
    ],
  );
});

Deno.test("tryMedia() hears both ways, and says when no port is free", async () => {
  const round = await tryMedia({ first: 20001, last: 29999 }, "127.0.0.1");
  assert.ok(round.ms >= 0 && round.ports !== null);
  assert.deepEqual(round.ports.map((port) => port % 2), [0, 0]);
  const [first] = round.ports;
  using _held = openLoopback(first);
  const full = await tryMedia({ first, last: first + 1 }, "127.0.0.1");
  assert.equal(full.ports, null);
});

Deno.test("runProgram() bounds time and knows what is not there", async () => {
  assert.equal(await runProgram("no-such-program", [], 1000), null);
  assert.equal(await runProgram("sleep", ["30"], 50), null);
  const result = await runProgram("sh", ["-c", "echo $LC_ALL; exit 3"], 5000);
  assert.deepEqual(result, { code: 3, stdout: "C\n", stderr: "" });
});

Deno.test("readUnit(), readLimits() and readClock() give an answer on any machine", async () => {
  const unit = await readUnit(Deno.pid);
  assert.ok(Array.isArray(unit.errors));
  assert.ok((readLimits(0).files?.soft ?? 0) > 0);
  assert.equal(readLimits(Deno.pid).files?.soft, readLimits(0).files?.soft);
  assert.ok([true, false, null].includes(readClock().isSynchronised));
  assert.ok(listLocalAddresses().includes("127.0.0.1"));
});

Deno.test("readDisk() looks without leaving anything", async () => {
  const directory = await Deno.makeTempDir({ prefix: "pbx disk%41-" });
  try {
    const database = new DatabaseSync(`${directory}/pbx.db`);
    database.exec("PRAGMA journal_mode = WAL; CREATE TABLE one (two)");
    const open = await readDisk(directory);
    assert.equal(open.database, "ok");
    database.close();
    const closed = await readDisk(directory);
    assert.equal(closed.database, "ok");
    assert.ok(closed.writeMs >= 0 && closed.freeOctets > 0);
    assert.deepEqual([...Deno.readDirSync(directory)].map(({ name }) => name), [
      "pbx.db",
    ]);

    const octets = Deno.readFileSync(`${directory}/pbx.db`);
    octets.fill(0xff, 4096);
    Deno.writeFileSync(`${directory}/pbx.db`, octets);
    const damaged = await readDisk(directory);
    assert.ok(!["", "ok"].includes(damaged.database), damaged.database);

    const missing = await readDisk(`${directory}/data/deep`);
    assert.equal(missing.directory, directory);
    assert.equal(missing.isMade, false);
    assert.equal(missing.writeMs, -1);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
});

liveTest(
  "findSourceAddresses() follows the routes and sends nothing",
  ["namespaces"],
  async (lab) => {
    const { server } = await lab.network();
    const expected = new Map([
      [ADDRESS.lan, { host: ADDRESS.server }],
      [ADDRESS.router, { host: "198.51.100.1" }],
      [ADDRESS.lan6, { host: ADDRESS.server6 }],
      ["203.0.113.1", { failure: "ENETUNREACH" }],
      ["no address", null],
    ]);
    const peers = [...expected.keys()];
    assert.deepEqual(
      await inNamespace(
        server,
        () => findSourceAddresses([...peers, ...peers]),
      ),
      expected,
    );
  },
);

liveTest(
  "askPublicAddress() learns how a STUN server sees us",
  ["namespaces"],
  async (lab) => {
    const { network } = await openOffice(lab);
    // Sockets stay in the namespace in which the question opens them.
    const seen = await inNamespace(
      network.nat,
      () => askPublicAddress({ host: ADDRESS.server, port: 5060 }),
    );
    assert.equal(seen, ADDRESS.router);
    const nobody = await inNamespace(
      network.nat,
      () => askPublicAddress({ host: ADDRESS.server, port: 9 }),
    );
    assert.equal(nobody, "");
  },
);

liveTest(
  "lookUpName() asks for addresses and services, by NAPTR too",
  ["namespaces"],
  async (lab) => {
    const { server } = await lab.network();
    await serveNames(lab, server, {
      "pbx.example A": ["192.0.2.1", "192.0.2.2"],
      "pbx.example AAAA": ["2001:db8::1"],
      "_sip._udp.pbx.example SRV": ["10 0 5060 sip.pbx.example"],
      "pbx.example NAPTR": ["10 0 s SIP+D2T _sip._tcp.other.example"],
      "_sip._tcp.other.example SRV": ["10 0 5080 sip.other.example"],
    });
    assert.deepEqual(await lookUp("pbx.example"), {
      name: "pbx.example",
      isAsked: true,
      ipv4: ["192.0.2.1", "192.0.2.2"],
      ipv6: ["2001:db8::1"],
      services: [
        { transport: "udp", target: "sip.pbx.example", port: 5060 },
        { transport: "tcp", target: "sip.other.example", port: 5080 },
      ],
      error: "",
    });
    const nowhere = await lookUp("nowhere.example");
    assert.deepEqual([nowhere.isAsked, nowhere.error], [
      true,
      "no address record",
    ]);

    /** A name server is chosen when a program starts, so it takes another one. */
    async function lookUp(name: string) {
      const module = new URL("../../diag/io/name_lookup.ts", import.meta.url);
      const code = `const { lookUpName } = await import("${module}");
        console.log(JSON.stringify(await lookUpName("${name}")));`;
      const command = [Deno.execPath(), "eval", "--no-lock", code];
      return JSON.parse(await lab.run(server, command));
    }
  },
);

liveTest(
  "lookUpName() gives up after 2 seconds",
  ["namespaces"],
  async (lab) => {
    const { server } = await lab.network();
    const socket = openUdpSocket(server, "127.0.0.1", 53);
    lab.onClose(() => socket.close());
    await useNameServer(lab, server, "127.0.0.1");
    const module = new URL("../../diag/io/name_lookup.ts", import.meta.url);
    const code = `const { lookUpName } = await import("${module}");
      const startMs = performance.now();
      const { isAsked } = await lookUpName("pbx.example");
      console.log(isAsked, performance.now() - startMs < 3000);
      Deno.exit(0);`;
    const command = [Deno.execPath(), "eval", "--no-lock", code];
    assert.equal(await lab.run(server, command), "false true\n");
  },
);
