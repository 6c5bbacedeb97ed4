/**
 * Takes a sample of the running server at the end of each step of its history, and writes it
 * down: one timer, and twice a minute one small transaction.
 * @module
 */

import process from "node:process";
import { Counters, type CountersSnapshot } from "../../diag/counters.ts";
import { History, RANGES, SCALES } from "../../diag/history/history.ts";
import type { Sample } from "../../diag/history/reading.ts";
import type { HistoryStore } from "../../diag/io/history_store.ts";

/** What it needs of the server. */
export interface HistoryParts {
  readonly store: Pick<HistoryStore, "load" | "save">;
  counters(): CountersSnapshot;
  status(): { readonly registrations: number; readonly calls: number };
  wallMs(): number;
  monotonicMs(): number;
}

const STEP_MS = SCALES.hour.stepSeconds * 1000;
/** So much behind the end of a step, because a timer may come a little early. */
const BEHIND_MS = 20;

export class HistoryClock {
  readonly history = new History();
  readonly #parts: HistoryParts;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(parts: HistoryParts) {
    this.#parts = parts;
  }

  /** Takes up what an earlier run left, and begins. */
  start(): void {
    const { store, wallMs } = this.#parts;
    this.history.restore(store.load(), wallMs());
    // what was counted since the program began belongs to the first step
    this.history.begin(this.#takeSample(new Counters().snapshot()));
    this.#wait();
  }

  /** Writes what there is of the step that is not over, while the database is open. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#note();
  }

  #wait(): void {
    const afterMs = STEP_MS - this.#parts.wallMs() % STEP_MS + BEHIND_MS;
    this.#timer = setTimeout(() => {
      this.#note();
      this.#wait();
    }, afterMs);
  }

  #note(): void {
    const sample = this.#takeSample(this.#parts.counters());
    const rows = this.history.add(sample);
    if (rows.length === 0) return;
    const kept = RANGES.map((range) => ({
      scale: SCALES[range].stepSeconds,
      ...this.history.reach(range, sample.wallMs),
    }));
    this.#parts.store.save(rows, kept);
  }

  #takeSample(counters: CountersSnapshot): Sample {
    const { user, system } = process.cpuUsage();
    const { registrations, calls } = this.#parts.status();
    return {
      wallMs: this.#parts.wallMs(),
      monotonicMs: this.#parts.monotonicMs(),
      registrations,
      calls,
      counters,
      cpuSeconds: (user + system) / 1e6,
      memoryBytes: Deno.memoryUsage().rss,
    };
  }
}
