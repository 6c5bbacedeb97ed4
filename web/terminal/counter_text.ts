/**
 * Counters for a line of the log: most of them are zero, and those say nothing.
 * @module
 */

/**
 * Gives the counters that are not zero, under their paths.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { listCounts } from "./counter_text.ts";
 * const counts = { malformed: 0, pings: { sent: 3, answered: 0 } };
 * assert.deepEqual(listCounts(counts), { "pings.sent": 3 });
 * ```
 */
export function listCounts(
  counts: object,
  path: string = "",
): Record<string, number> {
  const found: Record<string, number> = {};
  for (const [name, value] of Object.entries(counts) as [string, unknown][]) {
    const place = path === "" ? name : `${path}.${name}`;
    if (typeof value === "number" && value !== 0) found[place] = value;
    if (typeof value === "object" && value !== null) {
      Object.assign(found, listCounts(value, place));
    }
  }
  return found;
}
