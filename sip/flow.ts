/**
 * Where a message came from and where its answer goes: one pair of UDP addresses or one TCP
 * connection (the "flow" of RFC 5626 §2).
 * @module
 */

export type TransportName = "udp" | "tcp";

/** One pair of addresses. Immutable once made, so facts and transactions may keep it. */
export class Flow {
  readonly transport: TransportName;
  /** The transport's own handle: the socket of a UDP listener, the number of a TCP connection. */
  readonly id: number;
  /** The address that the peer wrote to, without brackets. */
  readonly localHost: string;
  readonly localPort: number;
  /** The address that the peer wrote from, without brackets. */
  readonly host: string;
  readonly port: number;
  #peer: string | undefined;

  constructor(
    transport: TransportName,
    id: number,
    localHost: string,
    localPort: number,
    host: string,
    port: number,
  ) {
    this.transport = transport;
    this.id = id;
    this.localHost = localHost;
    this.localPort = localPort;
    this.host = host;
    this.port = port;
  }

  /** The peer's address as one text. */
  get peer(): string {
    return this.#peer ??= formatAddress(this.host, this.port);
  }
}

/**
 * Puts a host and a port together, with brackets around an IPv6 address.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { formatAddress } from "./flow.ts";
 * assert.equal(formatAddress("2001:db8::1", 5060), "[2001:db8::1]:5060");
 * ```
 */
export function formatAddress(host: string, port: number): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

/** Whether an address is the machine itself: 127.0.0.0/8 (also mapped into IPv6) or ::1. */
export function isLoopback(host: string): boolean {
  return host.startsWith("127.") || host === "::1" ||
    host.startsWith("::ffff:127.");
}
