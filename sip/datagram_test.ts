/**
 * Classes of datagrams, each at its bounds.
 * @module
 */

import assert from "node:assert/strict";
import { classifyDatagram } from "./datagram.ts";
import type { DatagramClass } from "./fact.ts";
import { toOctets } from "./octet.ts";

/** Classifies text between octets that would make something else of it. */
function classify(text: string): DatagramClass {
  const octets = toOctets(`SIP/${text}SIP/`);
  return classifyDatagram(octets, 4, 4 + text.length);
}

const STUN = "\x00\x01\x00\x00\x21\x12\xa4\x42" + "x".repeat(12);

const TABLE: readonly (readonly [string, string, DatagramClass])[] = [
  ["nothing", "", "empty"],
  ["CRLF", "\r\n", "keepalive"],
  ["double CRLF", "\r\n\r\n", "keepalive"],
  ["one NUL", "\x00", "keepalive"],
  ["four NULs", "\x00\x00\x00\x00", "keepalive"],
  ["one LF", "\n", "keepalive"],
  ["five octets of line ends", "\r\n\r\n\n", "garbage"],
  ["five NULs", "\x00\x00\x00\x00\x00", "garbage"],
  ["a blank", " ", "garbage"],
  ["CRLF and a letter", "\r\nx", "garbage"],
  ["a letter and CRLF", "x\r\n", "garbage"],
  ["the shortest STUN message", STUN, "stun"],
  ["a STUN message with an attribute", `${STUN}\x80\x22\x00\x00`, "stun"],
  ["a STUN message of the highest type", `\x3f${STUN.slice(1)}`, "stun"],
  ["a STUN message cut short", STUN.slice(0, 19), "garbage"],
  ["first bits that are not 00", `\x40${STUN.slice(1)}`, "garbage"],
  [
    "a cookie with another first octet",
    STUN.replace("\x21", "\x20"),
    "garbage",
  ],
  [
    "a cookie with another second octet",
    STUN.replace("\x12", "\x13"),
    "garbage",
  ],
  [
    "a cookie with another third octet",
    STUN.replace("\xa4", "\xa5"),
    "garbage",
  ],
  ["a cookie with another last octet", STUN.replace("\x42", "\x43"), "garbage"],
  ["a request", "OPTIONS sip:h SIP/2.0\r\n\r\n", "sip"],
  ["a response", "SIP/2.0 200 OK\r\n\r\n", "sip"],
  ["lower case", "options sip:h sip/2.0\n", "sip"],
  ["another version", "OPTIONS sip:h SIP/7.0\r\n", "sip"],
  ["SIP/ and no more", "SIP/", "sip"],
  ["SIP/ as the last octets", "x SIP/", "sip"],
  ["three octets of it", "SIP", "garbage"],
  ["all but the slash", "x SIP", "garbage"],
  ["another octet for the slash", "SIP\x0f2.0", "garbage"],
  ["a letter beside S", "x RIP/2.0", "garbage"],
  ["a letter beside I", "x SHP/2.0", "garbage"],
  ["a letter beside P", "x SIQ/2.0", "garbage"],
  ["empty lines before it", "\r\n\r\n\r\nSIP/2.0", "sip"],
  ["SIP/ in the second line", "GET / HTTP/1.1\r\nVia: SIP/2.0\r\n", "garbage"],
  ["another protocol", "GET / HTTP/1.1\r\n\r\n", "garbage"],
  [
    "another protocol of its family",
    "OPTIONS rtsp://h RTSP/1.0\r\n",
    "garbage",
  ],
  ["a long Request-URI", `${"x".repeat(4095)}SIP/2.0\r\n`, "sip"],
  ["a Request-URI that is too long", `${"x".repeat(4096)}SIP/2.0`, "garbage"],
  ["an RTP packet", `\x80\x00\x00\x01${"\x7f".repeat(168)}`, "garbage"],
  ["a TLS greeting", `\x16\x03\x01\x02\x00\x01${"\x00".repeat(40)}`, "garbage"],
];

for (const [what, text, expected] of TABLE) {
  Deno.test(`classifyDatagram() takes ${what} for ${expected}`, () => {
    assert.equal(classify(text), expected);
  });
}
