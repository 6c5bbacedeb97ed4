/**
 * SIP messages in TCP segments.
 * @module
 */

import assert from "node:assert/strict";
import { readText, toOctets } from "../../sip/octet.ts";
import { decodeFrame, decodeSegment, TCP_FLAG } from "./packet.ts";
import { frameOf, join, message, segment } from "./sample_test.ts";
import { type Piece, Streams } from "./streams.ts";

/** What segments bring: messages by their Call-ID, all else by its kind. */
function takeAll(
  streams: Streams,
  packets: readonly Uint8Array[],
): string[] {
  return packets.flatMap((packet) => {
    const read = decodeSegment(decodeFrame(frameOf(packet))!);
    assert.ok(read);
    return streams.take(read).map(nameOf);
  });
}

function nameOf(piece: Piece): string {
  if (piece.kind !== "message") return piece.kind;
  const text = readText(piece.octets, 0, piece.octets.length);
  return /Call-ID: (\S*)/.exec(text)?.[1] ?? "?";
}

const ONE = message({ callId: "one", lines: 3 });
const TWO = message({ callId: "two" });
const THREE = message({ callId: "three" });
const ALL = join(ONE, TWO, [13, 10, 13, 10], THREE);
const NAMES = ["one", "two", "keepalive", "three"];

/** Segments of `size` octets; their sequence numbers pass 2^32. */
function cut(octets: Uint8Array, size: number, start = -300): Uint8Array[] {
  const packets: Uint8Array[] = [];
  for (let at = 0; at < octets.length; at += size) {
    packets.push(segment(start + at, octets.slice(at, at + size)));
  }
  return packets;
}

Deno.test("take() cuts messages out of segments of any size", () => {
  for (const size of [1, 7, 100, 5000]) {
    assert.deepEqual(takeAll(new Streams(), cut(ALL, size)), NAMES);
  }
});

Deno.test("take() passes over what comes twice and waits for what comes late", () => {
  const packets = cut(ALL, 100);
  const twice = packets.flatMap((packet) => [packet, packet]);
  assert.deepEqual(takeAll(new Streams(), twice), NAMES);
  const [first, ...rest] = packets;
  const streams = new Streams();
  takeAll(streams, [segment(-301, new Uint8Array(0), TCP_FLAG.syn)]);
  assert.deepEqual(takeAll(streams, [...rest.reverse(), first!]), NAMES);
});

Deno.test("take() joins segments that overlap", () => {
  const packets = [0, 60, 120, 400].map((at) =>
    segment(1000 + at, ALL.slice(at, at === 400 ? ALL.length : at + 320))
  );
  assert.deepEqual(takeAll(new Streams(), packets), NAMES);
});

Deno.test("take() goes on behind a gap with the next message", () => {
  const parts = [ONE, TWO, THREE].map((octets, i) => segment(i * 1000, octets));
  // another connection on the same ports
  const far = segment(0x40000000, THREE);
  assert.deepEqual(takeAll(new Streams(), [parts[0]!, far]), ["one", "three"]);
  const many = Array.from(
    { length: 40 },
    (_, i) => segment(5000 + i * TWO.length, TWO),
  );
  const names = takeAll(new Streams(), [parts[0]!, ...many]);
  assert.deepEqual(names, ["one", ...many.map(() => "two")]);
});

Deno.test("take() begins in the middle of a stream", () => {
  const packets = [segment(0, toOctets("v=0\r\n")), segment(5, TWO)];
  assert.deepEqual(takeAll(new Streams(), packets), ["other", "two"]);
});

Deno.test("take() tells TLS", () => {
  const hello = [0x16, 0x03, 0x01, 0x02, 0x00, 0x01];
  assert.deepEqual(takeAll(new Streams(), [segment(1, join(hello))]), ["tls"]);
});

Deno.test("take() gives what is there of a message that the capture cut", () => {
  const packet = segment(1, ONE).subarray(0, 250);
  const next = segment(1 + ONE.length, TWO);
  assert.deepEqual(takeAll(new Streams(), [packet, next]), ["one", "two"]);
});

Deno.test("take() gives nothing for segments without payload", () => {
  const flags = [TCP_FLAG.syn, TCP_FLAG.ack, TCP_FLAG.rst, TCP_FLAG.fin];
  const packets = flags.map((flag) => segment(1, new Uint8Array(0), flag));
  assert.deepEqual(takeAll(new Streams(), packets), []);
});
