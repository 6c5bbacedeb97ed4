import assert from "node:assert/strict";
import { SipHash } from "./sip_hash.ts";

/** The same function in 64-bit integers, straight from its definition. */
function reference(key: Uint8Array, words: readonly bigint[]): bigint {
  const mask = (1n << 64n) - 1n;
  const view = new DataView(key.buffer);
  const k0 = view.getBigUint64(0, true), k1 = view.getBigUint64(8, true);
  let v0 = k0 ^ 0x736f6d6570736575n, v1 = k1 ^ 0x646f72616e646f6dn;
  let v2 = k0 ^ 0x6c7967656e657261n, v3 = k1 ^ 0x7465646279746573n;
  const rotate = (x: bigint, n: bigint) => ((x << n) | (x >> (64n - n))) & mask;
  const round = () => {
    v0 = (v0 + v1) & mask;
    v1 = rotate(v1, 13n) ^ v0;
    v0 = rotate(v0, 32n);
    v2 = (v2 + v3) & mask;
    v3 = rotate(v3, 16n) ^ v2;
    v0 = (v0 + v3) & mask;
    v3 = rotate(v3, 21n) ^ v0;
    v2 = (v2 + v1) & mask;
    v1 = rotate(v1, 17n) ^ v2;
    v2 = rotate(v2, 32n);
  };
  for (const word of [...words, BigInt(words.length * 8) << 56n]) {
    v3 ^= word;
    round();
    round();
    v0 ^= word;
  }
  v2 ^= 0xffn;
  for (let i = 0; i < 4; i++) round();
  return v0 ^ v1 ^ v2 ^ v3;
}

Deno.test("digest() is SipHash-2-4 of two words", () => {
  const key = Uint8Array.from({ length: 16 }, (_, i) => i);
  const hash = new SipHash(key);
  let word = 0x0706050403020100n;
  for (let i = 0; i < 200; i++) {
    const next = (word * 6364136223846793005n + 1442695040888963407n) &
      ((1n << 64n) - 1n);
    hash.digest(
      Number(word & 0xffffffffn),
      Number(word >> 32n),
      Number(next & 0xffffffffn),
      Number(next >> 32n),
    );
    const expected = reference(key, [word, next]);
    assert.equal((BigInt(hash.high) << 32n) | BigInt(hash.low), expected);
    word = next;
  }
});

Deno.test("digest() reaches the published vector for 16 octets", () => {
  // octets 00 to 0f under the key 00 to 0f, from the reference vectors of the algorithm's authors
  const hash = new SipHash(Uint8Array.from({ length: 16 }, (_, i) => i));
  hash.digest(0x03020100, 0x07060504, 0x0b0a0908, 0x0f0e0d0c);
  assert.equal(
    hash.high.toString(16).padStart(8, "0") +
      hash.low.toString(16).padStart(8, "0"),
    "3f2acc7f57c29bdb",
  );
});
