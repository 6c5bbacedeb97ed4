/**
 * Tags, branches and Call-IDs: unique in the world and not to be guessed (RFC 3261 §8.1.1.7,
 * §19.3), without a random source for each, by a keyed hash of a counter.
 * @module
 */

import { HexText } from "./hex.ts";
import { SipHash } from "./sip_hash.ts";

/** RFC 3261 §8.1.1.7. */
export const MAGIC_COOKIE = "z9hG4bK";

export class TokenMint {
  readonly #hash: SipHash;
  #made = 0;

  /** @param key 16 random octets. */
  constructor(key: Uint8Array) {
    this.#hash = new SipHash(key);
  }

  /** The next token: 64 bits in hexadecimal digits. */
  next(): string {
    this.#made++;
    this.#hash.digest(this.#made | 0, (this.#made / 0x100000000) | 0, 0, 0);
    return new HexText(16).add(this.#hash.high, 8).add(this.#hash.low, 8)
      .toString();
  }
}
