/**
 * Russian.
 * @module
 */

import { RU_CODES } from "./ru_codes.ts";
import { RU_PHRASES } from "./ru_phrases.ts";
import type { Texts } from "./text.ts";

/** The words of every verdict and of all evidence, in Russian. */
export const RU: Texts = { phrases: RU_PHRASES, codes: RU_CODES };
