/**
 * A TCP transport on the loopback address for its tests, and what a phone does at the other end.
 * @module
 */

import assert from "node:assert/strict";
import type { SipFact } from "../../sip/fact.ts";
import {
  type InheritedSocket,
  takeInherited,
} from "../../sip/io/inherited_sockets.ts";
import { openTcp, type TcpLimits } from "../../sip/io/tcp.ts";
import type { Inbound, Receive, Transport } from "../../sip/io/transport.ts";
import { readText, toOctets } from "../../sip/octet.ts";
import { Outbox } from "../../sip/outbox.ts";
import { openSockets } from "./lab_activator.ts";

export const LIMITS: TcpLimits = {
  connections: 8,
  perHost: 8,
  idleMs: 60_000,
  strangerMs: 60_000,
  queueOctets: 256 * 1024,
};

export const OPTIONS =
  "OPTIONS sip:pbx.example SIP/2.0\r\nContent-Length: 2\r\n\r\nhi";
export const REPLY = "SIP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n";

/** A running transport, what it received, and what it told. */
export class Server {
  readonly received: string[] = [];
  readonly batches: number[] = [];
  readonly flows: Inbound["flow"][] = [];
  readonly facts: SipFact[] = [];
  readonly transport: Transport;
  readonly #running: Promise<void>;

  constructor(
    limits: Partial<TcpLimits> = {},
    reply: string = REPLY,
    inherited: readonly InheritedSocket[] = [],
  ) {
    const { port = 0 } = inherited[0] ?? {};
    this.transport = openTcp(
      [{ host: "127.0.0.1", port }],
      { ...LIMITS, ...limits },
      inherited,
    );
    const outbox = new Outbox();
    const receive: Receive = (inbound, count) => {
      outbox.clear();
      this.batches.push(count);
      for (let i = 0; i < count; i++) {
        const { bytes, start, end, flow } = inbound[i]!;
        this.received.push(readText(bytes, start, end));
        this.flows.push(flow);
        const replyStart = outbox.position;
        outbox.text(reply).end(replyStart, flow);
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

/** Opens a server, on a socket of a kind. */
export type OpenServer = (
  limits?: Partial<TcpLimits>,
  reply?: string,
) => Server;

/** Declares a test for sockets of Deno and one for those that are inherited. */
export function testBoth(
  name: string,
  body: (open: OpenServer) => Promise<void>,
): void {
  Deno.test(name, () => body((limits, reply) => new Server(limits, reply)));
  Deno.test({
    name: `${name} (inherited socket)`,
    ignore: Deno.build.os !== "linux",
    fn: async () => {
      const before = countDescriptors();
      await body((limits, reply) =>
        new Server(limits, reply, inheritTcp("127.0.0.1"))
      );
      await until(() => countDescriptors() <= before);
    },
  });
}

/** A socket that listens, as it is after the start of a program that inherits it. */
function inheritTcp(host: string): readonly InheritedSocket[] {
  const [socket] = openSockets(host, ["tcp"]);
  const { sockets, unused } = takeInherited([socket!.descriptor], [socket!]);
  assert.deepEqual(unused, []);
  return sockets;
}

/** How many descriptors this process has. */
export function countDescriptors(): number {
  return [...Deno.readDirSync("/proc/self/fd")].length;
}

/** Waits until something is so, at most ten seconds. */
export async function until(isSo: () => boolean): Promise<void> {
  const endMs = performance.now() + 10_000;
  while (!isSo()) {
    assert.ok(performance.now() < endMs, `not within ten seconds: ${isSo}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

/** Reads a number of octets, or what there is until the stream ends. */
export async function readOctets(
  conn: Deno.TcpConn,
  most: number,
): Promise<string> {
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

export async function writeAll(
  conn: Deno.TcpConn,
  text: string,
): Promise<void> {
  const octets = toOctets(text);
  for (let at = 0; at < octets.length;) {
    at += await conn.write(octets.subarray(at));
  }
}
