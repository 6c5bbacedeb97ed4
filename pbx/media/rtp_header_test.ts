/**
 * RTP told from what else comes on its port.
 * @module
 */

import assert from "node:assert/strict";
import {
  kindOf,
  OTHER_KIND,
  payloadTypeOf,
  RTCP_KIND,
  RTP_KIND,
  sequenceOf,
  ssrcOf,
  timestampOf,
  writeRtpHeader,
} from "./rtp_header.ts";

Deno.test("kindOf() tells RTP, RTCP and the rest apart", () => {
  const cases: [string, number[], number, number][] = [
    ["PCMU", [0x80, 0], 12, RTP_KIND],
    ["PCMA with a marker", [0x80, 0x88], 172, RTP_KIND],
    ["dynamic with a marker", [0x90, 0xe0], 60, RTP_KIND],
    ["sender report", [0x80, 200], 28, RTCP_KIND],
    ["receiver report", [0x81, 201], 8, RTCP_KIND],
    ["feedback", [0x81, 206], 16, RTCP_KIND],
    ["RTP that is cut off", [0x80, 0], 11, OTHER_KIND],
    ["RTCP that is cut off", [0x80, 200], 7, OTHER_KIND],
    ["STUN", [0x00, 0x01], 20, OTHER_KIND],
    ["DTLS", [0x16, 0xfe], 100, OTHER_KIND],
    ["fax", [0x00, 0x00], 30, OTHER_KIND],
    ["version 1", [0x40, 0], 172, OTHER_KIND],
    ["nothing", [], 0, OTHER_KIND],
  ];
  for (const [name, first, length, expected] of cases) {
    const bytes = new Uint8Array(200);
    bytes.set(first);
    assert.equal(kindOf(bytes, length), expected, name);
  }
});

Deno.test("writeRtpHeader() writes what is read again", () => {
  const bytes = new Uint8Array(12);
  writeRtpHeader(bytes, 8, true, 65535, 0xfffffff0, 0xdeadbeef);
  assert.equal(kindOf(bytes, 12), RTP_KIND);
  assert.equal(bytes[1], 0x88);
  assert.equal(payloadTypeOf(bytes), 8);
  assert.equal(sequenceOf(bytes), 65535);
  assert.equal(timestampOf(bytes), 0xfffffff0);
  assert.equal(ssrcOf(bytes), 0xdeadbeef);
});
