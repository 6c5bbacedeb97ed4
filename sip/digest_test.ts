/**
 * Digest: the published example, letters beyond ASCII, and answers that are nearly right.
 * @module
 */

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import {
  type Algorithm,
  algorithmOf,
  DigestCheck,
  formatChallenge,
  hashPassword,
} from "./digest.ts";
import { hexOf } from "./hex.ts";
import { Credentials } from "./parse_credentials.ts";

/** The example of RFC 7616 §3.9.1: "Circle of Life". */
const EXAMPLE: Partial<Credentials> = {
  username: "Mufasa",
  realm: "http-auth@example.org",
  uri: "/dir/index.html",
  nonce: "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v",
  nonceCount: "00000001",
  cnonce: "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ",
  qop: "auth",
};

const ANSWERS: Readonly<Record<Algorithm, string>> = {
  "MD5": "8ca523f5e9506fed4657c9700eebdbec",
  "SHA-256": "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1",
};

const ALGORITHMS: readonly Algorithm[] = ["MD5", "SHA-256"];

function credentials(changes: Partial<Credentials>): Credentials {
  return Object.assign(new Credentials(), { scheme: "digest" }, changes);
}

function ha1Of(algorithm: Algorithm, password: string): string {
  const { username, realm } = EXAMPLE;
  const octets = hashPassword(algorithm, username!, realm!, password);
  return hexOf(octets, 0, octets.length);
}

/** The same by the book, of octets. */
function digestOf(algorithm: Algorithm, octets: Uint8Array | string): string {
  return createHash(algorithm === "MD5" ? "md5" : "sha256").update(octets)
    .digest("hex");
}

for (const algorithm of ALGORITHMS) {
  const ha1 = ha1Of(algorithm, "Circle of Life");
  const right = { ...EXAMPLE, response: ANSWERS[algorithm] };
  const isRight = (changes: Partial<Credentials>, method = "GET", key = ha1) =>
    new DigestCheck().isRight(
      algorithm,
      key,
      method,
      credentials({ ...right, ...changes }),
    );

  Deno.test(`DigestCheck.isRight() agrees with RFC 7616 §3.9.1 for ${algorithm}`, () => {
    assert.ok(isRight({}));
    assert.ok(isRight({ response: ANSWERS[algorithm].toUpperCase() }));
  });

  Deno.test(`DigestCheck.isRight() refuses every change of what is hashed with ${algorithm}`, () => {
    assert.ok(!isRight({}, "PUT"));
    assert.ok(!isRight({}, "get"));
    assert.ok(!isRight({}, "GET", ha1Of(algorithm, "circle of life")));
    for (
      const field of ["nonce", "nonceCount", "cnonce", "qop", "uri"] as const
    ) {
      assert.ok(!isRight({ [field]: `${right[field]}x` }), field);
      assert.ok(!isRight({ [field]: "" }), field);
    }
  });

  Deno.test(`DigestCheck.isRight() refuses a response of any other length or digit with ${algorithm}`, () => {
    const response = ANSWERS[algorithm];
    for (
      const other of [
        "",
        " ",
        "0",
        "\x00",
        response.slice(0, 1),
        response.slice(0, -1),
        response.slice(1),
        `${response}0`,
        `0${response}`,
        response + response,
        "0".repeat(response.length),
        response.replace(/.$/, "\u0100"),
        ANSWERS[algorithm === "MD5" ? "SHA-256" : "MD5"],
      ]
    ) assert.ok(!isRight({ response: other }), other);
    for (let at = 0; at < response.length; at++) {
      const digit = response[at] === "0" ? "1" : "0";
      const other = response.slice(0, at) + digit + response.slice(at + 1);
      assert.ok(!isRight({ response: other }), `digit ${at}`);
    }
  });

  Deno.test(`DigestCheck.isRight() hashes octets above 0x7f as they came with ${algorithm}`, () => {
    // what was read from the wire is one UTF-16 unit for each octet
    const uri = "sip:\xd0\xb0\xff@h";
    const ha2 = digestOf(algorithm, Buffer.from(`GET:${uri}`, "latin1"));
    const cnonce = "\xe9\x80";
    const response = digestOf(
      algorithm,
      Buffer.from(
        `${ha1}:${right.nonce}:00000001:${cnonce}:auth:${ha2}`,
        "latin1",
      ),
    );
    assert.ok(isRight({ uri, cnonce, response }));
    assert.ok(!isRight({ uri: "sip:\xd0\xb1\xff@h", cnonce, response }));
  });

  Deno.test(`DigestCheck.isRight() stays right for many request lines with ${algorithm}`, () => {
    const check = new DigestCheck();
    const answer = (method: string, uri: string) => {
      const ha2 = digestOf(algorithm, `${method}:${uri}`);
      const response = digestOf(
        algorithm,
        `${ha1}:${right.nonce}:00000001:${right.cnonce}:auth:${ha2}`,
      );
      return credentials({ ...right, uri, response });
    };
    for (let round = 0; round < 2; round++) {
      for (let i = 0; i < 600; i++) {
        for (const uri of [`sip:${i}@h`, `sip:${"x".repeat(300)}${i}@h`]) {
          const given = answer("REGISTER", uri);
          assert.ok(check.isRight(algorithm, ha1, "REGISTER", given), uri);
          assert.ok(!check.isRight(algorithm, ha1, "INVITE", given), uri);
        }
      }
    }
  });
}

Deno.test("DigestCheck.isRight() does not mix up its algorithms", () => {
  const check = new DigestCheck();
  for (const algorithm of [...ALGORITHMS, ...ALGORITHMS]) {
    const ha1 = ha1Of(algorithm, "Circle of Life");
    const given = credentials({ ...EXAMPLE, response: ANSWERS[algorithm] });
    assert.ok(check.isRight(algorithm, ha1, "GET", given), algorithm);
  }
});

Deno.test("hashPassword() gives the octets of HA1", () => {
  for (const [algorithm, length] of [["MD5", 16], ["SHA-256", 32]] as const) {
    const octets = hashPassword(algorithm, "1001", "pbx", "pw");
    assert.equal(octets.length, length);
    const expected = digestOf(algorithm, "1001:pbx:pw");
    assert.equal(hexOf(octets, 0, length), expected);
  }
});

Deno.test("hashPassword() takes the password in UTF-8", () => {
  for (const algorithm of ALGORITHMS) {
    for (
      const password of [
        "p\u00e4ss",
        "\u043f\u0430\u0440\u043e\u043b\u044c",
        "\u{1f511}",
        ":",
      ]
    ) {
      const octets = new TextEncoder().encode(`1:r:${password}`);
      const found = hashPassword(algorithm, "1", "r", password);
      const expected = digestOf(algorithm, octets);
      assert.equal(hexOf(found, 0, found.length), expected);
    }
  }
});

Deno.test("formatChallenge() offers what RFC 7616 §3.3 wants, stale only where it is", () => {
  assert.equal(
    formatChallenge("SHA-256", "pbx", "n0", false),
    'Digest realm="pbx", nonce="n0", algorithm=SHA-256, qop="auth"',
  );
  assert.equal(
    formatChallenge("MD5", "pbx", "n0", true),
    'Digest realm="pbx", nonce="n0", algorithm=MD5, qop="auth", stale=true',
  );
});

Deno.test("algorithmOf() knows two, and MD5 where none is named", () => {
  for (
    const [name, algorithm] of [
      ["", "MD5"],
      ["MD5", "MD5"],
      ["md5", "MD5"],
      ["SHA-256", "SHA-256"],
      ["sha-256", "SHA-256"],
      ["MD5-sess", null],
      ["SHA-256-sess", null],
      ["SHA-512-256", null],
      ["SHA256", null],
      ["constructor", null],
      [" MD5", null],
    ] as const
  ) {
    assert.equal(
      algorithmOf(credentials({ algorithm: name })),
      algorithm,
      name,
    );
  }
});
