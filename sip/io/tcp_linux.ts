/**
 * TCP through the C library, for sockets that listened before this program was: Deno cannot take
 * those. A socket that listens is closed and never shut down: it is also another's.
 * @module
 */

import { setImmediate } from "node:timers";
import { BindError } from "./bind_error.ts";
import { EAGAIN, EINTR, errnoName, type Libc } from "./libc.ts";
import { type Poller, POLLER_CALLS, type Watched } from "./poller.ts";
import {
  AF_INET6,
  parseAddress,
  readSockaddr,
  SOCKADDR_ROOM,
  writeSockaddr,
} from "./sockaddr.ts";
import type { Acceptor, Stream, StreamAddress } from "./stream.ts";
import { LinuxStream, STREAM_CALLS } from "./stream_linux.ts";

const SOL_SOCKET = 1;
const SO_REUSEADDR = 2;
const SOL_IPV6 = 41;
const IPV6_V6ONLY = 26;
const IPPROTO_TCP = 6;
const TCP_NODELAY = 1;
const SOCK_STREAM = 1;
const SOCK_NONBLOCK = 0x800;
const SOCK_CLOEXEC = 0x80000;
/** As many as Deno and systemd let wait. */
const BACKLOG = 4096;
/** Connections that are taken before the event loop gets its turn. */
const ACCEPTED_AT_ONCE = 16;
const ECONNABORTED = 103;

/** The calls of the library that are made here, by the poller and by connections. */
export const TCP_CALLS = [
  ...POLLER_CALLS,
  ...STREAM_CALLS,
  "socket",
  "setsockopt",
  "bind",
  "listen",
  "accept4",
  "getsockname",
] as const;

type Calls = Libc<typeof TCP_CALLS[number]>;

/**
 * Listens, on the descriptor that is inherited or on a new one; throws BindError. Of `::` it takes
 * no IPv4, so that `0.0.0.0` beside it has a socket of its own.
 */
export function openLinuxAcceptor(
  libc: Calls,
  poller: Poller,
  host: string,
  port: number,
  inherited: number | null,
): Acceptor {
  const descriptor = inherited ?? listen(libc, host, port);
  const name = new Uint8Array(new ArrayBuffer(SOCKADDR_ROOM));
  libc.call.getsockname(descriptor, name, Uint32Array.of(SOCKADDR_ROOM));
  const addr = readSockaddr(name) ?? { hostname: host, port };
  const acceptor = new LinuxAcceptor(libc, poller, descriptor, addr);
  if (!poller.watch(acceptor)) {
    const code = errnoName(libc.errno());
    libc.call.close(descriptor);
    throw new BindError("tcp", host, port, code);
  }
  return acceptor;
}

function listen(libc: Calls, host: string, port: number): number {
  const { call } = libc;
  const address = parseAddress(host);
  if (address === null || !(port >= 0 && port <= 65535)) {
    throw new BindError("tcp", host, port, "EINVAL");
  }
  const { family } = address;
  const kind = SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC;
  const descriptor = call.socket(family, kind, 0);
  if (descriptor < 0) {
    throw new BindError("tcp", host, port, errnoName(libc.errno()));
  }
  const one = Uint32Array.of(1);
  // the port stays ours while connections of an earlier run die away
  call.setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, one, 4);
  if (family === AF_INET6) {
    call.setsockopt(descriptor, SOL_IPV6, IPV6_V6ONLY, one, 4);
  }
  const name = new Uint8Array(new ArrayBuffer(SOCKADDR_ROOM));
  const length = writeSockaddr(name, 0, address, port);
  if (
    call.bind(descriptor, name, length) === 0 &&
    call.listen(descriptor, BACKLOG) === 0
  ) return descriptor;
  const code = errnoName(libc.errno());
  call.close(descriptor);
  throw new BindError("tcp", host, port, code);
}

class LinuxAcceptor implements Acceptor, Watched {
  readonly descriptor: number;
  readonly addr: StreamAddress;
  readonly #libc: Calls;
  readonly #poller: Poller;
  /** Whether connections may wait. */
  #isReady = false;
  #isClosed = false;
  #taken = 0;
  #waiter: PromiseWithResolvers<Stream> | null = null;
  readonly #name = new Uint8Array(new ArrayBuffer(SOCKADDR_ROOM));

  constructor(
    libc: Calls,
    poller: Poller,
    descriptor: number,
    addr: StreamAddress,
  ) {
    this.#libc = libc;
    this.#poller = poller;
    this.descriptor = descriptor;
    this.addr = addr;
  }

  accept(): Promise<Stream> {
    if (this.#isClosed) return Promise.reject(new Error("closed"));
    const waiter = Promise.withResolvers<Stream>();
    this.#waiter = waiter;
    if (!this.#isReady) return waiter.promise;
    if (++this.#taken % ACCEPTED_AT_ONCE > 0) this.#take();
    else setImmediate(() => this.#take());
    return waiter.promise;
  }

  onEvents(): void {
    this.#isReady = true;
    this.#take();
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#poller.forget(this);
    this.#libc.call.close(this.descriptor);
    this.#waiter?.reject(new Error("closed"));
    this.#waiter = null;
  }

  #take(): void {
    const waiter = this.#waiter;
    if (waiter === null || this.#isClosed) return;
    const { call } = this.#libc;
    for (;;) {
      const descriptor = call.accept4(
        this.descriptor,
        this.#name,
        Uint32Array.of(SOCKADDR_ROOM),
        SOCK_NONBLOCK | SOCK_CLOEXEC,
      );
      if (descriptor >= 0) {
        this.#waiter = null;
        return this.#open(descriptor, waiter);
      }
      const errno = this.#libc.errno();
      // who connected may be gone before we look
      if (errno === EINTR || errno === ECONNABORTED) continue;
      if (errno === EAGAIN) {
        this.#isReady = false;
        return;
      }
      this.#waiter = null;
      waiter.reject(new Error(errnoName(errno)));
      return;
    }
  }

  #open(descriptor: number, waiter: PromiseWithResolvers<Stream>): void {
    const { call } = this.#libc;
    const remote = readSockaddr(this.#name) ?? { hostname: "", port: 0 };
    call.getsockname(descriptor, this.#name, Uint32Array.of(SOCKADDR_ROOM));
    const local = readSockaddr(this.#name) ?? this.addr;
    // a message does not wait until the one before it is acknowledged
    call.setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, Uint32Array.of(1), 4);
    const stream = new LinuxStream(
      this.#libc,
      this.#poller,
      descriptor,
      local,
      remote,
    );
    if (this.#poller.watch(stream)) return waiter.resolve(stream);
    const why = errnoName(this.#libc.errno());
    call.close(descriptor);
    waiter.reject(new Error(why));
  }
}
