/**
 * Makes evidence: what was seen, when, and the values of its sentence, which the compiler compares
 * with the sentence.
 * @module
 */

import type { PHRASES } from "./texts/en_phrases.ts";
import type { PhraseKey } from "./texts/text.ts";
import type { Evidence } from "./verdict.ts";

/** The names in the braces of a sentence. */
type Placeholder<Text extends string> = Text extends
  `${string}{${infer Name}}${infer Rest}` ? Name | Placeholder<Rest> : never;

type PhraseValues<Key extends PhraseKey> = Readonly<
  Record<Placeholder<(typeof PHRASES)[Key]>, string | number>
>;

/** One thing that was seen at `at` milliseconds since 1970. */
export function see<Key extends PhraseKey>(
  at: number,
  phrase: Key,
  ...[values]: Placeholder<(typeof PHRASES)[Key]> extends never ? []
    : [PhraseValues<Key>]
): Evidence {
  return { at, phrase, values: values ?? {} };
}
