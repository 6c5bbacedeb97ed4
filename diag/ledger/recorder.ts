/**
 * What a running server remembers for the diagnosis: facts, the last messages, and what of them
 * is to outlast a restart. It keeps; it judges nothing.
 * @module
 */

import type { Fact } from "../../pbx/fact.ts";
import { AttemptKeeper, type KeptAttempt } from "./attempt_keeper.ts";
import { Ledger, type LedgerEntry } from "./ledger.ts";
import { Traffic } from "./traffic.ts";

export class Recorder {
  readonly ledger = new Ledger();
  readonly traffic = new Traffic();
  readonly #keeper = new AttemptKeeper();

  /** Keeps a fact; gives its entry, or null where it tells nothing new. */
  add(fact: Fact): LedgerEntry | null {
    this.#keeper.note(fact);
    return this.ledger.add(fact);
  }

  /** Takes in facts of an earlier run, which are on disk already. */
  restore(facts: readonly Fact[]): void {
    for (const fact of facts) this.ledger.add(fact);
  }

  /** Up to `most` extensions of which something has to be written. */
  takeAttempts(
    isExtension: (number: string) => boolean,
    most: number,
  ): KeptAttempt[] {
    return this.#keeper.take(this.ledger, isExtension, most);
  }

  /** All that is known, in the order of time. */
  facts(): Fact[] {
    const facts = this.ledger.entries().map(({ fact }) => fact);
    // those of an earlier run may have been read when the first new ones were there
    return facts.sort((a, b) => a.at - b.at);
  }
}
