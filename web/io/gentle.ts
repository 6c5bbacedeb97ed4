/**
 * Does long work in between: for some milliseconds, then whatever waits comes first.
 * @module
 */

const WORK_MS = 2;
const PAUSE_MS = 4;

/** Loads modules one after the other; what they are is known to who imports them then. */
export async function loadGently(
  pieces: readonly (() => Promise<unknown>)[],
): Promise<void> {
  for (const load of pieces) {
    await load();
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}

/** Runs steps to their end and gives what they return. */
export async function runGently<T>(steps: Generator<void, T>): Promise<T> {
  for (;;) {
    const until = performance.now() + WORK_MS;
    do {
      const { done, value } = steps.next();
      if (done === true) return value;
    } while (performance.now() < until);
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}
