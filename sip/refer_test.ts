/**
 * Refer-To and Replaces, as phones write them and as attackers do.
 * @module
 */

import assert from "node:assert/strict";
import { parseReferTo, parseReplaces } from "./refer.ts";

const REPLACES = {
  callId: "98732@sip.example.com",
  toTag: "r33th4x0r",
  fromTag: "ff87ff",
  isEarlyOnly: false,
};

Deno.test("parseReplaces() reads the examples of RFC 3891 §6.1", () => {
  for (
    const text of [
      "98732@sip.example.com;from-tag=ff87ff;to-tag=r33th4x0r",
      " 98732@sip.example.com\t;To-Tag = r33th4x0r ; from-tag=ff87ff;x=1;y",
    ]
  ) assert.deepEqual(parseReplaces(text), REPLACES);
  const early = "a@b;to-tag=12adf2f34456gs5;from-tag=0;early-only";
  assert.deepEqual(parseReplaces(early), {
    callId: "a@b",
    toTag: "12adf2f34456gs5",
    fromTag: "0",
    isEarlyOnly: true,
  });
});

Deno.test("parseReplaces() takes nothing that names no dialog, or two", () => {
  for (
    const text of [
      "",
      ";to-tag=a;from-tag=b",
      "call",
      "call;to-tag=a",
      "call;from-tag=b",
      "call;to-tag=;from-tag=b",
      "call;to-tag;from-tag=b",
      "call;to-tag=a;to-tag=c;from-tag=b",
      "call;to-tag=a;from-tag=b;from-tag=b",
      "call;to-tag=a b;from-tag=b",
      "call;to-tag=a\r\nX;from-tag=b",
      "ca ll;to-tag=a;from-tag=b",
      "call\r\nX:;to-tag=a;from-tag=b",
      "call\x00;to-tag=a;from-tag=b",
      `${"c".repeat(2048)};to-tag=a;from-tag=b`,
    ]
  ) assert.equal(parseReplaces(text), null, JSON.stringify(text));
});

Deno.test("parseReferTo() reads an address with and without brackets", () => {
  for (
    const [text, user] of [
      ["<sip:1003@pbx.example>", "1003"],
      ["sip:1003@pbx.example", "1003"],
      ['"Carol; <x>" <sips:1003@pbx.example;user=phone>;y=z', "1003"],
      ["<sip:1003@pbx.example;method=INVITE>", "1003"],
      ["<sip:pbx.example>", null],
    ] as const
  ) {
    const referTo = parseReferTo(text);
    assert.equal(referTo?.uri.user, user, text);
    assert.equal(referTo?.replaces, null);
  }
});

Deno.test("parseReferTo() reads the dialog that is to be replaced", () => {
  const value =
    "98732%40sip.example.com%3Bto-tag%3Dr33th4x0r%3Bfrom-tag%3Dff87ff";
  for (
    const headers of [
      `Replaces=${value}`,
      `replaces=${value}`,
      `Subject=x&Replaces=${value}&Require=replaces`,
    ]
  ) {
    const referTo = parseReferTo(`<sip:1003@pbx.example?${headers}>`);
    assert.equal(referTo?.uri.user, "1003");
    assert.deepEqual(referTo?.replaces, REPLACES, headers);
  }
});

Deno.test("parseReferTo() undoes escapes once", () => {
  const headers = "Replaces=a%2540b%3Bto-tag%3D1%3Bfrom-tag%3D2";
  const referTo = parseReferTo(`<sip:1003@pbx.example?${headers}>`);
  assert.equal(referTo?.replaces?.callId, "a%40b");
});

Deno.test("parseReferTo() takes nothing that cannot be called or is not clear", () => {
  const replaces = "Replaces=a%3Bto-tag%3D1%3Bfrom-tag%3D2";
  for (
    const text of [
      "",
      "<>",
      "1003",
      "<tel:1003>",
      "<http://pbx.example>",
      "<sip:1003@pbx.example",
      "<sip:1003@pbx.example>, <sip:1004@pbx.example>",
      `sip:1003@pbx.example?${replaces}`,
      "<sip:1003@pbx.example?Replaces=>",
      "<sip:1003@pbx.example?Replaces=a>",
      `<sip:1003@pbx.example?${replaces}&${replaces}>`,
      "<sip:1003@pbx.example?Replaces=a%0d%0aX%3Bto-tag%3D1%3Bfrom-tag%3D2>",
      `<sip:${"1".repeat(2048)}@pbx.example>`,
    ]
  ) assert.equal(parseReferTo(text), null, text);
});
