/**
 * The header fields that every message has: missing, doubled, and at the bounds of their numbers.
 * @module
 */

import assert from "node:assert/strict";
import {
  type Changes,
  readBadly,
  readWell,
  requestText,
} from "./sample_test.ts";

/** Says what is wrong with a request, or `null`. */
function faultOf(changes: Changes, method = "OPTIONS"): string {
  const malformed = readBadly(requestText(changes, method));
  return `${malformed.status} ${malformed.what}`;
}

Deno.test("checkRequired() misses each header field that must be there", () => {
  for (const name of ["CSeq", "Call-ID", "From", "To"]) {
    const malformed = readBadly(requestText({ [name]: null }));
    assert.equal(malformed.what, `no ${name}`);
    assert.equal(malformed.status, 400);
    assert.equal(malformed.at, requestText({ [name]: null }).length);
  }
  assert.equal(faultOf({ "Via": null }), "0 no Via");
});

Deno.test("checkRequired() takes them in any order", () => {
  const [line, ...headers] = requestText({ "Content-Length": "0" })
    .trimEnd().split("\r\n");
  for (let shift = 0; shift < headers.length; shift++) {
    const rotated = [...headers.slice(shift), ...headers.slice(0, shift)];
    const text = [line, ...rotated, "", ""].join("\r\n");
    const message = readWell(text, "stream");
    assert.equal(message.cseq, 1);
    assert.equal(message.maxForwards, 70);
    assert.equal(message.callId, "call-1");
    assert.equal(message.bodyEnd, message.end);
    const tooMany = text.replace("Max-Forwards: 70", "Max-Forwards: 256");
    assert.equal(readBadly(tooMany).what, "bad Max-Forwards");
  }
});

Deno.test("checkRequired() takes an empty one for a missing one", () => {
  for (const name of ["Call-ID", "From", "To"]) {
    assert.equal(faultOf({ [name]: "" }), `400 no ${name}`);
    assert.equal(faultOf({ [name]: "\r\n \t" }), `400 no ${name}`);
  }
  assert.equal(faultOf({ "CSeq": "" }), "400 bad CSeq");
  assert.equal(faultOf({ "Via": "" }), "400 bad Via");
});

/** Header fields that stand once, with a right value. */
const SINGLE: Readonly<Record<string, string>> = {
  "From": "<sip:1@h>;tag=a",
  "f": "<sip:1@h>;tag=a",
  "To": "<sip:1@h>",
  "t": "<sip:1@h>",
  "Call-ID": "call-1",
  "i": "call-1",
  "CSeq": "1 OPTIONS",
  "Max-Forwards": "70",
  "Content-Length": "0",
  "l": "0",
  "Content-Type": "text/plain",
  "c": "text/plain",
  "Expires": "1",
};

Deno.test("checkRequired() refuses a second one, the same value or not, and points at it", () => {
  for (const [name, value] of Object.entries(SINGLE)) {
    const once =
      name.length === 1 || name in { "Content-Type": 1, "Expires": 1 }
        ? requestText({
          "Content-Length": "0",
          "Content-Type": "a/b",
          "Expires": "1",
        })
        : requestText({ [name]: value });
    const text = once.replace(
      /\r\n$/,
      `${name.toUpperCase()}: ${value}\r\n\r\n`,
    );
    const malformed = readBadly(text);
    assert.equal(malformed.what, `second ${name.toUpperCase()}`);
    assert.equal(malformed.at, once.length - 2);
    assert.equal(malformed.status, 400);
  }
});

Deno.test("checkRequired() allows several of every other one", () => {
  const message = readWell(
    requestText({
      "Contact": "<sip:1@h>",
      "m": "<sip:2@h>",
      "v": "SIP/2.0/UDP h",
      "Route": "<sip:a>\r\nRoute: <sip:b>",
      "X": "1\r\nX: 2",
    }),
  );
  assert.equal(message.values("contact").length, 2);
  assert.equal(message.values("via").length, 2);
});

Deno.test("checkRequired() reads CSeq up to 2^31 - 1", () => {
  for (
    const [value, number] of [
      ["0 OPTIONS", 0],
      ["1 OPTIONS", 1],
      ["0009 OPTIONS", 9],
      ["9\tOPTIONS", 9],
      ["9   OPTIONS", 9],
      ["9 \r\n OPTIONS", 9],
      ["2147483647 OPTIONS", 2147483647],
    ] as const
  ) assert.equal(readWell(requestText({ "CSeq": value })).cseq, number, value);
});

Deno.test("checkRequired() refuses any other CSeq", () => {
  for (
    const value of [
      "2147483648 OPTIONS",
      "4294967297 OPTIONS",
      "36893488147419103232 OPTIONS",
      "-1 OPTIONS",
      "+1 OPTIONS",
      "0x1 OPTIONS",
      "1e3 OPTIONS",
      "1.0 OPTIONS",
      "1",
      "1OPTIONS",
      "OPTIONS",
      "OPTIONS 1",
      "1 OPTIONS x",
      "1 OPTIONS;x",
      "1 OPT\x00IONS",
      "1 2 OPTIONS",
    ]
  ) assert.equal(faultOf({ "CSeq": value }), "400 bad CSeq", value);
});

Deno.test("checkRequired() wants the method of the request in CSeq, letter by letter", () => {
  const other = "400 CSeq names another method";
  assert.equal(faultOf({ "CSeq": "1 INVITE" }), other);
  assert.equal(faultOf({ "CSeq": "1 options" }), other);
  assert.equal(faultOf({ "CSeq": "1 OPTIONSS" }), other);
  assert.equal(faultOf({ "CSeq": "1 NEW" }, "new"), other);
  assert.equal(readWell(requestText({}, "NEW")).method, "NEW");
});

Deno.test("checkRequired() points at the octet of a bad CSeq", () => {
  const text = requestText({ "CSeq": "7 OPT@IONS" });
  assert.equal(readBadly(text).at, text.indexOf("@IONS"));
  const number = requestText({ "CSeq": "x OPTIONS" });
  assert.equal(readBadly(number).at, number.indexOf("x OPTIONS"));
  const other = requestText({ "CSeq": "7 INVITE" });
  assert.equal(readBadly(other).at, other.indexOf("INVITE"));
});

Deno.test("checkRequired() reads Max-Forwards from 0 to 255", () => {
  for (
    const [value, hops] of [
      ["0", 0],
      ["1", 1],
      ["70", 70],
      ["255", 255],
      ["0255", 255],
      [null, 70],
    ] as const
  ) {
    const message = readWell(requestText({ "Max-Forwards": value }));
    assert.equal(message.maxForwards, hops);
  }
  for (
    const value of ["", "256", "300", "5abc", "-1", "+1", "0x10", "1e1", "7 0"]
  ) {
    const text = requestText({ "Max-Forwards": value });
    assert.equal(readBadly(text).what, "bad Max-Forwards", value);
    assert.equal(readBadly(text).at, text.indexOf("Max-Forwards: ") + 14);
  }
});

Deno.test("checkRequired() refuses a Content-Length that is no number", () => {
  for (
    const value of ["", "-1", "+1", "1x", "0x1", "1e1", "1 1", "4294967296"]
  ) {
    assert.equal(
      faultOf({ "Content-Length": value }),
      "400 bad Content-Length",
      value,
    );
  }
});

Deno.test("checkRequired() refuses a Content-Length beyond the datagram", () => {
  const text = (length: number) =>
    requestText({ "Content-Length": `${length}` }, "OPTIONS", "sip:h", "abc");
  assert.equal(readWell(text(3)).bodyEnd, readWell(text(3)).end);
  for (const length of [4, 1000, 4294967295]) {
    const malformed = readBadly(text(length));
    assert.equal(malformed.what, "body is shorter than its Content-Length");
    assert.equal(malformed.at, text(length).indexOf(`${length}\r\n`));
    assert.equal(malformed.status, 400);
  }
});

Deno.test("checkRequired() points into a bad Via", () => {
  const text = requestText({ "Via": "SIP/2.0/UDP h:0" });
  const malformed = readBadly(text);
  assert.equal(malformed.what, "bad Via");
  assert.equal(malformed.at, text.indexOf(":0\r\n") + 1);
  assert.equal(malformed.rfc, "RFC 3261 §20.42");
});

Deno.test("checkRequired() bounds what a transaction is remembered by", () => {
  const fits = "c".repeat(512);
  readWell(requestText({ "Call-ID": fits }));
  const text = requestText({ "Call-ID": fits + "c" });
  assert.equal(readBadly(text).what, "Call-ID too long");
  const via = (branch: string) => `SIP/2.0/UDP 10.0.0.7;branch=${branch}`;
  readWell(requestText({ "Via": via(fits) }));
  assert.equal(
    readBadly(requestText({ "Via": via(fits + "c") })).what,
    "branch too long",
  );
});
