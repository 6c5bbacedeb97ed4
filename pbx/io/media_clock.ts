/**
 * The clock that both threads of the relay share: `performance.now()` counts from another moment
 * in each of them.
 * @module
 */

import type { Libc } from "../../sip/io/libc.ts";

const CLOCK_MONOTONIC = 1;

/** Reads the monotonic clock of the kernel. */
export class MediaClock {
  readonly #libc: Libc;
  /** Seconds and nanoseconds, 64 bits each. */
  readonly #time = new Uint32Array(new ArrayBuffer(16));

  constructor(libc: Libc) {
    this.#libc = libc;
  }

  nowMs(): number {
    this.#libc.call.clock_gettime(CLOCK_MONOTONIC, this.#time);
    return this.#time[0]! * 1000 + this.#time[2]! / 1e6;
  }
}
