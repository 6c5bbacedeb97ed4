/**
 * Streams of rows for those who look at the trace, as server-sent events (HTML living standard,
 * §9.2): `run`, the name of this start of the server; `rows`, an array; `dropped` and `skipped`,
 * a count. A browser that comes back goes on behind the last row that it has.
 * @module
 */

import { PacedStreams } from "./paced_streams.ts";
import { RowChannel } from "./row_channel.ts";
import { keyOfWish, makeRowFilter, type RowWish } from "./row_wish.ts";
import type { KeptRow } from "./trace_row.ts";

const MOST_WATCHERS = 256;
/** Each filter looks at each message. */
const MOST_FILTERS = 64;
const LONGEST_MS = 15 * 60_000;
/** Events with rows that one gets at once. */
const MOST_CHUNKS = 6;

const encoder = new TextEncoder();

/** One who watches. */
interface Watcher {
  readonly channel: RowChannel;
  place: number;
  /** How many messages were skipped when he was told last. */
  skipped: number;
}

export interface RowStreamsParts {
  /** Another one after each start of the server. */
  readonly run: string;
  /** What is known already, the oldest first. */
  readonly past: () => readonly KeptRow[];
  /** How many messages were not kept, or gone before they were read, since the start. */
  readonly skipped: () => number;
}

export class RowStreams {
  readonly #parts: RowStreamsParts;
  readonly #channels = new Map<string, RowChannel>();
  readonly #streams = new PacedStreams();

  constructor(parts: RowStreamsParts) {
    this.#parts = parts;
  }

  /** How many watch. */
  get size(): number {
    return this.#streams.size;
  }

  /**
   * Lets somebody watch from the oldest row on, or behind the event that he saw last, until `ended`
   * is settled; null where too many watch already.
   */
  watch(
    wish: RowWish,
    lastEvent: string | undefined,
    owner: string,
    ended?: Promise<void>,
  ): ReadableStream<Uint8Array> | null {
    const key = keyOfWish(wish);
    const known = this.#channels.get(key);
    const isNew = known === undefined;
    if (this.#streams.size >= MOST_WATCHERS) return null;
    if (isNew && this.#channels.size >= MOST_FILTERS) return null;
    const channel = known ?? this.#open(key, wish);
    channel.watchers++;
    const watcher: Watcher = {
      channel,
      place: channel.placeAfter(this.#readEvent(lastEvent)),
      skipped: this.#parts.skipped(),
    };
    return this.#streams.open({
      owner,
      ended,
      longestMs: LONGEST_MS,
      begin: this.#begin(watcher),
      take: () => this.#take(watcher),
      onEnd: () => {
        if (--channel.watchers === 0) this.#channels.delete(key);
      },
    });
  }

  /** Those who watch. */
  owners(): string[] {
    return this.#streams.owners();
  }

  /** Ends the streams of one who has signed out. */
  endAll(owner: string): void {
    this.#streams.endAll(owner);
  }

  /** Rows came. */
  offer(rows: readonly KeptRow[]): void {
    for (const channel of this.#channels.values()) channel.offer(rows);
  }

  /** Serves those who wait, by a clock that is never set; belongs into every quarter of a second. */
  step(monotonicMs: number): void {
    this.#streams.step(monotonicMs);
  }

  #open(key: string, wish: RowWish): RowChannel {
    const channel = new RowChannel(makeRowFilter(wish), this.#parts.run);
    channel.offer(this.#parts.past());
    this.#channels.set(key, channel);
    return channel;
  }

  /** What is known goes out as fast as it is read. */
  *#begin(watcher: Watcher): Generator<Uint8Array> {
    yield encoder.encode(
      `retry: 2000\nevent: run\ndata: "${this.#parts.run}"\n\n`,
    );
    for (;;) {
      const pieces = this.#take(watcher);
      if (pieces.length === 0) return;
      yield* pieces;
    }
  }

  /** The number in the identifier of an event of this run; 0 where it is of another one. */
  #readEvent(event: string | undefined): number {
    const [, run, id] = /^(.+)-(\d{1,15})$/.exec(event ?? "") ?? [];
    return run === this.#parts.run ? Number(id) : 0;
  }

  #take(watcher: Watcher): readonly Uint8Array[] {
    const pieces: Uint8Array[] = [];
    const skipped = this.#parts.skipped() - watcher.skipped;
    watcher.skipped += skipped;
    pieces.push(...writeCount("skipped", skipped));
    for (let count = 0; count < MOST_CHUNKS; count++) {
      const chunk = watcher.channel.take(watcher.place);
      if (chunk === null) break;
      watcher.place = chunk.place;
      pieces.push(...writeCount("dropped", chunk.dropped), chunk.octets);
    }
    return pieces;
  }
}

function writeCount(name: string, count: number): Uint8Array[] {
  if (count === 0) return [];
  return [encoder.encode(`event: ${name}\ndata: ${count}\n\n`)];
}
