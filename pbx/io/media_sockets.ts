/**
 * The sockets of the relay: pairs of ports on one address, marked for the routers on the way as
 * voice (RFC 4594 §4.1), and known to the `epoll` that the worker waits on. A descriptor belongs
 * to the process, so that the main thread opens what the worker reads.
 * @module
 */

import { type Libc } from "../../sip/io/libc.ts";
import {
  type Address,
  AF_INET,
  SOCKADDR_ROOM,
  writeSockaddr,
} from "../../sip/io/sockaddr.ts";

const SOCK_DGRAM_CLOEXEC_NONBLOCK = 2 | 0x80000 | 0x800;
const SOL_IP = 0;
const IP_TOS = 1;
const SOL_IPV6 = 41;
const IPV6_TCLASS = 67;
/** Expedited forwarding, 46, in the upper six bits (RFC 3246). */
const VOICE = new Uint32Array([0xb8]);
const EADDRINUSE = 98;
const EACCES = 13;
const EPOLL_CTL_ADD = 1;
const EPOLLIN = 1;
const RLIMIT_NOFILE = 7;
/** Descriptors that the rest of the program may need. */
const OTHER_DESCRIPTORS = 4096;

/** The kernel's `struct epoll_event` is packed on x86-64 only. */
export const EVENT_OCTETS = Deno.build.arch === "x86_64" ? 12 : 16;
export const EVENT_DATA = Deno.build.arch === "x86_64" ? 4 : 8;
/** What an event of the waker carries in the place of an end. */
export const WAKER = 0xffffffff;

/** Two sockets, or why there are none: the ports are another's, or no others will do either. */
export type Opened =
  | { readonly rtp: number; readonly rtcp: number }
  | "taken"
  | "hopeless";

/** Binds RTP to a port and RTCP to the next. */
export function openPair(libc: Libc, address: Address, port: number): Opened {
  const rtp = openSocket(libc, address, port);
  if (typeof rtp !== "number") return rtp;
  const rtcp = openSocket(libc, address, port + 1);
  if (typeof rtcp === "number") return { rtp, rtcp };
  libc.call.close(rtp);
  return rtcp;
}

function openSocket(
  libc: Libc,
  address: Address,
  port: number,
): number | "taken" | "hopeless" {
  const descriptor = libc.call.socket(
    address.family,
    SOCK_DGRAM_CLOEXEC_NONBLOCK,
    0,
  );
  if (descriptor < 0) return "hopeless";
  const bytes = new Uint8Array(SOCKADDR_ROOM);
  const length = writeSockaddr(bytes, 0, address, port);
  if (libc.call.bind(descriptor, bytes, length) !== 0) {
    const errno = libc.errno();
    libc.call.close(descriptor);
    return errno === EADDRINUSE || errno === EACCES ? "taken" : "hopeless";
  }
  const isV4 = address.family === AF_INET;
  // a kernel that does not mark packets carries them all the same
  libc.call.setsockopt(
    descriptor,
    isV4 ? SOL_IP : SOL_IPV6,
    isV4 ? IP_TOS : IPV6_TCLASS,
    VOICE,
    4,
  );
  return descriptor;
}

/** Lets `epoll` tell of a descriptor by `data`; false where it cannot. */
export function watch(
  libc: Libc,
  epoll: number,
  descriptor: number,
  data: number,
): boolean {
  const event = new DataView(new ArrayBuffer(EVENT_OCTETS));
  event.setUint32(0, EPOLLIN, true);
  event.setUint32(EVENT_DATA, data, true);
  return libc.call.epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, event) === 0;
}

/** Asks for as many descriptors as the sockets of `pairs` need, as far as the system allows it. */
export function raiseDescriptorLimit(libc: Libc, pairs: number): void {
  const limits = new BigUint64Array(2);
  if (libc.call.getrlimit(RLIMIT_NOFILE, limits) !== 0) return;
  const [soft = 0n, hard = 0n] = limits;
  const wanted = BigInt(2 * pairs + OTHER_DESCRIPTORS);
  if (soft >= wanted || soft >= hard) return;
  limits[0] = wanted < hard ? wanted : hard;
  libc.call.setrlimit(RLIMIT_NOFILE, limits);
}
