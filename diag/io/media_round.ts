/**
 * Sends a datagram between two ports of the range for media, there and back.
 * @module
 */

import type { PortRange } from "../../pbx/config_value.ts";
import type { MediaReading } from "../machine/check_media.ts";

/** How long a datagram may take inside the machine. */
const TIMEOUT_MS = 500;
const OCTETS = 172;

/** Tries it on an address of this machine; never throws. */
export async function tryMedia(
  range: PortRange,
  host: string,
): Promise<MediaReading> {
  const sockets = openTwo(range, host);
  const [first, second] = sockets;
  try {
    if (first === undefined || second === undefined) {
      return { range, host, ports: null, ms: -1, isFirstHeard: false };
    }
    const ports = [portOf(first), portOf(second)] as const;
    const startMs = performance.now();
    const isFirstHeard = await passes(first, second);
    const isSecondHeard = isFirstHeard && await passes(second, first);
    const ms = isSecondHeard ? performance.now() - startMs : -1;
    return { range, host, ports, ms, isFirstHeard };
  } finally {
    sockets.forEach(closeQuietly);
  }
}

/** The first two even ports that are free, from a place by chance. */
function openTwo(range: PortRange, host: string): Deno.DatagramConn[] {
  const first = range.first + (range.first & 1);
  const count = Math.floor((range.last - first) / 2) + 1;
  const start = crypto.getRandomValues(new Uint32Array(1))[0]! % count;
  const sockets: Deno.DatagramConn[] = [];
  for (let i = 0; i < count && sockets.length < 2; i++) {
    const port = first + 2 * ((start + i) % count);
    try {
      sockets.push(
        Deno.listenDatagram({ transport: "udp", hostname: host, port }),
      );
    } catch {
      // Taken: the next one.
    }
  }
  return sockets;
}

async function passes(
  from: Deno.DatagramConn,
  to: Deno.DatagramConn,
): Promise<boolean> {
  const sent = crypto.getRandomValues(new Uint8Array(OCTETS));
  const { promise: late, resolve } = Promise.withResolvers<false>();
  const timer = setTimeout(() => resolve(false), TIMEOUT_MS);
  try {
    await from.send(sent, to.addr);
    return await Promise.race([receives(to, sent), late]);
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
  }
}

async function receives(
  socket: Deno.DatagramConn,
  wanted: Uint8Array,
): Promise<boolean> {
  try {
    for (;;) {
      const [octets] = await socket.receive();
      const isWanted = octets.length === wanted.length &&
        octets.every((octet, i) => octet === wanted[i]);
      if (isWanted) return true;
    }
  } catch {
    return false;
  }
}

function portOf(socket: Deno.DatagramConn): number {
  return (socket.addr as Deno.NetAddr).port;
}

function closeQuietly(socket: Deno.DatagramConn): void {
  try {
    socket.close();
  } catch {
    // It is closed.
  }
}
