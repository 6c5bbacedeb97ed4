/**
 * Which passwords the page takes. They are compared as NFC, because systems differ in how they
 * write a letter with an accent (RFC 8265 §4.2.2).
 * @module
 */

export const SHORTEST_PASSWORD = 10;
export const LONGEST_PASSWORD = 256;
/** A password of fewer different letters is one of a pattern. */
const FEWEST_LETTERS = 5;

/** Those that are tried first, of the length that is asked for; in lower case. */
const OBVIOUS: ReadonlySet<string> = new Set([
  "0987654321",
  "0123456789",
  "1234567890",
  "12345678910",
  "123456789a",
  "1q2w3e4r5t",
  "1qaz2wsx3edc",
  "a123456789",
  "abcdefghij",
  "adminadmin",
  "administrator",
  "administrator1",
  "asteriskpbx",
  "changeme123",
  "freepbx123",
  "iloveyou123",
  "letmein123",
  "password01",
  "password10",
  "password12",
  "password123",
  "password1234",
  "passwordpassword",
  "parolparol",
  "pbxpassword",
  "q1w2e3r4t5",
  "qwerty1234",
  "qwerty12345",
  "qwerty123456",
  "qwertyuiop",
  "qwertyuiop[]",
  "welcome123",
  "zaqwsxcderfv",
  "йцукенгшщз",
  "пароль1234",
  "пароль12345",
  "парольпароль",
]);

/** Why a password is not taken. */
export type PasswordFault = "short" | "long" | "obvious" | "unprintable";

/**
 * Says what is wrong with a password; null where nothing is.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { judgePassword } from "./admin_password.ts";
 * assert.equal(judgePassword("hunter2"), "short");
 * assert.equal(judgePassword("Password123"), "obvious");
 * assert.equal(judgePassword("seven green lamps"), null);
 * ```
 */
export function judgePassword(text: string): PasswordFault | null {
  const letters = [...normalizePassword(text)];
  if (letters.length < SHORTEST_PASSWORD) return "short";
  if (letters.length > LONGEST_PASSWORD) return "long";
  if (/[\x00-\x1f\x7f]/.test(text)) return "unprintable";
  const lower = letters.join("").toLowerCase();
  const isObvious = OBVIOUS.has(lower) ||
    new Set(lower).size < FEWEST_LETTERS;
  return isObvious ? "obvious" : null;
}

/** The form in which a password is hashed. */
export function normalizePassword(text: string): string {
  return text.normalize("NFC");
}
