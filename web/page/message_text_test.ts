/**
 * Messages as pages show them.
 * @module
 */

import assert from "node:assert/strict";
import { toOctets } from "../../sip/octet.ts";
import { CREDENTIALS, sampleRequest } from "./ladder_sample_test.ts";
import { writeMessageText } from "./message_text.ts";

Deno.test("writeMessageText() shows no secret", () => {
  const text = sampleRequest("REGISTER", { headers: CREDENTIALS });
  const { text: shown, isCut } = writeMessageText(toOctets(text));
  assert.match(shown, /response="\*{32}"/);
  assert.match(shown, /username="1001"/);
  assert.doesNotMatch(shown, /0123456789abcdef/);
  assert.equal(isCut, false);
});

Deno.test("writeMessageText() shows no secret that stands where it cuts", () => {
  const head = `INVITE sip:pbx.example SIP/2.0\r\nTo: <sip:1001:${
    "s3cret".repeat(20)
  }@pbx.example>\r\n\r\n`;
  const octets = toOctets(head.padEnd(400, "x"));
  for (let longest = 50; longest < 120; longest++) {
    const { text, isCut } = writeMessageText(octets, longest);
    assert.equal(isCut, true);
    assert.doesNotMatch(text, /s3/, `cut at ${longest}`);
  }
});

Deno.test("writeMessageText() writes what cannot be printed as its number, and UTF-8 as letters", () => {
  const octets = new TextEncoder().encode(
    "MESSAGE\u001b[2J\u202e\r\nSubject: салом\r\n\u0000",
  );
  assert.equal(
    writeMessageText(octets).text,
    "MESSAGE\\x1b[2J\\u202e\nSubject: салом\n\\x00",
  );
});
