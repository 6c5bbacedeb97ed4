/**
 * The codes of G.711 and the tone made of them.
 * @module
 */

import assert from "node:assert/strict";
import { EndTable } from "./end_table.ts";
import {
  kindOf,
  RTP_KIND,
  sequenceOf,
  ssrcOf,
  timestampOf,
} from "./rtp_header.ts";
import { encodeAlaw, encodeMulaw, encodeTone } from "./tone.ts";
import {
  beginTone,
  endTone,
  hasTone,
  nextToneMs,
  TONE_PACKET_OCTETS,
  ToneWriter,
} from "./tone_line.ts";

/** ITU-T G.711 in the other direction. */
function decodeMulaw(code: number): number {
  const bits = ~code & 0xff;
  const value = ((bits & 0x0f) << 3) + 0x84 << (bits >> 4 & 7);
  return bits & 0x80 ? 0x84 - value : value - 0x84;
}

function decodeAlaw(code: number): number {
  const bits = code ^ 0x55;
  const segment = bits >> 4 & 7;
  const step = bits & 0x0f;
  const value = segment === 0
    ? (step << 4) + 8
    : (step << 4) + 0x108 << segment - 1;
  return bits & 0x80 ? value : -value;
}

/** The share of the power of a sine of `hertz` in the samples, 0 to 1. */
function share(samples: readonly number[], hertz: number): number {
  const step = 2 * Math.PI * hertz / 8000;
  let [cosine, sine, power] = [0, 0, 0];
  samples.forEach((sample, i) => {
    cosine += sample * Math.cos(step * i);
    sine += sample * Math.sin(step * i);
    power += sample * sample;
  });
  return 2 * (cosine ** 2 + sine ** 2) / (samples.length * power);
}

Deno.test("encodeMulaw() and encodeAlaw() come back within a step of the scale", () => {
  for (
    const [encode, decode] of [
      [encodeMulaw, decodeMulaw],
      [encodeAlaw, decodeAlaw],
    ] as const
  ) {
    for (let sample = -32768; sample <= 32767; sample += 7) {
      const error = Math.abs(decode(encode(sample)) - sample);
      assert.ok(error <= 16 + Math.abs(sample) / 30, `${sample}: ${error}`);
    }
    assert.equal(encode(-5000) ^ encode(5000), 0x80, "the sign is one bit");
  }
});

Deno.test("encodeTone() is one second of 440 Hz at -12 dBm0 and one of silence", () => {
  for (const [type, decode] of [[0, decodeMulaw], [8, decodeAlaw]] as const) {
    const samples = [...encodeTone(type)].map(decode);
    assert.equal(samples.length, 16000);
    const on = samples.slice(100, 7900);
    assert.ok(share(on, 440) > 0.99);
    const power = on.reduce((sum, sample) => sum + sample ** 2, 0) / on.length;
    const dBm0 = 10 * Math.log10(power / (32124 ** 2 / 2)) + 3.17;
    assert.ok(Math.abs(dBm0 + 12) < 0.1, `${dBm0}`);
    assert.ok(samples.slice(8000).every((sample) => Math.abs(sample) <= 8));
  }
});

function newLine() {
  const table = new EndTable(new SharedArrayBuffer(EndTable.octets(1)), 0, 1);
  const packet = new Uint8Array(TONE_PACKET_OCTETS);
  const writer = new ToneWriter();
  return {
    table,
    packet,
    write: (nowMs: number) => writer.write(table, 0, packet, nowMs),
  };
}

Deno.test("ToneWriter.write() numbers packets and marks the first", () => {
  const { table, packet, write } = newLine();
  beginTone(table, 0, 8, [0xcafe, 0x1ffff, 0xffffffff]);
  write(1000);
  assert.equal(kindOf(packet, packet.length), RTP_KIND);
  assert.equal(packet[1], 0x88);
  assert.equal(sequenceOf(packet), 0xffff);
  assert.equal(timestampOf(packet), 0xffffffff);
  assert.equal(ssrcOf(packet), 0xcafe);
  assert.equal(nextToneMs(table, 0), 1020);
  write(1020.4);
  assert.equal(packet[1], 0x08);
  assert.equal(sequenceOf(packet), 0);
  assert.equal(timestampOf(packet), 159);
  assert.equal(nextToneMs(table, 0), 1040);
});

Deno.test("ToneWriter.write() makes nothing up for the time that it slept", () => {
  const { table, packet, write } = newLine();
  beginTone(table, 0, 0, [1, 10, 0]);
  write(0);
  write(5030);
  assert.equal(sequenceOf(packet), 11);
  assert.equal(timestampOf(packet), 251 * 160);
  assert.equal(nextToneMs(table, 0), 5040);
});

Deno.test("endTone() ends it", () => {
  const { table } = newLine();
  beginTone(table, 0, 0, [1, 2, 3]);
  assert.equal(hasTone(table, 0), true);
  endTone(table, 0);
  assert.equal(hasTone(table, 0), false);
});
