/**
 * Which ports are looked at on the network card: those of the server and the ones that people take
 * for them.
 * @module
 */

import type { PortRange } from "../diag/wire/packet_filter.ts";

/** As many as a packet filter takes. */
const MOST_RANGES = 24;
/** Ports that people take for the port of SIP. */
const USUAL_PORTS: PortRange = { first: 5060, last: 5090 };
const NEIGHBOURS = 10;

/**
 * The ranges of ports that are watched: the server's, their neighbours, and the usual ones.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { watchedPorts } from "./watched_ports.ts";
 * assert.deepEqual(watchedPorts([{ port: 5060 }]), [{ first: 5050, last: 5090 }]);
 * assert.equal(watchedPorts([{ port: 7000 }]).length, 2);
 * ```
 */
export function watchedPorts(
  listen: readonly { readonly port: number }[],
): PortRange[] {
  const ranges = [
    USUAL_PORTS,
    ...listen.map(({ port }) => ({
      first: Math.max(1, port - NEIGHBOURS),
      last: Math.min(65535, port + NEIGHBOURS),
    })),
  ].sort((a, b) => a.first - b.first);
  const merged: PortRange[] = [];
  for (const range of ranges) {
    const last = merged.at(-1);
    if (last !== undefined && range.first <= last.last + 1) {
      const end = Math.max(last.last, range.last);
      merged[merged.length - 1] = { first: last.first, last: end };
    } else merged.push(range);
  }
  return merged.slice(0, MOST_RANGES);
}
