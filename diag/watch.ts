/**
 * Watches for one phone while somebody presses Register: takes facts from the server and from the
 * card as they come, and says at any moment what they mean so far and whether that is certain.
 * @module
 */

import { type Code, entryOf } from "./catalogue.ts";
import { judgeOne } from "./judge.ts";
import { type Ranked, severityOf, stageOf, stageStates } from "./ranking.ts";
import { STAGES } from "../sip/stage.ts";
import { recognise } from "./story/recognise.ts";
import type { Scene, ServerView, WireView } from "./scene.ts";
import { clockOf, makeScene } from "./scene_make.ts";
import { isUnsettled, newestCall } from "./story/newest_call.ts";
import { standingRegistration } from "./story/standing.ts";
import { lastRegistered, type Story } from "./story/story.ts";
import { StoryBook, type StoryFact } from "./story/story_book.ts";
import { beginStory, beginTrail } from "./story/story_make.ts";
import type { Finding, StageState } from "./verdict.ts";

/** What is known of the machine; the rest of the scene comes from the facts. */
export type KnownScene = Partial<
  Omit<
    Scene,
    "now" | "since" | "isOver" | "noise" | "others" | "wire" | "clock"
  >
>;

/** What is watched for. */
export interface WatchOptions {
  /** The extension; "" for whichever phone shows up. */
  readonly number: string;
  /** Milliseconds since 1970. */
  readonly since: number;
  /** The ports that a capture watches, as text; null where nobody looks at the card. */
  readonly wirePorts: string | null;
  /** Whether these are the ports of sound too. */
  readonly isSoundWatched?: boolean;
}

/** How it stands. */
export interface WatchState {
  readonly story: Story;
  /** Whether any phone was seen. */
  readonly isSeen: boolean;
  readonly main: Finding | null;
  readonly also: readonly Finding[];
  readonly stages: readonly StageState[];
  /** Whether waiting longer could change nothing that matters. */
  readonly isCertain: boolean;
}

/** A verdict has to stand so long, so that what comes with it is seen too. */
const SETTLE_MS = 600;
/** One about somebody who does not say the number has to wait for the one who does. */
const STRANGER_SETTLE_MS = 3000;
/** A phone that was refused so long before the watch may try again only after it. */
const SHORTLY_MS = 180_000;
/** A phone that was registered before is left to speak for so long. */
const QUIET_MS = 8000;
/** Verdicts that need no phone. */
const AT_ONCE: ReadonlySet<Code> = new Set<Code>([
  "server-down",
  "config-error",
  "port-in-use",
  "bound-to-loopback",
]);
/** A warning that is about nothing but the attempt that the phone makes. */
const STOPPING_WARNING: Code = "interval-too-brief";

export class Watch {
  readonly #options: WatchOptions;
  readonly #book = new StoryBook();
  readonly #serverFacts: StoryFact[] = [];
  /** What the store complains of; "" where it is well. */
  #storeError = "";
  readonly #wire: WireView | null;
  /** The verdict that stands, and since when. */
  #standing: { readonly code: Code; readonly since: number } | null = null;

  constructor(options: WatchOptions) {
    this.#options = options;
    const { since, wirePorts: ports, isSoundWatched: hasSound = false } =
      options;
    this.#wire = ports === null ? null : { since, ports, hasSound };
  }

  /** Takes a fact of the server or of the card. */
  add(fact: StoryFact): void {
    if (fact.kind === "clock-jumped") this.#serverFacts.push(fact);
    if (fact.kind === "store-failed") this.#storeError = fact.detail;
    if (fact.kind === "store-recovered") this.#storeError = "";
    this.#book.add(fact);
  }

  /** The number of the phone that is watched, as far as it is known. */
  get number(): string {
    return this.#options.number;
  }

  /** When the watch began, in milliseconds since 1970. */
  get since(): number {
    return this.#options.since;
  }

  /** Says how it stands; `isOver`: nothing more will come. */
  look(now: number, isOver: boolean, known: KnownScene): WatchState {
    const { number, since } = this.#options;
    const { story: found, others, noise } = recognise(
      this.#book.stories(),
      this.#book.trails(),
      { number, since, extensions: known.extensions ?? null },
    );
    const scene = makeScene(now, {
      clock: clockOf(this.#serverFacts),
      ...known,
      server: this.#describeServer(known),
      since,
      isOver,
      wire: this.#wire,
      noise,
      others,
    });
    const story = found ?? beginStory(beginTrail("", since), number, "", since);
    const ranked = this.#weigh(judgeOne(story, scene), isOver);
    const { main } = ranked;
    const also = [...ranked.also, ...this.#tellLastCall(main, story, scene)];
    return {
      story,
      isSeen: found !== null,
      main,
      also,
      stages: stageStates(story, scene, main),
      isCertain: main !== null && this.#isCertain(main, story, scene),
    };
  }

  /**
   * What went wrong before the watch is no remark beside what is so now. But where nothing came in
   * the watch, what went wrong shortly before it says more than the silence.
   */
  #weigh({ main, also }: Ranked, isOver: boolean): Ranked {
    const { since } = this.#options;
    const past = also.filter((one) => isFault(one) && one.at < since);
    const rest = also.filter((one) => !past.includes(one));
    const last = past.find((one) =>
      severityOf(one) === "error" && one.at >= since - SHORTLY_MS
    );
    return isOver && main?.code === "no-packets" && last !== undefined
      ? { main: last, also: rest }
      : { main, also: rest };
  }

  /** Who asks right after a call that failed, and does nothing more, asks because of it. */
  #tellLastCall(
    main: Finding | null,
    story: Story,
    scene: Scene,
  ): readonly Finding[] {
    const { since } = this.#options;
    if (main?.code !== "ok" || newestCall(story, scene) !== null) return [];
    if ((lastRegistered(story)?.at ?? 0) >= since) return [];
    const before = { ...scene, since: since - SHORTLY_MS };
    const { main: last } = judgeOne(story, before);
    return last !== null && isOfCall(last) ? [last] : [];
  }

  /** What the server complains of now counts more than what its unit's log has last. */
  #describeServer({ server = null }: KnownScene): ServerView | null {
    if (server === null || this.#storeError === "") return server;
    return { ...server, lastError: this.#storeError };
  }

  #isCertain(main: Finding, story: Story, scene: Scene): boolean {
    const { code } = main;
    const { now, since } = scene;
    if (this.#standing?.code !== code) this.#standing = { code, since: now };
    const severity = main.severity ?? entryOf(code).severity;
    if (scene.isOver || (severity === "error" && AT_ONCE.has(code))) {
      return true;
    }
    const call = newestCall(story, scene);
    if (code === "ok") {
      if (call !== null && isUnsettled(call, now)) return false;
      const isFresh = (lastRegistered(story)?.at ?? 0) >= since;
      return isFresh || now - since >= QUIET_MS &&
          standingRegistration(story, scene) !== null;
    }
    if (severity !== "error" && code !== STOPPING_WARNING) return false;
    if (code.startsWith("dns-") && !scene.isNameTyped) return false;
    const { number } = this.#options;
    const isOwn = number === "" || story.number === number;
    const settleMs = isOwn ? SETTLE_MS : STRANGER_SETTLE_MS;
    return main.at >= since && now - this.#standing.since >= settleMs;
  }
}

function isOfCall(finding: Finding): boolean {
  return STAGES.indexOf(stageOf(finding)) > STAGES.indexOf("reachable");
}

function isFault(finding: Finding): boolean {
  const severity = severityOf(finding);
  return severity === "error" || severity === "warning";
}
