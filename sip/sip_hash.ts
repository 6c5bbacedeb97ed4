/**
 * SipHash-2-4 of two 64-bit words under a 128-bit key (Aumasson and Bernstein, 2012): a keyed
 * function that a stranger cannot continue, a fraction of the cost of HMAC. It signs nonces and
 * makes To tags; passwords never go near it.
 *
 * Words are pairs of 32-bit halves, low first, because JavaScript has no cheap 64-bit integers.
 * @module
 */

const MOST = 0xffffffff;
/** Two rounds for each of the two words and the length, four at the end. */
const ROUNDS = 10;

/** A key, and the result of the last hash. */
export class SipHash {
  readonly #key0l: number;
  readonly #key0h: number;
  readonly #key1l: number;
  readonly #key1h: number;
  /** Unsigned, as is `high`. */
  low = 0;
  high = 0;

  /** @param key 16 octets from a good random source. */
  constructor(key: Uint8Array) {
    if (key.length !== 16) {
      throw new RangeError("SipHash key must have 16 octets");
    }
    const view = new DataView(key.buffer, key.byteOffset, 16);
    this.#key0l = view.getInt32(0, true);
    this.#key0h = view.getInt32(4, true);
    this.#key1l = view.getInt32(8, true);
    this.#key1h = view.getInt32(12, true);
  }

  /** Hashes 16 octets, given as two words of two halves. */
  digest(low0: number, high0: number, low1: number, high1: number): void {
    let v0l = this.#key0l ^ 0x70736575, v0h = this.#key0h ^ 0x736f6d65;
    let v1l = this.#key1l ^ 0x6e646f6d, v1h = this.#key1h ^ 0x646f7261;
    let v2l = this.#key0l ^ 0x6e657261, v2h = this.#key0h ^ 0x6c796765;
    let v3l = this.#key1l ^ 0x79746573 ^ low0;
    let v3h = this.#key1h ^ 0x74656462 ^ high0;
    let sum = 0, low = 0;
    for (let round = 0; round < ROUNDS; round++) {
      sum = (v0l >>> 0) + (v1l >>> 0);
      v0h = (v0h + v1h + (sum > MOST ? 1 : 0)) | 0;
      v0l = sum | 0;
      low = (v1l << 13) | (v1h >>> 19);
      v1h = ((v1h << 13) | (v1l >>> 19)) ^ v0h;
      v1l = low ^ v0l;
      low = v0h;
      v0h = v0l;
      v0l = low;
      sum = (v2l >>> 0) + (v3l >>> 0);
      v2h = (v2h + v3h + (sum > MOST ? 1 : 0)) | 0;
      v2l = sum | 0;
      low = (v3l << 16) | (v3h >>> 16);
      v3h = ((v3h << 16) | (v3l >>> 16)) ^ v2h;
      v3l = low ^ v2l;
      sum = (v0l >>> 0) + (v3l >>> 0);
      v0h = (v0h + v3h + (sum > MOST ? 1 : 0)) | 0;
      v0l = sum | 0;
      low = (v3l << 21) | (v3h >>> 11);
      v3h = ((v3h << 21) | (v3l >>> 11)) ^ v0h;
      v3l = low ^ v0l;
      sum = (v2l >>> 0) + (v1l >>> 0);
      v2h = (v2h + v1h + (sum > MOST ? 1 : 0)) | 0;
      v2l = sum | 0;
      low = (v1l << 17) | (v1h >>> 15);
      v1h = ((v1h << 17) | (v1l >>> 15)) ^ v2h;
      v1l = low ^ v2l;
      low = v2h;
      v2h = v2l;
      v2l = low;
      if (round === 1) {
        v0l ^= low0;
        v0h ^= high0;
        v3l ^= low1;
        v3h ^= high1;
      } else if (round === 3) {
        v0l ^= low1;
        v0h ^= high1;
        v3h ^= 16 << 24;
      } else if (round === 5) {
        v0h ^= 16 << 24;
        v2l ^= 0xff;
      }
    }
    this.low = (v0l ^ v1l ^ v2l ^ v3l) >>> 0;
    this.high = (v0h ^ v1h ^ v2h ^ v3h) >>> 0;
  }
}
