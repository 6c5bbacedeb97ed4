/**
 * Lines of the log that wait for a slow reader. Bounded: when it is full, the least important
 * lines go first, and what went is counted.
 * @module
 */

import type { FactLevel } from "./fact_text.ts";

/** From what must not be lost to what goes first. */
export const LEVEL_ORDER: readonly FactLevel[] = [
  "error",
  "warning",
  "info",
  "debug",
];

/** How many lines of each level were dropped. */
export type Dropped = Readonly<Record<FactLevel, number>>;

/** A part of the queue, ready to be written. */
export interface LogChunk {
  readonly text: string;
  readonly lines: number;
}

export class LogQueue {
  readonly #capacity: number;
  #lines: string[] = [];
  #levels: FactLevel[] = [];
  #head = 0;
  #size = 0;
  #dropped = 0;
  readonly #sizes = { error: 0, warning: 0, info: 0, debug: 0 };
  #untold = { error: 0, warning: 0, info: 0, debug: 0 };

  /** `capacity` is in UTF-16 units, which for nearly all lines are octets. */
  constructor(capacity: number = 1024 * 1024) {
    this.#capacity = capacity;
  }

  /** How much waits, in UTF-16 units. */
  get size(): number {
    return this.#size;
  }

  /** How many lines were dropped since the beginning. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Whether there is room again for a word about what was dropped. */
  get isRelieved(): boolean {
    return this.#size <= this.#capacity / 2;
  }

  /** Puts a line at the end, if need be in place of less important ones. */
  push(level: FactLevel, line: string): void {
    if (line.length > this.#capacity) {
      this.drop(level, 1);
      return;
    }
    for (
      let rank = LEVEL_ORDER.length - 1;
      this.#size + line.length > this.#capacity;
      rank--
    ) {
      const victim = LEVEL_ORDER[rank]!;
      if (victim === level) {
        this.drop(level, 1);
        return;
      }
      if (this.#sizes[victim] > 0) this.#evict(victim);
    }
    this.#lines.push(line);
    this.#levels.push(level);
    this.#size += line.length;
    this.#sizes[level] += line.length;
  }

  /** Counts lines that are lost. */
  drop(level: FactLevel, lines: number): void {
    this.#dropped += lines;
    this.#untold[level] += lines;
  }

  /** Takes lines from the front: at least one, then as many as fit into `most` units. */
  take(most: number): LogChunk | null {
    const first = this.#head;
    let size = 0;
    let at = first;
    for (; at < this.#lines.length; at++) {
      const length = this.#lines[at]!.length;
      if (at > first && size + length > most) break;
      size += length;
      this.#sizes[this.#levels[at]!] -= length;
    }
    if (at === first) return null;
    const text = this.#lines.slice(first, at).join("");
    this.#head = at;
    this.#size -= size;
    // Half of the memory is free again before it is given back, so that a line is moved once.
    if (this.#head * 2 >= this.#lines.length) {
      this.#lines = this.#lines.slice(this.#head);
      this.#levels = this.#levels.slice(this.#head);
      this.#head = 0;
    }
    return { text, lines: at - first };
  }

  /** What was dropped since the last call, or null. */
  takeDropped(): Dropped | null {
    const untold = this.#untold;
    if (LEVEL_ORDER.every((level) => untold[level] === 0)) return null;
    this.#untold = { error: 0, warning: 0, info: 0, debug: 0 };
    return untold;
  }

  /** All lines of a level go at once, so that a full queue is searched seldom. */
  #evict(victim: FactLevel): void {
    const lines: string[] = [];
    const levels: FactLevel[] = [];
    for (let i = this.#head; i < this.#lines.length; i++) {
      if (this.#levels[i] === victim) continue;
      lines.push(this.#lines[i]!);
      levels.push(this.#levels[i]!);
    }
    this.drop(victim, this.#lines.length - this.#head - lines.length);
    this.#lines = lines;
    this.#levels = levels;
    this.#head = 0;
    this.#size -= this.#sizes[victim];
    this.#sizes[victim] = 0;
  }
}
