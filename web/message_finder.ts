/**
 * Keeps the newest messages of one extension at hand: of what came since it was asked last only
 * those are read in which the number stands.
 * @module
 */

import type { TrafficEntry } from "../diag/ledger/traffic.ts";
import { TraceFilter } from "./trace_filter.ts";
import { type MessageView, viewMessage } from "./trace_view.ts";

/** Where the messages are, as `Traffic` has them. */
export interface MessageShelf {
  /** The number of the newest message. */
  readonly last: number;
  /** The newest messages in which a text stands, from the one of a number on. */
  find(text: string, from: number, most: number): readonly TrafficEntry[];
}

/** What is read at once at most. */
const MOST_READ = 400;

export class MessageFinder {
  readonly #text: string;
  readonly #filter: TraceFilter;
  readonly #most: number;
  #views: readonly MessageView[] = [];
  #next = 0;

  /** @param most how many messages are kept. */
  constructor(number: string, most: number) {
    this.#text = textOf(number);
    this.#filter = new TraceFilter({ kind: "number", number });
    this.#most = most;
  }

  /** The newest messages, the oldest first; the same array while nothing has come. */
  look(shelf: MessageShelf): readonly MessageView[] {
    if (shelf.last < this.#next) return this.#views;
    const fresh = shelf.find(this.#text, this.#next, MOST_READ)
      .map(viewMessage)
      .filter((view) => this.#filter.accepts(view));
    this.#next = shelf.last + 1;
    if (fresh.length > 0) {
      this.#views = [...this.#views, ...fresh].slice(-this.#most);
    }
    return this.#views;
  }
}

/** Everything of an extension that is kept, read one by one as it is taken. */
export function* findMessages(
  number: string,
  shelf: MessageShelf,
): Generator<TrafficEntry> {
  const filter = new TraceFilter({ kind: "number", number });
  for (const entry of shelf.find(textOf(number), 0, Infinity)) {
    if (filter.accepts(viewMessage(entry))) yield entry;
  }
}

/** How a number stands in the addresses of a message (RFC 3261 §19.1.1). */
function textOf(number: string): string {
  return `:${number}@`;
}
