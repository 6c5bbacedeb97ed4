/**
 * Sockets that were open before this program was, by its socket unit in systemd: what each of
 * them is, and which are for the addresses that we serve. They stay open when this program ends,
 * and keep what arrives for the next one: nothing here, nor who uses them, may call shutdown(2).
 * @module
 */

import { formatAddress } from "../flow.ts";
import { type Libc, openLibc } from "./libc.ts";
import {
  AF_INET,
  AF_INET6,
  parseAddress,
  readSockaddr,
  SOCKADDR_ROOM,
} from "./sockaddr.ts";
import type { Listening } from "./transport.ts";

/** A socket that is bound, and for TCP listens. */
export interface InheritedSocket extends Listening {
  readonly descriptor: number;
}

/** What was handed over. */
export interface Inherited {
  /** Those for the addresses of the configuration. */
  readonly sockets: readonly InheritedSocket[];
  /** What the others are, in words; those of the internet are closed. */
  readonly unused: readonly string[];
}

/** Nothing was handed over. */
export const NOTHING_INHERITED: Inherited = { sockets: [], unused: [] };

const SOL_SOCKET = 1;
const SOL_IPV6 = 41;
const SO_TYPE = 3;
const SO_ACCEPTCONN = 30;
const SO_DOMAIN = 39;
const IPV6_V6ONLY = 26;
const SOCK_STREAM = 1;
const SOCK_DGRAM = 2;
const F_SETFD = 2;
const F_GETFL = 3;
const F_SETFL = 4;
const FD_CLOEXEC = 1;
const O_NONBLOCK = 0x800;

const CALLS = ["getsockopt", "getsockname", "fcntl", "close"] as const;

type Calls = Libc<typeof CALLS[number]>;

/**
 * Takes those that are for an address of `listen` (with its own port; a wildcard is for the same
 * wildcard), and closes the other ones. What it cannot take has to be opened as if there were none.
 */
export function takeInherited(
  descriptors: readonly number[],
  listen: readonly { readonly host: string; readonly port: number }[],
): Inherited {
  if (descriptors.length === 0) return NOTHING_INHERITED;
  const libc = openLibc(CALLS);
  if (libc === null) return { sockets: [], unused: descriptors.map(name) };
  const sockets: InheritedSocket[] = [];
  const unused: string[] = [];
  for (const descriptor of descriptors) {
    libc.call.fcntl(descriptor, F_SETFD, FD_CLOEXEC);
    const seen = look(libc, descriptor);
    if (seen === null) {
      // not of the internet, and where the count was wrong perhaps one of the runtime's own
      unused.push(name(descriptor));
      continue;
    }
    const { socket, why } = seen;
    const isWanted = why === "" &&
      listen.some((address) => isSame(address, socket)) &&
      !sockets.some((other) =>
        other.transport === socket.transport && isSame(other, socket)
      );
    if (isWanted) {
      const flags = libc.call.fcntl(descriptor, F_GETFL, 0);
      libc.call.fcntl(descriptor, F_SETFL, flags | O_NONBLOCK);
      sockets.push(socket);
      continue;
    }
    libc.call.close(descriptor);
    const { transport, host, port } = socket;
    unused.push(
      `${transport.toUpperCase()} ${formatAddress(host, port)}${why}`,
    );
  }
  libc.close();
  return { sockets, unused };
}

/** The descriptor that was handed over for an address; null where there is none. */
export function findInherited(
  sockets: readonly InheritedSocket[],
  transport: Listening["transport"],
  address: { readonly host: string; readonly port: number },
): number | null {
  const found = sockets.find((socket) =>
    socket.transport === transport && isSame(socket, address)
  );
  return found?.descriptor ?? null;
}

/** What a descriptor is, and why it is of no use; null where it is no socket of the internet. */
function look(
  libc: Calls,
  descriptor: number,
): { readonly socket: InheritedSocket; readonly why: string } | null {
  const { call } = libc;
  const value = new Int32Array(1);
  const get = (level: number, option: number): number => {
    const length = Uint32Array.of(4);
    const done = call.getsockopt(descriptor, level, option, value, length);
    return done === 0 ? value[0]! : -1;
  };
  const domain = get(SOL_SOCKET, SO_DOMAIN);
  const type = get(SOL_SOCKET, SO_TYPE);
  if (domain !== AF_INET && domain !== AF_INET6) return null;
  if (type !== SOCK_DGRAM && type !== SOCK_STREAM) return null;
  const memory = new Uint8Array(new ArrayBuffer(SOCKADDR_ROOM));
  if (
    call.getsockname(descriptor, memory, Uint32Array.of(SOCKADDR_ROOM)) !== 0
  ) return null;
  const { hostname: host, port } = readSockaddr(memory)!;
  const transport = type === SOCK_DGRAM ? "udp" : "tcp";
  const { family, words } = parseAddress(host)!;
  const isForBoth = domain === AF_INET6 &&
    (family === AF_INET ||
      words.every((word) => word === 0) && get(SOL_IPV6, IPV6_V6ONLY) !== 1);
  const why = type === SOCK_STREAM && get(SOL_SOCKET, SO_ACCEPTCONN) !== 1
    ? " (does not listen)"
    : isForBoth
    ? " (for IPv4 as well: BindIPv6Only=ipv6-only is missing)"
    : "";
  return { socket: { transport, host, port, descriptor }, why };
}

function isSame(
  one: { readonly host: string; readonly port: number },
  other: { readonly host: string; readonly port: number },
): boolean {
  if (one.port !== other.port) return false;
  const a = parseAddress(one.host);
  const b = parseAddress(other.host);
  return a !== null && b !== null && a.family === b.family &&
    a.scope === b.scope && a.words.every((word, i) => word === b.words[i]);
}

function name(descriptor: number): string {
  return `descriptor ${descriptor}`;
}
