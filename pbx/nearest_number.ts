/**
 * The numbers that somebody may have meant: a slip of the finger is one digit more, less, other,
 * or two that changed places.
 * @module
 */

/**
 * Finds the numbers that differ from `wanted` by at most two slips, nearest first.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { nearestNumbers } from "./nearest_number.ts";
 * assert.deepEqual(nearestNumbers("1020", ["1001", "1002", "2000", "77"]), ["1002", "1001", "2000"]);
 * ```
 */
export function nearestNumbers(
  wanted: string,
  known: readonly string[],
  limit: number = 3,
): string[] {
  const scored: { number: string; slips: number }[] = [];
  const rows: Rows = [[], [], []];
  for (const number of known) {
    if (Math.abs(number.length - wanted.length) > 2) continue;
    const slips = countSlips(wanted, number, rows);
    if (slips <= 2 && slips < Math.max(wanted.length, number.length)) {
      scored.push({ number, slips });
    }
  }
  return scored
    .sort((a, b) => a.slips - b.slips || (a.number < b.number ? -1 : 1))
    .slice(0, limit)
    .map((entry) => entry.number);
}

/** Three rows of the table of distances, which every number is compared in. */
type Rows = [number[], number[], number[]];

/** The distance of Damerau and Levenshtein, with neighbours that may change places once. */
function countSlips(a: string, b: string, rows: Rows): number {
  let [beforePrevious, previous, row] = rows;
  for (let column = 0; column <= b.length; column++) previous[column] = column;
  for (let i = 1; i <= a.length; i++) {
    row[0] = i;
    for (let j = 1; j <= b.length; j++) {
      const other = a[i - 1] === b[j - 1] ? 0 : 1;
      let slips = Math.min(
        previous[j]! + 1,
        row[j - 1]! + 1,
        previous[j - 1]! + other,
      );
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        slips = Math.min(slips, beforePrevious[j - 2]! + 1);
      }
      row[j] = slips;
    }
    [beforePrevious, previous, row] = [previous, row, beforePrevious];
  }
  return previous[b.length]!;
}
