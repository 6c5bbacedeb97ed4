/**
 * The addresses of ours from which datagrams to peers would leave: what the kernel chooses when
 * a UDP socket is connected, which sends nothing.
 * @module
 */

import { errnoName, type Libc, openLibc } from "../../sip/io/libc.ts";
import {
  AF_INET,
  formatIpv4,
  formatIpv6,
  parseAddress,
  SOCKADDR_ROOM,
  writeSockaddr,
} from "../../sip/io/sockaddr.ts";
import type { RouteReading } from "../machine/check_route.ts";
import { runProgram } from "./program.ts";

const SOCK_DGRAM = 2;
const SOCK_CLOEXEC = 0x80000;
const TIMEOUT_MS = 1000;

type RouteCalls = Libc<"socket" | "connect" | "getsockname" | "close">;

/**
 * Finds the source address towards each of some IP addresses, by peer; null where that cannot be
 * found out. Opening the library takes longer than some hundred questions.
 */
export async function findSourceAddresses(
  peers: Iterable<string>,
): Promise<ReadonlyMap<string, RouteReading | null>> {
  const found = new Map<string, RouteReading | null>();
  const libc = openLibc(["socket", "connect", "getsockname", "close"]);
  if (libc === null) {
    for (const peer of new Set(peers)) found.set(peer, await askProgram(peer));
    return found;
  }
  try {
    for (const peer of new Set(peers)) found.set(peer, askKernel(libc, peer));
    return found;
  } finally {
    libc.close();
  }
}

function askKernel(libc: RouteCalls, peer: string): RouteReading | null {
  const { call } = libc;
  const address = parseAddress(peer);
  if (address === null) return null;
  const socket = call.socket(address.family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (socket < 0) return { failure: errnoName(libc.errno()) };
  try {
    const name = new Uint8Array(new ArrayBuffer(SOCKADDR_ROOM));
    const length = writeSockaddr(name, 0, address, 5060);
    const room = new Uint8Array(Uint32Array.of(SOCKADDR_ROOM).buffer);
    if (
      call.connect(socket, name, length) !== 0 ||
      call.getsockname(socket, name, room) !== 0
    ) return { failure: errnoName(libc.errno()) };
    const view = new DataView(name.buffer);
    if (address.family === AF_INET) {
      return { host: formatIpv4(view.getUint32(4, true)) };
    }
    return { host: formatIpv6(new Uint32Array(name.buffer, 8, 4), 0, 0) };
  } finally {
    call.close(socket);
  }
}

async function askProgram(peer: string): Promise<RouteReading | null> {
  const result = await runProgram(
    "ip",
    ["-j", "route", "get", peer],
    TIMEOUT_MS,
  );
  if (result === null) return null;
  if (result.code !== 0) {
    return { failure: result.stderr.trim().split("\n").at(-1) ?? "" };
  }
  try {
    const routes = JSON.parse(result.stdout) as { prefsrc?: unknown }[];
    const source = routes[0]?.prefsrc;
    return typeof source === "string" ? { host: source } : null;
  } catch {
    return null;
  }
}
