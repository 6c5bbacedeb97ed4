/**
 * Many short texts in one piece of memory, in cells of 32 octets, so that they cost the garbage
 * collector nothing. A text is named by its first cell and its length.
 * @module
 */

import { readText } from "../sip/octet.ts";

const CELL = 32;

export class TextSlab {
  #bytes = new Uint8Array(4096 * CELL);
  #nextCell = 0;
  /** Free runs of cells, by their length in cells. */
  readonly #free: number[][] = [];

  /** Stores text whose UTF-16 units are octets; returns its first cell. */
  put(text: string): number {
    const cells = Math.ceil(text.length / CELL);
    const cell = this.#free[cells]?.pop() ?? this.#takeNew(cells);
    const bytes = this.#bytes;
    const start = cell * CELL;
    for (let i = 0; i < text.length; i++) bytes[start + i] = text.charCodeAt(i);
    return cell;
  }

  get(cell: number, length: number): string {
    return readText(this.#bytes, cell * CELL, cell * CELL + length);
  }

  /** Whether a stored text begins with this one. */
  holds(cell: number, text: string): boolean {
    const bytes = this.#bytes;
    const start = cell * CELL;
    for (let i = 0; i < text.length; i++) {
      if (bytes[start + i] !== text.charCodeAt(i)) return false;
    }
    return true;
  }

  /** Gives the cells of a text back. */
  free(cell: number, length: number): void {
    (this.#free[Math.ceil(length / CELL)] ??= []).push(cell);
  }

  #takeNew(cells: number): number {
    const cell = this.#nextCell;
    this.#nextCell += cells;
    if (this.#nextCell * CELL > this.#bytes.length) {
      const larger = new Uint8Array(
        Math.max(this.#bytes.length * 2, this.#nextCell * CELL),
      );
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    return cell;
  }
}
