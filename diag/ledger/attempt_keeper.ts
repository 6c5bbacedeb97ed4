/**
 * Chooses which facts outlast a restart: those of the last attempts of an extension, whenever
 * something about it changed. A phone that refreshes as always changes nothing, so a large office
 * costs no more than a small one.
 * @module
 */

import type { Fact, Pinged } from "../../pbx/fact.ts";
import { copyText } from "../../sip/octet.ts";
import { isOfCall } from "./call_share.ts";
import type { Ledger, LedgerEntry } from "./ledger.ts";

/** The facts of one extension that are worth keeping. */
export interface KeptAttempt {
  readonly number: string;
  /** The oldest first, of one host. */
  readonly facts: readonly Fact[];
}

const MOST_WAITING = 1024;
const MOST_FACTS = 24;
/** Numbers whose next answer, or next success, is news. */
const MOST_OPEN = 1024;
const LONGEST_NUMBER = 64;
/** A contact may carry a long token for push messages. */
const LONGEST_TEXT = 512;

/** Facts that can be news about an extension. */
type NewsFact = Extract<
  Fact,
  {
    kind:
      | "refused"
      | "challenged"
      | "registered"
      | "unregistered"
      | Pinged["kind"];
  }
>;

export class AttemptKeeper {
  /** Number to the host where it changed, in the order of the first change. */
  readonly #changed = new Map<string, string>();
  /** Numbers whose next success is news; the older half goes when the newer one is full. */
  #open = new Set<string>();
  #openBefore = new Set<string>();

  /** Takes note of a fact; with more changes than can wait, the later ones are left out. */
  note(fact: Fact): void {
    if (!this.#isNews(fact)) return;
    const { number, flow } = fact;
    if (this.#changed.size >= MOST_WAITING && !this.#changed.has(number)) {
      return;
    }
    this.#changed.set(copyText(number, LONGEST_NUMBER), flow.host);
  }

  /** Takes up to `most` extensions that changed, with their facts. */
  take(
    ledger: Ledger,
    isExtension: (number: string) => boolean,
    most: number,
  ): KeptAttempt[] {
    const taken: KeptAttempt[] = [];
    let entries: readonly LedgerEntry[] = [];
    let entriesOf = "";
    for (const [number, host] of this.#changed) {
      if (taken.length >= most) break;
      this.#changed.delete(number);
      if (!isExtension(number)) continue;
      // phones behind one router are many, and to bring their facts into order is work
      if (entriesOf !== host) entries = ledger.entriesOf(host);
      entriesOf = host;
      const facts = factsOf(entries, number);
      if (facts.length > 0) taken.push({ number, facts });
    }
    return taken;
  }

  #isNews(fact: Fact): fact is NewsFact {
    switch (fact.kind) {
      case "refused":
      case "ping-unanswered":
        this.#leaveOpen(fact.number);
        return fact.number !== "";
      case "challenged":
        if (fact.why === "no-credentials" || fact.why === "stale-nonce") {
          return false;
        }
        this.#leaveOpen(fact.number);
        return fact.number !== "";
      case "registered":
        if (fact.change === "refreshed") return this.#isOpen(fact.number);
        this.#leaveOpen(fact.number);
        return true;
      case "ping-answered":
        return this.#close(fact.number);
      case "unregistered":
        return fact.why !== "replaced";
      default:
        return false;
    }
  }

  #leaveOpen(number: string): void {
    if (this.#isOpen(number)) return;
    this.#open.add(copyText(number, LONGEST_NUMBER));
    if (this.#open.size <= MOST_OPEN / 2) return;
    this.#openBefore = this.#open;
    this.#open = new Set();
  }

  #isOpen(number: string): boolean {
    return this.#open.has(number) || this.#openBefore.has(number);
  }

  #close(number: string): boolean {
    const wasOpenBefore = this.#openBefore.delete(number);
    return this.#open.delete(number) || wasOpenBefore;
  }
}

function factsOf(entries: readonly LedgerEntry[], number: string): Fact[] {
  const callIds = new Set<string>();
  for (const { fact } of entries) {
    if (isOfCall(fact)) continue;
    if ("number" in fact && fact.number === number && "callId" in fact) {
      callIds.add(fact.callId);
    }
  }
  const own = entries.map(({ fact }) => fact).filter((fact) =>
    fact.kind !== "ping-sent" && (fact.kind === "refused" || !isOfCall(fact)) &&
    ("number" in fact && fact.number === number ||
      "callId" in fact && callIds.has(fact.callId))
  );
  return own.slice(-MOST_FACTS).map(shorten);
}

/** What strangers write in the name of an extension is not to fill the disk. */
function shorten(fact: Fact): Fact {
  const short: Record<string, unknown> = { ...fact };
  for (const [name, value] of Object.entries(fact)) {
    if (typeof value === "string") short[name] = value.slice(0, LONGEST_TEXT);
  }
  return short as unknown as Fact;
}
