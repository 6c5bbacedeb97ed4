/**
 * Blocks of a pcapng file; that they read back is in `pcap_read_test.ts`.
 * @module
 */

import assert from "node:assert/strict";
import { writeInterface, writePacket, writeSection } from "./pcapng_write.ts";

Deno.test("every block has its length at both ends, a multiple of four", () => {
  const packet = (length: number, comment: string) =>
    writePacket({ at: 1, bytes: new Uint8Array(length), comment });
  const blocks = [
    writeSection(),
    writeSection("x"),
    writeInterface(101, "any"),
    ...[0, 1, 2, 3, 4].map((length) => packet(length, "x".repeat(length))),
    packet(3, "x".repeat(100_000)),
  ];
  for (const block of blocks) {
    const view = new DataView(block.buffer);
    assert.equal(block.length % 4, 0);
    assert.equal(view.getUint32(4, true), block.length);
    assert.equal(view.getUint32(block.length - 4, true), block.length);
  }
  assert.ok(blocks.at(-1)!.length < 5000);
});

Deno.test("writePacket() writes microseconds in two words", () => {
  const at = 1_700_000_000_123.456;
  const block = writePacket({ at, bytes: new Uint8Array(0) }, 3);
  const view = new DataView(block.buffer);
  assert.equal(view.getUint32(8, true), 3);
  const high = BigInt(view.getUint32(12, true));
  const low = BigInt(view.getUint32(16, true));
  assert.equal(high << 32n | low, 1_700_000_000_123_456n);
});
