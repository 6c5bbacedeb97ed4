/**
 * Colours for a terminal, by the escape sequences of ECMA-48 §8.3.117 (SGR). Commands always
 * paint; without colours every function returns its text as it is.
 * @module
 */

/** Puts text into a colour or a weight. */
export interface Paint {
  bold(text: string): string;
  dim(text: string): string;
  red(text: string): string;
  green(text: string): string;
  yellow(text: string): string;
}

/**
 * Makes the painter of a stream.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { createPaint } from "./paint.ts";
 * assert.equal(createPaint(false).red("no"), "no");
 * assert.equal(createPaint(true).red("no"), "\x1b[31mno\x1b[39m");
 * ```
 */
export function createPaint(hasColours: boolean): Paint {
  const wrap = (on: number, off: number) => (text: string) =>
    hasColours ? `\x1b[${on}m${text}\x1b[${off}m` : text;
  return {
    bold: wrap(1, 22),
    dim: wrap(2, 22),
    red: wrap(31, 39),
    green: wrap(32, 39),
    yellow: wrap(33, 39),
  };
}

/** Whether a stream gets colours: a terminal that can show them, and no `NO_COLOR` (no-color.org). */
export function wantsColours(
  isTerminal: boolean,
  environment: Readonly<Record<string, string | undefined>>,
): boolean {
  return isTerminal && !environment["NO_COLOR"] &&
    environment["TERM"] !== "dumb";
}
