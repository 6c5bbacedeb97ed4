/**
 * The UDP transport on Deno's own sockets, for macOS, Windows, and where the C library may not be
 * called. It does not know the address that a datagram was sent to, nor drops, nor ICMP errors.
 * @module
 */

import type { SipFact } from "../fact.ts";
import { Flow } from "../flow.ts";
import type { Outbox } from "../outbox.ts";
import { FlowCache } from "./flow_cache.ts";
import { type Address, AF_INET6, parseAddress } from "./sockaddr.ts";
import type { Inbound, Listening, Receive, Transport } from "./transport.ts";
import { BindError } from "./bind_error.ts";
import { UdpTrouble } from "./udp_trouble.ts";

const DATAGRAM_LIMIT = 65536;
const PAUSE_MS = 100;
/** More sends under way than this are given up: the network does not keep up. */
const SENDS_LIMIT = 4096;

interface DenoSocket {
  readonly connection: Deno.DatagramConn;
  readonly host: string;
  readonly port: number;
  readonly address: Address;
  readonly flows: FlowCache;
  /** Stands in facts that are about no peer. */
  readonly noPeer: Flow;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Receives one datagram a time and sends without waiting. */
export class DenoUdp implements Transport {
  readonly name = "udp";
  readonly listening: readonly Listening[];
  readonly #sockets: readonly DenoSocket[];
  readonly #trouble: UdpTrouble;
  #sending = 0;
  #isClosed = false;

  /** Opens every listener or none; throws BindError. */
  constructor(
    listen: readonly { readonly host: string; readonly port: number }[],
    wallMs: () => number,
  ) {
    const sockets: DenoSocket[] = [];
    try {
      for (const { host, port } of listen) {
        sockets.push(open(sockets.length, host, port));
      }
    } catch (error) {
      for (const { connection } of sockets) connection.close();
      throw error;
    }
    this.#sockets = sockets;
    this.#trouble = new UdpTrouble(wallMs);
    this.listening = sockets.map(({ host, port }) => ({
      transport: "udp",
      host,
      port,
    }));
  }

  async run(receive: Receive): Promise<void> {
    await Promise.all(
      this.#sockets.map((socket) => this.#serve(socket, receive)),
    );
  }

  send(outbox: Outbox): void {
    for (let i = 0; i < outbox.count; i++) {
      const flow = outbox.flows[i]!;
      if (flow.transport !== "udp") continue;
      const socket = this.#sockets[flow.id];
      if (socket === undefined || this.#isClosed) continue;
      if (this.#sending >= SENDS_LIMIT) {
        this.#trouble.add(flow, "send-failed", 0, "too many waiting");
        continue;
      }
      // A copy: the outbox's memory is filled anew before the send has happened.
      const bytes = outbox.bytes.slice(outbox.starts[i]!, outbox.ends[i]!);
      this.#sending++;
      socket.connection.send(bytes, {
        transport: "udp",
        hostname: flow.host,
        port: flow.port,
      })
        .catch((error: unknown) => this.#failed(flow, "send-failed", error))
        .finally(() => this.#sending--);
    }
  }

  takeFacts(): SipFact[] {
    return this.#trouble.take();
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    for (const { connection } of this.#sockets) connection.close();
  }

  async #serve(socket: DenoSocket, receive: Receive): Promise<void> {
    const { connection, bytes, flows, noPeer } = socket;
    const inbound: Inbound = { bytes, start: 0, end: 0, flow: noPeer };
    const batch = [inbound];
    while (!this.#isClosed) {
      let octets: number;
      let from: Deno.NetAddr;
      try {
        const [filled, address] = await connection.receive(bytes);
        octets = filled.length;
        from = address as Deno.NetAddr;
      } catch (error) {
        if (this.#isClosed) return;
        this.#failed(noPeer, "receive-failed", error);
        // A broken socket must not spin.
        await new Promise<void>((resolve) => setTimeout(resolve, PAUSE_MS));
        continue;
      }
      const peer = parseAddress(from.hostname);
      if (peer === null) continue;
      const { key } = flows;
      key[0] = from.port;
      key.set(peer.words, 1);
      key.set(socket.address.words, 1 + peer.words.length);
      if (peer.family === AF_INET6) key[9] = peer.scope;
      inbound.end = octets;
      inbound.flow = flows.flow();
      receive(batch, 1);
    }
  }

  #failed(
    flow: Flow,
    what: "send-failed" | "receive-failed",
    error: unknown,
  ): void {
    if (this.#isClosed) return;
    this.#trouble.add(
      flow,
      what,
      0,
      error instanceof Error ? error.message : String(error),
    );
  }
}

function open(id: number, host: string, port: number): DenoSocket {
  const address = parseAddress(host);
  if (address === null || !(port >= 0 && port <= 65535)) {
    throw new BindError("udp", host, port, "EINVAL");
  }
  if (typeof Deno.listenDatagram !== "function") {
    throw new BindError("udp", host, port, "needs `deno run --unstable-net`");
  }
  let connection: Deno.DatagramConn;
  try {
    connection = Deno.listenDatagram({
      transport: "udp",
      hostname: host,
      port,
    });
  } catch (error) {
    throw new BindError("udp", host, port, codeOf(error));
  }
  const bound = (connection.addr as Deno.NetAddr).port;
  return {
    connection,
    host,
    port: bound,
    address,
    bytes: new Uint8Array(DATAGRAM_LIMIT),
    flows: new FlowCache(address.family, id, bound),
    noPeer: new Flow(
      "udp",
      id,
      host,
      bound,
      address.family === AF_INET6 ? "::" : "0.0.0.0",
      0,
    ),
  };
}

function codeOf(error: unknown): string {
  if (error instanceof Deno.errors.AddrInUse) return "EADDRINUSE";
  if (error instanceof Deno.errors.AddrNotAvailable) return "EADDRNOTAVAIL";
  if (error instanceof Deno.errors.PermissionDenied) return "EACCES";
  return error instanceof Error ? error.message : String(error);
}
