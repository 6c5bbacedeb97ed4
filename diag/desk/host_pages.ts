/**
 * The stories of all hosts of which the ledger keeps something, folded again where something
 * changed.
 * @module
 */

import type { Ledger, LedgerEntry } from "../ledger/ledger.ts";
import type { PhoneReport } from "../phone_report.ts";
import { isScanners, suspect, type Suspicion } from "../story/recognise.ts";
import type { HostTrail, Story } from "../story/story.ts";
import { CallIndex } from "./call_index.ts";
import { compareEntries, foldHost, type HostStories } from "./host_fold.ts";
import type { SourceReport } from "./source_report.ts";

/** With more, every host is looked at. */
const MOST_NOTED = 4096;
/** As many hosts are looked at between two interruptions. */
const SLICE = 128;

/** What it needs of the ledger. */
export type LedgerView = Pick<
  Ledger,
  "hosts" | "countOf" | "entriesOf" | "serverEntries"
>;

/** One phone, and what was said of it last. */
export interface DeskPhone {
  readonly story: Story;
  /** The last fact of its host. */
  readonly last: LedgerEntry;
  /** null: it was not judged yet. */
  report: PhoneReport | null;
}

/** One host. */
interface HostPage extends HostStories {
  /** How many facts were kept of it. */
  readonly count: number;
  suspicion: Suspicion | null;
  phones: readonly DeskPhone[];
  hidden: readonly Story[];
}

const NOBODY: ReadonlySet<HostTrail> = new Set();

export class HostPages {
  readonly #ledger: LedgerView;
  readonly #isHidden: (number: string) => boolean;
  readonly #pages = new Map<string, HostPage>();
  readonly #calls = new CallIndex();
  #noted = new Set<string>();
  #isAllNoted = true;
  #extensions: readonly string[] | null = null;
  #numbers: ReadonlySet<string> | null = null;

  constructor(ledger: LedgerView, isHidden: (number: string) => boolean) {
    this.#ledger = ledger;
    this.#isHidden = isHidden;
  }

  /** Whether something new is kept. */
  get hasNews(): boolean {
    return this.#isAllNoted || this.#noted.size > 0;
  }

  /** Something new is kept of a host. */
  note(host: string): void {
    if (this.#isAllNoted) return;
    this.#noted.add(host);
    if (this.#noted.size < MOST_NOTED) return;
    this.#noted = new Set();
    this.#isAllNoted = true;
  }

  /** Brings all pages up to date. */
  *update(extensions: readonly string[] | null): Generator<void, void> {
    const noted = yield* this.#takeNoted();
    const concerned = new Set(noted);
    for (const host of noted) {
      const entries = this.#ledger.entriesOf(host);
      for (const other of this.#calls.update(host, entries)) {
        concerned.add(other);
      }
      yield;
    }
    if (extensions !== this.#extensions || this.#numbers === null) {
      this.#extensions = extensions;
      this.#numbers = extensions && new Set(extensions);
      for (const page of this.#pages.values()) {
        this.#sortOut(page);
        yield;
      }
    }
    for (const host of concerned) {
      yield* this.#fold(host);
      yield;
    }
  }

  *listPhones(): Generator<void, DeskPhone[]> {
    const found: DeskPhone[] = [];
    let count = 0;
    for (const { phones } of this.#pages.values()) {
      for (const phone of phones) found.push(phone);
      if (++count % SLICE === 0) yield;
    }
    return found;
  }

  *listSources(
    isTelling: (source: SourceReport) => boolean,
  ): Generator<void, SourceReport[]> {
    const found: SourceReport[] = [];
    let count = 0;
    for (const { trail, suspicion, hidden } of this.#pages.values()) {
      const source = { trail, suspicion, hidden };
      if (isTelling(source)) found.push(source);
      if (++count % SLICE === 0) yield;
    }
    return found;
  }

  /** The hosts that are to be looked at, also those of which facts gave way to others. */
  *#takeNoted(): Generator<void, Set<string>> {
    const noted = this.#noted;
    const isAll = this.#isAllNoted;
    this.#noted = new Set();
    this.#isAllNoted = false;
    let count = 0;
    if (isAll) {
      for (const host of [...this.#ledger.hosts()]) noted.add(host);
      yield;
    }
    for (const [host, page] of this.#pages) {
      if (isAll || this.#ledger.countOf(host) !== page.count) noted.add(host);
      if (++count % SLICE === 0) yield;
    }
    return noted;
  }

  *#fold(host: string): Generator<void, void> {
    const own = this.#ledger.entriesOf(host);
    const others = this.#calls.listOthers(host);
    const folded = own.length === 0 ? null : yield* foldHost(host, own, others);
    if (folded === null) {
      // it may have gone since its calls were looked at
      for (const other of this.#calls.update(host, [])) this.note(other);
      this.#pages.delete(host);
      return;
    }
    const page: HostPage = {
      ...folded,
      count: own.length,
      suspicion: null,
      phones: [],
      hidden: [],
    };
    this.#sortOut(page);
    this.#pages.set(host, page);
  }

  /** Sets scanners apart from phones. */
  #sortOut(page: HostPage): void {
    const { trail, stories, last } = page;
    const suspicion = suspect(trail, this.#numbers);
    const scanners = suspicion === null ? NOBODY : new Set([trail]);
    const active = stories.filter((story) =>
      (story.attempts.length > 0 || story.calls.length > 0) &&
      !this.#isHidden(story.number)
    );
    const known = new Map(page.phones.map((phone) => [phone.story, phone]));
    page.suspicion = suspicion;
    page.hidden = active.filter((story) => isScanners(story, scanners));
    page.phones = active.filter((story) => !isScanners(story, scanners))
      .map((story) => known.get(story) ?? { story, last, report: null });
  }
}

/** The one that was active last at the end. */
export function comparePhones(a: DeskPhone, b: DeskPhone): number {
  return a.story.lastAt - b.story.lastAt || compareEntries(a.last, b.last);
}
