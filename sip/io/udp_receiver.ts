/**
 * Datagrams out of the kernel, by the batch (`recvmmsg`), each with the pair of addresses it
 * travelled between. The memory is laid out once and used again for every batch.
 * @module
 */

import { Flow } from "../flow.ts";
import { addressOf, EAGAIN, EINTR, type Libc, pointersTo } from "./libc.ts";
import { AF_INET, SOCKADDR_ROOM } from "./sockaddr.ts";
import type { Inbound } from "./transport.ts";
import type { ErrorQueue } from "./udp_errors.ts";
import {
  CONTROL_ROOM,
  IP_PKTINFO,
  IPV6_PKTINFO,
  SO_RXQ_OVFL,
  SOL_IP,
  SOL_IPV6,
  SOL_SOCKET,
  type UdpSocket,
} from "./udp_socket.ts";
import type { UdpTrouble } from "./udp_trouble.ts";

/** As many as one call to the kernel takes. */
export const BATCH = 64;
/** The kernel's `struct mmsghdr`, and in words. */
export const MMSGHDR_SIZE = 64;
const MMSGHDR_WORDS = MMSGHDR_SIZE / 4;

const SLOTS = 4 * BATCH;
/** The largest datagram, and a bit, so that the slots do not fall onto the same cache lines. */
const SLOT_SIZE = 65536 + 704;
const MSG_TRUNC = 0x20;
const MSG_DONTWAIT = 0x40;
const TRIES = 8;
/** With which octet those addresses begin that nothing can be sent from. */
const MULTICAST = 224;
const MULTICAST6 = 255;

/** The slots for what comes in. Valid until the next `fill()`. */
export class UdpReceiver {
  readonly inbound: readonly Inbound[];
  readonly #libc: Libc;
  readonly #errors: ErrorQueue;
  readonly #trouble: UdpTrouble;
  // Untouched pages cost nothing: only what datagrams fill becomes memory.
  readonly #arena = new Uint8Array(new ArrayBuffer(SLOTS * SLOT_SIZE));
  readonly #headers = new Uint8Array(new ArrayBuffer(SLOTS * MMSGHDR_SIZE));
  readonly #headerWords = new Uint32Array(this.#headers.buffer);
  readonly #headerPointers = pointersTo(this.#headers, MMSGHDR_SIZE, SLOTS);
  readonly #iovecs = new Uint8Array(new ArrayBuffer(SLOTS * 16));
  readonly #names = new Uint8Array(new ArrayBuffer(SLOTS * SOCKADDR_ROOM));
  readonly #nameWords = new Uint32Array(this.#names.buffer);
  readonly #control = new Uint8Array(new ArrayBuffer(SLOTS * CONTROL_ROOM));
  readonly #controlWords = new Uint32Array(this.#control.buffer);
  #count = 0;

  constructor(libc: Libc, errors: ErrorQueue, trouble: UdpTrouble) {
    this.#libc = libc;
    this.#errors = errors;
    this.#trouble = trouble;
    const nobody = new Flow("udp", 0, "", 0, "", 0);
    this.inbound = Array.from(
      { length: SLOTS },
      () => ({ bytes: this.#arena, start: 0, end: 0, flow: nobody }),
    );
    const headers = new DataView(this.#headers.buffer);
    const iovecs = new DataView(this.#iovecs.buffer);
    const arena = addressOf(this.#arena);
    for (let i = 0; i < SLOTS; i++) {
      iovecs.setBigUint64(16 * i, BigInt(arena + i * SLOT_SIZE), true);
      iovecs.setBigUint64(16 * i + 8, BigInt(SLOT_SIZE), true);
      const at = i * MMSGHDR_SIZE;
      headers.setBigUint64(
        at,
        BigInt(addressOf(this.#names) + i * SOCKADDR_ROOM),
        true,
      );
      headers.setUint32(at + 8, SOCKADDR_ROOM, true);
      headers.setBigUint64(
        at + 16,
        BigInt(addressOf(this.#iovecs) + 16 * i),
        true,
      );
      headers.setBigUint64(at + 24, 1n, true);
      headers.setBigUint64(
        at + 32,
        BigInt(addressOf(this.#control) + i * CONTROL_ROOM),
        true,
      );
      headers.setUint32(at + 40, CONTROL_ROOM, true);
    }
  }

  /** Takes what waits, at most 256 of all sockets together, and returns how many. */
  fill(sockets: readonly UdpSocket[], first: number): number {
    this.#count = 0;
    let slot = 0;
    for (let i = 0; i < sockets.length && slot < SLOTS; i++) {
      const socket = sockets[(first + i) % sockets.length]!;
      const drops = socket.drops;
      slot = this.#drain(socket, slot);
      if (socket.drops !== drops) {
        const count = socket.drops - drops >>> 0;
        this.#trouble.add(
          socket.noPeer,
          "kernel-drops",
          count,
          "receive buffer full",
        );
      }
    }
    return this.#count;
  }

  /** Reads one socket into the slots from `slot` on; returns the next free slot. */
  #drain(socket: UdpSocket, slot: number): number {
    let tries = 0;
    while (slot < SLOTS) {
      const room = Math.min(BATCH, SLOTS - slot);
      const taken = this.#libc.call.recvmmsg(
        socket.descriptor,
        this.#headerPointers[slot]!,
        room,
        MSG_DONTWAIT,
        null,
      );
      if (taken <= 0) {
        const errno = this.#libc.errno();
        if (errno === EAGAIN) return slot;
        // An ICMP error about something that we sent comes up here, once, and hides nothing.
        if (errno !== EINTR) this.#errors.drain(socket);
        if (++tries < TRIES) continue;
        this.#trouble.addErrno(socket.noPeer, "receive-failed", errno);
        return slot;
      }
      for (let i = 0; i < taken; i++) this.#read(socket, slot + i);
      slot += taken;
      if (taken < room) return slot;
    }
    return slot;
  }

  /** Makes an `Inbound` of a slot and prepares the slot's header for the next datagram. */
  #read(socket: UdpSocket, slot: number): void {
    const header = slot * MMSGHDR_WORDS;
    const words = this.#headerWords;
    const controlLength = words[header + 10]!;
    const isCut = (words[header + 12]! & MSG_TRUNC) !== 0;
    words[header + 2] = SOCKADDR_ROOM;
    words[header + 10] = CONTROL_ROOM;

    const flows = socket.flows;
    const key = flows.key;
    const name = slot * SOCKADDR_ROOM;
    const nameWord = name >> 2;
    key[0] = this.#names[name + 2]! << 8 | this.#names[name + 3]!;
    if (socket.family === AF_INET) {
      key[1] = this.#nameWords[nameWord + 1]!;
      key[2] = socket.words[0]!;
    } else {
      for (let i = 0; i < 4; i++) {
        key[1 + i] = this.#nameWords[nameWord + 2 + i]!;
        key[5 + i] = socket.words[i]!;
      }
      key[9] = this.#nameWords[nameWord + 6]!;
    }
    if (controlLength > 0) {
      this.#readControl(socket, slot * CONTROL_ROOM / 4, controlLength);
    }
    const flow = flows.flow();
    const octets = words[header + 14]!;
    if (isCut) {
      this.#trouble.add(
        flow,
        "message-truncated",
        octets,
        `longer than \`${octets}\` octets`,
      );
      return;
    }
    const inbound = this.inbound[this.#count++]!;
    inbound.start = slot * SLOT_SIZE;
    inbound.end = inbound.start + octets;
    inbound.flow = flow;
  }

  #readControl(socket: UdpSocket, word: number, length: number): void {
    const words = this.#controlWords;
    const end = word + (length >> 2);
    while (word + 4 < end) {
      const level = words[word + 2];
      const type = words[word + 3];
      if (level === SOL_IP && type === IP_PKTINFO) {
        // The address it was sent to; after a broadcast the one that we can answer from. That the
        // kernel knows of what it queued when the option was set: later it is left to choose.
        const own = words[word + 5]! || words[word + 6]!;
        if ((own & 255) < MULTICAST) socket.flows.key[2] = own;
      } else if (
        level === SOL_IPV6 && type === IPV6_PKTINFO &&
        (words[word + 4]! & 255) !== MULTICAST6
      ) {
        for (let i = 0; i < 4; i++) {
          socket.flows.key[5 + i] = words[word + 4 + i]!;
        }
      } else if (level === SOL_SOCKET && type === SO_RXQ_OVFL) {
        // The count at the time when this datagram was queued; it wraps at 32 bits.
        const drops = words[word + 4]!;
        if ((drops - socket.drops | 0) > 0) socket.drops = drops;
      }
      const size = words[word]!;
      if (size < 16) return;
      word += size + 7 >> 3 << 1;
    }
  }
}
