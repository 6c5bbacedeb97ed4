/**
 * What an extension is: a number of digits that a phone can dial, and a password.
 * @module
 */

const MOST_DIGITS = 15;
/** No letter or digit that is taken for another one when somebody reads it aloud. */
const PASSWORD_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789";
const PASSWORD_LENGTH = 16;

/**
 * Says what is wrong with a number; null where nothing is.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { checkNumber } from "./extension.ts";
 * assert.equal(checkNumber("1001"), null);
 * assert.equal(checkNumber("10 01"), "number `10 01` holds something else than digits");
 * ```
 */
export function checkNumber(text: string): string | null {
  if (text === "") return "number is empty";
  if (!/^[0-9]+$/.test(text)) {
    return `number \`${text.slice(0, 40)}\` holds something else than digits`;
  }
  return text.length > MOST_DIGITS
    ? `number \`${text}\` has more than ${MOST_DIGITS} digits`
    : null;
}

/**
 * Says what is wrong with a password; null where nothing is.
 */
export function checkPassword(text: string): string | null {
  if (text === "") return "password is empty";
  if (text.length > 128) return "password has more than 128 letters";
  return /[\x00-\x1f\x7f]/.test(text)
    ? "password holds a control character"
    : null;
}

/**
 * Makes a password of 80 bits, easy to read aloud and to type.
 *
 * @param random at least 16 random octets.
 */
export function generatePassword(random: Uint8Array): string {
  if (random.length < PASSWORD_LENGTH) {
    throw new RangeError("16 random octets are needed");
  }
  let password = "";
  for (let i = 0; i < PASSWORD_LENGTH; i++) {
    password += PASSWORD_LETTERS[random[i]! % PASSWORD_LETTERS.length]!;
  }
  return password;
}
