/**
 * A merge sort that can be interrupted: sorting a long list at once would keep the telephone
 * waiting.
 * @module
 */

/** As many are sorted, or put together, between two interruptions. */
const SLICE = 512;

/** Sorts stably, as `Array.sort` does; yields where it may be interrupted. */
export function* sortInSlices<T>(
  items: readonly T[],
  compare: (a: T, b: T) => number,
): Generator<void, T[]> {
  let runs: T[][] = [];
  for (let at = 0; at < items.length; at += SLICE) {
    runs.push(items.slice(at, at + SLICE).sort(compare));
    yield;
  }
  while (runs.length > 1) {
    const longer: T[][] = [];
    for (let i = 0; i < runs.length; i += 2) {
      const other = runs[i + 1];
      longer.push(
        other === undefined ? runs[i]! : yield* merge(runs[i]!, other, compare),
      );
    }
    runs = longer;
  }
  return runs[0] ?? [];
}

function* merge<T>(
  a: readonly T[],
  b: readonly T[],
  compare: (a: T, b: T) => number,
): Generator<void, T[]> {
  const merged: T[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    const isFirst = j >= b.length ||
      (i < a.length && compare(a[i]!, b[j]!) <= 0);
    merged.push(isFirst ? a[i++]! : b[j++]!);
    if (merged.length % SLICE === 0) yield;
  }
  return merged;
}
