/**
 * Words as systemd reads them in a unit file: quotes, backslashes, and `%`, which begins a
 * specifier (systemd.syntax(7), systemd.unit(5)).
 * @module
 */

/** What needs no quotes. */
const PLAIN = /^[\w@+=,.%/-]+$/;

/**
 * Writes a text as one word of a list.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { quoteWord } from "./unit_word.ts";
 * assert.equal(quoteWord("/etc/pbx/100%.toml"), "/etc/pbx/100%%.toml");
 * assert.equal(quoteWord('my "file"'), `'my "file"'`);
 * assert.equal(quoteWord("it's"), `"it's"`);
 * ```
 */
export function quoteWord(text: string): string {
  const word = escapeSpecifiers(text);
  if (PLAIN.test(word)) return word;
  const quote = word.includes('"') && !word.includes("'") ? "'" : '"';
  const inside = word.replace(quote === '"' ? /["\\]/g : /\\/g, "\\$&").replace(
    // deno-lint-ignore no-control-regex
    /[\0-\x1f\x7f]/g,
    (octet) => `\\x${octet.charCodeAt(0).toString(16).padStart(2, "0")}`,
  );
  return quote + inside + quote;
}

/** The same for a word of a command, where `$` stands for a variable. */
export function quoteArgument(text: string): string {
  return quoteWord(text.replaceAll("$", "$$$$"));
}

/** Writes a text that goes on to the end of the line and takes no quotes. */
export function escapeSpecifiers(text: string): string {
  return text.replaceAll("%", "%%");
}

/** Whether a text can go on to the end of the line: there it would be cut, or go on below. */
export function isOneLine(text: string): boolean {
  // deno-lint-ignore no-control-regex
  return !/[\0-\x1f\x7f]|^\s|\s$|\\$/.test(text);
}
