/**
 * Sound in the bodies of captured messages.
 * @module
 */

import assert from "node:assert/strict";
import { toOctets } from "../../sip/octet.ts";
import { parse } from "../../sip/parse.ts";
import { readSound, type SoundDescription } from "./replay_sdp.ts";

function read(type: string, body: string): SoundDescription | null {
  const text = [
    "INVITE sip:1002@192.0.2.1 SIP/2.0",
    "Via: SIP/2.0/UDP 192.0.2.20:5062;branch=z9hG4bK-1",
    "From: <sip:1001@192.0.2.1>;tag=a",
    "To: <sip:1002@192.0.2.1>",
    "Call-ID: 1",
    "CSeq: 1 INVITE",
    "Max-Forwards: 70",
    ...type === "" ? [] : [`Content-Type: ${type}`],
    `Content-Length: ${body.length}`,
    "",
    body,
  ].join("\r\n");
  const octets = toOctets(text);
  const message = parse(octets, 0, octets.length);
  assert.ok("bodyStart" in message, "the message of this test is malformed");
  return readSound(message);
}

const SOUND = [
  "v=0",
  "o=- 1 1 IN IP4 192.0.2.20",
  "s=-",
  "c=IN IP4 192.0.2.20",
  "t=0 0",
  "m=video 5000 RTP/AVP 99",
  "m=audio 4000 RTP/SAVP 96 8 77 101",
  "a=rtpmap:96 opus/48000/2",
  "a=rtpmap:101 telephone-event/8000",
  "a=candidate:1 1 UDP 1 192.0.2.20 4000 typ host",
  "m=audio 6000 RTP/AVP 0",
  "",
].join("\r\n");

Deno.test("readSound() reads the first line of audio", () => {
  assert.deepEqual(read("application/sdp", SOUND), {
    offer: {
      codecs: ["opus/48000/2", "PCMA/8000", "77", "telephone-event/8000"],
      isSrtp: true,
      hasIce: true,
    },
    host: "192.0.2.20",
    port: 4000,
    rates: new Map([[96, 48000], [8, 8000], [101, 8000]]),
  });
});

Deno.test("readSound() finds a description among several parts", () => {
  const parts = [
    "--xyz",
    "Content-Type: text/plain",
    "",
    "v=0 is how it begins",
    "--xyz",
    "Content-Type: application/sdp",
    "",
    SOUND,
    "--xyz--",
    "",
  ].join("\r\n");
  assert.equal(read("multipart/mixed;boundary=xyz", parts)?.port, 4000);
});

Deno.test("readSound() reads a description that a capture cut off", () => {
  const cut = SOUND.slice(0, SOUND.indexOf("a=rtpmap:101"));
  const offer = read("application/sdp", cut)?.offer;
  assert.deepEqual(offer?.codecs, ["opus/48000/2", "PCMA/8000", "77", "101"]);
});

Deno.test("readSound() says nothing where nothing is said of sound", () => {
  for (
    const [type, body] of [
      ["", SOUND],
      ["text/plain", SOUND],
      ["application/sdp", ""],
      ["application/sdp", "hello"],
      ["application/sdp", "v=0\r\nm=image 4 udptl t38\r\n"],
      ["application/sdp", "v=0\r\nm=audio 70000 RTP/AVP 8\r\n"],
    ] as const
  ) assert.equal(read(type, body), null, `${type} ${body}`);
});
