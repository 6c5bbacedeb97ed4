/** @module */

import assert from "node:assert/strict";
import { formatChecksums, parseChecksums } from "./checksum_list.ts";

const A = "a".repeat(64);
const B = "0123456789abcdef".repeat(4);

Deno.test("parseChecksums() reads text and binary lines", () => {
  assert.deepEqual(
    parseChecksums(`${A}  install.sh\n${B} *pbx-linux-x86_64\n`),
    new Map([["install.sh", A], ["pbx-linux-x86_64", B]]),
  );
});

Deno.test("parseChecksums() reads what formatChecksums() writes", () => {
  const list = new Map([["b", A], ["a", B]]);
  const text = formatChecksums(list);
  assert.equal(text, `${B}  a\n${A}  b\n`);
  assert.deepEqual(parseChecksums(text), list);
});

Deno.test("parseChecksums() refuses what is no list, and says where", () => {
  const cases: readonly [string, number, RegExp][] = [
    ["", 0, /empty/],
    [`${A}  a`, 0, /cut/],
    [`${A}  a\n\n`, 2, /no checksum and name/],
    ["\n", 1, /no checksum and name/],
    [`${A}  a\r\n`, 1, /no checksum and name/],
    [`${A} a\n`, 1, /no checksum and name/],
    [`${A}   a\n`, 1, /plain/],
    [`${A}  \n`, 1, /no checksum and name/],
    [`${A.slice(1)}  a\n`, 1, /no checksum and name/],
    [`${A.toUpperCase()}  a\n`, 1, /no checksum and name/],
    [`\\${A}  a\n`, 1, /no checksum and name/],
    [`${A}  a\n${B}  a\n`, 2, /twice/],
    [`${A}  a\n${A} *a\n`, 2, /twice/],
    [`${A}  ../a\n`, 1, /plain/],
    [`${A}  /etc/passwd\n`, 1, /plain/],
    [`${A}  a\\b\n`, 1, /plain/],
    [`${A}  .hidden\n`, 1, /plain/],
    [`${A}  -rf\n`, 1, /plain/],
    [`${A}  ${"a".repeat(200)}\n`, 1, /plain/],
    [`${A}  a\u0000\n`, 1, /plain/],
    [`${A}  a\n`.repeat(1001), 0, /long/],
  ];
  for (const [text, line, what] of cases) {
    const fault = parseChecksums(text);
    assert.ok("what" in fault, text);
    assert.equal(fault.line, line, text);
    assert.match(fault.what, what, text);
  }
});
