/**
 * Uzbek, in Latin script.
 * @module
 */

import type { Texts } from "./text.ts";
import { UZ_CODES } from "./uz_codes.ts";
import { UZ_PHRASES } from "./uz_phrases.ts";

/** The words of every verdict and of all evidence, in Uzbek. */
export const UZ: Texts = { phrases: UZ_PHRASES, codes: UZ_CODES };
