/**
 * What the tests of the UDP transports share: a transport that runs, and keeps what comes.
 * @module
 */

import assert from "node:assert/strict";
import { Flow } from "../../sip/flow.ts";
import { openLibc } from "../../sip/io/libc.ts";
import type { Transport } from "../../sip/io/transport.ts";
import { DenoUdp } from "../../sip/io/udp_deno.ts";
import { LinuxUdp } from "../../sip/io/udp_linux.ts";
import { Outbox } from "../../sip/outbox.ts";

export interface Received {
  readonly flow: Flow;
  readonly bytes: Uint8Array;
}

export function openLinux(host: string, port: number): Transport {
  const libc = openLibc();
  assert.ok(libc, "no C library");
  return new LinuxUdp(libc, [{ host, port }], Date.now);
}

export function openDeno(host: string, port: number): Transport {
  return new DenoUdp([{ host, port }], Date.now);
}

export const HAS_LINUX = Deno.build.os === "linux";
export const HAS_DENO = typeof Deno.listenDatagram === "function";
export const HAS_IPV6 = HAS_LINUX && hasIpv6();

if (!HAS_DENO) console.warn("skipped: DenoUdp, for want of `--unstable-net`");
if (!HAS_IPV6) console.warn("skipped: IPv6, for want of ::1");

export function hasIpv6(): boolean {
  try {
    openLinux("::1", 0).close();
    return true;
  } catch {
    return false;
  }
}

/** A transport under test or a phone: it runs, keeps what comes, and sends. */
export class Peer {
  readonly transport: Transport;
  readonly port: number;
  readonly #outbox = new Outbox();
  readonly #received: Received[] = [];
  #wake: (() => void) | undefined;
  readonly #running: Promise<void>;

  constructor(transport: Transport, echoes: boolean = false) {
    this.transport = transport;
    this.port = transport.listening[0]!.port;
    this.#running = transport.run((inbound, count) => {
      for (let i = 0; i < count; i++) {
        const { bytes, start, end, flow } = inbound[i]!;
        if (echoes) this.queue(flow, bytes.subarray(start, end));
        else this.#received.push({ flow, bytes: bytes.slice(start, end) });
      }
      this.flush();
      this.#wake?.();
    });
  }

  flowTo(host: string, port: number, localHost: string = "127.0.0.1"): Flow {
    return new Flow("udp", 0, localHost, this.port, host, port);
  }

  queue(flow: Flow, bytes: Uint8Array): void {
    const start = this.#outbox.position;
    this.#outbox.constant(bytes);
    this.#outbox.end(start, flow);
  }

  flush(): void {
    this.transport.send(this.#outbox);
    this.#outbox.clear();
  }

  send(flow: Flow, bytes: Uint8Array): void {
    this.queue(flow, bytes);
    this.flush();
  }

  async next(): Promise<Received> {
    for (;;) {
      const received = this.#received.shift();
      if (received !== undefined) return received;
      await new Promise<void>((resolve) => this.#wake = resolve);
    }
  }

  async close(): Promise<void> {
    this.transport.close();
    await this.#running;
  }
}

export function octets(length: number, seed: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => (i * 31 + seed * 7) & 255);
}
