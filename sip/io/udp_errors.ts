/**
 * The error queue of a UDP socket (IP_RECVERR): the kernel puts there what ICMP says about our
 * datagrams, with the address that each was for, so that a dead phone has a name.
 * @module
 */

import { addressOf, EINTR, type Libc, pointersTo } from "./libc.ts";
import { AF_INET, SOCKADDR_ROOM } from "./sockaddr.ts";
import {
  IP_PKTINFO,
  IP_RECVERR,
  IPV6_PKTINFO,
  IPV6_RECVERR,
  SOL_IP,
  SOL_IPV6,
  type UdpSocket,
} from "./udp_socket.ts";
import type { UdpTrouble } from "./udp_trouble.ts";

const MSGHDR_SIZE = 56;
const MSG_DONTWAIT = 0x40;
const MSG_ERRQUEUE = 0x2000;
const ERRORS_AT_ONCE = 64;
/** SO_EE_ORIGIN_LOCAL: the error came from this machine, not by ICMP. */
const ORIGIN_LOCAL = 1;
const IOVEC_AT = 64;
const NAME_AT = 80;
const SENT_AT = 128;
const CONTROL_AT = 512;

/** Reads the error queues of sockets: which peer an ICMP error is about, and what it says. */
export class ErrorQueue {
  readonly #libc: Libc;
  readonly #trouble: UdpTrouble;
  // One piece: the header, one iovec, the name, the octets that were sent, the control messages.
  readonly #memory = new Uint8Array(new ArrayBuffer(1024));
  readonly #words = new Uint32Array(this.#memory.buffer);
  readonly #header = pointersTo(this.#memory, MSGHDR_SIZE, 1)[0]!;

  constructor(libc: Libc, trouble: UdpTrouble) {
    this.#libc = libc;
    this.#trouble = trouble;
    const base = addressOf(this.#memory);
    const view = new DataView(this.#memory.buffer);
    view.setBigUint64(0, BigInt(base + NAME_AT), true);
    view.setBigUint64(16, BigInt(base + IOVEC_AT), true);
    view.setBigUint64(24, 1n, true);
    view.setBigUint64(32, BigInt(base + CONTROL_AT), true);
    view.setBigUint64(IOVEC_AT, BigInt(base + SENT_AT), true);
    view.setBigUint64(IOVEC_AT + 8, BigInt(CONTROL_AT - SENT_AT), true);
  }

  /** Turns what waits (at most 64) into facts. */
  drain(socket: UdpSocket): void {
    const words = this.#words;
    for (let i = 0; i < ERRORS_AT_ONCE; i++) {
      words[2] = SOCKADDR_ROOM;
      words[10] = this.#memory.length - CONTROL_AT;
      const result = this.#libc.call.recvmsg(
        socket.descriptor,
        this.#header,
        MSG_ERRQUEUE | MSG_DONTWAIT,
      );
      if (result < 0 && this.#libc.errno() !== EINTR) return;
      if (result >= 0) this.#report(socket);
    }
  }

  #report(socket: UdpSocket): void {
    const words = this.#words;
    const end = CONTROL_AT + words[10]!;
    const isFour = socket.family === AF_INET;
    let errno = 0;
    let origin = 0;
    let local = socket.words;
    for (let at = CONTROL_AT; at + 16 <= end;) {
      const word = at >> 2;
      const length = words[word]!;
      if (length < 16) break;
      const level = words[word + 2]!;
      const type = words[word + 3]!;
      if (
        level === SOL_IP && type === IP_RECVERR ||
        level === SOL_IPV6 && type === IPV6_RECVERR
      ) {
        errno = words[word + 4]!;
        origin = this.#memory[at + 20]!;
      } else if (level === SOL_IP && type === IP_PKTINFO) {
        local = words.subarray(word + 6, word + 7);
      } else if (level === SOL_IPV6 && type === IPV6_PKTINFO) {
        local = words.subarray(word + 4, word + 8);
      }
      at += length + 7 & ~7;
    }
    // What failed on this machine the call to send has told already.
    if (origin === ORIGIN_LOCAL) return;
    let flow = socket.noPeer;
    if (words[2]! >= 16) {
      const key = socket.flows.key;
      const name = NAME_AT >> 2;
      key[0] = this.#memory[NAME_AT + 2]! << 8 | this.#memory[NAME_AT + 3]!;
      if (isFour) {
        key[1] = words[name + 1]!;
        key[2] = local[0]!;
      } else {
        for (let i = 0; i < 4; i++) key[1 + i] = words[name + 2 + i]!;
        for (let i = 0; i < 4; i++) key[5 + i] = local[i]!;
        key[9] = words[name + 6]!;
      }
      flow = socket.flows.flow();
    }
    this.#trouble.addErrno(flow, "icmp-error", errno);
  }
}
