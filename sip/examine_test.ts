/**
 * What is refused before anybody looks who asks: 400, 406, 415, 416, 420, 483.
 * @module
 */

import assert from "node:assert/strict";
import { examine } from "./examine.ts";
import type { Refusal } from "./refusal.ts";
import { type Changes, readWell, requestText } from "./sample_test.ts";

function examineText(text: string): Refusal | null {
  const refusal = examine(readWell(text));
  if (refusal !== null) {
    assert.equal(refusal.kind, "refusal");
    assert.equal(refusal.stage, "parse");
    assert.match(refusal.headers, /^(?:[\w-]+: [^\r\n]+\r\n)*$/);
    assert.doesNotMatch(refusal.reason, /[\r\n]/);
  }
  return refusal;
}

/** The refusal in short: status, reason, cause; null for none. */
function say(
  changes: Changes,
  method = "OPTIONS",
  uri?: string,
  body?: string,
): string | null {
  const refusal = examineText(requestText(changes, method, uri, body));
  return refusal === null
    ? null
    : `${refusal.status} ${refusal.reason}: ${refusal.why}`;
}

Deno.test("examine() has nothing against a good request", () => {
  for (const method of ["OPTIONS", "REGISTER", "INVITE", "ACK", "BYE", "NEW"]) {
    assert.equal(say({}, method), null, method);
  }
  assert.equal(say({ "Contact": "*" }, "REGISTER"), null);
  assert.equal(say({}, "OPTIONS", "sips:1001@pbx.example:5061;lr"), null);
});

Deno.test("examine() says nothing about a response", () => {
  const text = requestText({ "From": "?", "Require": "x" });
  assert.equal(examineText(text.replace(/^.*/, "SIP/2.0 200 OK")), null);
});

/** Changes, reason, detail. */
const BAD: readonly (readonly [Changes, string, string])[] = [
  [{ "From": "1001" }, "Bad From", "bad URI"],
  [{ "From": '"Ann <sip:1@h>' }, "Bad From", "quote without end"],
  [{ "From": "<sip:1@h>, <sip:2@h>" }, "Bad From", "more than one address"],
  [{ "From": "A\x00 <sip:1@h>" }, "Bad From", "bad display name"],
  [{ "To": "<sip:1@h>;tag=" }, "Bad To", "bad parameter"],
  [{ "To": "<sip:1@h" }, "Bad To", "< without >"],
  [{ "Contact": "<sip:1@h>,1001" }, "Bad Contact", "bad URI"],
  [{ "Contact": "*", "m": "<sip:1@h>" }, "Bad Contact", "bad URI"],
  [{ "Contact": "sip:1@h?a=b" }, "Bad Contact", "URI with ? needs < and >"],
  [{ "Call-ID": "a b" }, "Bad Call-ID", "blank in it"],
  [{ "Call-ID": "a\r\n b" }, "Bad Call-ID", "blank in it"],
];

Deno.test("examine() refuses broken addresses with 400 and says which and why", () => {
  for (const [changes, reason, detail] of BAD) {
    const refusal = examineText(requestText(changes));
    assert.equal(refusal?.status, 400);
    assert.equal(refusal?.why, "malformed");
    assert.equal(refusal?.reason, reason);
    assert.equal(refusal?.detail, detail);
  }
});

Deno.test("examine() wants a SIP URI in the To of a REGISTER", () => {
  const to = { "To": "<tel:1001>" };
  assert.equal(say(to, "REGISTER"), "400 To is not a SIP URI: malformed");
  assert.equal(say(to, "INVITE"), null);
});

Deno.test("examine() refuses a Request-URI that is none, or has headers, with 400", () => {
  for (const uri of ["sip:", "1001", "<sip:h>", "sip:h%0d", "sip:1@h;a=%"]) {
    assert.equal(
      say({}, "OPTIONS", uri),
      "400 Bad Request-URI: malformed",
      uri,
    );
  }
  assert.equal(
    say({}, "OPTIONS", "sip:1@h?Route=%3Csip:x%3E"),
    "400 Request-URI with headers: malformed",
  );
});

Deno.test("examine() refuses other schemes with 416", () => {
  for (const uri of ["tel:+998901234567", "urn:service:sos", "http://h/"]) {
    for (const method of ["OPTIONS", "REGISTER", "INVITE"]) {
      assert.equal(
        say({}, method, uri),
        "416 Unsupported URI Scheme: unsupported-scheme",
      );
    }
  }
  const refusal = examineText(requestText({}, "OPTIONS", "TEL:1"));
  assert.equal(refusal?.detail, "tel");
});

Deno.test("examine() refuses with 483 what would have to go on without hops left", () => {
  const none = { "Max-Forwards": "0" };
  const tooMany = "483 Too Many Hops: too-many-hops";
  assert.equal(say(none, "OPTIONS", "sip:1001@pbx.example"), tooMany);
  assert.equal(say(none, "INVITE", "sip:1001@pbx.example"), tooMany);
  assert.equal(say(none, "OPTIONS", "sip:pbx.example"), null, "for ourselves");
  assert.equal(say(none, "REGISTER", "sip:1001@pbx.example"), null);
  const one = { "Max-Forwards": "1" };
  assert.equal(say(one, "INVITE", "sip:1001@pbx.example"), null);
});

/** Require and Proxy-Require, and the tags that are unsupported. */
const REQUIRED: readonly (readonly [Changes, string | null])[] = [
  [{ "Require": "path" }, null],
  [{ "Require": "Outbound , PATH" }, null],
  [{ "Require": "" }, null],
  [{ "Require": "path,, outbound," }, null],
  [{ "Supported": "100rel" }, null],
  [{ "Require": "100rel" }, "100rel"],
  [{ "Proxy-Require": "sec-agree" }, "sec-agree"],
  [{ "Require": "timer,Replaces" }, null],
  [{ "Require": "path, 100rel,timer" }, "100rel"],
  [{ "Require": "path, 100rel,gruu" }, "100rel, gruu"],
  [
    {
      "Require": "Foo",
      "REQUIRE": "path\r\nRequire: bar",
      "Proxy-Require": "x",
    },
    "Foo, bar, x",
  ],
  [{ "Require": "a\r\n ,b" }, "a, b"],
  [{ "Require": "constructor" }, "constructor"],
];

Deno.test("examine() refuses required extensions with 420 and names them in Unsupported", () => {
  for (const [changes, tags] of REQUIRED) {
    const refusal = examineText(requestText(changes));
    const name = JSON.stringify(changes);
    if (tags === null) {
      assert.equal(refusal, null, name);
      continue;
    }
    assert.equal(refusal?.status, 420, name);
    assert.equal(refusal?.reason, "Bad Extension");
    assert.equal(refusal?.why, "unsupported-extension");
    assert.equal(refusal?.headers, `Unsupported: ${tags}\r\n`, name);
  }
});

Deno.test("examine() does not look at Require of ACK and CANCEL", () => {
  assert.equal(say({ "Require": "100rel" }, "ACK"), null);
  assert.equal(say({ "Require": "100rel" }, "CANCEL"), null);
  assert.match(say({ "Require": "100rel" }, "BYE")!, /^420 /);
});

Deno.test("examine() repeats nothing of a Require that is not made of tokens", () => {
  for (const tag of ["a b", "a;b", "<x>", "\xe9", "a\x00", '"q"']) {
    const changes = { "Require": `good, ${tag}` };
    assert.equal(say(changes), "400 Bad Require: malformed", tag);
    assert.equal(examineText(requestText(changes))?.headers, "");
  }
});

Deno.test("examine() bounds what it repeats of a long Require", () => {
  const many = Array.from({ length: 100 }, (_, i) => `tag${i}`).join(",");
  const refusal = examineText(requestText({ "Require": many }));
  const tags = /^Unsupported: (.*)\r\n$/.exec(refusal!.headers)![1]!;
  assert.equal(tags.split(", ").length, 16);
  const long = examineText(requestText({ "Require": "x".repeat(5000) }));
  assert.equal(long!.headers, `Unsupported: ${"x".repeat(256)}\r\n`);
});

const UNSUPPORTED = "415 Unsupported Media Type: unsupported-content";

/** Header fields of an INVITE with a body, and the header fields of the refusal. */
const BODIES: readonly (readonly [Changes, string | null])[] = [
  [{ "Content-Type": "application/sdp" }, null],
  [{ "c": "Application/SDP" }, null],
  [{ "Content-Type": "application/sdp;charset=utf-8" }, null],
  [{ "Content-Type": "multipart/mixed;boundary=x" }, null],
  [{ "Content-Type": "application/sdp", "e": "Identity" }, null],
  [{}, "Accept: application/sdp\r\n"],
  [{ "Content-Type": "text/plain" }, "Accept: application/sdp\r\n"],
  [
    { "Content-Type": "application/sdp", "Content-Encoding": "gzip" },
    "Accept-Encoding: identity\r\n",
  ],
  [
    { "Content-Type": "text/plain", "e": "gzip" },
    "Accept-Encoding: identity\r\n",
  ],
];

Deno.test("examine() refuses other bodies of an INVITE with 415 and says what it takes", () => {
  for (const [changes, headers] of BODIES) {
    const name = JSON.stringify(changes);
    const found = say(changes, "INVITE", "sip:1@h", "v=0\r\n");
    assert.equal(found, headers === null ? null : UNSUPPORTED, name);
    const text = requestText(changes, "INVITE", "sip:1@h", "v=0\r\n");
    assert.equal(examineText(text)?.headers ?? null, headers, name);
    assert.equal(say(changes, "INVITE", "sip:1@h", ""), null, "without a body");
    assert.equal(say(changes, "MESSAGE", "sip:1@h", "v=0\r\n"), null);
  }
});

Deno.test("examine() refuses an INVITE with 406 that would not take a session description", () => {
  const notAcceptable = "406 Not Acceptable: not-acceptable";
  for (
    const [accept, expected] of [
      ["application/sdp", null],
      ["text/plain, Application/SDP;level=1", null],
      ["application/*", null],
      ["*/*", null],
      ["text/plain", notAcceptable],
      ["application/pidf+xml", notAcceptable],
      ["", notAcceptable],
    ] as const
  ) {
    assert.equal(say({ "Accept": accept }, "INVITE"), expected, accept);
    assert.equal(say({ "Accept": accept }, "OPTIONS"), null, accept);
  }
});

Deno.test("examine() never says 421, because nothing is required of a phone here", () => {
  assert.equal(say({ "Supported": "" }, "INVITE"), null);
  assert.equal(say({ "Supported": "" }, "REGISTER"), null);
});

Deno.test("examine() looks at addresses first, then target, extensions and body", () => {
  const all = { "Require": "x", "Accept": "a/b" };
  assert.match(say({ ...all, "From": "?" }, "INVITE", "tel:1")!, /^400 /);
  assert.match(say(all, "INVITE", "tel:1")!, /^416 /);
  assert.match(say(all, "INVITE", "sip:1@h")!, /^420 /);
  assert.match(say({ "Accept": "a/b" }, "INVITE", "sip:1@h", "x")!, /^406 /);
});
