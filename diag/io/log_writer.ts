/**
 * Writes the log in batches: at once where nothing was written lately, else ten times a second
 * or whenever 64 KiB have come together. One write at a time; what comes meanwhile waits in a
 * bounded queue. Nobody who logs ever waits.
 * @module
 */

import type { FactLevel } from "../log/fact_text.ts";
import type { FormatLine, LogLine } from "../log/log_line.ts";
import { LEVEL_ORDER, LogQueue } from "../log/log_queue.ts";

export type WriteOctets = (octets: Uint8Array) => Promise<void> | void;

type Timer = ReturnType<typeof setTimeout>;

const BATCH = 64 * 1024;
const BATCH_MS = 100;

export class LogWriter {
  readonly #format: FormatLine;
  readonly #write: WriteOctets;
  readonly #queue = new LogQueue();
  readonly #encoder = new TextEncoder();
  #timer: Timer | undefined;
  #isSoon = false;
  #writing: Promise<void> | null = null;
  #lastMs = -Infinity;
  /** Whether the last write failed. */
  #isBroken = false;

  constructor(format: FormatLine, write: WriteOctets) {
    this.#format = format;
    this.#write = write;
  }

  /** How many lines were lost, because the reader was too slow or gone. */
  get dropped(): number {
    return this.#queue.dropped;
  }

  /** Takes a line. Returns at once and never throws. */
  put(line: LogLine): void {
    this.#queue.push(line.level, this.#format(line));
    if (this.#writing !== null || this.#isSoon) return;
    const waitMs = BATCH_MS - (performance.now() - this.#lastMs);
    if (waitMs <= 0 || line.level === "error" || this.#queue.size >= BATCH) {
      this.#isSoon = true;
      queueMicrotask(() => {
        this.#isSoon = false;
        this.#start();
      });
    } else {
      this.#timer ??= setTimeout(() => this.#start(), waitMs);
    }
  }

  /** Resolves when all is written, or after `atMostMs`: a reader that sleeps holds up nobody. */
  async flush(atMostMs: number): Promise<void> {
    let timer: Timer | undefined;
    const deadline = new Promise<"late">((resolve) => {
      timer = setTimeout(() => resolve("late"), atMostMs);
    });
    while (this.#writing !== null || this.#queue.size > 0) {
      this.#start();
      if (await Promise.race([this.#writing, deadline]) === "late") break;
    }
    clearTimeout(timer);
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #start(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#writing ??= this.#run().finally(() => {
      this.#writing = null;
      if (this.#queue.size > 0) {
        this.#timer ??= setTimeout(() => this.#start(), BATCH_MS);
      }
    });
  }

  /** Writes until less than a batch is left. */
  async #run(): Promise<void> {
    do {
      this.#tellDropped();
      const chunk = this.#queue.take(BATCH);
      if (chunk === null) return;
      try {
        await this.#write(this.#encoder.encode(chunk.text));
        this.#isBroken = false;
      } catch {
        // Nobody reads any more (EPIPE). There is nowhere to say so; the count remains.
        this.#isBroken = true;
        this.#queue.drop("info", chunk.lines);
      }
      this.#lastMs = performance.now();
    } while (this.#queue.size >= BATCH);
    this.#tellDropped();
  }

  #tellDropped(): void {
    if (this.#isBroken || !this.#queue.isRelieved) return;
    const dropped = this.#queue.takeDropped();
    if (dropped === null) return;
    const count = LEVEL_ORDER.reduce((sum, level) => sum + dropped[level], 0);
    const level: FactLevel = "warning";
    const message =
      `Log lines lost because nobody read fast enough: \`${count}\``;
    const properties = { kind: "log-dropped", ...dropped };
    this.#queue.push(
      level,
      this.#format({ level, at: Date.now(), message, properties }),
    );
  }
}

/** Writes all octets to the standard error stream. */
export async function writeStderr(octets: Uint8Array): Promise<void> {
  for (let at = 0; at < octets.length;) {
    at += await Deno.stderr.write(octets.subarray(at));
  }
}
