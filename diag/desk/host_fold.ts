/**
 * The stories of one host, folded from what is kept of it, and from what other hosts tell of the
 * calls that its phones made. What comes out is what a book of all facts would have of this host.
 * @module
 */

import type { LedgerEntry } from "../ledger/ledger.ts";
import type { HostTrail, Story } from "../story/story.ts";
import { StoryBook } from "../story/story_book.ts";

/** As many facts are folded between two interruptions. */
const SLICE = 64;

/** What is known of one host. */
export interface HostStories {
  readonly trail: HostTrail;
  /** The one that was active last at the end. */
  readonly stories: readonly Story[];
  /** Its own last fact. */
  readonly last: LedgerEntry;
}

/** Folds; `own` has at least one entry. Yields where it may be interrupted. */
export function* foldHost(
  host: string,
  own: readonly LedgerEntry[],
  others: readonly LedgerEntry[],
): Generator<void, HostStories | null> {
  // those of an earlier run may have been read when the first new ones were there
  const entries = [...own, ...others].sort(compareEntries);
  const book = new StoryBook();
  for (const [index, { fact }] of entries.entries()) {
    book.add(fact);
    if (index % SLICE === SLICE - 1) yield;
  }
  const trail = book.trails().find((one) => one.host === host);
  const last = entries.findLast(({ fact }) =>
    "flow" in fact && fact.flow.host === host
  );
  if (trail === undefined || last === undefined) return null;
  const stories = book.stories().filter((story) => story.host === host);
  return { trail, stories, last };
}

/** In the order of time, and of what was kept first. */
export function compareEntries(a: LedgerEntry, b: LedgerEntry): number {
  return a.fact.at - b.fact.at || a.seq - b.seq;
}
