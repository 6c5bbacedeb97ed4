/**
 * Readings of one scale, the oldest first, each in its step. What is older than the scale reaches
 * is dropped; a step of which nothing is known stays empty.
 * @module
 */

import { joinReadings, type Reading } from "./reading.ts";

/** How long a step is, and how many there are. */
export interface Scale {
  readonly stepSeconds: number;
  readonly steps: number;
}

/** Steps that are over, the oldest first. */
export interface HistoryWindow {
  readonly stepMs: number;
  /** When the first step began and the last one ended, in milliseconds since 1970. */
  readonly fromMs: number;
  readonly toMs: number;
  /** One for each step; null where nothing is known of it. */
  readonly readings: readonly (Reading | null)[];
}

/** A step cannot last longer; what would make it so was counted twice, because the clock went back. */
const MOST_OF_STEP = 1.5;

export class HistoryRing {
  readonly stepMs: number;
  readonly #steps: number;
  readonly #readings: Reading[] = [];

  constructor({ stepSeconds, steps }: Scale) {
    this.stepMs = stepSeconds * 1000;
    this.#steps = steps;
  }

  /** From when to when readings are kept, seen from a moment. */
  reach(nowMs: number): { readonly firstMs: number; readonly lastMs: number } {
    const spanMs = this.#steps * this.stepMs;
    // the clock may have been wrong when they were made, or it is wrong now
    return { firstMs: nowMs - spanMs - this.stepMs, lastMs: nowMs + spanMs };
  }

  /** Puts a reading into its step, and drops what is too far away; gives what the step holds. */
  add(reading: Reading, nowMs: number): Reading {
    const at = Math.floor(reading.at / this.stepMs) * this.stepMs;
    const readings = this.#readings;
    const place = readings.findLastIndex((one) => one.at <= at);
    const old = readings[place];
    const joined = old?.at === at ? joinReadings(old, reading, at) : null;
    const isWhole = joined !== null &&
      joined.seconds * 1000 <= this.stepMs * MOST_OF_STEP;
    const added = isWhole ? joined : { ...reading, at };
    readings.splice(old?.at === at ? place : place + 1, joined ? 1 : 0, added);
    const { firstMs, lastMs } = this.reach(nowMs);
    while (readings.length > 0 && readings[0]!.at < firstMs) readings.shift();
    while (readings.length > 0 && readings.at(-1)!.at > lastMs) readings.pop();
    return added;
  }

  /** The steps that are over at a moment. */
  window(nowMs: number): HistoryWindow {
    const { stepMs } = this;
    const toMs = Math.floor(nowMs / stepMs) * stepMs;
    const fromMs = toMs - this.#steps * stepMs;
    const readings: (Reading | null)[] = Array(this.#steps).fill(null);
    for (const reading of this.#readings) {
      const index = (reading.at - fromMs) / stepMs;
      if (index >= 0 && index < this.#steps) readings[index] = reading;
    }
    return { stepMs, fromMs, toMs, readings };
  }
}
