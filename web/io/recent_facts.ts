/**
 * What happened a moment ago, for who begins to look now.
 * @module
 */

import type { Fact } from "../../pbx/fact.ts";

const MOST_FACTS = 1024;

export class RecentFacts {
  readonly #facts: Fact[] = [];
  #next = 0;

  add(fact: Fact): void {
    this.#facts[this.#next] = fact;
    this.#next = (this.#next + 1) % MOST_FACTS;
  }

  /** The oldest first. */
  list(): Fact[] {
    return [
      ...this.#facts.slice(this.#next),
      ...this.#facts.slice(0, this.#next),
    ];
  }
}
