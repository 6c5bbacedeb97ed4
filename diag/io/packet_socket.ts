/**
 * What passes the network cards of this machine, before any packet filter drops it: a packet
 * socket of Linux (packet(7)) that gives chosen IP packets without their link layer. Needs the
 * right CAP_NET_RAW.
 * @module
 */

import {
  addressOf,
  EAGAIN,
  errnoName,
  type Libc,
  openLibc,
  pointersTo,
} from "../../sip/io/libc.ts";
import { type Frame, LINK } from "../wire/packet.ts";
import {
  buildFilter,
  type FilterOptions,
  type Instruction,
} from "../wire/packet_filter.ts";

const AF_PACKET = 17;
const SOCK_DGRAM = 2;
const SOCK_NONBLOCK = 0x800;
const SOCK_CLOEXEC = 0x80000;
const SOL_SOCKET = 1;
const SO_RCVBUF = 8;
const SO_ATTACH_FILTER = 26;
const SO_RCVBUFFORCE = 33;
const SO_TIMESTAMPNS = 35;
const SOL_PACKET = 263;
const PACKET_STATISTICS = 6;
const ETH_P_ALL = 3;
const PACKET_OUTGOING = 4;
const ARPHRD_LOOPBACK = 772;
const MSG_DONTWAIT = 0x40;
const EFD_CLOEXEC = 0x80000;
const POLLIN = 1;
const EPERM = 1;
const EACCES = 13;

const BUFFER_OCTETS = 4 << 20;
/** Packets that one system call takes, and that one turn of the event loop handles. */
const BATCH = 64;
/** The longest IP packet, and a bit, so that the slots do not fall onto the same cache lines. */
const SLOT_SIZE = 65536 + 704;
const MMSGHDR_SIZE = 64;
const NAME_ROOM = 32;
const CONTROL_ROOM = 64;
const FPROG_SIZE = 16;
const SOCKADDR_SIZE = 20;
/** After a batch, more are let gather: waking up costs more than a packet does. */
const GATHER_MS = 3;
const RETRY_MS = 100;

const CALLS = [
  "socket",
  "setsockopt",
  "getsockopt",
  "bind",
  "recvmmsg",
  "pollAside",
  "eventfd",
  "write",
  "close",
] as const;
type PacketCalls = Libc<typeof CALLS[number]>;

/** Why nobody may look. */
export interface CaptureRefusal {
  readonly why: "no-right" | "not-linux" | "failed";
  /** The name of the error number; "" where there is none. */
  readonly error: string;
}

/** Takes one packet; its octets are valid until it returns. */
export type OnPacket = (frame: Frame) => void;

/** Opens a socket that catches from now on; `run()` reads it. */
export function openPacketSocket(
  options: FilterOptions,
): PacketSocket | CaptureRefusal {
  const libc = openLibc(CALLS);
  if (libc === null) return { why: "not-linux", error: "" };
  const descriptor = openDescriptor(libc, buildFilter(options));
  if (typeof descriptor === "number") {
    return new PacketSocket(libc, descriptor);
  }
  libc.close();
  return descriptor;
}

/** Owns the descriptor and the library. */
export class PacketSocket {
  readonly #libc: PacketCalls;
  readonly #descriptor: number;
  readonly #waker: number;
  readonly #poll: Uint8Array<ArrayBuffer>;
  readonly #slots = new Slots();
  #drops = 0;
  #isRunning = false;
  #isClosing = false;
  #isClosed = false;

  constructor(libc: PacketCalls, descriptor: number) {
    this.#libc = libc;
    this.#descriptor = descriptor;
    this.#waker = libc.call.eventfd(0, EFD_CLOEXEC);
    const words = Uint32Array.of(descriptor, POLLIN, this.#waker, POLLIN);
    this.#poll = new Uint8Array(words.buffer);
  }

  /** Reads until `close()`; to be called once. */
  async run(onPacket: OnPacket): Promise<void> {
    this.#isRunning = true;
    try {
      while (!this.#isClosing) {
        const count = this.#read(onPacket);
        if (this.#isClosing) return;
        if (count === 0) await this.#libc.call.pollAside(this.#poll, 2n, -1);
        else await sleep(count < 0 ? RETRY_MS : GATHER_MS);
      }
    } finally {
      this.#isRunning = false;
      this.#closeAll();
    }
  }

  /** How many packets the kernel had no room for since the last call. */
  takeDrops(): number {
    if (!this.#isClosed) this.#countDrops();
    const drops = this.#drops;
    this.#drops = 0;
    return drops;
  }

  close(): void {
    if (this.#isClosing) return;
    this.#isClosing = true;
    if (this.#isRunning) {
      const one = new Uint8Array(BigUint64Array.of(1n).buffer);
      this.#libc.call.write(this.#waker, one, 8n);
    } else {
      this.#closeAll();
    }
  }

  /** Handles a batch; returns how many packets it had, or -1 where the socket has trouble. */
  #read(onPacket: OnPacket): number {
    const slots = this.#slots;
    const count = this.#libc.call.recvmmsg(
      this.#descriptor,
      slots.first,
      BATCH,
      MSG_DONTWAIT,
      null,
    );
    if (count < 0) return this.#libc.errno() === EAGAIN ? 0 : -1;
    for (let i = 0; i < count && !this.#isClosing; i++) {
      const frame = slots.frame(i);
      if (frame !== null) onPacket(frame);
    }
    slots.prepare(count);
    return count;
  }

  /** The kernel's counter begins anew each time that it is read. */
  #countDrops(): void {
    const statistics = new Uint32Array(2);
    const taken = this.#libc.call.getsockopt(
      this.#descriptor,
      SOL_PACKET,
      PACKET_STATISTICS,
      new Uint8Array(statistics.buffer),
      octets(8),
    );
    if (taken === 0) this.#drops += statistics[1]!;
  }

  #closeAll(): void {
    if (this.#isClosed) return;
    this.#countDrops();
    this.#isClosed = true;
    this.#libc.call.close(this.#descriptor);
    this.#libc.call.close(this.#waker);
    this.#libc.close();
  }
}

/** The memory that packets come into: one slot for each of a batch, used again and again. */
class Slots {
  readonly first: Deno.PointerValue;
  // Untouched pages cost nothing: only what packets fill becomes memory.
  readonly #arena = new Uint8Array(new ArrayBuffer(BATCH * SLOT_SIZE));
  readonly #headers = new Uint8Array(new ArrayBuffer(BATCH * MMSGHDR_SIZE));
  readonly #headerWords = new Uint32Array(this.#headers.buffer);
  readonly #iovecs = new BigUint64Array(2 * BATCH);
  readonly #names = new Uint8Array(new ArrayBuffer(BATCH * NAME_ROOM));
  readonly #nameView = new DataView(this.#names.buffer);
  readonly #control = new Uint8Array(new ArrayBuffer(BATCH * CONTROL_ROOM));
  readonly #controlView = new DataView(this.#control.buffer);

  constructor() {
    const headers = new BigUint64Array(this.#headers.buffer);
    const iovecs = addressOf(new Uint8Array(this.#iovecs.buffer));
    for (let i = 0; i < BATCH; i++) {
      this.#iovecs[2 * i] = BigInt(addressOf(this.#arena) + i * SLOT_SIZE);
      this.#iovecs[2 * i + 1] = BigInt(SLOT_SIZE);
      const at = i * MMSGHDR_SIZE / 8;
      headers[at] = BigInt(addressOf(this.#names) + i * NAME_ROOM);
      headers[at + 2] = BigInt(iovecs + 16 * i);
      headers[at + 3] = 1n;
      headers[at + 4] = BigInt(addressOf(this.#control) + i * CONTROL_ROOM);
    }
    this.prepare(BATCH);
    this.first = pointersTo(this.#headers, MMSGHDR_SIZE, 1)[0]!;
  }

  /** Makes the first slots ready for the next packets. */
  prepare(count: number): void {
    for (let i = 0; i < count; i++) {
      const word = i * MMSGHDR_SIZE / 4;
      this.#headerWords[word + 2] = NAME_ROOM;
      this.#headerWords[word + 10] = CONTROL_ROOM;
    }
  }

  /** What came into a slot; null for what left over the loopback: it comes in again. */
  frame(slot: number): Frame | null {
    const name = slot * NAME_ROOM;
    const hardware = this.#nameView.getUint16(name + 8, true);
    const type = this.#names[name + 10];
    if (type === PACKET_OUTGOING && hardware === ARPHRD_LOOPBACK) return null;
    const start = slot * SLOT_SIZE;
    const length = this.#headerWords[slot * MMSGHDR_SIZE / 4 + 14]!;
    return {
      at: this.#time(slot),
      linkType: LINK.raw,
      bytes: this.#arena.subarray(start, start + length),
      originalLength: length,
      interfaceIndex: this.#nameView.getInt32(name + 4, true),
    };
  }

  /** When the kernel saw the packet. */
  #time(slot: number): number {
    const at = slot * CONTROL_ROOM;
    const length = this.#headerWords[slot * MMSGHDR_SIZE / 4 + 10]!;
    const view = this.#controlView;
    const isTime = length >= 32 &&
      view.getUint32(at + 8, true) === SOL_SOCKET &&
      view.getUint32(at + 12, true) === SO_TIMESTAMPNS;
    if (!isTime) return Date.now();
    const seconds = Number(view.getBigInt64(at + 16, true));
    return seconds * 1000 + view.getUint32(at + 24, true) / 1e6;
  }
}

/** Nothing comes through before the filter is in place: only `bind` names a protocol. */
function openDescriptor(
  libc: PacketCalls,
  filter: readonly Instruction[],
): number | CaptureRefusal {
  const { call } = libc;
  const descriptor = call.socket(
    AF_PACKET,
    SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC,
    0,
  );
  if (descriptor < 0) return refusal(libc.errno());
  const set = (name: number, value: number) =>
    call.setsockopt(descriptor, SOL_SOCKET, name, octets(value), 4) === 0;
  // FORCE needs CAP_NET_ADMIN; without it the kernel caps at net.core.rmem_max.
  if (!set(SO_RCVBUFFORCE, BUFFER_OCTETS)) set(SO_RCVBUF, BUFFER_OCTETS);
  set(SO_TIMESTAMPNS, 1);
  const isReady = call.setsockopt(
        descriptor,
        SOL_SOCKET,
        SO_ATTACH_FILTER,
        writeProgram(filter),
        FPROG_SIZE,
      ) === 0 &&
    call.bind(descriptor, writeAddress(), SOCKADDR_SIZE) === 0;
  if (isReady) return descriptor;
  const reason = refusal(libc.errno());
  call.close(descriptor);
  return reason;
}

/**
 * `struct sock_fprog`, and behind it each `struct sock_filter`: in one piece, which stays where it
 * is as long as the call lasts.
 */
function writeProgram(filter: readonly Instruction[]): Uint8Array<ArrayBuffer> {
  const program = new Uint8Array(
    new ArrayBuffer(FPROG_SIZE + 8 * filter.length),
  );
  const view = new DataView(program.buffer);
  view.setUint16(0, filter.length, true);
  view.setBigUint64(8, BigInt(addressOf(program) + FPROG_SIZE), true);
  filter.forEach(({ code, jt, jf, k }, i) => {
    const at = FPROG_SIZE + 8 * i;
    view.setUint16(at, code, true);
    view.setUint8(at + 2, jt);
    view.setUint8(at + 3, jf);
    view.setUint32(at + 4, k, true);
  });
  return program;
}

/** `struct sockaddr_ll`: every protocol on every interface. */
function writeAddress(): Uint8Array<ArrayBuffer> {
  const address = new Uint8Array(SOCKADDR_SIZE);
  const view = new DataView(address.buffer);
  view.setUint16(0, AF_PACKET, true);
  view.setUint16(2, ETH_P_ALL);
  return address;
}

function refusal(errno: number): CaptureRefusal {
  const isForbidden = errno === EPERM || errno === EACCES;
  return {
    why: isForbidden ? "no-right" : "failed",
    error: errnoName(errno),
  };
}

function octets(value: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Uint32Array.of(value).buffer);
}

function sleep(ms: number): Promise<void> {
  return new Promise((wake) => setTimeout(wake, ms));
}
