/**
 * Hexadecimal digits, there and back.
 * @module
 */

import assert from "node:assert/strict";
import { hexOf, hexOf32, octetsOfHex, parseHex } from "./hex.ts";

Deno.test("hexOf32() writes eight lower-case digits", () => {
  for (
    const [value, digits] of [
      [0, "00000000"],
      [0xab, "000000ab"],
      [0x01020304, "01020304"],
      [0x7fffffff, "7fffffff"],
      [0x80000000, "80000000"],
      [0xffffffff, "ffffffff"],
      [0xdeadbeef, "deadbeef"],
    ] as const
  ) {
    assert.equal(hexOf32(value), digits);
    assert.equal(parseHex(digits, 0, 8), value);
  }
});

Deno.test("hexOf() and octetsOfHex() lose nothing", () => {
  const octets = Uint8Array.from({ length: 256 }, (_, octet) => octet);
  const digits = hexOf(octets, 0, 256);
  assert.equal(digits.length, 512);
  assert.match(digits, /^[0-9a-f]+$/);
  assert.deepEqual(octetsOfHex(digits), octets);
  assert.equal(hexOf(octets, 9, 12), "090a0b");
  assert.equal(hexOf(octets, 9, 9), "");
});

Deno.test("parseHex() refuses what is no lower-case digit", () => {
  for (const text of ["g", "A", "F", "/", ":", "`", " ", "-", "\x00", "é"]) {
    assert.equal(parseHex(text, 0, 1), -1, text);
    assert.equal(parseHex(`00${text}0`, 0, 4), -1, text);
  }
});

Deno.test("parseHex() reads what stands between two places", () => {
  assert.equal(parseHex("zz0123zz", 2, 6), 0x0123);
  assert.equal(parseHex("0123", 2, 4), 0x23);
});
