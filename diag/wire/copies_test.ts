/**
 * Datagrams that a capture shows twice.
 * @module
 */

import assert from "node:assert/strict";
import { toOctets } from "../../sip/octet.ts";
import { Copies } from "./copies.ts";
import { decodeFrame, decodeSegment, type Segment } from "./packet.ts";
import { datagram, frameOf, PHONE } from "./sample_test.ts";

function read(text: string, sourcePort = 40000): Segment {
  const packet = datagram(toOctets(text), { source: PHONE, sourcePort });
  return decodeSegment(decodeFrame(frameOf(packet))!)!;
}

Deno.test("isCopy() knows the same octets between the same ends, for a moment", () => {
  const copies = new Copies();
  assert.equal(copies.isCopy(read("one"), 0), false);
  assert.equal(copies.isCopy(read("one", 40001), 0), false);
  assert.equal(copies.isCopy(read("two"), 0), false);
  assert.equal(copies.isCopy(read("one"), 20), true);
  assert.equal(copies.isCopy(read("two"), 20), true);
  assert.equal(copies.isCopy(read("one"), 21), false);
  assert.equal(copies.isCopy(read("one"), 22), true);
});

Deno.test("isCopy() keeps the newest 32 in mind", () => {
  const copies = new Copies();
  for (let i = 0; i < 40; i++) copies.isCopy(read(`number ${i}`), 0);
  assert.equal(copies.isCopy(read("number 39"), 0), true);
  assert.equal(copies.isCopy(read("number 0"), 0), false);
});
