/**
 * The kernel's tables of sockets, `/proc/net/udp`, `udp6`, `tcp` and `tcp6`: one line a socket,
 * addresses as hexadecimal words of the machine's own byte order (little endian here):
 *
 *     sl  local_address rem_address   st tx_queue rx_queue … uid  timeout inode ref pointer drops
 *      0: 0100007F:13C4 00000000:0000 07 00000000:00000000 …   0        0 31337 2 0000…     12
 *
 * @module
 */

import { readIp } from "../../pbx/config_value.ts";
import type { TransportName } from "../../sip/flow.ts";

/** A socket that holds a port: any one of UDP, a listening one of TCP. */
export interface SocketEntry {
  readonly transport: TransportName;
  /** Without brackets; an IPv4 address that is mapped into IPv6 in its own form. */
  readonly host: string;
  readonly port: number;
  /** The user that opened it. */
  readonly userId: number;
  /** What `/proc/PID/fd` names it by. */
  readonly inode: number;
  /** Datagrams that its buffer had no room for; 0 for TCP. */
  readonly drops: number;
}

/** State of a TCP socket that waits for connections. */
const LISTEN = "0A";
const LOCAL = 1;
const STATE = 3;
const USER = 7;
const INODE = 9;
const DROPS = 12;

/**
 * Reads one table. Lines that do not read well are left out.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { parseSocketTable } from "./socket_table.ts";
 * const line = " 0: 0100007F:13C4 00000000:0000 07 0:0 0:0 0 1000 0 31337 2 0 12";
 * assert.deepEqual(parseSocketTable(line, "udp"), [
 *   { transport: "udp", host: "127.0.0.1", port: 5060, userId: 1000, inode: 31337, drops: 12 },
 * ]);
 * ```
 */
export function parseSocketTable(
  text: string,
  transport: TransportName,
): SocketEntry[] {
  const entries: SocketEntry[] = [];
  for (const line of text.split("\n")) {
    // most lines of a busy server are of connections
    if (transport === "tcp" && !line.includes(` ${LISTEN} `)) continue;
    const words = line.trim().split(/ +/);
    if (transport === "tcp" && words[STATE] !== LISTEN) continue;
    const local = /^([0-9A-F]{8}|[0-9A-F]{32}):([0-9A-F]{4})$/.exec(
      words[LOCAL] ?? "",
    );
    const host = local === null ? null : readHexAddress(local[1]!);
    const userId = Number(words[USER]);
    const inode = Number(words[INODE]);
    if (host === null || !isCount(userId) || !isCount(inode)) continue;
    const drops = transport === "udp" ? Number(words[DROPS] ?? 0) : 0;
    entries.push({
      transport,
      host,
      port: parseInt(local![2]!, 16),
      userId,
      inode,
      drops: isCount(drops) ? drops : 0,
    });
  }
  return entries;
}

/** What the link of an open file says of a socket: `socket:[31337]`; null for another file. */
export function parseSocketLink(target: string): number | null {
  const inode = /^socket:\[(\d{1,15})\]$/.exec(target)?.[1];
  return inode === undefined ? null : Number(inode);
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

function readHexAddress(hex: string): string | null {
  const octets: number[] = [];
  for (let word = 0; word < hex.length; word += 8) {
    for (let at = word + 6; at >= word; at -= 2) {
      octets.push(parseInt(hex.slice(at, at + 2), 16));
    }
  }
  const isMapped = octets.length === 16 &&
    octets.slice(0, 10).every((octet) => octet === 0) &&
    octets[10] === 255 && octets[11] === 255;
  if (octets.length === 4 || isMapped) return octets.slice(-4).join(".");
  const groups = Array.from(
    { length: 8 },
    (_, i) => (octets[2 * i]! << 8 | octets[2 * i + 1]!).toString(16),
  );
  return readIp(groups.join(":"));
}
