/**
 * SipHash-2-4 of two 64-bit words under a 128-bit key (Aumasson and Bernstein, 2012): a keyed
 * function that a stranger cannot continue, a fraction of the cost of HMAC. It signs nonces and
 * makes To tags; passwords never go near it.
 *
 * Words are pairs of 32-bit halves, low first, because JavaScript has no cheap 64-bit integers.
 * @module
 */

/** A key of four 32-bit words and the state that a hash leaves. */
export class SipHash {
  readonly #key: Int32Array;
  readonly #v = new Int32Array(8);
  /** The result of the last `digest`: low and high half, unsigned. */
  low = 0;
  high = 0;

  /** @param key 16 octets from a good random source. */
  constructor(key: Uint8Array) {
    if (key.length !== 16) {
      throw new RangeError("SipHash key must have 16 octets");
    }
    const view = new DataView(key.buffer, key.byteOffset, 16);
    this.#key = Int32Array.from([0, 4, 8, 12], (at) => view.getInt32(at, true));
  }

  /** Hashes 16 octets, given as two words of two halves. */
  digest(low0: number, high0: number, low1: number, high1: number): void {
    const v = this.#v;
    const [k0, k1, k2, k3] = this.#key as unknown as [
      number,
      number,
      number,
      number,
    ];
    v[0] = k0 ^ 0x70736575;
    v[1] = k1 ^ 0x736f6d65;
    v[2] = k2 ^ 0x6e646f6d;
    v[3] = k3 ^ 0x646f7261;
    v[4] = k0 ^ 0x6e657261;
    v[5] = k1 ^ 0x6c796765;
    v[6] = k2 ^ 0x79746573;
    v[7] = k3 ^ 0x74656462;
    this.#absorb(low0, high0);
    this.#absorb(low1, high1);
    this.#absorb(0, 16 << 24);
    v[4] = v[4]! ^ 0xff;
    for (let i = 0; i < 4; i++) round(v);
    this.low = (v[0]! ^ v[2]! ^ v[4]! ^ v[6]!) >>> 0;
    this.high = (v[1]! ^ v[3]! ^ v[5]! ^ v[7]!) >>> 0;
  }

  #absorb(low: number, high: number): void {
    const v = this.#v;
    v[6] = v[6]! ^ low;
    v[7] = v[7]! ^ high;
    round(v);
    round(v);
    v[0] = v[0]! ^ low;
    v[1] = v[1]! ^ high;
  }
}

/** One SipRound on four words of two halves. */
function round(v: Int32Array): void {
  let v0l = v[0]!, v0h = v[1]!, v1l = v[2]!, v1h = v[3]!;
  let v2l = v[4]!, v2h = v[5]!, v3l = v[6]!, v3h = v[7]!;
  let sum = (v0l >>> 0) + (v1l >>> 0);
  v0h = (v0h + v1h + (sum > 0xffffffff ? 1 : 0)) | 0;
  v0l = sum | 0;
  let low = (v1l << 13) | (v1h >>> 19);
  let high = (v1h << 13) | (v1l >>> 19);
  v1l = low ^ v0l;
  v1h = high ^ v0h;
  low = v0h;
  v0h = v0l;
  v0l = low;
  sum = (v2l >>> 0) + (v3l >>> 0);
  v2h = (v2h + v3h + (sum > 0xffffffff ? 1 : 0)) | 0;
  v2l = sum | 0;
  low = (v3l << 16) | (v3h >>> 16);
  high = (v3h << 16) | (v3l >>> 16);
  v3l = low ^ v2l;
  v3h = high ^ v2h;
  sum = (v0l >>> 0) + (v3l >>> 0);
  v0h = (v0h + v3h + (sum > 0xffffffff ? 1 : 0)) | 0;
  v0l = sum | 0;
  low = (v3l << 21) | (v3h >>> 11);
  high = (v3h << 21) | (v3l >>> 11);
  v3l = low ^ v0l;
  v3h = high ^ v0h;
  sum = (v2l >>> 0) + (v1l >>> 0);
  v2h = (v2h + v1h + (sum > 0xffffffff ? 1 : 0)) | 0;
  v2l = sum | 0;
  low = (v1l << 17) | (v1h >>> 15);
  high = (v1h << 17) | (v1l >>> 15);
  v1l = low ^ v2l;
  v1h = high ^ v2h;
  low = v2h;
  v2h = v2l;
  v2l = low;
  v[0] = v0l;
  v[1] = v0h;
  v[2] = v1l;
  v[3] = v1h;
  v[4] = v2l;
  v[5] = v2h;
  v[6] = v3l;
  v[7] = v3h;
}
