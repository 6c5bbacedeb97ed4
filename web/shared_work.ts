/**
 * Work that is done once for all who ask for it while it runs: many who ask at once cost no more
 * than one.
 * @module
 */

/** Gives `work` back so that it never runs twice at once for the same key. */
export function shareWork<K, T>(
  work: (key: K) => Promise<T>,
): (key: K) => Promise<T> {
  const running = new Map<K, Promise<T>>();
  return (key) => {
    const known = running.get(key);
    if (known !== undefined) return known;
    const begun = work(key).finally(() => running.delete(key));
    running.set(key, begun);
    return begun;
  };
}
