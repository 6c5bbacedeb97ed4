/**
 * Nonces that need no table (RFC 7616 §3.3, §5.4): each carries the second in which it was made,
 * a number that grows, and a keyed hash of both. Time is the monotonic clock of the process, so
 * that a jump of the wall clock spoils no nonce; the key lives as long as the process, so that
 * after a restart every phone is challenged once more and no old answer can be replayed.
 *
 *     nonce = 8HEX (seconds)  12HEX (number)  16HEX (SipHash-2-4)
 * @module
 */

import { HexText, parseHex } from "./hex.ts";
import { SipHash } from "./sip_hash.ts";

const LENGTH = 36;
const TWO_32 = 0x100000000;

/** What a nonce that came back is. */
export interface NonceCheck {
  /** `foreign`: not made by this process. */
  readonly state: "fresh" | "stale" | "foreign";
  /** Grows with each nonce that was issued; 0 for a foreign one. */
  readonly number: number;
}

const FOREIGN: NonceCheck = { state: "foreign", number: 0 };

export class NonceMint {
  readonly #hash: SipHash;
  readonly #lifetimeSeconds: number;
  #issued = 0;

  /** @param key 16 random octets. */
  constructor(key: Uint8Array, lifetimeSeconds: number) {
    this.#hash = new SipHash(key);
    this.#lifetimeSeconds = lifetimeSeconds;
  }

  /** Makes a nonce. `nowMs` is monotonic. */
  issue(nowMs: number): string {
    const seconds = Math.floor(nowMs / 1000);
    const low = ++this.#issued >>> 0;
    const high = Math.floor(this.#issued / TWO_32);
    this.#hash.digest(seconds | 0, 0, low | 0, high);
    return new HexText(LENGTH).add(seconds, 8).add(high, 4).add(low, 8)
      .add(this.#hash.high, 8).add(this.#hash.low, 8).toString();
  }

  /** Looks at a nonce that a phone sent. */
  check(text: string, nowMs: number): NonceCheck {
    if (text.length !== LENGTH) return FOREIGN;
    const seconds = parseHex(text, 0, 8);
    const high = parseHex(text, 8, 12);
    const low = parseHex(text, 12, 20);
    this.#hash.digest(seconds | 0, 0, low | 0, high);
    const isOurs = parseHex(text, 20, 28) === this.#hash.high &&
      parseHex(text, 28, 36) === this.#hash.low;
    if (!isOurs || seconds < 0 || high < 0 || low < 0) return FOREIGN;
    const age = Math.floor(nowMs / 1000) - seconds;
    const state = age > this.#lifetimeSeconds ? "stale" : "fresh";
    return { state, number: high * TWO_32 + low };
  }
}
