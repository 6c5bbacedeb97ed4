/**
 * What a running server does for the diagnosis: it keeps facts and messages, lets others watch,
 * writes down the last attempts, and lends extensions to self-tests.
 * @module
 */

import { randomUUID } from "node:crypto";
import type { SelfTest } from "../../diag/check.ts";
import type { AttemptStore } from "../../diag/io/attempt_store.ts";
import { Recorder } from "../../diag/ledger/recorder.ts";
import type { Language, Verdict } from "../../diag/verdict.ts";
import type { Config } from "../../pbx/config.ts";
import type { ExtensionRecord } from "../../pbx/directory.ts";
import { generatePassword } from "../../pbx/extension.ts";
import type { Fact } from "../../pbx/fact.ts";
import type { OnTraffic } from "../../pbx/io/exchange.ts";
import { hashPassword } from "../../sip/digest.ts";
import type { DiagnosisSource, TestExtension } from "../api/api_diagnosis.ts";
import { EventHub } from "../api/event_hub.ts";

const SAVE_EVERY_MS = 1000;
const SAVE_AT_ONCE = 32;
const BEAT_EVERY_MS = 15_000;
/** Longer than a self-test takes. */
const TEST_EXTENSION_MS = 15_000;
const MOST_TEST_EXTENSIONS = 8;
/** What the numbers of test extensions begin with; no number that a person can add does. */
export const TEST_PREFIX = "selftest-";

/** What it needs of the server. */
export interface DiagnosisParts {
  readonly realm: string;
  readonly attempts: AttemptStore;
  readonly exchange: {
    isExtension(number: string): boolean;
    addTemporary(record: ExtensionRecord): void;
    removeTemporary(number: string): void;
    ping(number: string): number;
  };
  listExtensions(): readonly { readonly number: string }[];
  random(octets: number): Uint8Array;
}

/** Takes part from the first datagram on; `start()` when the phones are served. */
export class ServeDiagnosis {
  readonly #recorder = new Recorder();
  readonly #hub = new EventHub();
  readonly #timers: ReturnType<typeof setInterval>[] = [];
  /** Number to the timer that forgets it. */
  readonly #testExtensions = new Map<string, ReturnType<typeof setTimeout>>();
  #parts: DiagnosisParts | null = null;

  onFact(fact: Fact): void {
    const entry = this.#recorder.add(fact);
    if (entry !== null && this.#hub.isWatched) this.#hub.tellFact(entry);
  }

  readonly onTraffic: OnTraffic = (direction, bytes, start, end, flow, at) => {
    this.#recorder.traffic.add(direction, bytes, start, end, flow, at);
    if (!this.#hub.isWatched || end - start < 8) return;
    const octets = bytes.slice(start, end);
    this.#hub.tellMessage({ at, direction, flow, octets });
  };

  /** Takes up what an earlier run left, and begins to write. */
  start(parts: DiagnosisParts): void {
    this.#parts = parts;
    this.#recorder.restore(parts.attempts.load());
    this.#timers.push(
      setInterval(() => this.#save(SAVE_AT_ONCE), SAVE_EVERY_MS),
      setInterval(() => this.#hub.beat(), BEAT_EVERY_MS),
    );
  }

  /** Writes what is left, while the database is open. */
  stop(): void {
    for (const timer of this.#timers) clearInterval(timer);
    for (const number of [...this.#testExtensions.keys()]) {
      this.removeTestExtension(number);
    }
    this.#save(Infinity);
  }

  /** What the HTTP interface shows of it. */
  source(
    config: Config,
    runChecks: (language: Language) => Promise<SelfTest>,
  ): DiagnosisSource {
    return {
      hub: this.#hub,
      facts: () => this.#recorder.ledger.entries(),
      messages: () => this.#recorder.traffic.entries(),
      verdicts: (language) => this.#listVerdicts(config, language),
      checks: runChecks,
      addTestExtension: this.addTestExtension,
      removeTestExtension: this.removeTestExtension,
      ping: (number) => this.#parts?.exchange.ping(number) ?? 0,
    };
  }

  /** What it judges with is loaded when somebody asks for the first time. */
  async #listVerdicts(config: Config, language: Language): Promise<Verdict[]> {
    const [{ judgeAll }, { StoryBook }, { clockOf, makeScene }, { textsOf }] =
      await Promise.all([
        import("../../diag/judge.ts"),
        import("../../diag/story/story_book.ts"),
        import("../../diag/scene_make.ts"),
        import("../../diag/texts/texts.ts"),
      ]);
    const facts = this.#recorder.facts();
    const book = new StoryBook();
    for (const fact of facts) book.add(fact);
    const extensions =
      this.#parts?.listExtensions().map(({ number }) => number) ?? null;
    const scene = makeScene(Date.now(), {
      since: 0,
      name: config.domains[0] ?? "",
      clock: clockOf(facts),
      extensions,
    });
    const stories = book.stories().filter(({ number }) =>
      !number.startsWith(TEST_PREFIX)
    );
    return judgeAll(stories, book.trails(), scene, textsOf(language), language);
  }

  #save(most: number): void {
    const parts = this.#parts;
    if (parts === null) return;
    const attempts = this.#recorder.takeAttempts(
      (number) =>
        !this.#testExtensions.has(number) && parts.exchange.isExtension(number),
      most,
    );
    if (attempts.length > 0) parts.attempts.save(attempts);
  }

  /** Lends an extension that is forgotten by itself after a while. */
  readonly addTestExtension = (): TestExtension => {
    const parts = this.#parts!;
    const [oldest] = this.#testExtensions.keys();
    if (
      oldest !== undefined && this.#testExtensions.size >= MOST_TEST_EXTENSIONS
    ) {
      this.removeTestExtension(oldest);
    }
    const number = TEST_PREFIX + randomUUID().slice(0, 8);
    const password = generatePassword(parts.random(32));
    const { realm } = parts;
    parts.exchange.addTemporary({
      number,
      ha1Md5: hashPassword("MD5", number, realm, password),
      ha1Sha256: hashPassword("SHA-256", number, realm, password),
    });
    const forget = setTimeout(
      () => this.removeTestExtension(number),
      TEST_EXTENSION_MS,
    );
    this.#testExtensions.set(number, forget);
    return { number, password, realm };
  };

  /** Only those that were made here: no extension of a person can be removed this way. */
  readonly removeTestExtension = (number: string): void => {
    const forget = this.#testExtensions.get(number);
    if (forget === undefined) return;
    clearTimeout(forget);
    this.#testExtensions.delete(number);
    this.#parts?.exchange.removeTemporary(number);
  };
}
