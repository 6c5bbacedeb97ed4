/**
 * The ports for sound, in pairs: an even one for RTP and the next for RTCP (RFC 3550 §11). They
 * are given out in an order that nobody can guess (RFC 6056 §3.2), and a pair that came back is
 * the last to be given out again.
 * @module
 */

import type { PortRange } from "../config_value.ts";

export class PortPool {
  /** Even ports in the order in which they came back, in a ring. */
  readonly #ports: Uint16Array;
  readonly #random: (below: number) => number;
  #first = 0;
  #count: number;

  /** @param random gives a whole number from 0 to below its argument. */
  constructor(range: PortRange, random: (below: number) => number) {
    const first = range.first + range.first % 2;
    this.#count = Math.max(0, Math.floor((range.last - first + 1) / 2));
    this.#ports = Uint16Array.from(
      { length: this.#count },
      (_, i) => first + 2 * i,
    );
    this.#random = random;
    for (let i = this.#count - 1; i > 0; i--) this.#swap(i, random(i + 1));
  }

  /** Pairs that are left. */
  get size(): number {
    return this.#count;
  }

  /** Takes one of the half that has rested longest; 0 where none is left. */
  take(): number {
    if (this.#count === 0) return 0;
    const half = this.#count + 1 >> 1;
    this.#swap(this.#first, this.#at(this.#random(half)));
    const port = this.#ports[this.#first]!;
    this.#first = (this.#first + 1) % this.#ports.length;
    this.#count--;
    return port;
  }

  /** Gives a pair back. */
  give(port: number): void {
    this.#ports[this.#at(this.#count)] = port;
    this.#count++;
  }

  #at(place: number): number {
    return (this.#first + place) % this.#ports.length;
  }

  #swap(one: number, other: number): void {
    const port = this.#ports[one]!;
    this.#ports[one] = this.#ports[other]!;
    this.#ports[other] = port;
  }
}
