/**
 * Keys of two phones that have both offered.
 * @module
 */

import assert from "node:assert/strict";
import { answerCrypto } from "./sdp_crypto.ts";

const SHORT = "AES_CM_128_HMAC_SHA1_32";
const USUAL = "AES_CM_128_HMAC_SHA1_80";
const LONG = "AES_256_CM_HMAC_SHA1_80";

function keys(owner: string, ...suites: readonly string[]): string[] {
  return suites.map((suite, i) =>
    `a=crypto:${i + 1} ${suite} inline:${owner}${i + 1}`
  );
}

Deno.test("answerCrypto() takes the tag of the offer and the key of the other phone", () => {
  for (
    const [offered, other, expected] of [
      [[], [], ""],
      [keys("A", USUAL), [], null],
      [[], keys("B", USUAL), null],
      [keys("A", USUAL), keys("B", LONG), null],
      [keys("A", USUAL), keys("B", USUAL), `a=crypto:1 ${USUAL} inline:B1`],
      [
        keys("A", LONG, USUAL),
        keys("B", USUAL),
        `a=crypto:2 ${USUAL} inline:B1`,
      ],
      [
        keys("A", USUAL),
        [`a=crypto:7 ${USUAL} inline:B|2^20|1:4 UNENCRYPTED_SRTCP`],
        `a=crypto:1 ${USUAL} inline:B|2^20|1:4 UNENCRYPTED_SRTCP`,
      ],
      [
        keys("A", USUAL),
        keys("B", USUAL, USUAL),
        `a=crypto:1 ${USUAL} inline:B1`,
      ],
    ] as const
  ) {
    assert.equal(answerCrypto(offered, other), expected);
  }
});

Deno.test("answerCrypto() lets both phones use keys that the other one knows", () => {
  const sides = [
    [SHORT, USUAL, LONG],
    [LONG, USUAL, SHORT],
    [USUAL, SHORT],
    [LONG, USUAL],
    [SHORT, LONG, USUAL],
  ];
  for (const one of sides) {
    for (const other of sides) {
      const [a, b] = [keys("A", ...one), keys("B", ...other)];
      const toA = answerCrypto(a, b)!.split(/[: ]/);
      const toB = answerCrypto(b, a)!.split(/[: ]/);
      const [, tagOfA, suite, , keyOfB] = toA;
      const [, tagOfB, otherSuite, , keyOfA] = toB;
      assert.equal(suite, otherSuite);
      assert.equal(keyOfA, `A${tagOfA}`);
      assert.equal(keyOfB, `B${tagOfB}`);
    }
  }
});

Deno.test("answerCrypto() leaves out what is no key", () => {
  for (
    const line of [
      "a=crypto:",
      "a=crypto:1",
      `a=crypto:1 ${USUAL}`,
      `a=crypto:1 ${USUAL} `,
      `a=crypto:-1 ${USUAL} inline:x`,
      `a=crypto:9999999999 ${USUAL} inline:x`,
      "a=crypto:1 <suite> inline:x",
      `a=crypto:1 ${"A".repeat(65)} inline:x`,
    ]
  ) {
    assert.equal(answerCrypto([line], [line]), "", line);
    assert.equal(answerCrypto([line], keys("B", USUAL)), null, line);
  }
  const many = Array.from({ length: 17 }, (_, i) => `SUITE_${i}`);
  assert.equal(answerCrypto(keys("A", ...many), keys("B", "SUITE_16")), null);
});
