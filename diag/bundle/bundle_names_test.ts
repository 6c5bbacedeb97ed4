/**
 * Numbers and names go, everything else stays.
 * @module
 */

import assert from "node:assert/strict";
import { readText, toOctets } from "../../sip/octet.ts";
import { parse } from "../../sip/parse.ts";
import { Pseudonyms } from "./bundle_names.ts";

function know(...numbers: readonly string[]): Pseudonyms {
  const names = new Pseudonyms();
  for (const number of numbers) names.of(number);
  return names;
}

function rewrite(names: Pseudonyms, text: string): string {
  const octets = names.message(toOctets(text));
  return readText(octets, 0, octets.length);
}

Deno.test("Pseudonyms.text() replaces known numbers and every user of a URI", () => {
  const cases: readonly (readonly [string, string])[] = [
    ["extension `1001` and 1002.", "extension `n1` and n2."],
    ["sip:1001@192.0.2.7:5060", "sip:n1@192.0.2.7:5060"],
    ["<sips:%31001@[2001:db8::1]>", "<sips:n1@[2001:db8::1]>"],
    ["sip:1001:***@pbx", "sip:n1:***@pbx"],
    ["sip:alice-0x1f@pbx to sip:alice-0x1f@pbx", "sip:n3@pbx to sip:n3@pbx"],
    ["sip:1001 asked", "sip:n1 asked"],
    ["tel:+998901234567", "tel:n4"],
    ["called +998901234567", "called +n4"],
    ['username="1001", uri="sip:pbx"', 'username="n1", uri="sip:pbx"'],
    ['"Ann Doe" <sip:1001@pbx>', '"***" <sip:n1@pbx>'],
    ["Contact `Ann Doe <sip:1001@pbx>`", "Contact `*** <sip:n1@pbx>`"],
  ];
  const names = know("1001", "1002");
  for (const [text, expected] of cases) {
    assert.equal(names.text(text), expected);
  }
});

Deno.test("Pseudonyms.text() leaves what only looks like a number", () => {
  const names = know("192", "5060", "2025", "10", "300", "01");
  const texts = [
    "192.0.2.10:5060",
    "2025-01-10T10:01:00.300Z",
    "10:01:00",
    "[2025:db8::10]:5060",
    "expires=300",
    "z9hG4bK5060ab",
    "sip:192.0.2.10:5060",
  ];
  for (const text of texts) assert.equal(names.text(text), text);
});

Deno.test("Pseudonyms.text() finds long numbers inside words", () => {
  assert.equal(know("73914026").text("lab73914026x"), "labn1x");
  assert.equal(know("1001").text("lab1001x"), "lab1001x");
});

Deno.test("Pseudonyms.message() rewrites a request and keeps it whole", () => {
  const body = "v=0\r\no=1001 1 1 IN IP4 192.0.2.20\r\ns=Ann\r\n" +
    "c=IN IP4 192.0.2.20\r\nt=0 0\r\nm=audio 1001 RTP/AVP 8\r\n";
  const text = rewrite(
    know("1001", "60", "1002"),
    "INVITE sip:1002@pbx SIP/2.0\r\n" +
      "Via: SIP/2.0/UDP 192.0.2.20:1001;branch=z9hG4bK1001\r\n" +
      'From: "Ann \\"A\\" Doe" <sip:1001@pbx>;tag=a\r\n' +
      "To: Bob <sip:1002@pbx>\r\nCall-ID: 1001-x@192.0.2.20\r\n" +
      "CSeq: 1001 INVITE\r\nExpires: 60\r\n" +
      "Contact: Ann\r\n <sip:1001-0xab@192.0.2.20>;expires=60\r\n" +
      "P-Asserted-Identity: <tel:1002>, Bob <sip:1002@pbx>\r\n" +
      "Subject: ask 1002\r\n" +
      "Content-Type: application/sdp\r\n" +
      `Content-Length: ${body.length}\r\n\r\n${body}`,
  );
  assert.equal(
    text,
    "INVITE sip:n3@pbx SIP/2.0\r\n" +
      "Via: SIP/2.0/UDP 192.0.2.20:1001;branch=z9hG4bK1001\r\n" +
      'From: "***" <sip:n1@pbx>;tag=a\r\n' +
      "To: *** <sip:n3@pbx>\r\nCall-ID: n1-x@192.0.2.20\r\n" +
      "CSeq: 1001 INVITE\r\nExpires: 60\r\n" +
      "Contact: ***\r\n <sip:n4@192.0.2.20>;expires=60\r\n" +
      "P-Asserted-Identity: <tel:n3>, *** <sip:n3@pbx>\r\n" +
      "Subject: ask n3\r\n" +
      "Content-Type: application/sdp\r\n" +
      `Content-Length: ${body.length - 4}\r\n\r\n` +
      "v=0\r\no=n1 1 1 IN IP4 192.0.2.20\r\ns=-\r\n" +
      "c=IN IP4 192.0.2.20\r\nt=0 0\r\nm=audio 1001 RTP/AVP 8\r\n",
  );
  const octets = toOctets(text);
  assert.equal(parse(octets, 0, octets.length, "stream").kind, "message");
});

Deno.test("Pseudonyms.message() leaves the status of a response", () => {
  const text = rewrite(
    know("403"),
    "SIP/2.0 403 Forbidden\r\nTo: <sip:403@pbx>\r\n\r\n",
  );
  assert.equal(text, "SIP/2.0 403 Forbidden\r\nTo: <sip:n1@pbx>\r\n\r\n");
});

Deno.test("Pseudonyms.message() takes anything", () => {
  const names = know("73914026");
  for (const text of ["", "\r\n\r\n", "73914026", "a: 73914026\nb 73914026"]) {
    assert.doesNotMatch(rewrite(names, text), /73914026/);
  }
  const escapes = '"\\'.repeat(30_000);
  assert.equal(rewrite(names, `X\nFrom: ${escapes}`).length > 0, true);
});

Deno.test("Pseudonyms.value() reaches every text of a document", () => {
  const names = know("1001");
  assert.deepEqual(
    names.value({
      number: "1001",
      numbers: ["1001", "77"],
      port: 1001,
      nested: [{ what: "`1001` called", callee: "" }],
      nothing: null,
    }),
    {
      number: "n1",
      numbers: ["n1", "n2"],
      port: 1001,
      nested: [{ what: "`n1` called", callee: "" }],
      nothing: null,
    },
  );
});

Deno.test("Pseudonyms.comments() changes comments of rules only", () => {
  assert.equal(
    know("1001").comments(
      'udp dport 1001 accept comment "phone 1001"\n-A INPUT --comment 1001',
    ),
    'udp dport 1001 accept comment "phone n1"\n-A INPUT --comment n1',
  );
});

Deno.test("Pseudonyms.message() finds a number in any line of an SDP body", () => {
  const body = "v=0\r\no=- 1 1 IN IP4 10.0.0.7\r\ns=-\r\n" +
    "a=ssrc:0 cname:sip:1001@10.0.0.7:5062\r\n";
  const message = new Pseudonyms().message(
    toOctets(`SIP/2.0 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`),
  );
  const text = readText(message, 0, message.length);
  assert.match(text, /a=ssrc:0 cname:sip:n1@10\.0\.0\.7:5062\r\n$/);
  assert.doesNotMatch(text, /1001/);
});
