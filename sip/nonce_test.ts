/**
 * Nonces: fresh, stale, foreign; each octet counts.
 * @module
 */

import assert from "node:assert/strict";
import { NonceMint } from "./nonce.ts";

const KEY = Uint8Array.from({ length: 16 }, (_, i) => 17 * i);
const OTHER_KEY = KEY.map((octet, i) => i === 15 ? octet ^ 1 : octet);
const FOREIGN = { state: "foreign", number: 0 };

Deno.test("NonceMint.check() knows a nonce until its lifetime is over", () => {
  const mint = new NonceMint(KEY, 30);
  const nonce = mint.issue(1000);
  for (
    const [nowMs, state] of [
      [1000, "fresh"],
      [1999, "fresh"],
      [30_999, "fresh"],
      [31_999, "fresh"],
      [32_000, "stale"],
      [1e9, "stale"],
    ] as const
  ) {
    assert.deepEqual(
      mint.check(nonce, nowMs),
      { state, number: 1 },
      `${nowMs}`,
    );
  }
});

Deno.test("NonceMint.check() counts from the second in which each was made", () => {
  const mint = new NonceMint(KEY, 30);
  const early = mint.issue(999);
  const late = mint.issue(20_000);
  assert.equal(mint.check(early, 30_999).state, "fresh");
  assert.equal(mint.check(early, 31_000).state, "stale");
  assert.equal(mint.check(late, 31_000).state, "fresh");
  assert.equal(mint.check(late, 50_999).state, "fresh");
  assert.equal(mint.check(late, 51_000).state, "stale");
});

Deno.test("NonceMint.issue() never makes the same twice, and its numbers grow", () => {
  const mint = new NonceMint(KEY, 30);
  const seen = new Set<string>();
  for (let number = 1; number <= 10_000; number++) {
    const nonce = mint.issue(5000);
    seen.add(nonce);
    assert.deepEqual(mint.check(nonce, 5000), { state: "fresh", number });
  }
  assert.equal(seen.size, 10_000);
});

Deno.test("NonceMint.issue() writes 36 digits that need no escape", () => {
  const mint = new NonceMint(KEY, 30);
  for (const nowMs of [0, 999, 86_400_000 * 365, 0xffffffff * 1000]) {
    const nonce = mint.issue(nowMs);
    assert.match(nonce, /^[0-9a-f]{36}$/);
    assert.equal(mint.check(nonce, nowMs).state, "fresh", `${nowMs}`);
  }
});

Deno.test("NonceMint.check() refuses a nonce with any other digit", () => {
  const mint = new NonceMint(KEY, 30);
  const nonce = mint.issue(0x12345678 * 1000);
  const nowMs = 0x12345678 * 1000;
  assert.equal(mint.check(nonce, nowMs).state, "fresh");
  for (let at = 0; at < nonce.length; at++) {
    for (const digit of "0123456789abcdefABCDEF gG-\x00\xff") {
      if (digit === nonce[at]) continue;
      const other = nonce.slice(0, at) + digit + nonce.slice(at + 1);
      assert.deepEqual(mint.check(other, nowMs), FOREIGN, `${digit} at ${at}`);
    }
  }
});

Deno.test("NonceMint.check() refuses every other length", () => {
  const mint = new NonceMint(KEY, 30);
  const nonce = mint.issue(0);
  for (
    const other of [
      "",
      nonce.slice(1),
      nonce.slice(0, -1),
      `${nonce}0`,
      ` ${nonce}`,
      nonce + nonce,
      "0".repeat(36),
      "z".repeat(36),
    ]
  ) assert.deepEqual(mint.check(other, 0), FOREIGN, other);
});

Deno.test("NonceMint.check() refuses what another key has made", () => {
  const ours = new NonceMint(KEY, 30);
  const theirs = new NonceMint(OTHER_KEY, 30);
  assert.deepEqual(ours.check(theirs.issue(0), 0), FOREIGN);
  assert.deepEqual(theirs.check(ours.issue(0), 0), FOREIGN);
});

Deno.test("NonceMint.check() gives a stale nonce its number, so that a replay of it is known", () => {
  const mint = new NonceMint(KEY, 1);
  mint.issue(0);
  const nonce = mint.issue(0);
  assert.deepEqual(mint.check(nonce, 10_000), { state: "stale", number: 2 });
});
