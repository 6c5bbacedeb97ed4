/**
 * What systemd does with a socket unit: sockets that are open before the server is, and stay open
 * when it ends; each run of the server gets them as descriptors from 3 on.
 * @module
 */

import { type Libc, openLibc } from "../../sip/io/libc.ts";
import {
  AF_INET6,
  parseAddress,
  readSockaddr,
  SOCKADDR_ROOM,
  writeSockaddr,
} from "../../sip/io/sockaddr.ts";
import type { Lab } from "./lab.ts";
import type { Running, SpawnOptions } from "./lab_process.ts";

const SOL_SOCKET = 1;
const SO_REUSEADDR = 2;
const SO_RCVBUFFORCE = 33;
const SOL_IP = 0;
const IP_PKTINFO = 8;
const SOL_IPV6 = 41;
const IPV6_V6ONLY = 26;
const SOCK_STREAM = 1;
const SOCK_DGRAM = 2;
const SOCK_CLOEXEC = 0x80000;
const F_DUPFD = 0;
const F_DUPFD_CLOEXEC = 1030;
const HANDED_FROM = 200;

/** A socket of the test, which a server may inherit. */
export interface OpenSocket {
  readonly transport: "udp" | "tcp";
  readonly host: string;
  readonly port: number;
  readonly descriptor: number;
}

export interface SocketOptions {
  /** Whether a socket of `::` takes IPv4 as well. */
  readonly isForBoth?: boolean;
  /** Whether datagrams keep the address they were sent to. */
  readonly hasPacketInfo?: boolean;
  readonly port?: number;
}

/** Opens and binds one socket of each kind, all on the same port. Close them by `closeSockets()`. */
export function openSockets(
  host: string,
  transports: readonly OpenSocket["transport"][],
  options: SocketOptions = {},
): OpenSocket[] {
  return withLibc((libc) => {
    const sockets: OpenSocket[] = [];
    for (const transport of transports) {
      const port = sockets[0]?.port ?? options.port ?? 0;
      sockets.push(openSocket(libc, transport, host, port, options));
    }
    return sockets;
  });
}

export function closeSockets(sockets: readonly OpenSocket[]): void {
  withLibc(({ call }) => {
    for (const { descriptor } of sockets) call.close(descriptor);
  });
}

/** Another descriptor of the same socket, as a server that inherits it has one. */
export function duplicate(socket: OpenSocket): OpenSocket {
  return withLibc(({ call }) => ({
    ...socket,
    descriptor: call.fcntl(socket.descriptor, F_DUPFD_CLOEXEC, 3),
  }));
}

/** Starts a program that has the sockets as its descriptors from 3 on, and is told so. */
export function startWith(
  lab: Lab,
  sockets: readonly OpenSocket[],
  options: SpawnOptions,
): Running {
  return withLibc(({ call }) => {
    // a child gets what is not marked as ours alone; high numbers, which nobody moves away
    const handed = sockets.map(({ descriptor }) =>
      call.fcntl(descriptor, F_DUPFD, HANDED_FROM)
    );
    const moves = handed.map((from, i) => `exec ${3 + i}<&${from} ${from}<&-`);
    const script = [
      ...moves,
      `LISTEN_PID=$$ LISTEN_FDS=${handed.length} exec "$@"`,
    ].join("\n");
    try {
      return lab.spawn(null, {
        ...options,
        command: ["bash", "-c", script, "pbx", ...options.command],
      });
    } finally {
      for (const descriptor of handed) call.close(descriptor);
    }
  });
}

function openSocket(
  libc: Libc,
  transport: OpenSocket["transport"],
  host: string,
  port: number,
  options: SocketOptions,
): OpenSocket {
  const { call } = libc;
  const address = parseAddress(host)!;
  const type = transport === "udp" ? SOCK_DGRAM : SOCK_STREAM;
  const descriptor = call.socket(address.family, type | SOCK_CLOEXEC, 0);
  const set = (level: number, option: number, value: number) =>
    call.setsockopt(descriptor, level, option, Uint32Array.of(value), 4);
  if (transport === "tcp") set(SOL_SOCKET, SO_REUSEADDR, 1);
  else set(SOL_SOCKET, SO_RCVBUFFORCE, 8 << 20);
  if (address.family === AF_INET6) {
    set(SOL_IPV6, IPV6_V6ONLY, options.isForBoth === true ? 0 : 1);
  } else if (transport === "udp" && options.hasPacketInfo !== false) {
    set(SOL_IP, IP_PKTINFO, 1);
  }
  const name = new Uint8Array(new ArrayBuffer(SOCKADDR_ROOM));
  const length = writeSockaddr(name, 0, address, port);
  const isOpen = call.bind(descriptor, name, length) === 0 &&
    (transport === "udp" || call.listen(descriptor, 128) === 0) &&
    call.getsockname(descriptor, name, Uint32Array.of(SOCKADDR_ROOM)) === 0;
  if (isOpen) {
    return { transport, host, port: readSockaddr(name)!.port, descriptor };
  }
  call.close(descriptor);
  throw new Error(`cannot open ${transport} ${host}`);
}

function withLibc<T>(work: (libc: Libc) => T): T {
  const libc = openLibc();
  if (libc === null) throw new Error("there is no C library");
  try {
    return work(libc);
  } finally {
    libc.close();
  }
}
