/**
 * Tokens: never the same, never to be guessed without the key.
 * @module
 */

import assert from "node:assert/strict";
import { MAGIC_COOKIE, TokenMint } from "./token_mint.ts";

const KEY = Uint8Array.from({ length: 16 }, (_, i) => i);

Deno.test("TokenMint.next() makes 100,000 tokens without a repeat", () => {
  const mint = new TokenMint(KEY);
  const seen = new Set<string>();
  for (let i = 0; i < 100_000; i++) seen.add(mint.next());
  assert.equal(seen.size, 100_000);
  for (const token of seen) {
    if (!/^[0-9a-f]{16}$/.test(token)) assert.fail(token);
  }
});

Deno.test("TokenMint.next() depends on every octet of the key", () => {
  const first = new Set([new TokenMint(KEY).next()]);
  for (let at = 0; at < 16; at++) {
    first.add(
      new TokenMint(KEY.map((octet, i) => i === at ? 255 : octet)).next(),
    );
  }
  assert.equal(first.size, 17);
});

Deno.test("TokenMint.next() changes about half of the bits each time", () => {
  const mint = new TokenMint(KEY);
  let previous = BigInt(`0x${mint.next()}`);
  let changed = 0;
  for (let i = 0; i < 1000; i++) {
    const next = BigInt(`0x${mint.next()}`);
    changed += (previous ^ next).toString(2).replaceAll("0", "").length;
    previous = next;
  }
  assert.ok(Math.abs(changed / 1000 - 32) < 1, `${changed / 1000}`);
});

Deno.test("MAGIC_COOKIE is the one of RFC 3261 §8.1.1.7", () => {
  assert.equal(MAGIC_COOKIE, "z9hG4bK");
});
