/**
 * The TCP transport with real sockets on the loopback address.
 * @module
 */

import assert from "node:assert/strict";
import type { SipFact } from "../../sip/fact.ts";
import { BindError } from "../../sip/io/bind_error.ts";
import { openTcp, type TcpLimits } from "../../sip/io/tcp.ts";
import type { Inbound, Receive, Transport } from "../../sip/io/transport.ts";
import { readText, toOctets } from "../../sip/octet.ts";
import { Outbox } from "../../sip/outbox.ts";

const LIMITS: TcpLimits = {
  connections: 8,
  perHost: 8,
  idleMs: 60_000,
  firstMessageMs: 60_000,
  queueOctets: 256 * 1024,
};

const OPTIONS =
  "OPTIONS sip:pbx.example SIP/2.0\r\nContent-Length: 2\r\n\r\nhi";
const REPLY = "SIP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n";

/** A running transport, what it received, and what it told. */
class Server {
  readonly received: string[] = [];
  readonly batches: number[] = [];
  readonly flows: Inbound["flow"][] = [];
  readonly facts: SipFact[] = [];
  readonly transport: Transport;
  readonly #running: Promise<void>;

  constructor(limits: Partial<TcpLimits> = {}, reply: string = REPLY) {
    this.transport = openTcp([{ host: "127.0.0.1", port: 0 }], {
      ...LIMITS,
      ...limits,
    });
    const outbox = new Outbox();
    const receive: Receive = (inbound, count) => {
      outbox.clear();
      this.batches.push(count);
      for (let i = 0; i < count; i++) {
        const { bytes, start, end, flow } = inbound[i]!;
        this.received.push(readText(bytes, start, end));
        this.flows.push(flow);
        const replyStart = outbox.position;
        outbox.text(reply).end(replyStart, flow, false);
      }
      this.transport.send(outbox);
    };
    this.#running = this.transport.run(receive);
  }

  get port(): number {
    return this.transport.listening[0]!.port;
  }

  connect(): Promise<Deno.TcpConn> {
    return Deno.connect({ hostname: "127.0.0.1", port: this.port });
  }

  /** Takes the facts and says how often one came up, by its kind or its trouble. */
  count(name: string): number {
    this.facts.push(...this.transport.takeFacts());
    return this.facts.filter((fact) =>
      fact.kind === name ||
      fact.kind === "transport-trouble" && fact.what === name
    ).length;
  }

  detail(what: string): string | undefined {
    for (const fact of this.facts) {
      if (fact.kind === "transport-trouble" && fact.what === what) {
        return fact.detail;
      }
    }
    return undefined;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.transport.close();
    await this.#running;
  }
}

/** Waits until something is so, at most ten seconds. */
async function until(isSo: () => boolean): Promise<void> {
  const endMs = performance.now() + 10_000;
  while (!isSo()) {
    assert.ok(performance.now() < endMs, `not within ten seconds: ${isSo}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

/** Reads a number of octets, or what there is until the stream ends. */
async function readOctets(conn: Deno.TcpConn, most: number): Promise<string> {
  const chunk = new Uint8Array(most);
  let text = "";
  while (text.length < most) {
    let length: number | null = null;
    try {
      length = await conn.read(chunk.subarray(0, most - text.length));
    } catch (error) {
      assert.ok(error instanceof Deno.errors.ConnectionReset, String(error));
    }
    if (length === null) break;
    text += readText(chunk, 0, length);
  }
  return text;
}

async function writeAll(conn: Deno.TcpConn, text: string): Promise<void> {
  const octets = toOctets(text);
  for (let at = 0; at < octets.length;) {
    at += await conn.write(octets.subarray(at));
  }
}

Deno.test("openTcp() takes two messages of one segment in one batch", async () => {
  await using server = new Server();
  using phone = await server.connect();
  await writeAll(phone, OPTIONS + OPTIONS);
  assert.equal(await readOctets(phone, REPLY.length * 2), REPLY + REPLY);
  assert.deepEqual(server.received, [OPTIONS, OPTIONS]);
  assert.deepEqual(server.batches, [2]);
});

Deno.test("openTcp() gives at most 64 messages at once", async () => {
  await using server = new Server();
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

Deno.test("openTcp() puts a message of one-octet segments together", async () => {
  await using server = new Server();
  using phone = await server.connect();
  phone.setNoDelay(true);
  for (const octet of OPTIONS) await writeAll(phone, octet);
  assert.equal(await readOctets(phone, REPLY.length), REPLY);
  assert.deepEqual(server.received, [OPTIONS]);
});

Deno.test("openTcp() answers over the connection that asked, with its addresses", async () => {
  await using server = new Server();
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
});

Deno.test("openTcp() answers a ping with one CRLF", async () => {
  await using server = new Server();
  using phone = await server.connect();
  await writeAll(phone, "\r\n\r\n");
  assert.equal(await readOctets(phone, 2), "\r\n");
  await writeAll(phone, "\r\n" + OPTIONS);
  assert.equal(await readOctets(phone, REPLY.length), REPLY);
  assert.equal(server.count("datagram-seen"), 2);
});

Deno.test("openTcp() answers what came before the peer closed its side", async () => {
  await using server = new Server();
  using phone = await server.connect();
  await writeAll(phone, OPTIONS);
  await phone.closeWrite();
  assert.equal(await readOctets(phone, 4096), REPLY);
  await until(() => server.count("connection-closed") === 1);
  assert.equal(server.count("connection-broken"), 0);
});

Deno.test("openTcp() closes a connection whose framing is lost, and says why", async () => {
  const cases = [
    [
      "GET / HTTP/1.1\r\n\r\n",
      "first line is no SIP start line: `GET / HTTP/1.1`",
    ],
    [
      "OPTIONS sip:a SIP/2.0\r\n\r\n",
      "no Content-Length, which a stream needs",
    ],
    ["\x16\x03\x01\x00\xf4\x01", "TLS ClientHello"],
  ];
  for (const [text, detail] of cases) {
    await using server = new Server();
    using phone = await server.connect();
    await writeAll(phone, OPTIONS + text);
    assert.equal(await readOctets(phone, 4096), REPLY);
    await until(() => server.count("connection-closed") === 1);
    assert.equal(server.count("framing-lost"), 1);
    assert.equal(server.detail("framing-lost"), detail);
  }
});

Deno.test("openTcp() says when a stream ends within a message", async () => {
  await using server = new Server();
  const phone = await server.connect();
  await writeAll(phone, OPTIONS.slice(0, -1));
  phone.close();
  await until(() => server.count("connection-closed") === 1);
  assert.equal(server.detail("connection-broken"), "ended within a message");
});

Deno.test("openTcp() refuses connections over the limit until one is given back", async () => {
  await using server = new Server({ connections: 2 });
  const first = await server.connect();
  using second = await server.connect();
  await until(() => server.count("connection-opened") === 2);
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
});

Deno.test("openTcp() refuses connections over the limit of one address", async () => {
  await using server = new Server({ perHost: 1 });
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
});

Deno.test("openTcp() closes an idle connection", async () => {
  await using server = new Server({ idleMs: 50 });
  using phone = await server.connect();
  await writeAll(phone, OPTIONS);
  assert.equal(await readOctets(phone, 4096), REPLY);
  await until(() => server.count("connection-closed") === 1);
  assert.equal(server.count("connection-broken"), 0);
});

Deno.test("openTcp() closes a connection that pings but brings no message", async () => {
  await using server = new Server({ firstMessageMs: 50 });
  using phone = await server.connect();
  await writeAll(phone, "\r\n\r\n" + OPTIONS.slice(0, 20));
  assert.equal(await readOctets(phone, 4096), "\r\n");
  await until(() => server.count("connection-closed") === 1);
  assert.equal(
    server.detail("connection-broken"),
    "no whole message within 50 ms",
  );
});

Deno.test("openTcp() cuts off a peer that does not read", async () => {
  await using server = new Server({}, "x".repeat(64 * 1024));
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

Deno.test("send() says that a connection is gone", async () => {
  await using server = new Server();
  const phone = await server.connect();
  await writeAll(phone, OPTIONS);
  await until(() => server.flows.length === 1);
  phone.close();
  await until(() => server.count("connection-closed") === 1);
  const outbox = new Outbox();
  outbox.text(REPLY).end(0, server.flows[0]!, false);
  server.transport.send(outbox);
  assert.equal(server.count("send-failed"), 1);
  assert.equal(server.detail("send-failed"), "connection is gone");
});

Deno.test("takeFacts() holds a bounded number of facts", async () => {
  await using server = new Server();
  using phone = await server.connect();
  await writeAll(phone, "\r\n\r\n".repeat(1000));
  assert.equal((await readOctets(phone, 2000)).length, 2000);
  assert.equal(server.transport.takeFacts().length, 256);
  assert.deepEqual(server.transport.takeFacts(), []);
});

Deno.test("close() ends run() with connections open", async () => {
  const server = new Server();
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
