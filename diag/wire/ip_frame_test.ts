/**
 * Packets made of messages.
 * @module
 */

import assert from "node:assert/strict";
import { FrameMaker } from "./ip_frame.ts";
import { decodeFrame, decodeSegment } from "./packet.ts";
import { frameOf, join, message } from "./sample_test.ts";

const PAIRS = [
  ["192.0.2.1", "198.51.100.7"],
  ["2001:db8::1", "fe80::7%3"],
] as const;

/** The sum that is 0xffff where a check sum is right (RFC 1071 §1). */
function sumOf(bytes: Uint8Array): number {
  let sum = 0;
  for (let i = 0; i < bytes.length; i++) {
    sum += i % 2 === 0 ? bytes[i]! * 256 : bytes[i]!;
    if (sum > 0xffff) sum -= 0xffff;
  }
  return sum;
}

/** The addresses and what else the check sum of the body is about. */
function pseudoHeader(packet: Uint8Array): Uint8Array {
  const isV4 = packet[0]! >> 4 === 4;
  const at = isV4 ? 20 : 40;
  const length = packet.length - at;
  const addresses = isV4 ? packet.subarray(12, 20) : packet.subarray(8, 40);
  const protocol = isV4 ? packet[9]! : packet[6]!;
  return join(addresses, [0, protocol, length >> 8, length & 255]);
}

Deno.test("wrap() writes packets that read back, with right check sums", () => {
  for (const transport of ["udp", "tcp"] as const) {
    for (const [source, destination] of PAIRS) {
      for (const lines of [0, 1, 2, 3]) {
        const octets = message({ lines, callId: "x".repeat(lines) });
        const [packet] = new FrameMaker().wrap({
          transport,
          source,
          sourcePort: 5060,
          destination,
          destinationPort: 40000,
          octets,
        });
        assert.ok(packet);
        const at = packet[0] === 0x45 ? 20 : 40;
        if (at === 20) assert.equal(sumOf(packet.subarray(0, 20)), 0xffff);
        const checked = join(pseudoHeader(packet), packet.subarray(at));
        assert.equal(sumOf(checked), 0xffff, `${transport} ${source}`);
        const read = decodeSegment(decodeFrame(frameOf(packet))!);
        assert.equal(read?.transport, transport);
        assert.deepEqual(read.payload, octets);
        assert.equal(read.destination, destination.replace("%3", ""));
        assert.deepEqual([read.sourcePort, read.destinationPort], [
          5060,
          40000,
        ]);
      }
    }
  }
});

Deno.test("wrap() counts the octets of both directions of a connection", () => {
  const maker = new FrameMaker();
  const here = { source: "192.0.2.1", sourcePort: 5060 };
  const there = { destination: "192.0.2.7", destinationPort: 40000 };
  const back = {
    source: "192.0.2.7",
    sourcePort: 40000,
    destination: "192.0.2.1",
    destinationPort: 5060,
  };
  const octets = new Uint8Array(100);
  const tcp = { transport: "tcp", octets } as const;
  const numbers = [
    maker.wrap({ ...tcp, ...here, ...there }),
    maker.wrap({ ...tcp, ...here, ...there, octets: new Uint8Array(70_000) }),
    maker.wrap({ ...tcp, ...back }),
  ].flat().map((packet) => {
    const view = new DataView(packet.buffer);
    return [view.getUint32(24), view.getUint32(28)];
  });
  assert.deepEqual(numbers, [[1, 1], [101, 1], [65_576, 1], [1, 70_101]]);
});

Deno.test("wrap() writes something for addresses that are none, and cuts what is too long", () => {
  const [packet, more] = new FrameMaker().wrap({
    transport: "udp",
    source: "unknown",
    sourcePort: 5060,
    destination: "2001:db8::1",
    destinationPort: 5060,
    octets: new Uint8Array(70_000),
  });
  const read = decodeSegment(decodeFrame(frameOf(packet!))!);
  assert.equal(read?.source, "::");
  assert.equal(read.octets, 65_475);
  assert.equal(more, undefined);
});
