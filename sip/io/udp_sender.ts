/**
 * Datagrams into the kernel, by the batch (`sendmmsg`), straight out of the outbox's memory. Each
 * leaves from the address that its flow names (RFC 3581 §4: the answer comes from where the
 * request went to).
 * @module
 */

import type { Flow } from "../flow.ts";
import type { Outbox } from "../outbox.ts";
import {
  addressOf,
  EAGAIN,
  EINTR,
  EINVAL,
  type Libc,
  pointersTo,
} from "./libc.ts";
import {
  type Address,
  AF_INET,
  isUnspecified,
  parseAddress,
  SOCKADDR_ROOM,
  writeSockaddr,
} from "./sockaddr.ts";
import type { ErrorQueue } from "./udp_errors.ts";
import { BATCH, MMSGHDR_SIZE } from "./udp_receiver.ts";
import {
  CONTROL_ROOM,
  IP_PKTINFO,
  IPV6_PKTINFO,
  SOL_IP,
  SOL_IPV6,
  type UdpSocket,
} from "./udp_socket.ts";
import type { UdpTrouble } from "./udp_trouble.ts";

const ADDRESSES_LIMIT = 65536;
const EAFNOSUPPORT = 97;
const MSG_DONTWAIT = 0x40;
const POLLOUT = 4;
const FULL_WAIT_MS = 20;
const HIGH = 2 ** 32;
const HEADER_WORDS = MMSGHDR_SIZE / 4;

/** The headers for what goes out. */
export class UdpSender {
  readonly #libc: Libc;
  readonly #errors: ErrorQueue;
  readonly #trouble: UdpTrouble;
  readonly #headers = new Uint8Array(new ArrayBuffer(BATCH * MMSGHDR_SIZE));
  readonly #headerWords = new Uint32Array(this.#headers.buffer);
  readonly #headerPointers = pointersTo(this.#headers, MMSGHDR_SIZE, BATCH);
  readonly #iovecs = new Uint8Array(new ArrayBuffer(BATCH * 16));
  readonly #iovecWords = new Uint32Array(this.#iovecs.buffer);
  readonly #names = new Uint8Array(new ArrayBuffer(BATCH * SOCKADDR_ROOM));
  readonly #nameWords = new Uint32Array(this.#names.buffer);
  readonly #control = new Uint8Array(new ArrayBuffer(BATCH * CONTROL_ROOM));
  readonly #controlWords = new Uint32Array(this.#control.buffer);
  readonly #pollWords = new Uint32Array(new ArrayBuffer(8));
  readonly #poll = new Uint8Array(this.#pollWords.buffer);
  readonly #addresses = new Map<string, Address | null>();
  /** The flow of each message in the headers. */
  readonly #flows: Flow[] = [];
  #filled = 0;
  // Kept, so that the garbage collector leaves the memory behind the address alone.
  #bytes: Uint8Array<ArrayBuffer> | null = null;
  #base = 0;

  constructor(libc: Libc, errors: ErrorQueue, trouble: UdpTrouble) {
    this.#libc = libc;
    this.#errors = errors;
    this.#trouble = trouble;
    const headers = new DataView(this.#headers.buffer);
    for (let i = 0; i < BATCH; i++) {
      const at = i * MMSGHDR_SIZE;
      headers.setBigUint64(
        at,
        BigInt(addressOf(this.#names) + i * SOCKADDR_ROOM),
        true,
      );
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
    }
  }

  /** Sends every UDP message of the outbox; what cannot be sent becomes a fact. */
  send(sockets: readonly UdpSocket[], outbox: Outbox): void {
    if (this.#bytes !== outbox.bytes) {
      this.#bytes = outbox.bytes;
      this.#base = addressOf(outbox.bytes);
    }
    const { flows, count } = outbox;
    for (let id = 0; id < sockets.length; id++) {
      const socket = sockets[id]!;
      for (let i = 0; i < count; i++) {
        const flow = flows[i]!;
        if (flow.id !== id || flow.transport !== "udp") continue;
        if (this.#filled === BATCH) this.#flush(socket);
        this.#add(socket, flow, outbox.starts[i]!, outbox.ends[i]!);
      }
      this.#flush(socket);
    }
  }

  #add(socket: UdpSocket, flow: Flow, start: number, end: number): void {
    const peer = this.#address(flow.host);
    if (peer === null || peer.family !== socket.family) {
      this.#trouble.addErrno(
        flow,
        "send-failed",
        peer === null ? EINVAL : EAFNOSUPPORT,
      );
      return;
    }
    const slot = this.#filled++;
    this.#flows[slot] = flow;
    const address = this.#base + start;
    this.#iovecWords[4 * slot] = address >>> 0;
    this.#iovecWords[4 * slot + 1] = address / HIGH;
    this.#iovecWords[4 * slot + 2] = end - start;
    const header = slot * HEADER_WORDS;
    const words = this.#headerWords;
    if (peer.family === AF_INET) {
      const name = slot * SOCKADDR_ROOM / 4;
      this.#nameWords[name] = AF_INET | (flow.port & 255) << 24 |
        (flow.port & 0xff00) << 8;
      this.#nameWords[name + 1] = peer.words[0]!;
      words[header + 2] = 16;
    } else {
      words[header + 2] = writeSockaddr(
        this.#names,
        slot * SOCKADDR_ROOM,
        peer,
        flow.port,
      );
    }
    words[header + 10] = socket.isWildcard
      ? this.#writeSource(slot, flow, peer)
      : 0;
  }

  /** Writes the PKTINFO that makes the message leave from the flow's local address. */
  #writeSource(slot: number, flow: Flow, peer: Address): number {
    const local = this.#address(flow.localHost);
    if (
      local === null || local.family !== peer.family || isUnspecified(local)
    ) return 0;
    const words = this.#controlWords;
    const at = slot * CONTROL_ROOM / 4;
    words[at + 1] = 0;
    if (local.family === AF_INET) {
      words[at] = 28;
      words[at + 2] = SOL_IP;
      words[at + 3] = IP_PKTINFO;
      words[at + 4] = 0;
      words[at + 5] = local.words[0]!;
      words[at + 6] = 0;
      return 32;
    }
    words[at] = 36;
    words[at + 2] = SOL_IPV6;
    words[at + 3] = IPV6_PKTINFO;
    words.set(local.words, at + 4);
    words[at + 8] = peer.scope;
    return 40;
  }

  #flush(socket: UdpSocket): void {
    const count = this.#filled;
    this.#filled = 0;
    let done = 0;
    let retried = -1;
    let giveUpAt = 0;
    while (done < count) {
      const sent = this.#libc.call.sendmmsg(
        socket.descriptor,
        this.#headerPointers[done]!,
        count - done,
        MSG_DONTWAIT,
      );
      if (sent > 0) {
        done += sent;
        continue;
      }
      const errno = this.#libc.errno();
      if (errno === EINTR) continue;
      if (errno === EAGAIN) {
        const now = performance.now();
        if (giveUpAt === 0) giveUpAt = now + FULL_WAIT_MS;
        if (now < giveUpAt) {
          this.#waitForRoom(socket, giveUpAt - now);
          continue;
        }
        while (done < count) {
          this.#trouble.addErrno(this.#flows[done++]!, "send-failed", errno);
        }
        return;
      }
      // An ICMP error about an earlier message comes up here, once: this one was not tried yet.
      if (retried !== done) {
        retried = done;
        this.#errors.drain(socket);
        continue;
      }
      this.#trouble.addErrno(this.#flows[done++]!, "send-failed", errno);
    }
  }

  #waitForRoom(socket: UdpSocket, ms: number): void {
    this.#pollWords[0] = socket.descriptor;
    this.#pollWords[1] = POLLOUT;
    this.#libc.call.poll(this.#poll, 1n, Math.ceil(ms));
    // Errors wake it too, and would wake it again at once if they stayed.
    if ((this.#pollWords[1]! >>> 16 & ~POLLOUT) !== 0) {
      this.#errors.drain(socket);
    }
  }

  #address(host: string): Address | null {
    let address = this.#addresses.get(host);
    if (address === undefined) {
      if (this.#addresses.size >= ADDRESSES_LIMIT) this.#addresses.clear();
      address = parseAddress(host);
      this.#addresses.set(host, address);
    }
    return address;
  }
}
