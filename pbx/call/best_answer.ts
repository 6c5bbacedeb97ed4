/**
 * Which of several failures the caller hears (RFC 3261 §16.7), and what of them may be passed on.
 * @module
 */

/** Failures that tell the caller what he can change (RFC 3261 §16.7 step 6). */
const TELLING = [415, 420, 484];
const BUSY = 486;
const UNAVAILABLE = 480;

/**
 * The better of two failures: 6xx before all, then the lower class, and within the 4xx one that
 * tells the caller something. 0 stands for none.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { betterFailure } from "./best_answer.ts";
 * assert.equal(betterFailure(486, 603), 603);
 * assert.equal(betterFailure(503, 486), 486);
 * assert.equal(betterFailure(408, 486), 486);
 * ```
 */
export function betterFailure(one: number, other: number): number {
  if (one === 0 || other === 0) return one + other;
  return rankOf(other) < rankOf(one) ? other : one;
}

function rankOf(status: number): number {
  const group = Math.floor(status / 100);
  if (group === 6) return 0;
  if (group === 4 && TELLING.includes(status)) return 400;
  if (status === BUSY) return 401;
  // nobody there says less than any phone's own word
  return status === 408 ? 499 : group === 4 ? 402 : group * 100;
}

/**
 * What the caller is told for the failure of a phone that he did not call himself. A phone that
 * wants a password of us, or finds fault with our request, is not the caller's business, and a
 * redirection leads out of the house.
 */
export function passOnFailure(status: number): number {
  if (status < 400 || status === 401 || status === 407) return UNAVAILABLE;
  if (status === 481 || status === 482 || status === 483) return UNAVAILABLE;
  if (status === 422 || status === 421 || status === 491) return UNAVAILABLE;
  // 503 of one phone would tell the caller's phone that the exchange is overloaded (§16.7)
  return status >= 500 && status < 600 ? UNAVAILABLE : status;
}
