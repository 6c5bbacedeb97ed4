/**
 * Which language is spoken, and its words.
 * @module
 */

import { type Language, LANGUAGES } from "../verdict.ts";
import { EN } from "./en.ts";
import { RU } from "./ru.ts";
import type { Texts } from "./text.ts";
import { UZ } from "./uz.ts";

const TEXTS: Readonly<Record<Language, Texts>> = { uz: UZ, ru: RU, en: EN };

/** The words of a language. */
export function textsOf(language: Language): Texts {
  return TEXTS[language];
}

/**
 * The language that is wanted, such as `ru` or `ru_RU.UTF-8`; where it is absent or not ours, that
 * of the environment (the first of LC_ALL, LC_MESSAGES and LANG that is not empty); else English.
 */
export function chooseLanguage(
  wanted: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): Language {
  const locale = environment["LC_ALL"] || environment["LC_MESSAGES"] ||
    environment["LANG"];
  return languageOf(wanted) ?? languageOf(locale) ?? "en";
}

/** The language of a locale: `uz_UZ@cyrillic` is Uzbek; null for another one, such as `C`. */
function languageOf(locale: string | undefined): Language | null {
  const name = locale?.split(/[_.@-]/, 1)[0]?.toLowerCase();
  return LANGUAGES.find((language) => language === name) ?? null;
}
