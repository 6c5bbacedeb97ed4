/**
 * English: the words that every other language follows.
 * @module
 */

import { EN_CODES } from "./en_codes.ts";
import { PHRASES } from "./en_phrases.ts";
import type { Texts } from "./text.ts";

export const EN: Texts = { codes: EN_CODES, phrases: PHRASES };
