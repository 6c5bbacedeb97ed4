/**
 * One UDP socket of Linux, set up so that the kernel tells what it knows: the address each
 * datagram was sent to, what it dropped, and which ICMP errors came back.
 * @module
 */

import { Flow } from "../flow.ts";
import { FlowCache } from "./flow_cache.ts";
import { errnoName, type Libc } from "./libc.ts";
import {
  AF_INET,
  AF_INET6,
  formatIpv4,
  formatIpv6,
  isUnspecified,
  parseAddress,
  SOCKADDR_ROOM,
  writeSockaddr,
} from "./sockaddr.ts";
import { BindError } from "./bind_error.ts";

export const SOL_IP = 0;
export const SOL_SOCKET = 1;
export const SOL_IPV6 = 41;
export const IP_PKTINFO = 8;
export const IPV6_PKTINFO = 50;
export const SO_RXQ_OVFL = 40;
/** Octets of memory for the control messages of one datagram: PKTINFO and RXQ_OVFL just fit. */
export const CONTROL_ROOM = 64;

const SOCK_DGRAM = 2;
const SOCK_NONBLOCK = 0x800;
const SOCK_CLOEXEC = 0x80000;
const SO_SNDBUF = 7;
const SO_RCVBUF = 8;
const SO_SNDBUFFORCE = 32;
const SO_RCVBUFFORCE = 33;
const SO_MEMINFO = 55;
/** Words that SO_MEMINFO gives, and which of them counts drops (linux/sock_diag.h). */
const MEMINFO_WORDS = 9;
const MEMINFO_DROPS = 8;
export const IP_RECVERR = 11;
export const IPV6_RECVERR = 25;
const IPV6_V6ONLY = 26;
const IPV6_RECVPKTINFO = 49;
const BUFFER_OCTETS = 8 << 20;
/** A buffer over this nobody has who did not ask for it: the kernel gives 208 KiB. */
const UNASKED_OCTETS = 256 << 10;

/** What a socket is; built by `openUdpSocket()`. */
export interface UdpSocket {
  readonly descriptor: number;
  readonly family: typeof AF_INET | typeof AF_INET6;
  readonly host: string;
  readonly port: number;
  /** Whether it hears every address of the machine, so that each datagram must say which. */
  readonly isWildcard: boolean;
  /** The address it is bound to: one word or four. */
  readonly words: Uint32Array;
  readonly flows: FlowCache;
  /** Stands in facts that are about no peer. */
  readonly noPeer: Flow;
  /** The kernel's count of dropped datagrams when it was last looked at. */
  drops: number;
}

/**
 * Opens and binds, or takes the descriptor of a socket that is bound to this address already;
 * throws BindError. The port stays ours alone: no SO_REUSEADDR.
 */
export function openUdpSocket(
  libc: Libc,
  id: number,
  host: string,
  port: number,
  inherited: number | null = null,
): UdpSocket {
  const address = parseAddress(host);
  if (address === null || !(port >= 0 && port <= 65535)) {
    throw new BindError("udp", host, port, "EINVAL");
  }
  const { call } = libc;
  const { family, scope, words } = address;
  const descriptor = inherited ??
    call.socket(family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (descriptor < 0) {
    throw new BindError("udp", host, port, errnoName(libc.errno()));
  }
  const isWildcard = isUnspecified(address);
  enlarge(libc, descriptor, SO_RCVBUFFORCE, SO_RCVBUF);
  enlarge(libc, descriptor, SO_SNDBUFFORCE, SO_SNDBUF);
  const set = (level: number, name: number) =>
    call.setsockopt(descriptor, level, name, octets(1), 4);
  set(SOL_SOCKET, SO_RXQ_OVFL);
  if (family === AF_INET) {
    set(SOL_IP, IP_RECVERR);
    if (isWildcard) set(SOL_IP, IP_PKTINFO);
  } else {
    set(SOL_IPV6, IPV6_V6ONLY);
    set(SOL_IPV6, IPV6_RECVERR);
    if (isWildcard) set(SOL_IPV6, IPV6_RECVPKTINFO);
  }
  const name = new Uint8Array(new ArrayBuffer(SOCKADDR_ROOM));
  const length = writeSockaddr(name, 0, address, port);
  if (
    inherited === null && call.bind(descriptor, name, length) !== 0 ||
    call.getsockname(descriptor, name, octets(SOCKADDR_ROOM)) !== 0
  ) {
    const code = errnoName(libc.errno());
    call.close(descriptor);
    throw new BindError("udp", host, port, code);
  }
  const bound = name[2]! << 8 | name[3]!;
  const isFour = family === AF_INET;
  const text = isFour ? formatIpv4(words[0]!) : formatIpv6(words, 0, scope);
  const nobody = isFour ? "0.0.0.0" : "::";
  return {
    descriptor,
    family,
    host: text,
    port: bound,
    isWildcard,
    words,
    flows: new FlowCache(family, id, bound),
    noPeer: new Flow("udp", id, text, bound, nobody, 0),
    drops: inherited === null ? 0 : countDrops(libc, inherited),
  };
}

/** Asks for a large buffer, unless somebody gave the socket one that may be larger. */
function enlarge(
  { call }: Libc,
  descriptor: number,
  force: number,
  plain: number,
): void {
  const wanted = octets(BUFFER_OCTETS);
  // FORCE needs CAP_NET_ADMIN; without it the kernel caps at net.core.rmem_max.
  if (call.setsockopt(descriptor, SOL_SOCKET, force, wanted, 4) === 0) return;
  const size = new Uint32Array(1);
  call.getsockopt(descriptor, SOL_SOCKET, plain, size, octets(4));
  if (size[0]! > UNASKED_OCTETS) return;
  call.setsockopt(descriptor, SOL_SOCKET, plain, wanted, 4);
}

/** What the kernel has dropped since the socket was made: told by whoever had it then. */
function countDrops({ call }: Libc, descriptor: number): number {
  const info = new Uint32Array(MEMINFO_WORDS);
  const length = octets(4 * MEMINFO_WORDS);
  call.getsockopt(descriptor, SOL_SOCKET, SO_MEMINFO, info, length);
  return info[MEMINFO_DROPS]!;
}

function octets(value: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Uint32Array.of(value).buffer);
}
