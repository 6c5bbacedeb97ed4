/**
 * Authorization: any order, any case, escapes, long values, and what breaks the grammar.
 * @module
 */

import assert from "node:assert/strict";
import { readText, toOctets } from "./octet.ts";
import { type Credentials, parseCredentials } from "./parse_credentials.ts";

/** What may stand behind the value: it must not matter. */
const BEHIND = ["", "\r\n", ', nc=7, "', '"', "x", "="];

/** Parses text that does not stand alone in its buffer. */
function parseText(text: string): Credentials | null {
  const results = BEHIND.map((behind) => {
    const bytes = toOctets(`, "${text}${behind}`);
    const slice = (start: number, end: number) => readText(bytes, start, end);
    return parseCredentials({ bytes, slice }, 3, 3 + text.length);
  });
  for (const result of results) assert.deepEqual(result, results[0], text);
  return results[0]!;
}

const EMPTY = {
  scheme: "digest",
  username: "",
  realm: "",
  nonce: "",
  uri: "",
  response: "",
  algorithm: "",
  cnonce: "",
  qop: "",
  nonceCount: "",
};

const PARTS = [
  'username="1001"',
  'realm="pbx"',
  'nonce="abc=="',
  'uri="sip:pbx"',
  'response="0123"',
  "algorithm=SHA-256",
  'cnonce="x,y"',
  "qop=auth",
  "nc=00000001",
];

const FULL = {
  ...EMPTY,
  username: "1001",
  realm: "pbx",
  nonce: "abc==",
  uri: "sip:pbx",
  response: "0123",
  algorithm: "SHA-256",
  cnonce: "x,y",
  qop: "auth",
  nonceCount: "00000001",
};

function check(text: string, expected: Record<string, string>): void {
  assert.deepEqual({ ...parseText(text) }, expected, text);
}

Deno.test("parseCredentials() reads the parameters in any order", () => {
  for (let shift = 0; shift < PARTS.length; shift++) {
    const parts = [...PARTS.slice(shift), ...PARTS.slice(0, shift)];
    check(`Digest ${parts.join(", ")}`, FULL);
    check(`Digest ${parts.reverse().join(",")}`, FULL);
  }
});

Deno.test("parseCredentials() reads names and scheme in any case, values as they are", () => {
  const upper = PARTS.map((part) =>
    part.replace(/^\w+/, (name) => name.toUpperCase())
  );
  check(`DIGEST ${upper.join(", ")}`, FULL);
  check('digest USERname="AbC", QOP=AUTH', {
    ...EMPTY,
    username: "AbC",
    qop: "AUTH",
  });
});

Deno.test("parseCredentials() reads blanks and folds wherever the grammar has them", () => {
  const loose = PARTS.map((part) => part.replace("=", " \t=\r\n "));
  check(`Digest\r\n\t ${loose.join(" \r\n , ")}`, FULL);
});

Deno.test("parseCredentials() reads quoted and plain values alike", () => {
  check('Digest username=1001, qop="auth", nc="00000001", algorithm="MD5"', {
    ...EMPTY,
    username: "1001",
    qop: "auth",
    nonceCount: "00000001",
    algorithm: "MD5",
  });
  // more than a token: phones leave the quotes out
  check("Digest uri=sip:1@h;x=1,nonce=a/b==", {
    ...EMPTY,
    uri: "sip:1@h;x=1",
    nonce: "a/b==",
  });
});

Deno.test("parseCredentials() undoes escapes in quotes", () => {
  for (
    const [written, value] of [
      ['a\\"b', 'a"b'],
      ["a\\\\", "a\\"],
      ['\\\\\\"', '\\"'],
      ["\\a\\b", "ab"],
      ["a, nc=1", "a, nc=1"],
      ["", ""],
      ["\xd0\x90\xff", "\xd0\x90\xff"],
      ["__proto__", "__proto__"],
    ] as const
  ) {
    check(`Digest username="${written}", realm="r"`, {
      ...EMPTY,
      username: value,
      realm: "r",
    });
  }
});

Deno.test("parseCredentials() reads values of 4,000 characters", () => {
  const long = "x".repeat(4000);
  const escaped = '\\"'.repeat(2000);
  check(
    `Digest nonce="${long}", opaque="${long}", cnonce="${escaped}", qop=auth`,
    { ...EMPTY, nonce: long, cnonce: '"'.repeat(2000), qop: "auth" },
  );
});

Deno.test("parseCredentials() passes over parameters that it does not know", () => {
  check(
    'Digest opaque="a, qop=b", opaque="c", userhash=false, username*=UTF-8\'\'x, nco=1, xnc=2, qop=auth',
    { ...EMPTY, qop: "auth" },
  );
});

Deno.test("parseCredentials() passes over empty elements of the list", () => {
  check('Digest , ,username="1",, qop=auth ,', {
    ...EMPTY,
    username: "1",
    qop: "auth",
  });
  check("Digest", EMPTY);
  check("Digest ", EMPTY);
});

Deno.test("parseCredentials() refuses a parameter that is there twice", () => {
  for (const part of PARTS) {
    assert.equal(parseText(`Digest ${part}, ${part}`), null, part);
    const upper = part.replace(/^\w+/, (name) => name.toUpperCase());
    assert.equal(parseText(`Digest ${part}, x=1, ${upper}`), null, part);
  }
  assert.equal(parseText('Digest username="", username="1001"'), null);
});

Deno.test("parseCredentials() looks no further than the name of another scheme", () => {
  check('Basic dXNlcjpwYXNz, "', { ...EMPTY, scheme: "basic" });
  check("Bearer", { ...EMPTY, scheme: "bearer" });
  check("DIGESTx username=1", { ...EMPTY, scheme: "digestx" });
});

Deno.test("parseCredentials() refuses what breaks the grammar", () => {
  for (
    const text of [
      "",
      " Digest",
      '"Digest" username="1"',
      "Digest,username=1",
      "Digest/username=1",
      'Digest username="1001',
      'Digest username="1001\\"',
      'Digest username="',
      'Digest username="1" realm="r"',
      'Digest username="1"realm="r"',
      "Digest username=1 realm=r",
      "Digest username",
      "Digest username, realm=r",
      "Digest =1",
      'Digest "username"=1',
      "Digest user name=1",
      "Digest username:1",
    ]
  ) assert.equal(parseText(text), null, text);
});
