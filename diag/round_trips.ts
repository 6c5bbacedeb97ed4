/**
 * How long phones take to answer our questions, in buckets. A part of the counters.
 * @module
 */

/** The upper end of each bucket but the last, which has none. */
export const ROUND_TRIP_BOUNDS_MS = [
  5,
  10,
  25,
  50,
  100,
  250,
  500,
  1000,
  2500,
  5000,
] as const;

export class RoundTrips {
  readonly #counts = new Float64Array(ROUND_TRIP_BOUNDS_MS.length + 1);
  #sumMs = 0;

  add(ms: number): void {
    let place = 0;
    while (
      place < ROUND_TRIP_BOUNDS_MS.length && ms > ROUND_TRIP_BOUNDS_MS[place]!
    ) place++;
    this.#counts[place]!++;
    this.#sumMs += ms;
  }

  /** How many fell into each bucket. */
  counts(): number[] {
    return [...this.#counts];
  }

  get sumMs(): number {
    return this.#sumMs;
  }
}
