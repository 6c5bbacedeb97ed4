/**
 * Attempts that were refused, by stage and by reason: since the start, and in the last hour. The
 * ledger forgets, so the hour is the difference of two counts.
 * @module
 */

import type { CountersSnapshot } from "../diag/counters.ts";
import type { RefusalReason } from "../sip/fact.ts";
import type { Stage } from "../sip/stage.ts";

const HOUR_MS = 3_600_000;
/** How often counts are kept. */
export const COUNT_EVERY_MS = 300_000;

export interface RefusalCount {
  readonly byStage: ReadonlyMap<Stage, number>;
  readonly byReason: ReadonlyMap<RefusalReason, number>;
}

/** What of the counters is needed. */
export type Refusals = Pick<CountersSnapshot, "refusals" | "challenges">;

interface Mark {
  readonly atMs: number;
  readonly count: RefusalCount;
}

/** Counts of the last hour, one for every five minutes. */
export class RefusalHour {
  readonly #marks: Mark[];

  constructor(startedMs: number) {
    const nothing = { byStage: new Map(), byReason: new Map() };
    this.#marks = [{ atMs: startedMs, count: nothing }];
  }

  /** Keeps how it stands. */
  mark(count: RefusalCount, nowMs: number): void {
    const marks = this.#marks;
    // the clock was set back: what was kept would lie in the future
    while (marks.length > 1 && marks.at(-1)!.atMs > nowMs) marks.pop();
    marks.push({ atMs: nowMs, count });
    while (marks.length > 1 && marks[1]!.atMs <= nowMs - HOUR_MS) marks.shift();
  }

  /** What was counted in the last hour, or since the start where that is shorter ago. */
  since(
    count: RefusalCount,
    nowMs: number,
  ): { readonly sinceMs: number; readonly count: RefusalCount } {
    const from = this.#marks.findLast(({ atMs }) => atMs <= nowMs - HOUR_MS) ??
      this.#marks[0]!;
    return {
      sinceMs: from.atMs,
      count: {
        byStage: subtract(count.byStage, from.count.byStage),
        byReason: subtract(count.byReason, from.count.byReason),
      },
    };
  }
}

/** Reads them from the counters; what is 0 is left out. */
export function countRefusals(
  { refusals, challenges }: Refusals,
): RefusalCount {
  const byStage = new Map(
    Object.entries(refusals.byStage) as [Stage, number][],
  );
  const byReason = new Map(
    Object.entries(refusals.byReason) as [RefusalReason, number][],
  );
  // a wrong password with an old nonce is asked for again instead of refused
  const asked = challenges["wrong-answer"];
  byStage.set("auth", (byStage.get("auth") ?? 0) + asked);
  byReason.set("wrong-password", (byReason.get("wrong-password") ?? 0) + asked);
  const nothing = new Map();
  return {
    byStage: subtract(byStage, nothing),
    byReason: subtract(byReason, nothing),
  };
}

function subtract<K>(
  from: ReadonlyMap<K, number>,
  less: ReadonlyMap<K, number>,
): Map<K, number> {
  const left = new Map<K, number>();
  for (const [key, count] of from) {
    const rest = count - (less.get(key) ?? 0);
    if (rest > 0) left.set(key, rest);
  }
  return left;
}
