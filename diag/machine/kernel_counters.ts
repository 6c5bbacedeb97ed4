/**
 * The kernel's counters of datagrams (`/proc/net/snmp` and `snmp6`; RFC 4113, RFC 4293): what went
 * to closed ports, what found no room in a buffer, what could not be put together again.
 *
 *     Udp: InDatagrams NoPorts InErrors …          Udp6NoPorts              4
 *     Udp: 57 3 0 …                                Ip6ReasmFails            0
 *
 * @module
 */

import type { KernelView } from "../scene.ts";

/** One reading; counters since the machine started. */
export type KernelCounters = KernelView;

/**
 * Reads a counter of `/proc/net/snmp`; 0 where the kernel has none of that name.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { readSnmpCounter } from "./kernel_counters.ts";
 * assert.equal(readSnmpCounter("Udp: InDatagrams NoPorts\nUdp: 57 3\n", "Udp", "NoPorts"), 3);
 * ```
 */
export function readSnmpCounter(
  text: string,
  protocol: string,
  name: string,
): number {
  const lines = text.split("\n")
    .filter((line) => line.startsWith(`${protocol}: `))
    .map((line) => line.split(" "));
  const [names = [], values = []] = lines;
  const at = names.indexOf(name);
  return at < 0 ? 0 : toCount(values[at]);
}

/** Reads a counter of `/proc/net/snmp6`; 0 where the kernel has none of that name. */
export function readSnmp6Counter(text: string, name: string): number {
  const line = text.split("\n").find((line) => line.startsWith(`${name} `));
  return toCount(line?.slice(name.length).trim());
}

/** Puts a reading together. `socketDrops` are those of the server's own sockets. */
export function readCounters(
  snmp: string,
  snmp6: string,
  socketDrops: number,
  receiveBufferLimit: number,
): KernelCounters {
  return {
    udpNoPorts: readSnmpCounter(snmp, "Udp", "NoPorts") +
      readSnmp6Counter(snmp6, "Udp6NoPorts"),
    udpBufferErrors: readSnmpCounter(snmp, "Udp", "RcvbufErrors") +
      readSnmp6Counter(snmp6, "Udp6RcvbufErrors"),
    reassemblyFailures: readSnmpCounter(snmp, "Ip", "ReasmFails") +
      readSnmp6Counter(snmp6, "Ip6ReasmFails"),
    socketDrops,
    receiveBufferLimit,
  };
}

/** How much each counter grew; a counter that began anew, as with a restart, counts from 0. */
export function growthOf(
  now: KernelCounters,
  before: KernelCounters,
): KernelView {
  const grown = (later: number, earlier: number) =>
    later >= earlier ? later - earlier : later;
  return {
    udpNoPorts: grown(now.udpNoPorts, before.udpNoPorts),
    udpBufferErrors: grown(now.udpBufferErrors, before.udpBufferErrors),
    reassemblyFailures: grown(
      now.reassemblyFailures,
      before.reassemblyFailures,
    ),
    socketDrops: grown(now.socketDrops, before.socketDrops),
    receiveBufferLimit: now.receiveBufferLimit,
  };
}

function toCount(text: string | undefined): number {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : 0;
}
