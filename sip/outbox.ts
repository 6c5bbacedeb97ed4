/**
 * What leaves after a batch: messages written one behind the other into one piece of memory, so
 * that a transport can hand all of them to the kernel in one call, without a copy.
 * @module
 */

import type { Flow } from "./flow.ts";

const DIGITS = 0x30;
const ENCODER = new TextEncoder();
/** Above this length the engine's encoder is faster than a loop, in spite of the call into it. */
const LONG = 160;

/** Messages on their way out. Filled by pure code, sent by a transport, then `clear()`ed. */
export class Outbox {
  /** The memory itself; replaced by a larger one when it is full. */
  bytes: Uint8Array<ArrayBuffer>;
  /** How many messages are complete. */
  count = 0;
  readonly starts: number[] = [];
  readonly ends: number[] = [];
  readonly flows: Flow[] = [];
  #position = 0;

  constructor(capacity: number = 256 * 1024) {
    this.bytes = new Uint8Array(capacity);
  }

  /** Where the next octet goes. */
  get position(): number {
    return this.#position;
  }

  /** Forgets every message; the memory stays. */
  clear(): void {
    this.count = 0;
    this.#position = 0;
  }

  /** Ends a message that began at `start` (the `position` before its first octet). */
  end(start: number, flow: Flow): void {
    this.starts[this.count] = start;
    this.ends[this.count] = this.#position;
    this.flows[this.count] = flow;
    this.count++;
  }

  /** Gives up what was written since `start`. */
  rewind(start: number): void {
    this.#position = start;
  }

  /** Writes text of which every UTF-16 unit is one octet (as `readText` makes it). */
  text(text: string): this {
    const length = text.length;
    this.#reserve(length);
    const bytes = this.bytes;
    let position = this.#position;
    if (length > LONG) {
      const room = bytes.subarray(position, position + length);
      const { read, written } = ENCODER.encodeInto(text, room);
      // only ASCII has an octet for each unit
      if (read === length && written === length) {
        this.#position = position + length;
        return this;
      }
    }
    for (let i = 0; i < length; i++) bytes[position++] = text.charCodeAt(i);
    this.#position = position;
    return this;
  }

  /** Writes a number of 0 to 2^53 in decimal. */
  number(value: number): this {
    if (value > 0xffffffff) return this.text(String(value));
    let divisor = 1;
    while (value / divisor >= 10) divisor *= 10;
    this.#reserve(16);
    for (; divisor >= 1; divisor /= 10) {
      this.bytes[this.#position++] = DIGITS + Math.floor(value / divisor) % 10;
    }
    return this;
  }

  /** Writes octets that stand elsewhere. */
  copy(source: Uint8Array, start: number, end: number): this {
    const length = end - start;
    this.#reserve(length);
    const bytes = this.bytes;
    const position = this.#position;
    if (length > 128) {
      bytes.set(source.subarray(start, end), position);
    } else {
      for (let i = 0; i < length; i++) bytes[position + i] = source[start + i]!;
    }
    this.#position = position + length;
    return this;
  }

  /** Writes the whole of a constant. */
  constant(octets: Uint8Array): this {
    return this.copy(octets, 0, octets.length);
  }

  #reserve(length: number): void {
    const needed = this.#position + length;
    if (needed <= this.bytes.length) return;
    const larger = new Uint8Array(Math.max(needed, this.bytes.length * 2));
    larger.set(this.bytes.subarray(0, this.#position));
    this.bytes = larger;
  }
}
