/**
 * Values from outside, made fit for a line that a person reads on a terminal.
 * @module
 */

/** Control characters of both ranges, line separators, changes of direction, half surrogates. */
const UNPRINTABLE =
  /[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069\ufeff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** Writes what cannot be printed as its number, so that no escape sequence reaches a terminal. */
export function escapeText(text: string): string {
  return text.replace(UNPRINTABLE, escapeUnit);
}

/**
 * Puts a value into back-ticks: escaped, and cut where it is longer than `longest` characters.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { quote } from "./quoted.ts";
 * assert.equal(quote("a\u001b[2J"), "`a\\x1b[2J`");
 * ```
 */
export function quote(text: string, longest: number = 80): string {
  return "`" + escapeText(cut(text, longest)) + "`";
}

/** At most `longest` characters of a text, with an ellipsis for the rest. */
export function cut(text: string, longest: number): string {
  return text.length <= longest ? text : text.slice(0, longest - 1) + "…";
}

function escapeUnit(unit: string): string {
  const code = unit.charCodeAt(0);
  const digits = code.toString(16);
  return code < 0x100
    ? `\\x${digits.padStart(2, "0")}`
    : `\\u${digits.padStart(4, "0")}`;
}
