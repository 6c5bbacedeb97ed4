/**
 * What every language says: the title and the remedy of each verdict, and the sentences that
 * evidence is told in. `{name}` is filled with a value of the finding.
 * @module
 */

import type { Code } from "../catalogue.ts";
import type { PHRASES } from "./en_phrases.ts";

/** The words of one verdict. */
export interface CodeText {
  /** One sentence without a full stop: what is wrong. */
  readonly title: string;
  /** What to change and where, field by field. */
  readonly remedy: string;
}

/** A sentence that evidence is told in. English has them all; other languages follow it. */
export type PhraseKey = keyof typeof PHRASES;

export interface Texts {
  readonly codes: Readonly<Record<Code, CodeText>>;
  readonly phrases: Readonly<Record<PhraseKey, string>>;
}
