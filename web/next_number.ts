/**
 * Which number the next extension might have: the first one that is free beside those that are
 * there, as long as most of them are.
 * @module
 */

const FIRST = "1001";

/**
 * Proposes a number.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { proposeNumber } from "./next_number.ts";
 * assert.equal(proposeNumber([]), "1001");
 * assert.equal(proposeNumber(["101", "102", "104", "9001"]), "103");
 * ```
 */
export function proposeNumber(numbers: readonly string[]): string {
  const byLength = new Map<number, string[]>();
  for (const number of numbers) {
    const list = byLength.get(number.length);
    if (list) list.push(number);
    else byLength.set(number.length, [number]);
  }
  const [usual] = [...byLength.values()].sort((a, b) => b.length - a.length);
  if (usual === undefined) return FIRST;
  const taken = new Set(numbers);
  const width = usual[0]!.length;
  const least = usual.reduce((a, b) => a < b ? a : b);
  for (let number = Number(least) + 1;; number++) {
    const text = String(number).padStart(width, "0");
    if (!taken.has(text)) return text;
  }
}
