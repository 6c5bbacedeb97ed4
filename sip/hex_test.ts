/**
 * Hexadecimal digits, there and back.
 * @module
 */

import assert from "node:assert/strict";
import { hexOf, HexText, octetsOfHex, parseHex } from "./hex.ts";

Deno.test("HexText.add() writes lower-case digits one behind the other", () => {
  for (
    const [value, digits] of [
      [0, "00000000"],
      [0xab, "000000ab"],
      [0x01020304, "01020304"],
      [0x7fffffff, "7fffffff"],
      [0x80000000, "80000000"],
      [0xffffffff, "ffffffff"],
      [0xdeadbeef, "deadbeef"],
      [0x98765432, "98765432"],
    ] as const
  ) {
    const text = new HexText(16).add(value, 8).add(0x12345678, 8).toString();
    assert.equal(text, `${digits}12345678`);
    assert.equal(parseHex(text, 0, 8), value);
  }
});

Deno.test("HexText.add() takes the lowest digits of a number", () => {
  const text = new HexText(16).add(0x12345, 4).add(0xfe, 1).add(0, 3)
    .add(0x89abcdef, 8);
  assert.equal(text.toString(), "2345e00089abcdef");
});

Deno.test("hexOf() and octetsOfHex() lose nothing", () => {
  const octets = Uint8Array.from({ length: 256 }, (_, octet) => octet);
  for (const length of [16, 32]) {
    for (let start = 0; start < 256; start += length) {
      const digits = hexOf(octets, start, start + length);
      const expected = Array.from(
        octets.subarray(start, start + length),
        (octet) => octet.toString(16).padStart(2, "0"),
      ).join("");
      assert.equal(digits, expected);
      assert.deepEqual(
        octetsOfHex(digits),
        octets.slice(start, start + length),
      );
    }
  }
});

Deno.test("octetsOfHex() does without the function that newer engines have", () => {
  const expected = Uint8Array.from({ length: 32 }, (_, i) => (i * 89) & 0xff);
  const digits = hexOf(expected, 0, 32);
  const native = Object.getOwnPropertyDescriptor(Uint8Array, "fromHex");
  Reflect.deleteProperty(Uint8Array, "fromHex");
  try {
    assert.deepEqual(octetsOfHex(digits), expected);
  } finally {
    if (native !== undefined) {
      Object.defineProperty(Uint8Array, "fromHex", native);
    }
  }
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
