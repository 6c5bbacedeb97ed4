/**
 * No secret stays in a message, and nothing else goes.
 * @module
 */

import assert from "node:assert/strict";
import { toOctets } from "../sip/octet.ts";
import { redactOctets, redactText } from "./redact.ts";

const HIDDEN: readonly string[] = [
  'Authorization: Digest username="1001", response="SECRET", nc=00000001',
  'authorization : Digest response=SECRET, uri="sip:a"',
  'Proxy-Authorization: Digest a="b",\r\n response="SECRET",\r\n\tcnonce="SECRET"',
  'AUTHORIZATION: Digest Response = "SECRET"',
  'Authorization: Digest response="SECRET',
  'Authorization: Digest response="SECRET\r\n SECRET", nc=1',
  "Authorization:\r\n Digest\r\n response =\r\n SECRET",
  "Authorization: Bearer SECRET",
  "Authorization: Basic SECRET",
  "Authorization: SECRET",
  "Proxy-Authorization: Unheard-Of a=SECRET, b=SECRET",
  'Authentication-Info: rspauth="SECRET", nextnonce="SECRET"',
  "Contact: <sip:1001:SECRET@192.0.2.7:5060>;expires=60",
  "REGISTER sip:1001:SECRET@pbx SIP/2.0",
  "From: <sip:1001@1001:SECRET@pbx>",
  'Contact: "a:b@c" <sip:1001:SECRET@192.0.2.7>, <sip:1002:SECRET@192.0.2.7>',
  "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:SECRET|2^20",
  "k=clear:SECRET",
  "a=key-mgmt:mikey SECRET",
  "a=ice-pwd:SECRET",
];

Deno.test("redactText() hides every secret and keeps the length", () => {
  for (const text of HIDDEN) {
    const hidden = redactText(`${text}\r\nX: 1\r\n`);
    assert.doesNotMatch(hidden, /SECRET/, text);
    assert.equal(hidden.length, text.length + 8, text);
    assert.ok(hidden.endsWith("\r\nX: 1\r\n"), text);
  }
});

Deno.test("redactText() leaves what diagnosis needs", () => {
  const texts = [
    'WWW-Authenticate: Digest realm="pbx", nonce="abc", algorithm=MD5',
    "Via: SIP/2.0/UDP 10.0.0.7:5062;branch=z9hG4bK1;rport",
    'From: "response=1" <sip:1001@pbx.example>;tag=1',
    "Contact: <sip:1001@10.0.0.7:5062;ob>;expires=300",
    "m=audio 4000 RTP/AVP 8 0",
  ];
  for (const text of texts) assert.equal(redactText(text), text);
  assert.equal(
    redactText(
      'Authorization: Digest username="1001", realm="pbx", nonce="abc", uri="sip:a", response="b"',
    ),
    'Authorization: Digest username="1001", realm="pbx", nonce="abc", uri="sip:a", response="*"',
  );
});

Deno.test("redactOctets() keeps octets that are no text", () => {
  const octets = toOctets("OPTIONS sip:a:b@c \xff\x00\xc3\xa4");
  assert.deepEqual(
    redactOctets(octets),
    toOctets("OPTIONS sip:a:*@c \xff\x00\xc3\xa4"),
  );
});

Deno.test("redactText() hides what people write and type in a call", () => {
  const head = (type: string) =>
    `MESSAGE sip:1002@pbx SIP/2.0\r\nContent-Type: ${type}\r\n\r\n`;
  for (const type of ["text/plain", "application/dtmf-relay", "text/html"]) {
    const hidden = redactText(`${head(type)}pin 4711\r\nSignal=7`);
    assert.equal(hidden, `${head(type)}********\r\n********`);
  }
  for (const type of ["application/sdp", "message/sipfrag;version=2.0"]) {
    const text = `${head(type)}v=0\r\ns=-`;
    assert.equal(redactText(text), text);
  }
});
