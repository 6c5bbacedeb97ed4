/**
 * The name of an extension, as somebody gives it on the page or over HTTP.
 * @module
 */

const LONGEST_NAME = 100;

/**
 * Says what is wrong with a name; null where nothing is. None at all is fine.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { checkName } from "./extension_name.ts";
 * assert.equal(checkName("Gulnora, 2-qavat"), null);
 * assert.equal(checkName("a\nb"), "name holds a control character");
 * ```
 */
export function checkName(name: string): string | null {
  if (name.length > LONGEST_NAME) {
    return `name has more than ${LONGEST_NAME} letters`;
  }
  return /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/.test(name)
    ? "name holds a control character"
    : null;
}
