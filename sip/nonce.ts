/**
 * Nonces that need no table (RFC 7616 §3.3, §5.4): each carries the second in which it was made,
 * a number that grows, and a keyed hash of both. Time is the monotonic clock of the process, so
 * that a jump of the wall clock spoils no nonce; the key lives as long as the process, so that
 * after a restart every phone is challenged once more and no old answer can be replayed.
 *
 *     nonce = 8HEX (seconds)  10HEX (number)  16HEX (SipHash-2-4)
 * @module
 */

import { SipHash } from "./sip_hash.ts";

const LENGTH = 34;
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
    return this.#format(seconds, ++this.#issued);
  }

  /** Looks at a nonce that a phone sent. */
  check(text: string, nowMs: number): NonceCheck {
    if (text.length !== LENGTH || !/^[0-9a-f]+$/.test(text)) return FOREIGN;
    const seconds = parseInt(text.slice(0, 8), 16);
    const number = parseInt(text.slice(8, 18), 16);
    if (this.#format(seconds, number) !== text) return FOREIGN;
    const age = Math.floor(nowMs / 1000) - seconds;
    return { state: age > this.#lifetimeSeconds ? "stale" : "fresh", number };
  }

  #format(seconds: number, number: number): string {
    this.#hash.digest(seconds | 0, 0, number | 0, (number / TWO_32) | 0);
    return hex(seconds, 8) + hex(number, 10) + hex(this.#hash.high, 8) +
      hex(this.#hash.low, 8);
  }
}

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, "0");
}
