/**
 * A queue from whose head things are taken without moving all the others.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { Queue } from "./queue.ts";
 * const queue = new Queue<number>();
 * for (let i = 0; i < 5000; i++) queue.push(i);
 * assert.deepEqual([queue.shift(), queue.take(2), queue.length], [0, [1, 2], 4997]);
 * assert.deepEqual(queue.take(9000).slice(-1), [4999]);
 * assert.equal(queue.shift(), undefined);
 * ```
 *
 * @module
 */

/** What was taken is put in order when it is so much, and half of all. */
const MOST_TAKEN = 1024;

export class Queue<T> {
  #items: (T | undefined)[] = [];
  /** The place of the head; those before it were taken. */
  #head = 0;

  get length(): number {
    return this.#items.length - this.#head;
  }

  push(item: T): void {
    this.#items.push(item);
  }

  /** Takes the head; undefined where there is none. */
  shift(): T | undefined {
    if (this.#head >= this.#items.length) return undefined;
    const item = this.#items[this.#head];
    this.#items[this.#head++] = undefined;
    const isHalf = 2 * this.#head >= this.#items.length;
    if (this.#head >= MOST_TAKEN && isHalf) {
      this.#items = this.#items.slice(this.#head);
      this.#head = 0;
    }
    return item;
  }

  /** Takes up to so many, the head first. */
  take(most: number): T[] {
    const taken: T[] = [];
    while (taken.length < most && this.length > 0) taken.push(this.shift()!);
    return taken;
  }

  clear(): void {
    this.#items = [];
    this.#head = 0;
  }
}
