/**
 * The verdicts of all phones, kept up to date while somebody looks at them. It works in rounds of
 * small steps, because whoever lets it work also serves the phones: only hosts of which something
 * new is kept are folded again, only stories that changed are judged at once, and the others in
 * turn, because time passes for them too. Nobody looks: it forgets everything and costs nothing.
 *
 *            ask                  a round begins            every story that changed is judged
 *     idle ------> wants a round --------------> folds, judges --------------> published
 *       ^                ^                                                        |
 *       |                +------------- after a second, while asked --------------+
 *       +--------------------------- nobody asked for 30 seconds -----------------+
 * @module
 */

import type { LedgerEntry } from "../ledger/ledger.ts";
import { judgeOne } from "../judge.ts";
import type { PhoneReport, ReportDesk } from "../phone_report.ts";
import { stageStates } from "../ranking.ts";
import type { Scene } from "../scene.ts";
import { clockOf, makeScene } from "../scene_make.ts";
import type { Story } from "../story/story.ts";
import { type CalleeRemarks, collectRemarks } from "./callee_remark.ts";
import {
  comparePhones,
  type DeskPhone,
  HostPages,
  type LedgerView,
} from "./host_pages.ts";
import { sortInSlices } from "./slow_sort.ts";
import {
  compareSources,
  isTelling,
  type SourceReport,
} from "./source_report.ts";

/** Nobody looks any more. */
const IDLE_AFTER_MS = 30_000;
const ROUND_EVERY_MS = 1000;
/** Steps of one round that judge stories which did not change. */
const STEPS_AGAIN = 6;
const MOST_SOURCES = 100;
/** As many small things are done between two interruptions. */
const SLICE = 256;

/** What is known without any fact. */
export type DeskScene = Partial<
  Pick<Scene, "name" | "server" | "ports" | "names" | "firewall" | "extensions">
>;

export interface DeskParts {
  readonly ledger: LedgerView;
  /** The same object, and the same list of extensions, as long as nothing of it changed. */
  known(): DeskScene;
  /** Whether a number belongs to no person. */
  isHidden(number: string): boolean;
  /** Steps of one round that judge stories which did not change; 6 where it says nothing. */
  readonly stepsAgain?: number;
}

/** What it wants: to go on as soon as the telephone allows it, some time later, or nothing. */
export type DeskState = "busy" | "resting" | "idle";

/** What the last round told. */
interface Published {
  readonly reports: readonly PhoneReport[];
  readonly byNumber: ReadonlyMap<string, readonly PhoneReport[]>;
  readonly sources: readonly SourceReport[];
}

const NOTHING: Published = { reports: [], byNumber: new Map(), sources: [] };

export class VerdictDesk implements ReportDesk {
  readonly #parts: DeskParts;
  #pages: HostPages;
  #published = NOTHING;
  #known: DeskScene | null = null;
  #server: readonly LedgerEntry[] = [];
  /** Where judging in turn goes on. */
  #turn = 0;
  #round: Generator<void, void> | null = null;
  #roundsDone = 0;
  #roundAt = -Infinity;
  #steps = 0;
  #nowMs = 0;
  #askedAt = -Infinity;
  #isAsked = false;
  #isAwake = false;
  #isHurried = false;
  /** Whether the server told something of itself. */
  #hasServerNews = false;
  /** Whether a round goes on that has not told yet what is new. */
  #isUntold = false;

  constructor(parts: DeskParts) {
    this.#parts = parts;
    this.#pages = new HostPages(parts.ledger, parts.isHidden);
  }

  list(): readonly PhoneReport[] {
    this.#isAsked = true;
    return this.#published.reports;
  }

  listOf(number: string): readonly PhoneReport[] {
    this.#isAsked = true;
    return this.#published.byNumber.get(number) ?? [];
  }

  /** Who was refused, or is taken for a scanner; the most refused first, at most 100. */
  sources(): readonly SourceReport[] {
    this.#isAsked = true;
    return this.#published.sources;
  }

  /** Whether something is kept that no round knows of. */
  get hasNews(): boolean {
    return this.#isUntold || this.#hasServerNews || this.#pages.hasNews;
  }

  /** Whether there was a whole round since somebody asked after a time without questions. */
  get isFresh(): boolean {
    return this.#isAwake && this.#roundsDone > 0;
  }

  /** The number of the round that will know all that is kept by now. */
  get nextRound(): number {
    return this.#roundsDone + (this.#isUntold ? 2 : 1);
  }

  /** Rounds that told what is new, since it woke up. */
  get roundsDone(): number {
    return this.#roundsDone;
  }

  /** Takes note that a fact was kept. */
  note({ fact }: LedgerEntry): void {
    if (!this.#isAwake) return;
    if ("flow" in fact) this.#pages.note(fact.flow.host);
    else this.#hasServerNews = true;
  }

  /** Lets the next round begin as soon as this one is over. */
  hurry(): void {
    this.#isAsked = true;
    this.#isHurried = true;
  }

  /** Works as long as there is time and something to do; time is asked for every few small things. */
  step(nowMs: number, hasTime: () => boolean): DeskState {
    this.#nowMs = nowMs;
    this.#steps++;
    if (this.#isAsked) this.#askedAt = nowMs;
    this.#isAsked = false;
    // the clock may have been set back
    if (this.#askedAt > nowMs) this.#askedAt = nowMs;
    if (nowMs - this.#askedAt > IDLE_AFTER_MS) return this.#sleep();
    this.#isAwake = true;
    if (this.#round === null) {
      const passedMs = nowMs - this.#roundAt;
      const isDue = passedMs >= ROUND_EVERY_MS || passedMs < 0;
      if (!isDue && !this.#isHurried) return "resting";
      this.#isHurried = false;
      if (isDue) this.#roundAt = nowMs;
      this.#isUntold = true;
      this.#round = this.#work(isDue);
    }
    do {
      if (this.#round.next().done === true) {
        this.#round = null;
        return this.#isHurried ? "busy" : "resting";
      }
    } while (hasTime());
    return "busy";
  }

  #sleep(): DeskState {
    if (this.#isAwake) {
      this.#pages = new HostPages(this.#parts.ledger, this.#parts.isHidden);
      this.#published = NOTHING;
      this.#round = null;
      this.#isUntold = false;
      this.#roundsDone = 0;
      this.#roundAt = -Infinity;
      this.#known = null;
      this.#server = [];
      this.#isAwake = false;
    }
    return "idle";
  }

  /** One round; `isWhole`: also those that did not change are judged. */
  *#work(isWhole: boolean): Generator<void, void> {
    this.#hasServerNews = false;
    const known = this.#parts.known();
    const server = this.#parts.ledger.serverEntries();
    const isOther = known !== this.#known ||
      server.at(-1)?.seq !== this.#server.at(-1)?.seq;
    this.#known = known;
    this.#server = server;
    yield* this.#pages.update(known.extensions ?? null);
    const phones = yield* sortInSlices(
      yield* this.#pages.listPhones(),
      comparePhones,
    );
    const others: Story[] = [];
    for (const { story } of phones) others.push(story);
    yield;
    const scene = makeScene(this.#nowMs, {
      ...known,
      ...describeServer(known, server),
      since: 0,
      others,
    });
    const newestFirst = phones.reverse();
    for (const [index, phone] of newestFirst.entries()) {
      if (phone.report === null || isOther) {
        this.#judge(phone, scene);
        yield;
      } else if (index % SLICE === 0) yield;
    }
    yield* this.#publish(newestFirst, scene);
    this.#roundsDone++;
    this.#isUntold = false;
    if (!isWhole) return;
    yield;
    yield* this.#judgeInTurn(newestFirst, scene);
    yield* this.#publish(newestFirst, scene);
  }

  /** Judges some that did not change, beginning where the round before ended. */
  *#judgeInTurn(
    phones: readonly DeskPhone[],
    scene: Scene,
  ): Generator<void, void> {
    const { stepsAgain = STEPS_AGAIN } = this.#parts;
    const begun = this.#steps;
    if (this.#turn >= phones.length) this.#turn = 0;
    for (let count = 0; count < phones.length; count++) {
      const steps = this.#steps - begun;
      if (steps >= stepsAgain || (steps > 0 && this.#isHurried)) return;
      const phone = phones[this.#turn++ % phones.length]!;
      this.#judge(phone, scene);
      yield;
    }
  }

  #judge(phone: DeskPhone, scene: Scene): void {
    const { story } = phone;
    const now = { ...scene, now: this.#nowMs };
    const { main, also } = judgeOne(story, now);
    phone.report = { story, main, also, stages: stageStates(story, now, main) };
  }

  /** Lets everybody see it, with what went wrong for those who were called. */
  *#publish(
    phones: readonly DeskPhone[],
    scene: Scene,
  ): Generator<void, void> {
    const reports = phones.map(({ report }) => report)
      .filter((report) => report !== null);
    yield;
    const plain = groupByNumber(reports);
    yield;
    const remarks = collectRemarks(
      reports,
      (number) => plain.get(number) ?? [],
      { ...scene, now: this.#nowMs },
    );
    yield;
    const sources = yield* sortInSlices(
      yield* this.#pages.listSources(isTelling),
      compareSources,
    );
    const remarked = remarks.size === 0
      ? reports
      : reports.map((report) => addRemarks(report, remarks));
    this.#published = {
      reports: remarked,
      byNumber: remarks.size === 0 ? plain : groupByNumber(remarked),
      sources: sources.slice(0, MOST_SOURCES),
    };
  }
}

function groupByNumber(
  reports: readonly PhoneReport[],
): Map<string, PhoneReport[]> {
  return Map.groupBy(reports, ({ story }) => story.number);
}

function addRemarks(
  report: PhoneReport,
  remarks: CalleeRemarks,
): PhoneReport {
  const more = remarks.get(report.story);
  return more === undefined
    ? report
    : { ...report, also: [...report.also, ...more] };
}

/** What the server is known for, and holds its ports with; it may complain of its store. */
function describeServer(
  known: DeskScene,
  facts: readonly LedgerEntry[],
): Pick<Scene, "clock" | "server"> {
  const inOrder = facts.map(({ fact }) => fact).sort((a, b) => a.at - b.at);
  const store = inOrder.findLast(({ kind }) =>
    kind === "store-failed" || kind === "store-recovered"
  );
  const lastError = store?.kind === "store-failed" ? store.detail : "";
  const { server = null } = known;
  return {
    clock: clockOf(inOrder),
    server: server === null || lastError === ""
      ? server
      : { ...server, lastError },
  };
}
