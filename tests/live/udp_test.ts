/**
 * Both UDP transports on real sockets of the loopback interface.
 * @module
 */

import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { Flow } from "../../sip/flow.ts";
import { BindError } from "../../sip/io/bind_error.ts";
import type { Transport } from "../../sip/io/transport.ts";
import { Outbox } from "../../sip/outbox.ts";
import {
  HAS_DENO,
  HAS_LINUX,
  octets,
  openDeno,
  openLinux,
  Peer,
} from "./udp_peer.ts";

/** 1 to 1500 octets, and every fiftieth larger, up to 60,000. */
function sizeOf(i: number): number {
  return i % 50 === 49 ? 60 * (i + 1) : 1 + i * 1234567 % 1500;
}

for (
  const { name, open, ignore } of [
    { name: "LinuxUdp", open: openLinux, ignore: !HAS_LINUX },
    { name: "DenoUdp", open: openDeno, ignore: !HAS_LINUX || !HAS_DENO },
  ] satisfies {
    name: string;
    open: (host: string, port: number) => Transport;
    ignore: boolean;
  }[]
) {
  Deno.test({
    name: `${name} carries datagrams of every size both ways`,
    ignore,
    async fn() {
      const server = new Peer(open("127.0.0.1", 0), true);
      const phone = new Peer(openLinux("127.0.0.1", 0));
      const flow = phone.flowTo("127.0.0.1", server.port);
      for (let i = 0; i < 1000; i += 10) {
        const waiting = Array.from(
          { length: 10 },
          (_, k) => octets(sizeOf(i + k), i + k),
        );
        for (const bytes of waiting) phone.send(flow, bytes);
        while (waiting.length > 0) {
          const echo = await phone.next();
          const k = waiting.findIndex((bytes) =>
            Buffer.compare(echo.bytes, bytes) === 0
          );
          assert.ok(
            k >= 0,
            `${echo.bytes.length} octets that nobody sent, near ${i}`,
          );
          waiting.splice(k, 1);
          assert.equal(echo.flow.host, "127.0.0.1");
          assert.equal(echo.flow.port, server.port);
        }
      }
      await phone.close();
      await server.close();
      assert.deepEqual(server.transport.takeFacts(), []);
    },
  });

  Deno.test({
    name: `${name} tells both addresses and keeps one flow for one phone`,
    ignore,
    async fn() {
      const server = new Peer(open("127.0.0.1", 0));
      const phone = new Peer(openLinux("127.0.0.3", 0));
      phone.send(phone.flowTo("127.0.0.1", server.port), octets(10, 1));
      phone.send(phone.flowTo("127.0.0.1", server.port), octets(10, 2));
      const { flow } = await server.next();
      assert.deepEqual(
        { ...flow },
        {
          ...new Flow(
            "udp",
            0,
            "127.0.0.1",
            server.port,
            "127.0.0.3",
            phone.port,
          ),
        },
      );
      assert.equal((await server.next()).flow, flow);
      await phone.close();
      await server.close();
    },
  });

  Deno.test({
    name: `${name} hands over an empty datagram`,
    ignore,
    async fn() {
      const server = new Peer(open("127.0.0.1", 0), true);
      const phone = new Peer(openLinux("127.0.0.1", 0));
      phone.send(phone.flowTo("127.0.0.1", server.port), new Uint8Array(0));
      assert.equal((await phone.next()).bytes.length, 0);
      await phone.close();
      await server.close();
    },
  });

  Deno.test({
    name: `${name} says who cannot bind and why, and leaves nothing open`,
    ignore,
    fn() {
      const first = open("127.0.0.1", 0);
      const { port } = first.listening[0]!;
      const before = HAS_LINUX
        ? [...Deno.readDirSync("/proc/self/fd")].length
        : 0;
      assert.throws(() => open("127.0.0.1", port), (error) => {
        assert.ok(error instanceof BindError);
        assert.equal(error.host, "127.0.0.1");
        assert.equal(error.port, port);
        assert.equal(error.code, "EADDRINUSE");
        return true;
      });
      assert.throws(() => open("192.0.2.254", 0), { code: "EADDRNOTAVAIL" });
      assert.throws(() => open("localhost", 0), { code: "EINVAL" });
      const after = HAS_LINUX
        ? [...Deno.readDirSync("/proc/self/fd")].length
        : 0;
      assert.equal(after, before);
      first.close();
    },
  });

  Deno.test({
    name: `${name} lets timers run under a flood`,
    ignore,
    async fn() {
      const transport = open("127.0.0.1", 0);
      const { port } = transport.listening[0]!;
      const self = new Flow("udp", 0, "127.0.0.1", port, "127.0.0.1", port);
      const outbox = new Outbox();
      const bytes = octets(200, 1);
      let left = name === "LinuxUdp" ? 200_000 : 10_000;
      // Every datagram that arrives makes the next one: the socket never runs dry.
      const send = (count: number) => {
        outbox.clear();
        for (let i = 0; i < count; i++) {
          const start = outbox.position;
          outbox.constant(bytes);
          outbox.end(start, self);
        }
        transport.send(outbox);
      };
      let ticks = 0;
      const timer = setInterval(() => ticks++, 1);
      send(64);
      await transport.run((_inbound, count) => {
        left -= count;
        if (left > 0) send(count);
        else transport.close();
      });
      clearInterval(timer);
      assert.ok(ticks >= 10, `${ticks} ticks`);
    },
  });

  Deno.test({
    name: `${name} ends run() when it is closed, before, while and after`,
    ignore,
    async fn() {
      const early = open("127.0.0.1", 0);
      early.close();
      early.close();
      await early.run(() => assert.fail("received after close"));
      const idle = open("127.0.0.1", 0);
      const running = idle.run(() => assert.fail("received nothing"));
      setTimeout(() => idle.close(), 0);
      await running;
      idle.send(new Outbox());
      idle.close();
    },
  });
}
