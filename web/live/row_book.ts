/**
 * The rows of the messages that are kept, read piece by piece, so that nobody waits for it.
 * @module
 */

import type { TrafficEntry } from "../../diag/ledger/traffic.ts";
import { LadderReader } from "../ladder_line.ts";
import { type MessageView, viewMessage } from "../trace_view.ts";
import { type KeptRow, makeRow } from "./trace_row.ts";

/** The part of `Traffic` that is needed. */
export interface MessageShelf {
  readonly first: number;
  readonly last: number;
  readonly skipped: number;
  get(number: number): TrafficEntry | null;
}

const MOST_ROWS = 4096;

export class RowBook {
  readonly #shelf: MessageShelf;
  readonly #isHidden: (view: MessageView) => boolean;
  readonly #reader = new LadderReader();
  #rows: KeptRow[] = [];
  /** The number of the message that was read last. */
  #read = 0;
  #missed = 0;

  /** What is hidden has no row. */
  constructor(
    shelf: MessageShelf,
    isHidden: (view: MessageView) => boolean = () => false,
  ) {
    this.#shelf = shelf;
    this.#isHidden = isHidden;
  }

  /** The oldest first; at least the newest of those that were read. */
  get rows(): readonly KeptRow[] {
    return this.#rows;
  }

  /** Whether messages wait to be read. */
  get isBehind(): boolean {
    return this.#read < this.#shelf.last;
  }

  /** How many messages were gone before they were read. */
  get missed(): number {
    return this.#missed;
  }

  /** Reads on, at most so many messages; gives their rows. */
  readOn(most: number): readonly KeptRow[] {
    const { first, last } = this.#shelf;
    if (this.#read + 1 < first) {
      // what was gone before anybody looked was not missed
      if (this.#read > 0) this.#missed += first - this.#read - 1;
      this.#read = first - 1;
    }
    const fresh: KeptRow[] = [];
    while (fresh.length < most && this.#read < last) {
      const number = ++this.#read;
      const message = this.#shelf.get(number);
      if (message === null) continue;
      const view = viewMessage(message);
      if (!this.#isHidden(view)) {
        fresh.push(makeRow(number, view, this.#reader));
      }
    }
    for (const row of fresh) this.#rows.push(row);
    if (this.#rows.length > 2 * MOST_ROWS) {
      this.#rows = this.#rows.slice(-MOST_ROWS);
    }
    return fresh;
  }
}
