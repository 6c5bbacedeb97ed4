/**
 * Loss, jitter and silence of streams that are whole, torn, late, or of another sender.
 * @module
 */

import assert from "node:assert/strict";
import { EndTable, RATES, ROW_WORDS } from "./end_table.ts";
import { clearCounts, countRtp, readCounts } from "./rtp_count.ts";
import { writeRtpHeader } from "./rtp_header.ts";

const SLOT = 1;

class Stream {
  readonly table = new EndTable(
    new SharedArrayBuffer(EndTable.octets(2)),
    0,
    2,
  );
  readonly #packet = new Uint8Array(172);

  constructor() {
    clearCounts(this.table, SLOT, 0);
  }

  /** A packet with a sequence number, whose timestamp and arrival fit it unless told. */
  take(
    sequence: number,
    { ssrc = 7, type = 0, stamp = sequence * 160, atMs = sequence * 20 } = {},
  ): void {
    writeRtpHeader(this.#packet, type, false, sequence, stamp, ssrc);
    countRtp(this.table, SLOT, this.#packet, 172, atMs);
  }

  read(nowMs = 0) {
    return readCounts(this.table, SLOT, nowMs);
  }
}

function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}

Deno.test("countRtp() finds nothing lost in a whole stream", () => {
  const stream = new Stream();
  for (const n of range(1, 500)) stream.take(n);
  const { packets, octets, lost, jitterMs } = stream.read();
  assert.deepEqual(
    { packets, octets, lost, jitterMs },
    { packets: 500, octets: 500 * 172, lost: 0, jitterMs: 0 },
  );
});

Deno.test("countRtp() counts gaps, not what only came late", () => {
  const stream = new Stream();
  for (const n of [1, 2, 3, 6, 7, 5, 8, 9]) stream.take(n);
  assert.equal(stream.read().lost, 1);
});

Deno.test("countRtp() is not misled by packets that come twice", () => {
  const stream = new Stream();
  for (const n of [1, 2, 3, 3, 3, 4]) stream.take(n);
  assert.equal(stream.read().lost, 0);
  assert.equal(stream.read().packets, 6);
});

Deno.test("countRtp() goes on when the sequence number begins anew", () => {
  const stream = new Stream();
  for (const n of range(65000, 66100)) stream.take(n & 0xffff);
  assert.equal(stream.read().lost, 0);
  stream.take(66103 & 0xffff);
  assert.equal(stream.read().lost, 2);
});

Deno.test("countRtp() begins anew with another SSRC and keeps what was lost", () => {
  const stream = new Stream();
  for (const n of [1, 2, 5]) stream.take(n);
  assert.equal(stream.read().lost, 2);
  for (const n of range(40000, 40010)) stream.take(n, { ssrc: 8 });
  assert.equal(stream.read().lost, 2);
  stream.take(40012, { ssrc: 8 });
  assert.equal(stream.read().lost, 3);
});

Deno.test("countRtp() follows a jump when two packets confirm it", () => {
  const stream = new Stream();
  for (const n of range(1, 10)) stream.take(n);
  stream.take(20000);
  stream.take(11);
  assert.equal(stream.read().lost, 0, "one stray packet");
  for (const n of range(30000, 30005)) stream.take(n);
  assert.equal(stream.read().lost, 0, "the phone has begun elsewhere");
  stream.take(30007);
  assert.equal(stream.read().lost, 1);
});

Deno.test("countRtp() keeps the first packet in probation", () => {
  const stream = new Stream();
  stream.take(100);
  for (const n of range(200, 210)) stream.take(n);
  assert.equal(stream.read().lost, 0);
  assert.equal(stream.read().packets, 12);
});

Deno.test("countRtp() measures jitter by the clock of the payload type", () => {
  for (const [type, rate] of [[0, 8000], [111, 48000]] as const) {
    const stream = new Stream();
    stream.table.words[SLOT * ROW_WORDS + RATES + 3] = 111 << 24 | 48000;
    for (const n of range(1, 400)) {
      const atMs = n * 20 + (n % 2) * 5;
      stream.take(n, { type, stamp: n * rate / 50, atMs });
    }
    const { jitterMs } = stream.read();
    assert.ok(Math.abs(jitterMs - 5) < 0.01, `${rate}: ${jitterMs}`);
  }
});

Deno.test("countRtp() takes no jitter from the one timestamp of an event", () => {
  const stream = new Stream();
  for (const n of range(1, 10)) stream.take(n);
  for (const n of range(11, 30)) stream.take(n, { type: 101, stamp: 1760 });
  for (const n of range(31, 60)) stream.take(n);
  const { jitterMs, lost } = stream.read();
  assert.deepEqual({ jitterMs, lost }, { jitterMs: 0, lost: 0 });
});

Deno.test("countRtp() survives a timestamp that begins anew", () => {
  const stream = new Stream();
  for (const n of range(1, 50)) {
    stream.take(n, { stamp: 0xffffff00 + n * 160 });
  }
  assert.ok(stream.read().jitterMs < 0.001);
});

Deno.test("readCounts() tells the silence since the last packet or the beginning", () => {
  const stream = new Stream();
  assert.equal(stream.read(300).silentMs, 300);
  stream.take(1, { atMs: 400 });
  assert.equal(stream.read(1000).silentMs, 600);
  clearCounts(stream.table, SLOT, 2000);
  assert.deepEqual(stream.read(2500), {
    packets: 0,
    octets: 0,
    lost: 0,
    jitterMs: 0,
    silentMs: 500,
    strangers: 0,
    sent: 0,
  });
});

Deno.test("clearCounts() begins the sequence anew in the middle of a stream", () => {
  const stream = new Stream();
  for (const n of [1, 2, 3, 9]) stream.take(n);
  clearCounts(stream.table, SLOT, 0);
  for (const n of [50, 51, 52, 54]) stream.take(n);
  assert.equal(stream.read().lost, 1);
});
