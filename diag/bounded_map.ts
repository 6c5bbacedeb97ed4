/**
 * A map that forgets: what was put in first goes first, so that neither a hostile file nor the
 * network can fill the memory.
 * @module
 */

export class BoundedMap<Value> {
  readonly #most: number;
  readonly #entries = new Map<string, Value>();

  /** @param most how many entries are kept. */
  constructor(most: number) {
    this.#most = most;
  }

  get(key: string): Value | undefined {
    return this.#entries.get(key);
  }

  /** Puts an entry at the end; one that is there already is replaced and moves. */
  put(key: string, value: Value): void {
    this.#entries.delete(key);
    this.#entries.set(key, value);
    if (this.#entries.size <= this.#most) return;
    for (const oldest of this.#entries.keys()) {
      this.#entries.delete(oldest);
      return;
    }
  }

  delete(key: string): void {
    this.#entries.delete(key);
  }

  /** The oldest first. */
  values(): IterableIterator<Value> {
    return this.#entries.values();
  }
}
