/**
 * Begins the worker of the relay with the first call, wakes it, begins another one where it has
 * failed, and ends it.
 * @module
 */

import type { Libc } from "../../sip/io/libc.ts";
import type { CommandRing } from "../media/command_ring.ts";
import { NO_MORE_CALLS } from "../media/media_relay.ts";
import { WAKER, watch } from "./media_sockets.ts";
import type { MediaEnded, MediaWork } from "./media_worker.ts";

const EPOLL_CLOEXEC = 0x80000;
const EFD_CLOEXEC_NONBLOCK = 0x80800;
/** A worker that fails so often, in so short a time, will not do better. */
const FAILURES_LIMIT = 3;
const FAILURES_MS = 60_000;

/** What the two threads share. */
export interface Shared {
  readonly memory: SharedArrayBuffer;
  readonly capacity: number;
  readonly ring: CommandRing;
}

/** The one worker of a relay. */
export class MediaThread {
  readonly #libc: Libc;
  readonly #shared: Shared;
  readonly #watchAll: () => void;
  readonly #onTrouble: (message: string) => void;
  readonly #one = new Uint8Array(BigUint64Array.of(1n).buffer);
  #waker = -1;
  #epoll = -1;
  #worker: Worker | null = null;
  #failures = 0;
  #failedAtMs = -Infinity;
  #hasGivenUp = false;
  #onEnd: (() => void) | null = null;

  /** @param watchAll tells a new worker of the sockets that are open, by `watch()`. */
  constructor(
    libc: Libc,
    shared: Shared,
    watchAll: () => void,
    onTrouble: (message: string) => void,
  ) {
    this.#libc = libc;
    this.#shared = shared;
    this.#watchAll = watchAll;
    this.#onTrouble = onTrouble;
  }

  /** Sees to it that there is a worker; false where there can be none. */
  begin(): boolean {
    if (this.#hasGivenUp) return false;
    if (this.#worker !== null) return true;
    const { call } = this.#libc;
    if (this.#waker < 0) this.#waker = call.eventfd(0, EFD_CLOEXEC_NONBLOCK);
    this.#epoll = call.epoll_create1(EPOLL_CLOEXEC);
    if (!watch(this.#libc, this.#epoll, this.#waker, WAKER)) {
      call.close(this.#epoll);
      return false;
    }
    this.#watchAll();
    const worker = new Worker(new URL("./media_worker.ts", import.meta.url), {
      type: "module",
      name: "media",
    });
    worker.onmessage = (event: MessageEvent<MediaEnded>) => {
      const { failure } = event.data;
      if (this.#leave(worker) && failure !== null) this.#replace(failure);
    };
    worker.onerror = (event) => {
      event.preventDefault();
      if (this.#leave(worker)) this.#replace(event.message);
    };
    const { memory, capacity } = this.#shared;
    const work: MediaWork = {
      memory,
      capacity,
      epoll: this.#epoll,
      waker: this.#waker,
    };
    worker.postMessage(work);
    this.#worker = worker;
    return true;
  }

  /** Whether there is no worker any more, and will be none. */
  get hasGivenUp(): boolean {
    return this.#hasGivenUp;
  }

  /** Lets the worker tell of a socket; false where the kernel cannot. */
  watch(descriptor: number, data: number): boolean {
    return watch(this.#libc, this.#epoll, descriptor, data);
  }

  /** Wakes the worker where it sleeps. */
  wake(): void {
    if (this.#worker === null || !this.#shared.ring.mustWake()) return;
    this.#libc.call.write(this.#waker, this.#one, 8n);
  }

  /** Whether the worker went round since the last time this was asked; no worker is well too. */
  isWell(): boolean {
    if (this.#worker === null) return true;
    const { ring } = this.#shared;
    const isAnswered = ring.isAnswered();
    ring.ask();
    this.#libc.call.write(this.#waker, this.#one, 8n);
    return isAnswered;
  }

  /** Ends the worker; resolves when it touches nothing any more. */
  async end(): Promise<void> {
    this.#shared.ring.end();
    if (this.#worker !== null) {
      const hasEnded = new Promise<void>((resolve) => this.#onEnd = resolve);
      this.#libc.call.write(this.#waker, this.#one, 8n);
      await hasEnded;
    }
    this.#hasGivenUp = true;
    if (this.#waker >= 0) this.#libc.call.close(this.#waker);
    this.#waker = -1;
  }

  /** The worker has ended; false where that was known. */
  #leave(worker: Worker): boolean {
    if (this.#worker !== worker) return false;
    this.#worker = null;
    worker.terminate();
    this.#libc.call.close(this.#epoll);
    this.#epoll = -1;
    this.#onEnd?.();
    return true;
  }

  #replace(message: string): void {
    if (this.#onEnd !== null) return;
    const nowMs = performance.now();
    if (nowMs - this.#failedAtMs > FAILURES_MS) this.#failures = 0;
    this.#failedAtMs = nowMs;
    this.#hasGivenUp = ++this.#failures >= FAILURES_LIMIT;
    const next = this.#hasGivenUp || !this.begin()
      ? NO_MORE_CALLS
      : "another one goes on";
    this.#onTrouble(
      `The thread that carries sound failed, ${next}: ${message}`,
    );
  }
}
