/**
 * Which known word a misspelt one was meant to be.
 * @module
 */

/**
 * The word that was probably meant, or null.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { findNearest } from "./nearest_word.ts";
 * assert.equal(findNearest("warn", ["error", "warning"]), "warning");
 * assert.equal(findNearest("banana", ["error", "warning"]), null);
 * ```
 */
export function findNearest(
  word: string,
  known: readonly string[],
): string | null {
  let best: string | null = null;
  let least = Math.max(2, Math.floor(word.length / 3)) + 1;
  for (const candidate of known) {
    const isPart = word.length > 2 && candidate.startsWith(word);
    const distance = isPart ? 1 : countEdits(word.slice(0, 64), candidate);
    if (distance < least && distance < candidate.length) {
      best = candidate;
      least = distance;
    }
  }
  return best;
}

/** Levenshtein's distance. */
function countEdits(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, i) => i);
  for (let i = 1; i <= from.length; i++) {
    const next = [i];
    for (let j = 1; j <= to.length; j++) {
      const swap = row[j - 1]! + (from[i - 1] === to[j - 1] ? 0 : 1);
      next.push(Math.min(swap, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[to.length]!;
}
