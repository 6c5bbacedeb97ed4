/**
 * Where a person wanted to go before he had to sign in. Only a path of this server counts, or a
 * link could lead from our sign-in to a page that looks like it.
 * @module
 */

const LONGEST = 512;
/** Pages that are about signing in themselves. */
const PASSING = /^\/(?:login|logout|setup)(?:[/?]|$)/;

/**
 * A path that may be gone to; `/` where the text is none.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { readReturnPath } from "./return_path.ts";
 * assert.equal(readReturnPath("/calls?from=1001"), "/calls?from=1001");
 * assert.equal(readReturnPath("//evil.example/"), "/");
 * ```
 */
export function readReturnPath(text: string | undefined): string {
  if (text === undefined || text.length > LONGEST) return "/";
  if (!/^\/(?![/\\])[\x21-\x5b\x5d-\x7e]*$/.test(text)) return "/";
  return PASSING.test(text) ? "/" : text;
}
