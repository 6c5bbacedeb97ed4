/**
 * The checks of the server as a page sees them: the results of the last run, and runs that begin
 * when somebody looks.
 * @module
 */

import type { CheckResult } from "../diag/machine/check_finding.ts";

export interface CheckDesk {
  /** Of the last run that is over; null where there was none. */
  last(): CheckRunResult | null;
  isRunning(): boolean;
  /** Somebody looks: a run begins soon where the last one is old; returns at once. */
  look(): void;
  /** A run begins soon, however new the last one is; returns at once. */
  again(): void;
}

export interface CheckRunResult {
  readonly results: readonly CheckResult[];
  /** When it was over, in milliseconds since 1970. */
  readonly atMs: number;
}

/** Results that are older tell nothing of now. */
const OLD_MS = 10 * 60_000;

/** The results where they tell of now, else null. */
export function currentResults(
  desk: Pick<CheckDesk, "last">,
  nowMs: number,
): readonly CheckResult[] | null {
  const last = desk.last();
  if (last === null || Math.abs(nowMs - last.atMs) > OLD_MS) return null;
  return last.results;
}
