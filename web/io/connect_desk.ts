/**
 * Watches phones while somebody connects them: the same watch as `pbx doctor`, fed by the server's
 * own facts, and by the network card for as long as somebody looks. A watch is looked at once a
 * second at most; the card is left alone ten seconds after the last look.
 * @module
 */

import type { Fact } from "../../pbx/fact.ts";
import type { CallRecord } from "../../pbx/call/call_record.ts";
import type { Config } from "../../pbx/config.ts";
import type { Address } from "../../pbx/config_value.ts";
import type { MediaCounts } from "../../pbx/media/media_relay.ts";
import { type KnownScene, Watch, type WatchState } from "../../diag/watch.ts";
import type { BindingEntry } from "../extension_entry.ts";
import type { ConnectSource, ConnectState } from "../page/connect_state.ts";
import { TestCallWatch } from "../test_call.ts";
import { CardWatch } from "./card_watch.ts";
import { TEST_PREFIX } from "./serve_diagnosis.ts";

/** What it needs of the server. */
export interface ConnectParts {
  readonly config: Config;
  /** Where the server listens. */
  readonly listen: readonly Address[];
  readonly serveCommand: string;
  readonly doctorCommand: (number: string) => string;
  nowMs(): number;
  listExtensions(): readonly { readonly number: string }[];
  listBindings(number: string): readonly BindingEntry[];
  listCalls(): readonly CallRecord[];
  countsOf(id: string): MediaCounts | null;
  ping(number: string): number;
  status(): { readonly registrations: number; readonly calls: number };
  /** What happened just before somebody began to look, the oldest first. */
  recentFacts(): readonly Fact[];
}

/** One phone that somebody connects. */
interface Entry {
  readonly watch: Watch;
  readonly call: TestCallWatch;
  /** Null: the card was not looked at when the watch began. */
  readonly card: CardWatch | null;
  lookedMs: number;
  /** Since when somebody looks without a break. */
  sinceMs: number;
  pingedMs: number;
  state: ConnectState;
}

const MOST_ENTRIES = 8;
const LOOK_EVERY_MS = 900;
const AWAY_MS = 10_000;
const FORGET_MS = 15 * 60_000;
const TEND_MS = 1000;
/** So long nothing comes before that is said. */
const SILENCE_MS = 45_000;
const STALLED_MS = 20_000;
/** As the doctor does: a phone that has registered is asked whether it is there. */
const PING_AFTER_MS = 200;
const PING_EVERY_MS = 2000;
/** A verdict that has stood so long is said, though it may be of an attempt before. */
const SETTLED_MS = 3000;
const ECHO = "*43";

const BEGINNING: ConnectState = {
  watch: null,
  isCardWatched: false,
  isSettled: false,
  binding: null,
  call: null,
};

export class ConnectDesk implements ConnectSource {
  readonly #parts: ConnectParts;
  readonly #entries = new Map<string, Entry>();
  #card: CardWatch | null = null;
  #isOpening = false;
  #isStopped = false;
  /** When somebody looked at any phone. */
  #lookedMs = 0;
  #timer: ReturnType<typeof setInterval> | null = null;
  #extensions: readonly string[] | null = null;

  constructor(parts: ConnectParts) {
    this.#parts = parts;
  }

  doctorCommand(number: string): string {
    return this.#parts.doctorCommand(number);
  }

  get mayCapture(): boolean {
    return this.#parts.config.capture;
  }

  get soundPorts(): string {
    const { first, last } = this.#parts.config.rtp;
    return `${first}-${last}`;
  }

  /**
   * Takes each fact of the server, in the copy that the ledger keeps; costs next to nothing where
   * nobody looks.
   */
  onFact(fact: Fact): void {
    if (this.#entries.size === 0 || isOfTest(fact)) return;
    if (fact.kind === "extensions-changed") this.#extensions = null;
    for (const { watch } of this.#entries.values()) watch.add(fact);
  }

  look(number: string): ConnectState | null {
    const nowMs = this.#parts.nowMs();
    this.#lookedMs = nowMs;
    const entry = this.#entries.get(number) ?? this.#begin(number, nowMs);
    if (entry === null) return this.#isOpening ? BEGINNING : null;
    if (nowMs - entry.lookedMs < LOOK_EVERY_MS) return entry.state;
    if (nowMs - entry.lookedMs > AWAY_MS) entry.sinceMs = nowMs;
    entry.lookedMs = nowMs;
    this.#card?.wake();
    entry.state = this.#lookAt(number, entry, nowMs);
    return entry.state;
  }

  /** The server stops. */
  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
    this.#isStopped = true;
    this.#card?.rest();
    this.#entries.clear();
  }

  /** Null for the moment until the card is open, and where there are too many. */
  #begin(number: string, nowMs: number): Entry | null {
    if (this.#isStopped) return null;
    this.#timer ??= setInterval(() => this.#tend(), TEND_MS);
    if (this.#card === null) {
      this.#openCard();
      return null;
    }
    if (this.#entries.size >= MOST_ENTRIES && !this.#makeRoom(nowMs)) {
      return null;
    }
    const { wirePorts } = this.#card;
    const watch = new Watch({ number, since: nowMs, wirePorts });
    for (const fact of this.#parts.recentFacts()) {
      if (!isOfTest(fact)) watch.add(fact);
    }
    const entry: Entry = {
      watch,
      call: new TestCallWatch(),
      card: wirePorts === null ? null : this.#card,
      lookedMs: 0,
      sinceMs: nowMs,
      pingedMs: 0,
      state: BEGINNING,
    };
    this.#entries.set(number, entry);
    return entry;
  }

  #lookAt(number: string, entry: Entry, nowMs: number): ConnectState {
    const watch = this.#judge(entry, nowMs);
    this.#card?.askAbout(watch.story);
    this.#askPhone(number, entry, watch, nowMs);
    const record = this.#parts.listCalls().findLast(({ caller, dialled }) =>
      caller.number === number && dialled === ECHO
    );
    const counts = record === undefined
      ? null
      : this.#parts.countsOf(record.id);
    return {
      watch,
      isCardWatched: entry.card?.isAwake ?? false,
      isSettled: watch.main !== null && nowMs - watch.main.at >= SETTLED_MS,
      binding: this.#parts.listBindings(number)[0] ?? null,
      call: entry.call.take(record ?? null, counts, nowMs),
    };
  }

  /** Where nothing more seems to come, it is said what that means; the watch goes on all the same. */
  #judge({ watch, sinceMs }: Entry, nowMs: number): WatchState {
    const known = this.#describeScene();
    const state = watch.look(nowMs, false, known);
    const isStalled = !state.isSeen ||
      state.main === null && nowMs - state.story.lastAt >= STALLED_MS;
    return isStalled && nowMs - sinceMs >= SILENCE_MS
      ? watch.look(nowMs, true, known)
      : state;
  }

  #describeScene(): KnownScene {
    this.#extensions ??= this.#parts.listExtensions()
      .map(({ number }) => number);
    return {
      name: this.#parts.config.domains[0] ?? "",
      ...this.#card?.known,
      extensions: this.#extensions,
    };
  }

  /** The answer of a phone proves that the way back is open: no need to wait for the next ping. */
  #askPhone(
    number: string,
    entry: Entry,
    { story }: WatchState,
    nowMs: number,
  ): void {
    const registered = story.attempts.at(-1)?.registered;
    if (!registered || nowMs - registered.at < PING_AFTER_MS) return;
    if (story.reach.lastAnsweredAt >= registered.at) return;
    if (nowMs - entry.pingedMs < PING_EVERY_MS) return;
    entry.pingedMs = nowMs;
    this.#parts.ping(number);
  }

  #openCard(): void {
    if (this.#isOpening) return;
    this.#isOpening = true;
    const { config, listen, serveCommand } = this.#parts;
    CardWatch.open({
      config,
      listen,
      serveCommand,
      load: () => this.#parts.status(),
      onFact: (fact) => {
        for (const { watch, card } of this.#entries.values()) {
          if (card !== null) watch.add(fact);
        }
      },
      // from now on nobody may say that nothing came
      onGiveUp: () => this.#entries.clear(),
    }).then((card) => {
      this.#isOpening = false;
      if (this.#isStopped) card.rest();
      else this.#card = card;
    });
  }

  /** Lets the card rest when nobody looks, and forgets what nobody will come back to. */
  #tend(): void {
    const nowMs = this.#parts.nowMs();
    for (const [number, { lookedMs }] of this.#entries) {
      if (nowMs - lookedMs > FORGET_MS) this.#entries.delete(number);
    }
    if (nowMs - this.#lookedMs <= AWAY_MS) return;
    this.#card?.rest();
    if (this.#entries.size > 0) return;
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
    this.#card = null;
  }

  /** Forgets the one that nobody has looked at for longest; false where all are looked at. */
  #makeRoom(nowMs: number): boolean {
    const [oldest] = [...this.#entries].sort(([, a], [, b]) =>
      a.lookedMs - b.lookedMs
    );
    if (oldest === undefined || nowMs - oldest[1].lookedMs <= AWAY_MS) {
      return false;
    }
    return this.#entries.delete(oldest[0]);
  }
}

function isOfTest(fact: Fact): boolean {
  return "number" in fact && fact.number.startsWith(TEST_PREFIX);
}
