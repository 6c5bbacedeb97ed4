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
export const IP_RECVERR = 11;
export const IPV6_RECVERR = 25;
const IPV6_V6ONLY = 26;
const IPV6_RECVPKTINFO = 49;
const BUFFER_OCTETS = 8 << 20;

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

/** Opens and binds; throws BindError. The port stays ours alone: no SO_REUSEADDR. */
export function openUdpSocket(
  libc: Libc,
  id: number,
  host: string,
  port: number,
): UdpSocket {
  const address = parseAddress(host);
  if (address === null || !(port >= 0 && port <= 65535)) {
    throw new BindError("udp", host, port, "EINVAL");
  }
  const { call } = libc;
  const descriptor = call.socket(
    address.family,
    SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC,
    0,
  );
  if (descriptor < 0) {
    throw new BindError("udp", host, port, errnoName(libc.errno()));
  }
  const set = (level: number, name: number, value: number) =>
    call.setsockopt(descriptor, level, name, octets(value), 4) === 0;
  const isWildcard = isUnspecified(address);
  // FORCE needs CAP_NET_ADMIN; without it the kernel caps at net.core.rmem_max.
  if (!set(SOL_SOCKET, SO_RCVBUFFORCE, BUFFER_OCTETS)) {
    set(SOL_SOCKET, SO_RCVBUF, BUFFER_OCTETS);
  }
  if (!set(SOL_SOCKET, SO_SNDBUFFORCE, BUFFER_OCTETS)) {
    set(SOL_SOCKET, SO_SNDBUF, BUFFER_OCTETS);
  }
  set(SOL_SOCKET, SO_RXQ_OVFL, 1);
  if (address.family === AF_INET) {
    set(SOL_IP, IP_RECVERR, 1);
    if (isWildcard) set(SOL_IP, IP_PKTINFO, 1);
  } else {
    set(SOL_IPV6, IPV6_V6ONLY, 1);
    set(SOL_IPV6, IPV6_RECVERR, 1);
    if (isWildcard) set(SOL_IPV6, IPV6_RECVPKTINFO, 1);
  }
  const name = new Uint8Array(new ArrayBuffer(SOCKADDR_ROOM));
  const length = writeSockaddr(name, 0, address, port);
  if (
    call.bind(descriptor, name, length) !== 0 ||
    call.getsockname(descriptor, name, octets(SOCKADDR_ROOM)) !== 0
  ) {
    const code = errnoName(libc.errno());
    call.close(descriptor);
    throw new BindError("udp", host, port, code);
  }
  const bound = name[2]! << 8 | name[3]!;
  const text = address.family === AF_INET
    ? formatIpv4(address.words[0]!)
    : formatIpv6(address.words, 0, address.scope);
  return {
    descriptor,
    family: address.family,
    host: text,
    port: bound,
    isWildcard,
    words: address.words,
    flows: new FlowCache(address.family, id, bound),
    noPeer: new Flow(
      "udp",
      id,
      text,
      bound,
      address.family === AF_INET ? "0.0.0.0" : "::",
      0,
    ),
    drops: 0,
  };
}

function octets(value: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Uint32Array.of(value).buffer);
}
