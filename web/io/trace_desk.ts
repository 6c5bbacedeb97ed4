/**
 * Keeps the rows of the trace as long as somebody wants them, and carries them to those who
 * watch. Messages are read in small pieces, so that phones are served in between; while nobody
 * asks, nothing is computed and nothing is held.
 * @module
 */

import type { TrafficEntry } from "../../diag/ledger/traffic.ts";
import { type MessageShelf, RowBook } from "../live/row_book.ts";
import { makeRowFilter, type RowWish } from "../live/row_wish.ts";
import { RowStreams } from "../live/row_streams.ts";
import type { KeptRow } from "../live/trace_row.ts";
import type { MessageView } from "../trace_view.ts";

/** Some 20 µs each. */
const AT_ONCE = 48;
/** How long to wait while messages are to be read, and while there may be new ones. */
const BUSY_MS = 5;
const IDLE_MS = 250;
/** How long rows are held after somebody asked for the last time. */
const LINGER_MS = 30_000;

interface Reading {
  readonly book: RowBook;
  /** Those who wait until everything was read once. */
  readonly waiting: (() => void)[];
  timer: ReturnType<typeof setTimeout> | undefined;
  isFull: boolean;
  askedAtMs: number;
  servedAtMs: number;
}

export class TraceDesk {
  readonly #shelf: MessageShelf;
  readonly #nowMs: () => number;
  readonly #isHidden: (view: MessageView) => boolean;
  readonly #streams: RowStreams;
  #reading: Reading | null = null;

  /** `nowMs` is the clock that never jumps; `run` is another one after each start. */
  constructor(
    shelf: MessageShelf,
    run: string,
    nowMs: () => number,
    isHidden: (view: MessageView) => boolean = () => false,
  ) {
    this.#shelf = shelf;
    this.#nowMs = nowMs;
    this.#isHidden = isHidden;
    this.#streams = new RowStreams({
      run,
      past: () => this.#reading?.book.rows ?? [],
      skipped: () => shelf.skipped + (this.#reading?.book.missed ?? 0),
    });
  }

  /** Whether rows are held; that ends by itself a while after the last question. */
  get isReading(): boolean {
    return this.#reading !== null;
  }

  /** How many watch. */
  get size(): number {
    return this.#streams.size;
  }

  /** The rows that a filter lets through, the oldest first. */
  async list(wish: RowWish): Promise<readonly KeptRow[]> {
    const { book } = await this.#open();
    const filter = makeRowFilter(wish);
    return book.rows.filter(({ view }) => filter(view));
  }

  /** The rows of dialogs, the oldest first. */
  async find(callIds: ReadonlySet<string>): Promise<readonly KeptRow[]> {
    const { book } = await this.#open();
    return book.rows.filter(({ view }) => callIds.has(view.callId));
  }

  /** The same but for those of the last moment; null while messages are still being read. */
  peek(callIds: ReadonlySet<string>): readonly KeptRow[] | null {
    const { book, isFull } = this.#ask();
    return isFull
      ? book.rows.filter(({ view }) => callIds.has(view.callId))
      : null;
  }

  /** A message by its number; null where it is not kept any more. */
  message(number: number): TrafficEntry | null {
    return this.#shelf.get(number);
  }

  /** A stream of events; null where too many watch already. */
  watch(
    wish: RowWish,
    lastEvent: string | undefined,
    owner: string,
    ended?: Promise<void>,
  ): ReadableStream<Uint8Array> | null {
    this.#ask();
    return this.#streams.watch(wish, lastEvent, owner, ended);
  }

  /** Those who watch. */
  owners(): string[] {
    return this.#streams.owners();
  }

  /** Ends the streams of one who has signed out. */
  endAll(owner: string): void {
    this.#streams.endAll(owner);
  }

  /** Ends what it does by itself; streams are ended by whoever carries them. */
  close(): void {
    if (this.#reading !== null) this.#forget(this.#reading);
  }

  async #open(): Promise<Reading> {
    const reading = this.#ask();
    if (reading.isFull) this.#readOn(reading);
    else await new Promise<void>((resolve) => reading.waiting.push(resolve));
    return reading;
  }

  #ask(): Reading {
    const nowMs = this.#nowMs();
    if (this.#reading !== null) {
      this.#reading.askedAtMs = nowMs;
      return this.#reading;
    }
    const reading: Reading = {
      book: new RowBook(this.#shelf, this.#isHidden),
      waiting: [],
      timer: undefined,
      isFull: false,
      askedAtMs: nowMs,
      servedAtMs: nowMs,
    };
    this.#reading = reading;
    this.#plan(reading, 0);
    return reading;
  }

  #plan(reading: Reading, afterMs: number): void {
    reading.timer = setTimeout(() => this.#tick(reading), afterMs);
  }

  #tick(reading: Reading): void {
    const nowMs = this.#nowMs();
    if (this.#streams.size > 0) reading.askedAtMs = nowMs;
    else if (nowMs - reading.askedAtMs > LINGER_MS) {
      return this.#forget(reading);
    }
    this.#readOn(reading);
    const hasAll = !reading.book.isBehind;
    if (hasAll && !reading.isFull) {
      reading.isFull = true;
      for (const resolve of reading.waiting.splice(0)) resolve();
    }
    if (hasAll || nowMs - reading.servedAtMs >= IDLE_MS) {
      reading.servedAtMs = nowMs;
      this.#streams.step(nowMs);
    }
    this.#plan(reading, hasAll ? IDLE_MS : BUSY_MS);
  }

  #readOn({ book }: Reading): void {
    const rows = book.readOn(AT_ONCE);
    if (rows.length > 0) this.#streams.offer(rows);
  }

  #forget(reading: Reading): void {
    clearTimeout(reading.timer);
    for (const resolve of reading.waiting.splice(0)) resolve();
    if (this.#reading === reading) this.#reading = null;
  }
}
