/**
 * Octets and text: there and back without loss, classes of characters, numbers read strictly.
 * @module
 */

import assert from "node:assert/strict";
import {
  consistsOf,
  equalsLower,
  equalsText,
  HOST,
  isBlankOctet,
  isTokenOctet,
  parseInteger,
  printable,
  readInteger,
  readText,
  TOKEN,
  toOctets,
  USER,
} from "./octet.ts";

const ALL = Uint8Array.from({ length: 256 }, (_, octet) => octet);

/** The octets that belong to a class, as text. */
function membersOf(belongs: (octet: number) => boolean): string {
  return readText(ALL.filter(belongs), 0, ALL.filter(belongs).length);
}

const ALPHANUMERIC =
  "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

function sorted(text: string): string {
  return [...text].sort().join("");
}

Deno.test("isTokenOctet() accepts what RFC 3261 §25.1 lists and nothing else", () => {
  const expected = sorted(`${ALPHANUMERIC}-.!%*_+\`'~`);
  assert.equal(membersOf(isTokenOctet), expected);
});

Deno.test("isBlankOctet() knows blank, tab and the parts of a line end", () => {
  assert.equal(membersOf(isBlankOctet), "\t\n\r ");
});

Deno.test("consistsOf() knows the letters of each class", () => {
  const of = (mask: number) =>
    membersOf((octet) => consistsOf(String.fromCharCode(octet), mask));
  assert.equal(of(TOKEN), sorted(`${ALPHANUMERIC}-.!%*_+\`'~`));
  assert.equal(of(USER), sorted(`${ALPHANUMERIC}-_.!~*'()&=+$,;?/#`));
  assert.equal(of(HOST), sorted(`${ALPHANUMERIC}-._`));
});

Deno.test("consistsOf() looks at every unit, and refuses empty text", () => {
  for (
    const [text, expected] of [
      ["", false],
      ["abc", true],
      [" abc", false],
      ["a c", false],
      ["abc ", false],
      ["ab\u0141", false], // its low octet is the letter A
      ["ab\u00e9", false],
    ] as const
  ) assert.equal(consistsOf(text, TOKEN), expected, text);
});

Deno.test("readText() and toOctets() lose nothing, whatever the length", () => {
  assert.deepEqual(toOctets(readText(ALL, 0, 256)), ALL);
  for (const length of [0, 1, 127, 255, 256, 257, 511, 512, 513, 70_000]) {
    const octets = Uint8Array.from({ length }, (_, i) => (i * 7) & 0xff);
    const text = readText(octets, 0, length);
    assert.equal(text.length, length);
    assert.deepEqual(toOctets(text), octets, `${length}`);
  }
});

Deno.test("readText() reads what stands between two places, again and again", () => {
  const octets = toOctets("one two three");
  assert.equal(readText(octets, 4, 7), "two");
  assert.equal(readText(octets, 8, 13), "three");
  assert.equal(readText(octets, 0, 3), "one");
  assert.equal(readText(octets, 5, 5), "");
});

Deno.test("equalsText() compares letter by letter within its bounds", () => {
  const octets = toOctets("xINVITEx");
  assert.ok(equalsText(octets, 1, 7, "INVITE"));
  assert.ok(!equalsText(octets, 1, 7, "invite"));
  assert.ok(!equalsText(octets, 1, 8, "INVITE"));
  assert.ok(!equalsText(octets, 1, 6, "INVITE"));
  assert.ok(!equalsText(octets, 6, 8, "INVITE"));
  assert.ok(equalsText(octets, 3, 3, ""));
});

Deno.test("equalsLower() folds ASCII letters only", () => {
  for (
    const [text, lower, expected] of [
      ["CSeq", "cseq", true],
      ["cseq", "cseq", true],
      ["AZ", "az", true],
      ["@", "`", false], // the neighbours of A and Z, 32 apart
      ["[", "{", false],
      ["max\rforwards", "max-forwards", false], // CR is a hyphen without one bit
      ["cse", "cseq", false],
      ["cseqq", "cseq", false],
    ] as const
  ) {
    assert.equal(
      equalsLower(toOctets(text), 0, text.length, lower),
      expected,
      text,
    );
  }
});

const NUMBERS: readonly (readonly [string, number, number])[] = [
  ["0", 255, 0],
  ["255", 255, 255],
  ["256", 255, -1],
  ["0000000000000255", 255, 255],
  ["", 255, -1],
  ["5abc", 255, -1],
  ["abc", 255, -1],
  ["1e3", 9999, -1],
  ["0x10", 9999, -1],
  ["+5", 255, -1],
  ["-5", 255, -1],
  [" 5", 255, -1],
  ["5 ", 255, -1],
  ["5.0", 255, -1],
  ["/", 255, -1],
  [":", 255, -1],
  ["2147483647", 0x7fffffff, 0x7fffffff],
  ["2147483648", 0x7fffffff, -1],
  ["4294967295", 0xffffffff, 0xffffffff],
  ["4294967296", 0xffffffff, -1],
  ["9".repeat(400), 0xffffffff, -1],
];

Deno.test("readInteger() reads digits and nothing else, up to its maximum", () => {
  for (const [text, maximum, expected] of NUMBERS) {
    const octets = toOctets(`9${text}9`);
    const value = readInteger(octets, 1, 1 + text.length, maximum);
    assert.equal(value, expected, text);
  }
});

Deno.test("parseInteger() reads the same numbers from text", () => {
  for (const [text, maximum, expected] of NUMBERS) {
    assert.equal(parseInteger(text, maximum), expected, text);
  }
  assert.equal(parseInteger("\u0661", 9), -1);
});

Deno.test("printable() leaves nothing that a terminal would obey", () => {
  assert.equal(printable("a\x1b[2J\r\n\x00\x7f\xe9 z~", 99), "a.[2J..... z~");
  assert.equal(printable("abcdef", 3), "abc");
});
