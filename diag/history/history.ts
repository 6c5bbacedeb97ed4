/**
 * The history of the server: the last hour in steps of 30 seconds, the last day in steps of 5
 * minutes. A sample is taken at the end of each short step; the difference to the one before it is
 * a reading of the step. Nothing is made up: while the server is down the steps stay empty, and a
 * restart counts from zero.
 * @module
 */

import { HistoryRing, type HistoryWindow, type Scale } from "./history_ring.ts";
import { readBetween, type Reading, type Sample } from "./reading.ts";

export const RANGES = ["hour", "day"] as const;
export type Range = (typeof RANGES)[number];

export const SCALES: Readonly<Record<Range, Scale>> = {
  hour: { stepSeconds: 30, steps: 120 },
  day: { stepSeconds: 300, steps: 288 },
};

/** A reading as it goes to the disk. */
export interface HistoryRow {
  /** The step, in seconds. */
  readonly scale: number;
  readonly reading: Reading;
}

export class History {
  readonly #rings: Readonly<Record<Range, HistoryRing>> = {
    hour: new HistoryRing(SCALES.hour),
    day: new HistoryRing(SCALES.day),
  };
  #before: Sample | null = null;

  /** Takes in what an earlier run left. */
  restore(rows: readonly HistoryRow[], nowMs: number): void {
    for (const range of RANGES) {
      for (const { scale, reading } of rows) {
        if (scale !== SCALES[range].stepSeconds) continue;
        this.#rings[range].add(reading, nowMs);
      }
    }
  }

  /** The server starts: what is counted from here on belongs to the history. */
  begin(sample: Sample): void {
    this.#before = sample;
  }

  /** Takes a sample; gives the rows that are new on the disk, or changed. */
  add(sample: Sample): HistoryRow[] {
    const before = this.#before;
    this.#before = sample;
    if (before === null) return [];
    const elapsedMs = sample.monotonicMs - before.monotonicMs;
    if (elapsedMs <= 0) return [];
    const { stepMs } = this.#rings.hour;
    // in the middle of what was watched, so that a timer that comes early or late hits the step
    const middle = sample.wallMs - Math.min(elapsedMs, stepMs) / 2;
    const reading = readBetween(
      before,
      sample,
      Math.floor(middle / stepMs) * stepMs,
    );
    return RANGES.map((range) => ({
      scale: SCALES[range].stepSeconds,
      reading: this.#rings[range].add(reading, sample.wallMs),
    }));
  }

  /** The steps of a range that are over. */
  window(range: Range, nowMs: number): HistoryWindow {
    return this.#rings[range].window(nowMs);
  }

  /** From when to when readings of a range are kept. */
  reach(range: Range, nowMs: number): ReturnType<HistoryRing["reach"]> {
    return this.#rings[range].reach(nowMs);
  }
}
