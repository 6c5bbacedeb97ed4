/**
 * What a check has found, before it is written out in a language: its state, and sentences by
 * name for what was seen and what mends it.
 * @module
 */

import { cut, escapeText } from "../../pbx/quoted.ts";
import type { Check, CheckId, CheckState } from "../check.ts";
import {
  type CheckPhraseKey,
  CHECKS_EN,
  type CheckTexts,
} from "../texts/checks_en.ts";
import { CHECKS_RU } from "../texts/checks_ru.ts";
import { CHECKS_UZ } from "../texts/checks_uz.ts";
import type { Language, Values } from "../verdict.ts";
import { writeValue } from "./check_value.ts";

/** A sentence that is still in no language. */
export interface CheckPhrase {
  readonly key: CheckPhraseKey;
  readonly values: Values;
}

export interface CheckFinding {
  readonly state: CheckState;
  readonly details: readonly CheckPhrase[];
  readonly remedies: readonly CheckPhrase[];
}

/** What became of one check, in no language. */
export interface CheckResult {
  readonly id: CheckId;
  readonly finding: CheckFinding;
  readonly durationMs: number;
}

/** The words of each language. */
export const CHECK_TEXTS: Readonly<Record<Language, CheckTexts>> = {
  uz: CHECKS_UZ,
  ru: CHECKS_RU,
  en: CHECKS_EN,
};

const LONGEST_VALUE = 400;
const RANK: readonly CheckState[] = ["pass", "skip", "warn", "fail"];

/** Names a sentence and what fills it. */
export function say(key: CheckPhraseKey, values: Values = {}): CheckPhrase {
  return { key, values };
}

/** Collects what a check sees, one thing after the other. */
export class FindingNotes {
  #state: CheckState = "pass";
  readonly #details: {
    readonly state: CheckState;
    readonly detail: CheckPhrase;
  }[] = [];
  readonly #remedies: CheckPhrase[] = [];

  /** Notes one thing; the worst state counts, and no remedy is told twice. */
  add(state: CheckState, detail: CheckPhrase, remedy?: CheckPhrase): this {
    if (RANK.indexOf(state) > RANK.indexOf(this.#state)) this.#state = state;
    this.#details.push({ state, detail });
    const isNew = remedy !== undefined &&
      !this.#remedies.some((told) =>
        JSON.stringify(told) === JSON.stringify(remedy)
      );
    if (isNew) this.#remedies.push(remedy);
    return this;
  }

  /** What is worst stands first. */
  get finding(): CheckFinding {
    const sorted = this.#details.toSorted((one, other) =>
      RANK.indexOf(other.state) - RANK.indexOf(one.state)
    );
    return {
      state: this.#state,
      details: sorted.map(({ detail }) => detail),
      remedies: this.#remedies,
    };
  }
}

/** Whether a check was left out because there is nothing to check. */
export function isNeedless({ state, details }: CheckFinding): boolean {
  return state === "skip" && details.every(({ key }) => key === "dns-none");
}

/** Writes a finding in a language. Remedies stand on lines of their own. */
export function writeCheck(
  id: CheckId,
  finding: CheckFinding,
  durationMs: number,
  language: Language,
): Check {
  const texts = CHECK_TEXTS[language];
  const write = (phrases: readonly CheckPhrase[]) =>
    phrases.map((phrase) => writePhrase(phrase, texts));
  return {
    id,
    state: finding.state,
    title: texts.titles[id],
    detail: write(finding.details).join("; "),
    ...(finding.remedies.length > 0 &&
      { remedy: write(finding.remedies).join("\n") }),
    durationMs: Math.round(durationMs),
  };
}

/**
 * Writes one sentence. Values come from anywhere: they are cut, and nothing in them reaches a
 * terminal as a command. A value that is missing is a bug, and throws a TypeError.
 */
export function writePhrase(
  { key, values }: CheckPhrase,
  texts: CheckTexts,
): string {
  return texts.phrases[key].replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) {
      throw new TypeError(`\`${key}\` lacks the value \`${name}\``);
    }
    return escapeText(cut(writeValue(name, value, texts), LONGEST_VALUE));
  });
}
