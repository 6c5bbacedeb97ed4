/**
 * Writes the records of calls: what changed since the last time, in one commit, and forgets those
 * that are older than wanted. A record that could not be written is written later.
 * @module
 */

import type { CallRecord } from "../call/call_record.ts";

/** The part of the store that is needed. */
export interface CallShelf {
  save(records: readonly CallRecord[]): void;
  prune(beforeMs: number): number;
}

const PRUNE_EVERY_MS = 3_600_000;
const PRUNE_MORE_MS = 10_000;
const DAY_MS = 86_400_000;
/** A disk that stays full must not fill the memory. */
const MOST_WAITING = 10_000;

export class CallKeeper {
  readonly #shelf: CallShelf;
  readonly #keepMs: number;
  readonly #waiting = new Map<string, CallRecord>();
  #prunedAtMs = -Infinity;

  constructor(shelf: CallShelf, keepDays: number) {
    this.#shelf = shelf;
    this.#keepMs = keepDays * DAY_MS;
  }

  /**
   * Writes records.
   *
   * @throws what the store throws; then they wait for the next time.
   */
  save(records: readonly CallRecord[], wallMs: number): void {
    for (const record of records) this.#wait(record);
    if (this.#waiting.size > 0) {
      this.#shelf.save([...this.#waiting.values()]);
      this.#waiting.clear();
    }
    if (wallMs - this.#prunedAtMs < PRUNE_EVERY_MS) return;
    const pruned = this.#shelf.prune(wallMs - this.#keepMs);
    // where much is to go, it goes bit by bit
    const laterMs = pruned > 0 ? PRUNE_EVERY_MS - PRUNE_MORE_MS : 0;
    this.#prunedAtMs = wallMs - laterMs;
  }

  #wait(record: CallRecord): void {
    const [oldest] = this.#waiting.keys();
    const isFull = this.#waiting.size >= MOST_WAITING;
    if (isFull && oldest !== undefined) this.#waiting.delete(oldest);
    this.#waiting.set(record.id, record);
  }
}
