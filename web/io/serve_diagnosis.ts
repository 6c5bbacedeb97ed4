/**
 * What a running server does for the diagnosis: it keeps facts and messages, lets others watch,
 * writes down the last attempts, and lends extensions to self-tests.
 * @module
 */

import { randomUUID } from "node:crypto";
import type { SelfTest } from "../../diag/check.ts";
import type { AttemptStore } from "../../diag/io/attempt_store.ts";
import { Recorder } from "../../diag/ledger/recorder.ts";
import type { TrafficEntry } from "../../diag/ledger/traffic.ts";
import type { Language, Verdict } from "../../diag/verdict.ts";
import type { Config } from "../../pbx/config.ts";
import type { ExtensionRecord } from "../../pbx/directory.ts";
import { generatePassword } from "../../pbx/extension.ts";
import type { Fact } from "../../pbx/fact.ts";
import type { OnTraffic } from "../../pbx/io/exchange.ts";
import { hashPassword } from "../../sip/digest.ts";
import type { DiagnosisSource, TestExtension } from "../api/api_diagnosis.ts";
import { EventHub } from "../api/event_hub.ts";
import type { LostName } from "../phone/lost_name.ts";
import { type KnownParts, KnownServer } from "./known_server.ts";
import { Stepper } from "./stepper.ts";
import { VerdictClock } from "./verdict_clock.ts";

const SAVE_EVERY_MS = 1000;
const SAVE_AT_ONCE = 32;
/** Longer than a self-test takes. */
const TEST_EXTENSION_MS = 15_000;
const MOST_TEST_EXTENSIONS = 8;
/** Verdicts are written out for so long, then whatever waits comes first. */
const WRITE_MS = 2;
const WRITE_PAUSE_MS = 5;
/** What the numbers of test extensions begin with; no number that a person can add does. */
export const TEST_PREFIX = "selftest-";

/** Whether a number was lent to a self-test. */
export function isTestNumber(number: string): boolean {
  return number.startsWith(TEST_PREFIX);
}

/** What it needs of the server. */
export interface DiagnosisParts extends KnownParts {
  readonly realm: string;
  readonly attempts: AttemptStore;
  readonly exchange: {
    isExtension(number: string): boolean;
    addTemporary(record: ExtensionRecord): void;
    removeTemporary(number: string): void;
    ping(number: string, isLastChance?: boolean): number;
  };
  random(octets: number): Uint8Array;
}

/** Takes part from the first datagram on; `start()` when the phones are served. */
export class ServeDiagnosis {
  readonly #recorder = new Recorder();
  readonly #hub = new EventHub((isWatched) => this.#stepper.set(isWatched));
  readonly #stepper = new Stepper((_nowMs, monotonicMs) =>
    this.#hub.step(monotonicMs)
  );
  readonly #known = new KnownServer();
  readonly #clock = new VerdictClock({
    ledger: this.#recorder.ledger,
    known: () => this.#known.scene(),
    isHidden: isTestNumber,
  });
  readonly #timers: ReturnType<typeof setInterval>[] = [];
  /** Number to the timer that forgets it. */
  readonly #testExtensions = new Map<string, ReturnType<typeof setTimeout>>();
  #parts: DiagnosisParts | null = null;
  #hear: ((fact: Fact) => void) | null = null;

  /** Lets somebody hear each fact that is kept, in the copy that is kept. */
  tellFacts(hear: (fact: Fact) => void): void {
    this.#hear = hear;
  }

  onFact(fact: Fact): void {
    if (fact.kind === "extensions-changed") this.#known.forget();
    const entry = this.#recorder.add(fact);
    if (entry === null) return;
    this.#clock.note(entry);
    this.#hear?.(entry.fact);
    this.#hub.tellFact(entry);
  }

  readonly onTraffic: OnTraffic = (direction, bytes, start, end, flow, at) => {
    this.#recorder.traffic.add(direction, bytes, start, end, flow, at);
    if (!this.#hub.isWanted("messages") || end - start < 8) return;
    const octets = bytes.slice(start, end);
    this.#hub.tellMessage({ at, direction, flow, octets });
  };

  /** Takes up what an earlier run left, and begins to write. */
  start(parts: DiagnosisParts): void {
    this.#parts = parts;
    this.#known.setParts(parts);
    this.#recorder.restore(parts.attempts.load());
    this.#timers.push(
      setInterval(() => this.#save(SAVE_AT_ONCE), SAVE_EVERY_MS),
    );
  }

  /** Writes what is left, while the database is open. */
  stop(): void {
    for (const timer of this.#timers) clearInterval(timer);
    this.#clock.stop();
    this.#stepper.set(false);
    for (const number of [...this.#testExtensions.keys()]) {
      this.removeTestExtension(number);
    }
    this.#save(Infinity);
  }

  /** Names that phones do not find, as the last check saw it. */
  setLostNames(names: readonly LostName[]): void {
    this.#known.setLostNames(names);
  }

  /** What the HTTP interface shows of it. */
  source(
    config: Config,
    runChecks: (language: Language) => Promise<SelfTest>,
  ): DiagnosisSource {
    this.#known.setConfig(config);
    return {
      hub: this.#hub,
      facts: () => this.#recorder.ledger.entries(),
      messages: () => this.#recorder.traffic.entries(),
      verdicts: (language) => this.verdicts(language),
      checks: runChecks,
      addTestExtension: this.addTestExtension,
      removeTestExtension: this.removeTestExtension,
      ping: (number) => this.#parts?.exchange.ping(number) ?? 0,
    };
  }

  /** What is known of the phones, kept up to date while somebody asks. */
  get reports(): VerdictClock {
    return this.#clock;
  }

  /** All that is kept, for who reads it in small steps. */
  get recorder(): Recorder {
    return this.#recorder;
  }

  /** What is kept of a host, in the order of time. */
  factsOf(host: string): Fact[] {
    const facts = this.#recorder.ledger.entriesOf(host).map(({ fact }) => fact);
    return facts.sort((a, b) => a.at - b.at);
  }

  /** The messages that are kept, the oldest first. */
  messages(): readonly TrafficEntry[] {
    return this.#recorder.traffic.entries();
  }

  /** One for each phone, in a language; thousands are not written out at once. */
  async verdicts(language: Language): Promise<Verdict[]> {
    const [{ writeVerdict }, { textsOf }] = await Promise.all([
      import("../../diag/write_verdict.ts"),
      import("../../diag/texts/texts.ts"),
      this.#clock.settle(),
    ]);
    const texts = textsOf(language);
    const verdicts: Verdict[] = [];
    let until = performance.now() + WRITE_MS;
    for (const { main, story } of this.#clock.list()) {
      if (main === null) continue;
      verdicts.push(writeVerdict(main, story, language, texts));
      if (performance.now() < until) continue;
      await new Promise((resolve) => setTimeout(resolve, WRITE_PAUSE_MS));
      until = performance.now() + WRITE_MS;
    }
    return verdicts;
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
