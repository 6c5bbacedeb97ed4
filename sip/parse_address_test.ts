/**
 * Addresses: display names, quotes, brackets, lists, parameters, and what is wrong with others.
 * @module
 */

import assert from "node:assert/strict";
import {
  type Address,
  parseAddress,
  parseAddressList,
  splitOutsideQuotes,
  unquote,
} from "./parse_address.ts";

/** An address as display name, URI and parameters; a fault as it is. */
function say(text: string): unknown {
  const address = parseAddress(text);
  return "fault" in address ? address.fault : parts(address);
}

function parts(address: Address): readonly unknown[] {
  const { displayName, uri, parameters } = address;
  const rest = parameters.map(({ name, value }) => [name, value]);
  return [displayName, uri.text, Object.fromEntries(rest)];
}

/** Text, display name, URI, parameters. */
const GOOD: readonly (readonly [
  string,
  string,
  string,
  Readonly<Record<string, string | null>>?,
])[] = [
  ["<sip:1@h>", "", "sip:1@h"],
  ["  <sip:1@h>\t", "", "sip:1@h"],
  ["sip:1@h", "", "sip:1@h"],
  ["SIP:1@H", "", "SIP:1@H"],
  ["<tel:+1>", "", "tel:+1"],
  ["tel:+1;tag=a", "", "tel:+1", { tag: "a" }],
  ["Ann <sip:1@h>", "Ann", "sip:1@h"],
  ["Ann<sip:1@h>", "Ann", "sip:1@h"],
  ["Ann B. Smith <sip:1@h>", "Ann B. Smith", "sip:1@h"],
  [
    "\xd0\x90\xd0\xbd\xd0\xbd\xd0\xb0 <sip:1@h>",
    "\xd0\x90\xd0\xbd\xd0\xbd\xd0\xb0",
    "sip:1@h",
  ],
  ['"Ann" <sip:1@h>', "Ann", "sip:1@h"],
  ['"Ann"<sip:1@h>', "Ann", "sip:1@h"],
  ['"" <sip:1@h>', "", "sip:1@h"],
  ['" Ann\t" \t <sip:1@h>', " Ann\t", "sip:1@h"],
  ['"a, b; <c> @:" <sip:1@h>', "a, b; <c> @:", "sip:1@h"],
  ['"say \\"hi\\" \\\\ \\<" <sip:1@h>', 'say "hi" \\ <', "sip:1@h"],
  ['"\\\\" <sip:1@h>', "\\", "sip:1@h"],
  ['"\\"" <sip:1@h>', '"', "sip:1@h"],
  ["<sip:1@h>;tag=a", "", "sip:1@h", { tag: "a" }],
  ["<sip:1@h;tag=a>", "", "sip:1@h;tag=a"],
  ["<sip:1@h;a=b>;c=d", "", "sip:1@h;a=b", { c: "d" }],
  ["sip:1@h;tag=a;lr", "", "sip:1@h", { tag: "a", lr: null }],
  ["sip:1@h ; tag = a", "", "sip:1@h", { tag: "a" }],
  ["<sip:1@h> ; TAG = A ; Q", "", "sip:1@h", { tag: "A", q: null }],
  ['<sip:1@h>;x="a;b,c\\"<d>"', "", "sip:1@h", { x: 'a;b,c"<d>' }],
  ['sip:1@h;x="<>"', "", "sip:1@h", { x: "<>" }],
  [
    '<sip:1@h>;+sip.instance="<urn:uuid:0-1>";reg-id=1',
    "",
    "sip:1@h",
    { "+sip.instance": "<urn:uuid:0-1>", "reg-id": "1" },
  ],
  ["<sip:1@h>;x=[2001:db8::1]", "", "sip:1@h", { x: "[2001:db8::1]" }],
  ["<sip:1@h>;!%*_+`'~=.-", "", "sip:1@h", { "!%*_+`'~": ".-" }],
  ["<sip:a,b;c?d@h?e=f>", "", "sip:a,b;c?d@h?e=f"],
  ["<sip:1@h>;__proto__=x", "", "sip:1@h", JSON.parse('{"__proto__":"x"}')],
];

for (const [text, displayName, uri, parameters] of GOOD) {
  Deno.test(`parseAddress() reads ${JSON.stringify(text)}`, () => {
    assert.deepEqual(say(text), [displayName, uri, parameters ?? {}]);
  });
}

const OPEN_QUOTE = "quote without end";
const NAME = "bad display name";
const URI = "bad URI";
const PARAMETER = "bad parameter";

const BROKEN: readonly (readonly [string, string])[] = [
  ["", URI],
  ["*", URI],
  ["1001", URI],
  ["<>", URI],
  ["< sip:1@h>", URI],
  ["<sip:1@h >", URI],
  ["<sip:1 1@h>", URI],
  ["<<sip:1@h>>", URI],
  ["sip:1@h>", URI],
  ["sip:1@h?a=b", "URI with ? needs < and >"],
  ["<sip:1@h", "< without >"],
  ["Ann <sip:1@h", "< without >"],
  ['"Ann <sip:1@h>', OPEN_QUOTE],
  ['"Ann\\" <sip:1@h>', OPEN_QUOTE],
  ['"Ann, <sip:1@h>', OPEN_QUOTE],
  ['<sip:1@h>;x="', OPEN_QUOTE],
  ['<sip:1@h>;x="a\\"', OPEN_QUOTE],
  ['"Ann"', "display name without <"],
  ['"Ann" sip:1@h', "display name without <"],
  ['"Ann" B <sip:1@h>', "display name without <"],
  ['"A\x00nn" <sip:1@h>', "bad quoted display name"],
  ['"A\x1bnn" <sip:1@h>', "bad quoted display name"],
  ['Ann "B" <sip:1@h>', NAME],
  ["A@b <sip:1@h>", NAME],
  ["A\\b <sip:1@h>", NAME],
  ["A\x00nn <sip:1@h>", NAME],
  ["A\x1bnn <sip:1@h>", NAME],
  ["A> <sip:1@h>", NAME],
  ["a: <sip:1@h>", URI],
  ["<sip:1@h>x", PARAMETER],
  ["<sip:1@h> tag=a", PARAMETER],
  ["<sip:1@h>;", PARAMETER],
  ["<sip:1@h>;;tag=a", PARAMETER],
  ["<sip:1@h>;tag=a;", PARAMETER],
  ["<sip:1@h>;=a", PARAMETER],
  ["<sip:1@h>;tag=", PARAMETER],
  ["<sip:1@h>;tag=a b", PARAMETER],
  ["<sip:1@h>;ta g=a", PARAMETER],
  ["<sip:1@h>;tag=a=b", PARAMETER],
  ["<sip:1@h>;tag=a@b", PARAMETER],
  ["<sip:1@h>;tag=\xe9", PARAMETER],
  ["<sip:1@h>;tag=\x00", PARAMETER],
  ['<sip:1@h>;x="a"b', PARAMETER],
  ['<sip:1@h>;x=a"b"', PARAMETER],
  ["sip:1@h;tag=", PARAMETER],
  ["<sip:1@h>, <sip:2@h>", "more than one address"],
  ["sip:1@h,sip:2@h", "more than one address"],
];

for (const [text, fault] of BROKEN) {
  Deno.test(`parseAddress() refuses ${JSON.stringify(text)}`, () => {
    assert.equal(say(text), fault);
  });
}

Deno.test("parseAddressList() cuts at commas outside of quotes and brackets", () => {
  const list = parseAddressList(
    '"a, \\", b" <sip:1,1@h>;x="1,2" , sip:2@h;q=0.5,C <sip:3@h>',
  );
  assert.ok(!("fault" in list));
  assert.deepEqual(list.map(parts), [
    ['a, ", b', "sip:1,1@h", { x: "1,2" }],
    ["", "sip:2@h", { q: "0.5" }],
    ["C", "sip:3@h", {}],
  ]);
});

Deno.test("parseAddressList() refuses all of it for one that is bad", () => {
  for (
    const [text, fault] of [
      ["", URI],
      ["<sip:1@h>,", URI],
      [",<sip:1@h>", URI],
      ["<sip:1@h>,,<sip:2@h>", URI],
      ["<sip:1@h>, *", URI],
      ["<sip:1@h>;, <sip:2@h>", PARAMETER],
      ['<sip:1@h>, "<sip:2@h>', OPEN_QUOTE],
    ] as const
  ) assert.deepEqual(parseAddressList(text), { fault }, text);
});

Deno.test("splitOutsideQuotes() leaves the parts as they are", () => {
  assert.deepEqual(splitOutsideQuotes(" a ; b", ";"), [" a ", " b"]);
  assert.deepEqual(splitOutsideQuotes("", ";"), [""]);
  assert.deepEqual(splitOutsideQuotes(";", ";"), ["", ""]);
  assert.deepEqual(splitOutsideQuotes("a,b;c", ";"), ["a,b", "c"]);
  assert.deepEqual(splitOutsideQuotes('"a;\\";";b', ";"), ['"a;\\";"', "b"]);
  assert.deepEqual(splitOutsideQuotes("<a;b>;c", ";"), ["<a;b>", "c"]);
  assert.equal(splitOutsideQuotes('a;"b', ";"), null);
  assert.equal(splitOutsideQuotes('"b', ";"), null);
});

Deno.test("unquote() takes off quotes and the backslashes of pairs", () => {
  assert.equal(unquote("a"), "a");
  assert.equal(unquote('""'), "");
  assert.equal(unquote('"a\\\\\\"b\\c"'), 'a\\"bc');
});

Deno.test("parseAddress() takes no longer for a long name than its length", () => {
  const long = `"${"\\\\".repeat(30_000)}`;
  assert.equal(say(`${long}" <sip:1@h>`) instanceof Array, true);
  assert.equal(say(long), OPEN_QUOTE);
});
