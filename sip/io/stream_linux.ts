/**
 * A connection of TCP through the C library; it is ended by shutdown(2), as nobody else has it.
 * @module
 */

import { setImmediate } from "node:timers";
import { EAGAIN, EINTR, errnoName, type Libc } from "./libc.ts";
import {
  EPOLLERR,
  EPOLLHUP,
  EPOLLIN,
  EPOLLOUT,
  EPOLLRDHUP,
  type Poller,
  type Watched,
} from "./poller.ts";
import type { Stream, StreamAddress } from "./stream.ts";

const MSG_DONTWAIT = 0x40;
const MSG_NOSIGNAL = 0x4000;
const SHUT_WR = 1;

/** The calls of the library that it makes. */
export const STREAM_CALLS = ["recv", "send", "shutdown", "close"] as const;

interface Waiting extends PromiseWithResolvers<number | null> {
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Belongs to a poller, which tells it when the kernel has something to give or room to take. */
export class LinuxStream implements Stream, Watched {
  readonly descriptor: number;
  readonly localAddr: StreamAddress;
  readonly remoteAddr: StreamAddress;
  readonly #libc: Libc<typeof STREAM_CALLS[number]>;
  readonly #poller: Poller;
  /** Whether octets may wait; told at once when it is opened. */
  #isReadable = false;
  #isEnding = false;
  #isClosed = false;
  #reader: Waiting | null = null;
  #writer: Waiting | null = null;

  constructor(
    libc: Libc<typeof STREAM_CALLS[number]>,
    poller: Poller,
    descriptor: number,
    local: StreamAddress,
    remote: StreamAddress,
  ) {
    this.#libc = libc;
    this.#poller = poller;
    this.descriptor = descriptor;
    this.localAddr = local;
    this.remoteAddr = remote;
  }

  read(into: Uint8Array<ArrayBuffer>): Promise<number | null> {
    if (this.#isClosed) return Promise.reject(new Error("closed"));
    const reader = { ...Promise.withResolvers<number | null>(), bytes: into };
    this.#reader = reader;
    // who sends without end must not keep the others waiting
    if (this.#isReadable) setImmediate(() => this.#receive());
    return reader.promise;
  }

  async write(bytes: Uint8Array<ArrayBuffer>): Promise<number> {
    if (this.#isClosed) throw new Error("closed");
    const writer = { ...Promise.withResolvers<number | null>(), bytes };
    this.#writer = writer;
    this.#send();
    return await writer.promise ?? 0;
  }

  closeWrite(): Promise<void> {
    if (!this.#isClosed) this.#libc.call.shutdown(this.descriptor, SHUT_WR);
    return Promise.resolve();
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#poller.forget(this);
    this.#libc.call.close(this.descriptor);
    for (const waiting of [this.#reader, this.#writer]) {
      waiting?.reject(new Error("closed"));
    }
    this.#reader = null;
    this.#writer = null;
  }

  onEvents(bits: number): void {
    const ends = EPOLLRDHUP | EPOLLHUP | EPOLLERR;
    if ((bits & ends) !== 0) this.#isEnding = true;
    if ((bits & (EPOLLIN | ends)) !== 0) {
      this.#isReadable = true;
      this.#receive();
    }
    if ((bits & (EPOLLOUT | EPOLLHUP | EPOLLERR)) !== 0) this.#send();
  }

  #receive(): void {
    const reader = this.#reader;
    if (reader === null || this.#isClosed) return;
    const { length } = reader.bytes;
    const count = this.#try("recv", reader.bytes, MSG_DONTWAIT);
    if (count === null) {
      this.#isReadable = false;
      return;
    }
    this.#reader = null;
    if (count < 0) return reader.reject(new Error(errnoName(-count)));
    // less than asked for: that was all, but for the end, which is told once only
    if (count < length && !this.#isEnding) this.#isReadable = false;
    reader.resolve(count === 0 ? null : count);
  }

  #send(): void {
    const writer = this.#writer;
    if (writer === null || this.#isClosed) return;
    const count = this.#try("send", writer.bytes, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (count === null) return;
    this.#writer = null;
    if (count < 0) writer.reject(new Error(errnoName(-count)));
    else writer.resolve(count);
  }

  /** Gives what the kernel took or gave, null for "not now", or the error number below zero. */
  #try(
    call: "recv" | "send",
    bytes: Uint8Array<ArrayBuffer>,
    flags: number,
  ): number | null {
    for (;;) {
      const count = this.#libc.call[call](
        this.descriptor,
        bytes,
        bytes.length,
        flags,
      );
      if (count >= 0) return count;
      const errno = this.#libc.errno();
      if (errno === EAGAIN) return null;
      if (errno !== EINTR) return -errno;
    }
  }
}
