/**
 * The rows of one filter, for all who want the same. Nobody has a queue of his own: each who
 * watches has a place in the rows, and who is too slow for them finds that the oldest are gone.
 * @module
 */

import type { RowFilter } from "./row_wish.ts";
import type { KeptRow } from "./trace_row.ts";

/** Rows that are kept for one filter. */
const MOST_ROWS = 4096;
/** Rows in one event. */
const MOST_AT_ONCE = 256;

/** What one who watches gets at once. */
export interface RowChunk {
  /** Rows that he was too slow for. */
  readonly dropped: number;
  /** An event with rows. */
  readonly octets: Uint8Array;
  /** His new place. */
  readonly place: number;
}

interface Written {
  readonly from: number;
  readonly to: number;
  readonly octets: Uint8Array;
}

const encoder = new TextEncoder();

export class RowChannel {
  readonly #filter: RowFilter;
  /** What the identifiers of events begin with: numbers begin anew with each start. */
  readonly #run: string;
  #rows: KeptRow[] = [];
  /** The place of the first row. */
  #first = 0;
  /** Most of those who watch are at the same place. */
  #written: Written | null = null;
  watchers = 0;

  constructor(filter: RowFilter, run: string) {
    this.#filter = filter;
    this.#run = run;
  }

  /** The place behind the last row. */
  get end(): number {
    return this.#first + this.#rows.length;
  }

  offer(rows: readonly KeptRow[]): void {
    for (const row of rows) {
      if (this.#filter(row.view)) this.#rows.push(row);
    }
    if (this.#rows.length < 2 * MOST_ROWS) return;
    const gone = this.#rows.length - MOST_ROWS;
    this.#rows = this.#rows.slice(gone);
    this.#first += gone;
  }

  /** The place of the first row whose message has a greater number. */
  placeAfter(id: number): number {
    let low = 0;
    let high = this.#rows.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#rows[middle]!.row.id > id) high = middle;
      else low = middle + 1;
    }
    return this.#first + low;
  }

  /** What is new at a place; null where nothing is. */
  take(place: number): RowChunk | null {
    // a few more than are promised may be there
    const oldest = Math.max(this.#first, this.end - MOST_ROWS);
    const from = Math.max(place, oldest);
    const to = Math.min(this.end, from + MOST_AT_ONCE);
    if (from >= to) return null;
    const dropped = from - place;
    return { dropped, octets: this.#write(from, to), place: to };
  }

  #write(from: number, to: number): Uint8Array {
    const written = this.#written;
    if (written?.from === from && written.to === to) return written.octets;
    const rows = this.#rows.slice(from - this.#first, to - this.#first);
    const octets = encoder.encode(
      `id: ${this.#run}-${rows.at(-1)!.row.id}\nevent: rows\ndata: [${
        rows.map(({ json }) => json).join(",")
      }]\n\n`,
    );
    this.#written = { from, to, octets };
    return octets;
  }
}
