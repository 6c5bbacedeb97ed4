/**
 * SIP over TCP, RFC 3261 §18: listens, keeps the connections within their limits, and finds the
 * connection of an answer. Connections are made by phones only; a phone that is gone has to come
 * back by itself (RFC 5626).
 * @module
 */

import type { SipFact, TransportTrouble } from "../fact.ts";
import { Flow } from "../flow.ts";
import type { Outbox } from "../outbox.ts";
import type { InheritedSocket } from "./inherited_sockets.ts";
import type { Acceptor, Stream } from "./stream.ts";
import { TcpConnection } from "./tcp_connection.ts";
import { type Listeners, listenTcp } from "./tcp_listen.ts";
import type { Inbound, Listening, Receive, Transport } from "./transport.ts";

const FACTS_LIMIT = 256;
/** Closed connections whose last write is still under way, beyond the limit. */
const LINGERING = 64;
/** The most messages that go to the receiver at once. */
const BATCH_LIMIT = 64;
/** How long a peer has after `close()` to take what is queued for it. */
const FLUSH_MS = 100;
/** How long writes that cannot be ended may hold up `run()` after `close()`. */
const SETTLE_MS = 500;

/** What connections may cost. */
export interface TcpLimits {
  readonly connections: number;
  /** Connections from one address. */
  readonly perHost: number;
  /** Without a message or keep-alive for so long, a connection is closed. */
  readonly idleMs: number;
  /** A new connection has to bring its first whole message within this time. */
  readonly strangerMs: number;
  /** How much may wait for one peer, in octets. */
  readonly queueOctets: number;
}

/**
 * Listens on every address, or on none; on the socket that is inherited where there is one.
 *
 * @throws {BindError} for the first address that cannot be had.
 */
export function openTcp(
  listen: readonly { readonly host: string; readonly port: number }[],
  limits: TcpLimits,
  inherited: readonly InheritedSocket[] = [],
): Transport {
  return new TcpTransport(listenTcp(listen, inherited), limits);
}

class TcpTransport implements Transport {
  readonly name = "tcp";
  readonly listening: readonly Listening[];
  readonly #listeners: Listeners;
  readonly #limits: TcpLimits;
  readonly #connections = new Map<number, TcpConnection>();
  /** Connections of each address, with those whose last write is still under way. */
  readonly #places = new Map<string, number>();
  readonly #served = new Set<Promise<void>>();
  readonly #inbound: Inbound[] = [];
  #facts: SipFact[] = [];
  #lastId = 0;
  #isRunning = false;
  #isClosed = false;
  /** Resolved by each sweep. */
  #sweep: PromiseWithResolvers<void> = Promise.withResolvers();

  constructor(listeners: Listeners, limits: TcpLimits) {
    this.#listeners = listeners;
    this.listening = listeners.listening;
    this.#limits = limits;
  }

  async run(receive: Receive): Promise<void> {
    this.#isRunning = true;
    const { idleMs, strangerMs } = this.#limits;
    const sweepMs = Math.min(
      1000,
      Math.max(10, Math.min(idleMs, strangerMs) / 4),
    );
    const sweeper = setInterval(() => this.#closeIdle(), sweepMs);
    const { acceptors, poller } = this.#listeners;
    const polling = poller?.run();
    // what cannot wait any more cannot serve either: the reason is thrown below
    polling?.catch(() => this.close());
    await Promise.all(
      acceptors.map((acceptor) => this.#accept(acceptor, receive)),
    );
    clearInterval(sweeper);
    await this.#settle(FLUSH_MS);
    for (const connection of this.#connections.values()) connection.close();
    await this.#settle(SETTLE_MS);
    poller?.close();
    await polling;
  }

  /** Waits until no connection is served any more, but not for ever. */
  async #settle(mostMs: number): Promise<void> {
    if (this.#served.size === 0) return;
    const settled = Promise.withResolvers<void>();
    const settler = setTimeout(settled.resolve, mostMs);
    await Promise.race([Promise.all(this.#served), settled.promise]);
    clearTimeout(settler);
  }

  send(outbox: Outbox): void {
    for (let i = 0; i < outbox.count; i++) {
      const flow = outbox.flows[i]!;
      if (flow.transport !== "tcp") continue;
      const connection = this.#connections.get(flow.id);
      if (connection === undefined) {
        this.#noteTrouble(flow, "send-failed", "connection is gone");
      } else {
        connection.write(outbox.bytes, outbox.starts[i]!, outbox.ends[i]!);
      }
    }
  }

  keep(flow: Flow): void {
    const connection = this.#connections.get(flow.id);
    if (connection !== undefined) connection.isKept = true;
  }

  takeFacts(): SipFact[] {
    const facts = this.#facts;
    if (facts.length > 0) this.#facts = [];
    return facts;
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    for (const acceptor of this.#listeners.acceptors) acceptor.close();
    for (const connection of this.#connections.values()) connection.finish();
    if (!this.#isRunning) this.#listeners.poller?.close();
    this.#sweep.resolve();
  }

  async #accept(acceptor: Acceptor, receive: Receive): Promise<void> {
    let hasFailed = false;
    while (!this.#isClosed) {
      try {
        const conn = await acceptor.accept();
        hasFailed = false;
        if (this.#isClosed) conn.close();
        else this.#admit(conn, receive);
      } catch (error) {
        if (this.#isClosed) return;
        const { hostname, port } = acceptor.addr;
        const nobody = new Flow("tcp", 0, hostname, port, "", 0);
        this.#noteTrouble(
          nobody,
          "receive-failed",
          `accept: ${messageOf(error)}`,
        );
        // Out of descriptors, most likely: the next sweep may give some back.
        if (hasFailed) await this.#sweep.promise;
        hasFailed = true;
      }
    }
  }

  #admit(conn: Stream, receive: Receive): void {
    const local = conn.localAddr;
    const remote = conn.remoteAddr;
    const host = unmap(remote.hostname);
    const id = ++this.#lastId;
    const flow = new Flow(
      "tcp",
      id,
      unmap(local.hostname),
      local.port,
      host,
      remote.port,
    );
    const { connections, perHost } = this.#limits;
    const ofHost = this.#places.get(host) ?? 0;
    const isFull = this.#served.size >= connections;
    if (ofHost >= perHost || (isFull && !this.#makeRoom())) {
      const detail = ofHost >= perHost
        ? `${perHost} connections from one address`
        : `${connections} connections`;
      this.#noteTrouble(flow, "connection-limit", detail);
      conn.close();
      return;
    }
    this.#places.set(host, ofHost + 1);
    const served = this.#serve(conn, flow, receive).finally(() => {
      this.#served.delete(served);
      const left = this.#places.get(host)! - 1;
      if (left > 0) this.#places.set(host, left);
      else this.#places.delete(host);
    });
    this.#served.add(served);
  }

  /** Closes the oldest connection of a stranger; false where there is none, or too many linger. */
  #makeRoom(): boolean {
    if (this.#served.size >= this.#limits.connections + LINGERING) return false;
    for (const connection of this.#connections.values()) {
      if (connection.isKept) continue;
      connection.close();
      return true;
    }
    return false;
  }

  /** Resolves when the connection costs nothing any more. */
  async #serve(
    conn: Stream,
    flow: Flow,
    receive: Receive,
  ): Promise<void> {
    const connection = new TcpConnection(conn, flow, this.#limits.queueOctets, {
      onMessages: (messages) => {
        for (let first = 0; first < messages.length; first += BATCH_LIMIT) {
          const count = Math.min(BATCH_LIMIT, messages.length - first);
          for (let i = 0; i < count; i++) {
            const { bytes, start, end } = messages[first + i]!;
            this.#inbound[i] = { bytes, start, end, flow };
          }
          receive(this.#inbound, count);
        }
        this.#inbound.length = 0;
      },
      onKeepAlive: (octets) =>
        this.#note({
          kind: "datagram-seen",
          at: Date.now(),
          flow,
          stage: "transport",
          class: "keepalive",
          octets,
          head: "",
        }),
      onTrouble: (what, detail) => this.#noteTrouble(flow, what, detail),
      onClosed: () => {
        this.#connections.delete(flow.id);
        this.#note({
          kind: "connection-closed",
          at: Date.now(),
          flow,
          stage: "transport",
        });
      },
    });
    this.#connections.set(flow.id, connection);
    this.#note({
      kind: "connection-opened",
      at: Date.now(),
      flow,
      stage: "transport",
    });
    await connection.run();
  }

  #closeIdle(): void {
    const nowMs = performance.now();
    const { idleMs, strangerMs } = this.#limits;
    for (const connection of this.#connections.values()) {
      const { isKept, hasHadMessage, activeAtMs, openedAtMs } = connection;
      if (
        isKept ? nowMs - activeAtMs <= idleMs : nowMs - openedAtMs <= strangerMs
      ) continue;
      if (!hasHadMessage) {
        const detail = `no whole message within ${strangerMs} ms`;
        this.#noteTrouble(connection.flow, "connection-broken", detail);
      }
      connection.close();
    }
    this.#sweep.resolve();
    this.#sweep = Promise.withResolvers();
  }

  #noteTrouble(
    flow: Flow,
    what: TransportTrouble["what"],
    detail: string,
  ): void {
    const at = Date.now();
    this.#note({
      kind: "transport-trouble",
      at,
      flow,
      stage: "transport",
      what,
      count: 0,
      detail,
    });
  }

  #note(fact: SipFact): void {
    if (this.#facts.length < FACTS_LIMIT) this.#facts.push(fact);
  }
}

/** An IPv4 address that a socket of `::` shows as `::ffff:192.0.2.1`, plain. */
function unmap(host: string): string {
  return host.startsWith("::ffff:") && host.includes(".")
    ? host.slice(7)
    : host;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
