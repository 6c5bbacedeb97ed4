/**
 * Names of header fields: long, compact, in any case.
 * @module
 */

import assert from "node:assert/strict";
import {
  type HeaderName,
  headerNumber,
  OTHER_HEADER,
  recogniseHeader,
} from "./header_name.ts";
import { toOctets } from "./octet.ts";

/** Every name that is recognised, with its compact form (RFC 3261 §7.3.3, RFC 6665 §8.4). */
const NAMES: Readonly<Record<HeaderName, string | null>> = {
  "via": "v",
  "from": "f",
  "to": "t",
  "call-id": "i",
  "cseq": null,
  "contact": "m",
  "max-forwards": null,
  "content-length": "l",
  "content-type": "c",
  "content-encoding": "e",
  "expires": null,
  "authorization": null,
  "proxy-authorization": null,
  "require": null,
  "proxy-require": null,
  "supported": "k",
  "accept": null,
  "user-agent": null,
  "route": null,
  "record-route": null,
  "path": null,
  "date": null,
  "timestamp": null,
  "event": "o",
  "server": null,
  "unsupported": null,
  "retry-after": null,
  "allow": null,
  "session-expires": "x",
  "replaces": null,
  "refer-to": "r",
};

function recognise(text: string): number {
  const octets = toOctets(`:${text}:`);
  return recogniseHeader(octets, 1, 1 + text.length);
}

Deno.test("recogniseHeader() knows every name in any case", () => {
  for (const name of Object.keys(NAMES) as HeaderName[]) {
    const number = headerNumber(name);
    const title = name.replace(/\b[a-z]/g, (letter) => letter.toUpperCase());
    for (const text of [name, name.toUpperCase(), title]) {
      assert.equal(recognise(text), number, text);
    }
  }
});

Deno.test("recogniseHeader() knows the compact forms", () => {
  for (const [name, compact] of Object.entries(NAMES)) {
    if (compact === null) continue;
    const number = headerNumber(name as HeaderName);
    assert.equal(recognise(compact), number, compact);
    assert.equal(recognise(compact.toUpperCase()), number, compact);
  }
});

Deno.test("recogniseHeader() takes nothing else for a known header", () => {
  const compact = new Set(Object.values(NAMES));
  for (const letter of "abcdefghijklmnopqrstuvwxyz") {
    if (compact.has(letter)) continue;
    assert.equal(recognise(letter), OTHER_HEADER, letter);
  }
  for (
    const text of [
      "subject",
      "x-via",
      "vi",
      "viaa",
      "contact-length",
      "call_id",
      "max-forward",
      "constructor",
      "__proto__",
      "x".repeat(300),
    ]
  ) assert.equal(recognise(text), OTHER_HEADER, text);
});

Deno.test("headerNumber() gives each name a number of its own below the bits of a mask", () => {
  const numbers = (Object.keys(NAMES) as HeaderName[]).map(headerNumber);
  assert.equal(new Set(numbers).size, numbers.length);
  assert.ok(numbers.every((number) => number < OTHER_HEADER));
  assert.ok(OTHER_HEADER < 32);
});
