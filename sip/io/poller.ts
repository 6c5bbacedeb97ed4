/**
 * Waits for many descriptors at once, by one `epoll`: the event loop waits beside it in a single
 * call, however many they are. It tells of changes only (EPOLLET): whoever is told works until the
 * kernel says EAGAIN.
 * @module
 */

import { EINTR, errnoName, type Libc } from "./libc.ts";

export const EPOLLIN = 0x1;
export const EPOLLOUT = 0x4;
export const EPOLLERR = 0x8;
export const EPOLLHUP = 0x10;
export const EPOLLRDHUP = 0x2000;
const EPOLLET = 0x80000000;
const EPOLL_CTL_ADD = 1;
const EPOLL_CTL_DEL = 2;
const EPOLL_CLOEXEC = 0x80000;
const EFD_CLOEXEC = 0x80000;
const POLLIN = 1;

/** The kernel's `struct epoll_event` is packed on x86-64 only. */
const EVENT_OCTETS = Deno.build.arch === "x86_64" ? 12 : 16;
const EVENT_DATA = Deno.build.arch === "x86_64" ? 4 : 8;
const EVENTS_AT_ONCE = 256;
/** What an event of the waker carries in the place of a number. */
const WAKER = 0;

/** The calls of the library that it makes. */
export const POLLER_CALLS = [
  "epoll_create1",
  "epoll_ctl",
  "epoll_wait",
  "pollAside",
  "eventfd",
  "write",
  "close",
] as const;

/** A descriptor that is waited for. */
export interface Watched {
  readonly descriptor: number;
  /** Called with the bits of what is so now. */
  onEvents(bits: number): void;
  /** Ends it; called for all that are left when the poller ends. */
  close(): void;
}

/** Owns the library, and closes it in the end with all descriptors that are still watched. */
export class Poller {
  readonly #libc: Libc<typeof POLLER_CALLS[number]>;
  readonly #epoll: number;
  readonly #waker: number;
  /** By number: a descriptor may be another's before an event about the one before is read. */
  readonly #watched = new Map<number, Watched>();
  readonly #numbers = new Map<Watched, number>();
  readonly #events = new DataView(
    new ArrayBuffer(EVENTS_AT_ONCE * EVENT_OCTETS),
  );
  #last = WAKER;
  #isRunning = false;
  #isClosed = false;

  /** Throws an Error where the kernel has no room for it. */
  constructor(libc: Libc<typeof POLLER_CALLS[number]>) {
    this.#libc = libc;
    this.#epoll = libc.call.epoll_create1(EPOLL_CLOEXEC);
    this.#waker = libc.call.eventfd(0, EFD_CLOEXEC);
    if (
      this.#epoll < 0 || this.#waker < 0 || !this.#add(this.#waker, WAKER)
    ) {
      const why = errnoName(libc.errno());
      this.#end();
      throw new Error(`Cannot wait for sockets: ${why}`);
    }
  }

  /** Tells it of changes from now on, at first of what is so already; false where it cannot. */
  watch(watched: Watched): boolean {
    this.#last = this.#last % 0xffffffff + 1;
    const number = this.#last;
    if (!this.#add(watched.descriptor, number)) return false;
    this.#watched.set(number, watched);
    this.#numbers.set(watched, number);
    return true;
  }

  /**
   * Before it is closed: a descriptor that another process has too would go on telling of itself.
   */
  forget(watched: Watched): void {
    const number = this.#numbers.get(watched);
    if (number === undefined) return;
    this.#numbers.delete(watched);
    this.#watched.delete(number);
    this.#libc.call.epoll_ctl(
      this.#epoll,
      EPOLL_CTL_DEL,
      watched.descriptor,
      this.#events,
    );
  }

  /** Waits until `close()`. */
  async run(): Promise<void> {
    const { call } = this.#libc;
    const poll = new Uint32Array([this.#epoll, POLLIN]);
    this.#isRunning = true;
    try {
      while (!this.#isClosed) {
        await call.pollAside(poll, 1n, -1);
        if (!this.#isClosed) this.#tell();
      }
    } finally {
      this.#isRunning = false;
      this.#end();
    }
  }

  /** Ends it; what is watched is closed at once. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    for (const watched of [...this.#numbers.keys()]) watched.close();
    if (!this.#isRunning) return this.#end();
    this.#libc.call.write(this.#waker, BigUint64Array.of(1n), 8n);
  }

  #tell(): void {
    const events = this.#events;
    const count = this.#libc.call.epoll_wait(
      this.#epoll,
      events,
      EVENTS_AT_ONCE,
      0,
    );
    if (count < 0 && this.#libc.errno() !== EINTR) {
      throw new Error(`Cannot wait: ${errnoName(this.#libc.errno())}`);
    }
    const seen: (readonly [Watched, number])[] = [];
    for (let i = 0; i < count; i++) {
      const at = i * EVENT_OCTETS;
      const number = events.getUint32(at + EVENT_DATA, true);
      const watched = this.#watched.get(number);
      if (watched !== undefined) {
        seen.push([watched, events.getUint32(at, true)]);
      }
    }
    // the memory may be used again by whoever is told
    for (const [watched, bits] of seen) {
      if (this.#numbers.has(watched)) watched.onEvents(bits);
    }
  }

  #add(descriptor: number, number: number): boolean {
    const event = new DataView(new ArrayBuffer(EVENT_OCTETS));
    const bits = number === WAKER
      ? EPOLLIN
      : EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
    event.setUint32(0, bits, true);
    event.setUint32(EVENT_DATA, number, true);
    return this.#libc.call.epoll_ctl(
      this.#epoll,
      EPOLL_CTL_ADD,
      descriptor,
      event,
    ) === 0;
  }

  #end(): void {
    if (this.#epoll >= 0) this.#libc.call.close(this.#epoll);
    if (this.#waker >= 0) this.#libc.call.close(this.#waker);
    this.#libc.close();
  }
}
