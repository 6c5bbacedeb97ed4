/**
 * The TCP transport with real sockets on the loopback address.
 * @module
 */

import assert from "node:assert/strict";
import { BindError } from "../../sip/io/bind_error.ts";
import { openTcp } from "../../sip/io/tcp.ts";
import { Outbox } from "../../sip/outbox.ts";
import {
  LIMITS,
  OPTIONS,
  readOctets,
  REPLY,
  testBoth,
  until,
  writeAll,
} from "./tcp_peer.ts";

testBoth(
  "openTcp() takes two messages of one segment in one batch",
  async (open) => {
    await using server = open();
    using phone = await server.connect();
    await writeAll(phone, OPTIONS + OPTIONS);
    assert.equal(await readOctets(phone, REPLY.length * 2), REPLY + REPLY);
    assert.deepEqual(server.received, [OPTIONS, OPTIONS]);
    assert.deepEqual(server.batches, [2]);
  },
);

testBoth("openTcp() gives at most 64 messages at once", async (open) => {
  await using server = open();
  using phone = await server.connect();
  const short = "O a SIP/2.0\nl:0\n\n";
  await writeAll(phone, short.repeat(200));
  await until(() => server.received.length === 200);
  assert.ok(
    server.batches.every((count) => count <= 64),
    server.batches.join(),
  );
  assert.ok(server.received.every((message) => message === short));
});

testBoth(
  "openTcp() puts a message of one-octet segments together",
  async (open) => {
    await using server = open();
    using phone = await server.connect();
    phone.setNoDelay(true);
    for (const octet of OPTIONS) await writeAll(phone, octet);
    assert.equal(await readOctets(phone, REPLY.length), REPLY);
    assert.deepEqual(server.received, [OPTIONS]);
  },
);

testBoth(
  "openTcp() answers over the connection that asked, with its addresses",
  async (open) => {
    await using server = open();
    using first = await server.connect();
    using second = await server.connect();
    await writeAll(second, OPTIONS);
    assert.equal(await readOctets(second, REPLY.length), REPLY);
    await writeAll(first, OPTIONS);
    assert.equal(await readOctets(first, REPLY.length), REPLY);
    const [ofSecond, ofFirst] = server.flows;
    assert.notEqual(ofSecond!.id, ofFirst!.id);
    assert.equal(ofSecond!.transport, "tcp");
    assert.equal(ofSecond!.host, "127.0.0.1");
    assert.equal(ofSecond!.port, second.localAddr.port);
    assert.equal(ofSecond!.localHost, "127.0.0.1");
    assert.equal(ofSecond!.localPort, server.port);
    assert.equal(ofFirst!.port, first.localAddr.port);
    assert.equal(server.count("connection-opened"), 2);
  },
);

testBoth("openTcp() answers a ping with one CRLF", async (open) => {
  await using server = open();
  using phone = await server.connect();
  await writeAll(phone, "\r\n\r\n");
  assert.equal(await readOctets(phone, 2), "\r\n");
  await writeAll(phone, "\r\n" + OPTIONS);
  assert.equal(await readOctets(phone, REPLY.length), REPLY);
  assert.equal(server.count("datagram-seen"), 2);
});

testBoth(
  "openTcp() answers what came before the peer closed its side",
  async (open) => {
    await using server = open();
    using phone = await server.connect();
    await writeAll(phone, OPTIONS);
    await phone.closeWrite();
    assert.equal(await readOctets(phone, 4096), REPLY);
    await until(() => server.count("connection-closed") === 1);
    assert.equal(server.count("connection-broken"), 0);
  },
);

testBoth(
  "openTcp() closes a connection whose framing is lost, and says why",
  async (open) => {
    const cases = [
      [
        "framing-lost",
        "GET / HTTP/1.1\r\n\r\n",
        "first line is no SIP start line: `GET / HTTP/1.1`",
      ],
      [
        "framing-lost",
        "OPTIONS sip:a SIP/2.0\r\n\r\n",
        "no Content-Length, which a stream needs",
      ],
      ["tls-offered", "\x16\x03\x01\x00\xf4\x01", "TLS ClientHello"],
    ] as const;
    for (const [what, text, detail] of cases) {
      await using server = open();
      using phone = await server.connect();
      await writeAll(phone, OPTIONS + text);
      assert.equal(await readOctets(phone, 4096), REPLY);
      await until(() => server.count("connection-closed") === 1);
      assert.equal(server.count(what), 1);
      assert.equal(server.detail(what), detail);
    }
  },
);

testBoth("openTcp() says when a stream ends within a message", async (open) => {
  await using server = open();
  const phone = await server.connect();
  await writeAll(phone, OPTIONS.slice(0, -1));
  phone.close();
  await until(() => server.count("connection-closed") === 1);
  assert.equal(server.detail("connection-broken"), "ended within a message");
});

testBoth("openTcp() cuts off a peer that does not read", async (open) => {
  await using server = open({}, "x".repeat(64 * 1024));
  using phone = await server.connect();
  for (let sent = 1; server.count("connection-broken") === 0; sent++) {
    await writeAll(phone, OPTIONS);
    await until(() => server.received.length === sent);
  }
  assert.equal(
    server.detail("connection-broken"),
    "peer does not read: over 262144 octets wait",
  );
  await until(() => server.count("connection-closed") === 1);
});

testBoth("send() says that a connection is gone", async (open) => {
  await using server = open();
  const phone = await server.connect();
  await writeAll(phone, OPTIONS);
  await until(() => server.flows.length === 1);
  phone.close();
  await until(() => server.count("connection-closed") === 1);
  const outbox = new Outbox();
  outbox.text(REPLY).end(0, server.flows[0]!);
  server.transport.send(outbox);
  assert.equal(server.count("send-failed"), 1);
  assert.equal(server.detail("send-failed"), "connection is gone");
});

testBoth("takeFacts() holds a bounded number of facts", async (open) => {
  await using server = open();
  using phone = await server.connect();
  await writeAll(phone, "\r\n\r\n".repeat(1000));
  assert.equal((await readOctets(phone, 2000)).length, 2000);
  assert.equal(server.transport.takeFacts().length, 256);
  assert.deepEqual(server.transport.takeFacts(), []);
});

testBoth("close() still sends what was answered before it", async (open) => {
  await using server = open();
  using phone = await server.connect();
  await writeAll(phone, OPTIONS);
  assert.equal(await readOctets(phone, REPLY.length), REPLY);
  const outbox = new Outbox();
  for (let i = 0; i < 3; i++) {
    outbox.text(REPLY).end(REPLY.length * i, server.flows[0]!);
  }
  server.transport.send(outbox);
  server.transport.close();
  assert.equal(await readOctets(phone, 4096), REPLY.repeat(3));
});

testBoth(
  "close() does not wait for a peer that does not read",
  async (open) => {
    const server = open({ queueOctets: 64 << 20 });
    using phone = await server.connect();
    await writeAll(phone, OPTIONS);
    await until(() => server.flows.length === 1);
    const outbox = new Outbox();
    const much = "x".repeat(1 << 20);
    for (let i = 0; i < 32; i++) {
      outbox.text(much).end(much.length * i, server.flows[0]!);
    }
    server.transport.send(outbox);
    await server[Symbol.asyncDispose]();
    assert.equal(server.count("connection-closed"), 1);
  },
);

testBoth("close() ends run() with connections open", async (open) => {
  const server = open();
  using phone = await server.connect();
  await until(() => server.count("connection-opened") === 1);
  await server[Symbol.asyncDispose]();
  assert.equal(await readOctets(phone, 1), "");
  assert.equal(server.count("connection-closed"), 1);
});

Deno.test("openTcp() says which address cannot be had, and keeps none", () => {
  const held = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = held.addr;
  const free = Deno.listen({ hostname: "127.0.0.2", port: 0 });
  const other = free.addr.port;
  free.close();
  const listen = [{ host: "127.0.0.2", port: other }, {
    host: "127.0.0.1",
    port,
  }];
  assert.throws(() => openTcp(listen, LIMITS), (error) => {
    assert.ok(error instanceof BindError);
    assert.equal(error.code, "EADDRINUSE");
    assert.equal(error.port, port);
    assert.equal(
      error.message,
      `Cannot listen on TCP \`127.0.0.1:${port}\`: another program holds this port`,
    );
    return true;
  });
  Deno.listen({ hostname: "127.0.0.2", port: other }).close();
  held.close();
});

/** Whether this machine has IPv6 at all. */
function hasIpv6(): boolean {
  try {
    Deno.listen({ hostname: "::1", port: 0 }).close();
    return true;
  } catch {
    return false;
  }
}

Deno.test({
  name: "openTcp() listens on the wildcards of IPv4 and IPv6 together",
  ignore: !hasIpv6(),
  fn: listenOnBothWildcards,
});

async function listenOnBothWildcards(): Promise<void> {
  const probe = Deno.listen({ hostname: "0.0.0.0", port: 0 });
  const { port } = probe.addr;
  probe.close();
  const listen = [{ host: "0.0.0.0", port }, { host: "::", port }];
  const transport = openTcp(listen, LIMITS);
  assert.deepEqual(transport.listening.map(({ host }) => host).sort(), [
    "0.0.0.0",
    "::",
  ]);
  const hosts: string[] = [];
  const running = transport.run((inbound) => {
    hosts.push(inbound[0]!.flow.host, inbound[0]!.flow.localHost);
  });
  for (const hostname of ["127.0.0.1", "::1"]) {
    using phone = await Deno.connect({ hostname, port });
    await writeAll(phone, OPTIONS);
    await until(() => hosts.includes(hostname));
  }
  assert.deepEqual(hosts, ["127.0.0.1", "127.0.0.1", "::1", "::1"]);
  transport.close();
  await running;
}
