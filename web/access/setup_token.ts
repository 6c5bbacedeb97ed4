/**
 * The token that the first visit asks for. It is told where the server starts, and to who has the
 * token of the data directory; so who runs the machine, and nobody else, can set the first password.
 * It is kept in memory only, and gone with the first password or the process.
 * @module
 */

import { createHash, timingSafeEqual } from "node:crypto";
import { generatePassword } from "../../pbx/extension.ts";

/** How many random octets a token is made of. */
export const TOKEN_OCTETS = 16;

/**
 * Makes a token of 80 bits, in groups that can be read aloud.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { makeSetupToken } from "./setup_token.ts";
 * assert.match(makeSetupToken(new Uint8Array(16)), /^[a-z2-9]{4}(-[a-z2-9]{4}){3}$/);
 * ```
 */
export function makeSetupToken(random: Uint8Array): string {
  return generatePassword(random).replace(/.{4}(?=.)/g, "$&-");
}

/** What is compared of it. Blanks, dashes and capital letters make no difference. */
function hashSetupToken(text: string): Uint8Array {
  const letters = text.slice(0, 256).toLowerCase().replace(/[^a-z0-9]/g, "");
  return createHash("sha256").update(letters).digest();
}

export function isSetupToken(text: string, token: string): boolean {
  return timingSafeEqual(hashSetupToken(text), hashSetupToken(token));
}
