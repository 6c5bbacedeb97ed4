/**
 * Numbers and passwords.
 * @module
 */

import assert from "node:assert/strict";
import { checkNumber, checkPassword, generatePassword } from "./extension.ts";

Deno.test("checkNumber() takes digits only, at most fifteen", () => {
  const right = ["0", "1001", "123456789012345"];
  for (const text of right) assert.equal(checkNumber(text), null, text);
  const wrong: readonly (readonly [string, RegExp])[] = [
    ["", /empty/],
    ["10 01", /`10 01`.*digits/],
    [" 1001", /digits/],
    ["1001\n", /digits/],
    ["+998", /digits/],
    ["1e3", /digits/],
    ["١٢٣", /digits/],
    ["constructor", /digits/],
    ["__proto__", /digits/],
    ["1234567890123456", /more than 15/],
  ];
  for (const [text, fault] of wrong) assert.match(checkNumber(text)!, fault);
});

Deno.test("checkNumber() quotes no more than forty letters of what is wrong", () => {
  assert.ok(checkNumber("x".repeat(100_000))!.length < 120);
});

Deno.test("checkPassword() refuses what no phone could send", () => {
  for (const text of ["x", 'a:b "c"', "p".repeat(128), "пароль"]) {
    assert.equal(checkPassword(text), null, text);
  }
  assert.match(checkPassword("")!, /empty/);
  assert.match(checkPassword("p".repeat(129))!, /128/);
  for (const text of ["a\tb", "a\nb", "a\0", "\x7f"]) {
    assert.match(checkPassword(text)!, /control/);
  }
});

Deno.test("generatePassword() makes sixteen letters that cannot be mistaken", () => {
  const octets = Uint8Array.from({ length: 16 }, (_, i) => i * 17);
  const password = generatePassword(octets);
  assert.match(password, /^[a-km-z2-9]{16}$/);
  assert.doesNotMatch(password, /[lo01]/);
  assert.equal(checkPassword(password), null);
  assert.notEqual(password, generatePassword(octets.map((octet) => octet + 1)));
});

Deno.test("generatePassword() gives every letter the same chance", () => {
  const seen = new Map<string, number>();
  for (let octet = 0; octet < 256; octet++) {
    const letter = generatePassword(new Uint8Array(16).fill(octet))[0]!;
    seen.set(letter, (seen.get(letter) ?? 0) + 1);
  }
  assert.equal(seen.size, 32);
  assert.deepEqual(new Set(seen.values()), new Set([8]));
});

Deno.test("generatePassword() wants enough randomness", () => {
  assert.throws(() => generatePassword(new Uint8Array(15)), RangeError);
});
