/**
 * Everything that a ledger and a traffic keep, gathered in small steps, because the server that
 * keeps it serves phones meanwhile.
 * @module
 */

import type { Fact } from "../../pbx/fact.ts";
import { sortInSlices } from "../desk/slow_sort.ts";
import type { Ledger } from "./ledger.ts";
import type { Traffic, TrafficEntry } from "./traffic.ts";

/** Messages that are copied at once. */
const SLICE = 64;

/** The facts in the order of time, and in the order in which they were seen. */
export function* collectFacts(ledger: Ledger): Generator<void, Fact[]> {
  const entries = ledger.serverEntries();
  // a host may move to another shelf in between
  for (const host of new Set(ledger.hosts())) {
    for (const entry of ledger.entriesOf(host)) entries.push(entry);
    yield;
  }
  const sorted = yield* sortInSlices(
    entries,
    (a, b) => a.fact.at - b.fact.at || a.seq - b.seq,
  );
  return sorted.map(({ fact }) => fact);
}

/** The messages that are kept, the oldest first. */
export function* collectMessages(
  traffic: Traffic,
): Generator<void, TrafficEntry[]> {
  const { first, last } = traffic;
  const messages: TrafficEntry[] = [];
  for (let number = first; number <= last; number++) {
    const message = traffic.get(number);
    if (message !== null) messages.push(message);
    if (number % SLICE === 0) yield;
  }
  return messages;
}
