/**
 * The senses of `pbx doctor` inside of the running server: the network card, the packet filters
 * and the kernel's counters. It looks only while somebody wants to know, and gives up where there
 * is so much traffic that looking would cost the phones something.
 * @module
 */

import type { Config } from "../../pbx/config.ts";
import type { Address } from "../../pbx/config_value.ts";
import type { StoryFact } from "../../diag/story/story_book.ts";
import { soundFlows } from "../../diag/story/newest_call.ts";
import type { Story } from "../../diag/story/story.ts";
import type { KnownScene } from "../../diag/watch.ts";
import type { DoctorSenses, SensesOptions } from "./doctor_senses.ts";

export interface CardOptions {
  readonly config: Config;
  readonly listen: readonly Address[];
  readonly serveCommand: string;
  /** How much the server has to do. */
  load(): { readonly registrations: number; readonly calls: number };
  readonly onFact: (fact: StoryFact) => void;
  /** There is too much to look at. */
  readonly onGiveUp: () => void;
}

/** In a large office the card shows too much. */
const MOST_REGISTRATIONS = 500;
const MOST_CALLS = 50;
/** More than this is a flood, which others than we have to look at. */
const MOST_FACTS_A_SECOND = 1000;
/** The rules are read by programs of their own, whose output has to be read here. */
const RULES_EVERY_MS = 5000;

type OpenSenses = (options: SensesOptions) => DoctorSenses;

export class CardWatch {
  readonly #options: CardOptions;
  readonly #open: OpenSenses;
  #senses: DoctorSenses | null = null;
  #known: KnownScene = {};
  #wirePorts: string | null = null;
  #isTooMuch = false;
  #second = 0;
  #facts = 0;

  private constructor(options: CardOptions, open: OpenSenses) {
    this.#options = options;
    this.#open = open;
  }

  /** Loads what it looks with, and begins. */
  static async open(options: CardOptions): Promise<CardWatch> {
    const { DoctorSenses } = await import("./doctor_senses.ts");
    const card = new CardWatch(options, (with_) => new DoctorSenses(with_));
    card.wake();
    return card;
  }

  /** The ports that are watched, as text; null where the card may not be watched. */
  get wirePorts(): string | null {
    return this.#wirePorts;
  }

  get isAwake(): boolean {
    return this.#senses !== null && this.#wirePorts !== null;
  }

  get known(): KnownScene {
    return this.#senses?.known ?? this.#known;
  }

  /** Begins to look, unless that would be too much. */
  wake(): void {
    if (this.#senses !== null || this.#isTooMuch) return;
    const { config, listen, serveCommand, load } = this.#options;
    const { registrations, calls } = load();
    if (registrations > MOST_REGISTRATIONS || calls > MOST_CALLS) return;
    const senses = this.#open({
      config,
      listen,
      serveCommand,
      pid: Deno.pid,
      isMute: false,
      name: "",
      isSoundWatched: false,
      mayCapture: config.capture,
      rulesEveryMs: RULES_EVERY_MS,
    });
    this.#senses = senses;
    this.#wirePorts = senses.wirePorts;
    // what cannot be read stays unknown
    senses.start((fact) => this.#take(fact)).catch(() => {});
  }

  /** Stops to look; what is known so far stays known. */
  rest(): void {
    if (this.#senses === null) return;
    this.#known = { ...this.#senses.known };
    this.#senses.stop();
    this.#senses = null;
  }

  /** From now on the rules are also asked about this phone. */
  askAbout({ host, attempts, calls }: Story): void {
    const senses = this.#senses;
    if (senses === null) return;
    senses.askAbout(host, attempts.at(-1)?.localHost ?? "");
    const call = calls.at(-1);
    for (const flow of call ? soundFlows(call) : []) {
      senses.askAboutSound(flow.host, flow.localHost);
    }
  }

  #take(fact: StoryFact): void {
    const second = Math.floor(fact.at / 1000);
    if (second !== this.#second) this.#facts = 0;
    this.#second = second;
    if (++this.#facts > MOST_FACTS_A_SECOND) {
      this.#isTooMuch = true;
      this.#wirePorts = null;
      this.rest();
      return this.#options.onGiveUp();
    }
    this.#options.onFact(fact);
  }
}
