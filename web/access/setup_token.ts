/**
 * The token that the first visit asks for. The server prints it once and keeps only its hash, so
 * who sees the start of the server, and nobody else, can set the first password.
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

/** What is kept of it. Blanks, dashes and capital letters make no difference. */
export function hashSetupToken(text: string): Uint8Array {
  const letters = text.slice(0, 256).toLowerCase().replace(/[^a-z0-9]/g, "");
  return createHash("sha256").update(letters).digest();
}

export function isSetupToken(text: string, hash: Uint8Array): boolean {
  return timingSafeEqual(hashSetupToken(text), hash);
}
