/**
 * Keeps one host from filling the log: of equal lines only the first few of each minute are
 * written, and then how many more there were.
 * @module
 */

/** What was held back. */
export interface Folded<T> {
  /** The latest one that was held back. */
  readonly sample: T;
  readonly count: number;
  /** Whether several keys are lumped together, because there were too many of them. */
  readonly isMixed: boolean;
}

interface Window<T> {
  readonly startMs: number;
  seen: number;
  sample: T | undefined;
}

/** The key of what has no place of its own. */
const MIXED = "";

export class LogFold<T> {
  readonly #admitted: number;
  readonly #windowMs: number;
  readonly #capacity: number;
  /** In the order in which the windows began. */
  readonly #windows = new Map<string, Window<T>>();

  constructor(admitted = 5, windowMs = 60_000, capacity = 4096) {
    this.#admitted = admitted;
    this.#windowMs = windowMs;
    this.#capacity = capacity;
  }

  /**
   * Whether a line may be written. `nowMs` is monotonic. Call `takeEnded` before, or windows
   * that have ended go on.
   */
  admit(key: string, sample: T, nowMs: number): boolean {
    let place = key;
    let window = this.#windows.get(place);
    if (window === undefined && this.#windows.size >= this.#capacity) {
      place = MIXED;
      window = this.#windows.get(place);
    }
    if (window === undefined) {
      window = { startMs: nowMs, seen: 0, sample: undefined };
      this.#windows.set(place, window);
    }
    window.seen++;
    if (window.seen <= this.#admitted) return true;
    window.sample = sample;
    return false;
  }

  /** Ends the windows whose time is over, and gives what they held back. */
  takeEnded(nowMs: number): readonly Folded<T>[] {
    const ended: Folded<T>[] = [];
    for (const [key, window] of this.#windows) {
      if (nowMs - window.startMs < this.#windowMs) break;
      this.#windows.delete(key);
      if (window.sample === undefined) continue;
      const count = window.seen - this.#admitted;
      ended.push({ sample: window.sample, count, isMixed: key === MIXED });
    }
    return ended;
  }

  /** Milliseconds until the oldest window ends, or null where there is none. */
  untilEndMs(nowMs: number): number | null {
    for (const window of this.#windows.values()) {
      return Math.max(0, window.startMs + this.#windowMs - nowMs);
    }
    return null;
  }
}
