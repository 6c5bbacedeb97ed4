/**
 * Answers kept for repeats, one behind the other in a piece of memory of fixed size: the newest
 * overwrites the oldest. So a storm of registrations costs no more memory than a quiet day.
 * @module
 */

import type { Outbox } from "./outbox.ts";

/** Where an answer lies; `isKept` turns false when it is overwritten. */
export class KeptResponse {
  at = 0;
  length = 0;
  isKept = false;
}

export class ResponseRing {
  readonly #bytes: Uint8Array;
  readonly #queue: KeptResponse[] = [];
  #first = 0;
  #next = 0;

  constructor(octets: number) {
    this.#bytes = new Uint8Array(octets);
  }

  /** Copies octets in; an answer larger than a quarter of the ring is not kept. */
  keep(
    response: KeptResponse,
    source: Uint8Array,
    start: number,
    end: number,
  ): void {
    const length = end - start;
    response.isKept = false;
    if (length > this.#bytes.length / 4) return;
    if (this.#next + length > this.#bytes.length) {
      this.#evict(this.#next, this.#bytes.length);
      this.#next = 0;
    }
    this.#evict(this.#next, this.#next + length);
    this.#bytes.set(source.subarray(start, end), this.#next);
    response.at = this.#next;
    response.length = length;
    response.isKept = true;
    this.#next += length;
    this.#queue.push(response);
  }

  /** Writes a kept answer once more. */
  write(response: KeptResponse, outbox: Outbox): void {
    outbox.copy(this.#bytes, response.at, response.at + response.length);
  }

  /** Gives up the oldest answers as long as they lie between two places. */
  #evict(start: number, end: number): void {
    const queue = this.#queue;
    while (this.#first < queue.length) {
      const oldest = queue[this.#first]!;
      const isOverlapping = oldest.at < end &&
        oldest.at + oldest.length > start;
      if (oldest.isKept && !isOverlapping) break;
      oldest.isKept = false;
      this.#first++;
    }
    if (this.#first > 1024 && this.#first * 2 > queue.length) {
      queue.splice(0, this.#first);
      this.#first = 0;
    }
  }
}
