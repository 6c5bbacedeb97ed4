/**
 * What only the UDP transport of Linux can: the address written to, IPv6, drops, ICMP errors.
 * @module
 */

import assert from "node:assert/strict";
import type { SipFact } from "../../sip/fact.ts";
import { Flow } from "../../sip/flow.ts";
import { tryLockFile } from "../../sip/io/libc.ts";
import { openUdp } from "../../sip/io/udp.ts";
import { LinuxUdp } from "../../sip/io/udp_linux.ts";
import { HAS_IPV6, HAS_LINUX, octets, openLinux, Peer } from "./udp_peer.ts";

Deno.test({
  name: "openUdp() takes the C library where it may",
  ignore: !HAS_LINUX,
  fn() {
    const transport = openUdp([{ host: "127.0.0.1", port: 0 }, {
      host: "127.0.0.1",
      port: 0,
    }]);
    assert.ok(transport instanceof LinuxUdp);
    assert.equal(transport.listening.length, 2);
    transport.close();
  },
});

Deno.test({
  name: "LinuxUdp answers from the address that was written to",
  ignore: !HAS_LINUX,
  async fn() {
    const server = new Peer(openLinux("0.0.0.0", 0));
    const phone = new Peer(openLinux("127.0.0.1", 0));
    for (const host of ["127.0.0.2", "127.0.0.1", "127.1.2.3"]) {
      phone.send(phone.flowTo(host, server.port), octets(5, 1));
      const request = await server.next();
      assert.equal(request.flow.localHost, host);
      server.send(request.flow, octets(6, 2));
      const answer = await phone.next();
      assert.equal(answer.flow.host, host);
      assert.equal(answer.flow.port, server.port);
    }
    await phone.close();
    await server.close();
  },
});

Deno.test({
  name: "LinuxUdp speaks IPv6 on one address and on all",
  ignore: !HAS_IPV6,
  async fn() {
    for (const host of ["::1", "::"]) {
      const server = new Peer(openLinux(host, 0));
      const phone = new Peer(openLinux("::1", 0));
      phone.send(phone.flowTo("::1", server.port, "::1"), octets(700, 3));
      const request = await server.next();
      assert.deepEqual(
        { ...request.flow },
        { ...new Flow("udp", 0, "::1", server.port, "::1", phone.port) },
      );
      server.send(request.flow, request.bytes);
      const answer = await phone.next();
      assert.equal(answer.flow.host, "::1");
      assert.deepEqual(answer.bytes, octets(700, 3));
      await phone.close();
      await server.close();
    }
  },
});

Deno.test({
  name:
    "LinuxUdp serves two families on one port and answers each from its own socket",
  ignore: !HAS_IPV6,
  async fn() {
    const transport = openUdp([{ host: "127.0.0.1", port: 0 }, {
      host: "::1",
      port: 0,
    }]);
    const server = new Peer(transport, true);
    const [four, six] = transport.listening;
    const phone4 = new Peer(openLinux("127.0.0.1", 0));
    const phone6 = new Peer(openLinux("::1", 0));
    phone4.send(phone4.flowTo("127.0.0.1", four!.port), octets(4, 1));
    phone6.send(phone6.flowTo("::1", six!.port, "::1"), octets(6, 1));
    assert.equal((await phone4.next()).flow.port, four!.port);
    assert.equal((await phone6.next()).flow.port, six!.port);
    await Promise.all([server, phone4, phone6].map((peer) => peer.close()));
  },
});

Deno.test({
  name: "LinuxUdp tells which peer refused, and still sends what comes after",
  ignore: !HAS_LINUX,
  async fn() {
    const gone = openLinux("127.0.0.4", 0);
    const { port } = gone.listening[0]!;
    gone.close();
    for (const host of ["127.0.0.1", "0.0.0.0"]) {
      const server = new Peer(openLinux(host, 0));
      const phone = new Peer(openLinux("127.0.0.1", 0));
      const facts: SipFact[] = [];
      // ICMP may take its time: ask until it was there, each time with a datagram behind it.
      for (let i = 0; i < 1000 && facts.length === 0; i++) {
        server.queue(server.flowTo("127.0.0.4", port), octets(9, i));
        server.queue(server.flowTo("127.0.0.1", phone.port), octets(9, i));
        server.flush();
        assert.deepEqual((await phone.next()).bytes, octets(9, i));
        phone.send(phone.flowTo("127.0.0.1", server.port), octets(1, i));
        await server.next();
        facts.push(...server.transport.takeFacts());
      }
      const fact = facts[0];
      assert.ok(fact?.kind === "transport-trouble");
      assert.equal(fact.what, "icmp-error");
      assert.equal(fact.stage, "transport");
      assert.equal(fact.count, 111);
      assert.equal(fact.detail, "ECONNREFUSED");
      assert.equal(fact.flow.host, "127.0.0.4");
      assert.equal(fact.flow.port, port);
      assert.equal(fact.flow.localHost, "127.0.0.1");
      await phone.close();
      await server.close();
    }
  },
});

Deno.test({
  name: "LinuxUdp makes a fact of what cannot be sent and sends the rest",
  ignore: !HAS_LINUX,
  async fn() {
    const server = new Peer(openLinux("127.0.0.1", 0));
    const phone = new Peer(openLinux("127.0.0.1", 0));
    const good = server.flowTo("127.0.0.1", phone.port);
    server.queue(good, octets(1, 1));
    server.queue(server.flowTo("not an address", 5060), octets(1, 2));
    server.queue(server.flowTo("::1", 5060), octets(1, 3));
    server.queue(good, octets(65_535, 4));
    for (let i = 0; i < 150; i++) server.queue(good, octets(100, i));
    server.flush();
    assert.equal((await phone.next()).bytes.length, 1);
    for (let i = 0; i < 150; i++) {
      assert.deepEqual((await phone.next()).bytes, octets(100, i));
    }
    assert.deepEqual(
      server.transport.takeFacts().map((fact) =>
        fact.kind === "transport-trouble"
          ? `${fact.what} ${fact.detail}`
          : fact.kind
      ),
      [
        "send-failed EINVAL",
        "send-failed EAFNOSUPPORT",
        "send-failed EMSGSIZE",
      ],
    );
    await phone.close();
    await server.close();
  },
});

Deno.test({
  name: "LinuxUdp counts what the kernel dropped",
  ignore: !HAS_LINUX,
  async fn() {
    const transport = openLinux("127.0.0.1", 0);
    const phone = new Peer(openLinux("127.0.0.1", 0));
    const flow = phone.flowTo("127.0.0.1", transport.listening[0]!.port);
    const sent = 600;
    const large = octets(60_000, 1);
    for (let i = 0; i < sent; i++) phone.send(flow, large);
    const server = new Peer(transport);
    let received = 0;
    const facts: SipFact[] = [];
    // The kernel tells the count with the next datagram that finds room.
    phone.send(flow, octets(1, 0));
    for (let octetCount = 60_000; octetCount !== 1; received++) {
      octetCount = (await server.next()).bytes.length;
      if (octetCount !== 1 && received === 0) phone.send(flow, octets(1, 0));
    }
    facts.push(...transport.takeFacts());
    assert.equal(facts.length, 1);
    const fact = facts[0]!;
    assert.ok(
      fact.kind === "transport-trouble" && fact.what === "kernel-drops",
    );
    assert.equal(fact.stage, "socket");
    assert.ok(fact.count > 0);
    await phone.close();
    await server.close();
  },
});

Deno.test({
  name: "tryLockFile() locks once, until it is released",
  ignore: !HAS_LINUX,
  fn() {
    const directory = Deno.makeTempDirSync();
    try {
      const path = `${directory}/lock`;
      const lock = tryLockFile(path);
      assert.ok(lock);
      assert.equal(tryLockFile(path), null);
      lock.release();
      const again = tryLockFile(path);
      assert.ok(again);
      again.release();
      assert.equal((Deno.statSync(path).mode ?? 0) & 0o777, 0o600);
      assert.throws(() => tryLockFile(`${directory}/none/lock`), /ENOENT/);
    } finally {
      Deno.removeSync(directory, { recursive: true });
    }
  },
});
