/**
 * The bounds of the TCP transport: how many connections, and for how long.
 * @module
 */

import assert from "node:assert/strict";
import {
  OPTIONS,
  readOctets,
  REPLY,
  testBoth,
  until,
  writeAll,
} from "./tcp_peer.ts";

testBoth(
  "openTcp() refuses connections over the limit until one is given back",
  async (open) => {
    await using server = open({ connections: 2 });
    const first = await server.connect();
    using second = await server.connect();
    await writeAll(first, OPTIONS);
    assert.equal(await readOctets(first, REPLY.length), REPLY);
    await writeAll(second, OPTIONS);
    assert.equal(await readOctets(second, REPLY.length), REPLY);
    for (const flow of server.flows) server.transport.keep!(flow);
    using third = await server.connect();
    assert.equal(await readOctets(third, 1), "");
    await until(() => server.count("connection-limit") === 1);
    assert.equal(server.detail("connection-limit"), "2 connections");
    first.close();
    await until(() => server.count("connection-closed") === 1);
    using fourth = await server.connect();
    await writeAll(fourth, OPTIONS);
    assert.equal(await readOctets(fourth, REPLY.length), REPLY);
    await writeAll(second, OPTIONS);
    assert.equal(await readOctets(second, REPLY.length), REPLY);
  },
);

testBoth(
  "openTcp() refuses connections over the limit of one address",
  async (open) => {
    await using server = open({ perHost: 1 });
    using first = await server.connect();
    await until(() => server.count("connection-opened") === 1);
    using second = await server.connect();
    assert.equal(await readOctets(second, 1), "");
    await until(() => server.count("connection-limit") === 1);
    assert.equal(
      server.detail("connection-limit"),
      "1 connections from one address",
    );
    await writeAll(first, OPTIONS);
    assert.equal(await readOctets(first, REPLY.length), REPLY);
  },
);

testBoth("openTcp() closes an idle connection", async (open) => {
  await using server = open({ idleMs: 50 });
  using phone = await server.connect();
  await writeAll(phone, OPTIONS);
  await until(() => server.flows.length === 1);
  server.transport.keep!(server.flows[0]!);
  assert.equal(await readOctets(phone, 4096), REPLY);
  await until(() => server.count("connection-closed") === 1);
  assert.equal(server.count("connection-broken"), 0);
});

testBoth(
  "openTcp() closes a stranger who keeps talking, and keeps a phone that is silent",
  async (open) => {
    await using server = open({ strangerMs: 300 });
    using phone = await server.connect();
    await writeAll(phone, OPTIONS);
    await until(() => server.flows.length === 1);
    server.transport.keep!(server.flows[0]!);
    using stranger = await server.connect();
    let asked = 0;
    for (; server.count("connection-closed") === 0; asked++) {
      await stranger.write(new TextEncoder().encode(OPTIONS)).catch(() => 0);
      await until(() =>
        server.flows.length > asked + 1 || server.count("connection-closed") > 0
      );
    }
    assert.ok(asked > 1);
    await writeAll(phone, OPTIONS);
    assert.equal(await readOctets(phone, 2 * REPLY.length), REPLY + REPLY);
  },
);

testBoth(
  "openTcp() gives the place of the oldest stranger to the next one",
  async (open) => {
    await using server = open({ connections: 2 });
    using phone = await server.connect();
    await writeAll(phone, OPTIONS);
    await until(() => server.flows.length === 1);
    server.transport.keep!(server.flows[0]!);
    using stranger = await server.connect();
    await until(() => server.count("connection-opened") === 2);
    using next = await server.connect();
    await writeAll(next, OPTIONS);
    assert.equal(await readOctets(next, REPLY.length), REPLY);
    assert.equal(await readOctets(stranger, 4096), "");
    assert.equal(server.count("connection-limit"), 0);
  },
);

testBoth(
  "openTcp() closes a connection that pings but brings no message",
  async (open) => {
    await using server = open({ strangerMs: 50 });
    using phone = await server.connect();
    await writeAll(phone, "\r\n\r\n" + OPTIONS.slice(0, 20));
    assert.equal(await readOctets(phone, 4096), "\r\n");
    await until(() => server.count("connection-closed") === 1);
    assert.equal(
      server.detail("connection-broken"),
      "no whole message within 50 ms",
    );
  },
);
