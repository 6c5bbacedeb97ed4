/**
 * Capture files of both kinds, whole and damaged.
 * @module
 */

import assert from "node:assert/strict";
import type { Frame } from "./packet.ts";
import { CaptureReader, isCapture } from "./pcap_read.ts";
import { writeInterface, writePacket, writeSection } from "./pcapng_write.ts";
import { chance, join } from "./sample_test.ts";

const DATA = [0xde, 0xad, 0xbe, 0xef, 0x01];

/** Numbers of 16 or 32 bits in one byte order. */
function words(
  isLittle: boolean,
  ...values: readonly (readonly [bits: 16 | 32, value: number])[]
): Uint8Array {
  const length = values.reduce((sum, [bits]) => sum + bits / 8, 0);
  const view = new DataView(new ArrayBuffer(length));
  let at = 0;
  for (const [bits, value] of values) {
    if (bits === 16) view.setUint16(at, value, isLittle);
    else view.setUint32(at, value, isLittle);
    at += bits / 8;
  }
  return new Uint8Array(view.buffer);
}

function longs(isLittle: boolean, ...values: readonly number[]): Uint8Array {
  return words(isLittle, ...values.map((value) => [32, value] as const));
}

function pcap(isLittle: boolean, magic: number, linkType = 1): Uint8Array {
  return join(
    longs(isLittle, magic),
    words(isLittle, [16, 2], [16, 4]),
    longs(isLittle, 0, 0, 65535, linkType),
    longs(isLittle, 1_700_000_000, 250_000, DATA.length, 60),
    DATA,
    longs(isLittle, 1_700_000_001, 0, 0, 0),
  );
}

function block(isLittle: boolean, type: number, body: Uint8Array): Uint8Array {
  const padded = join(body, new Array(-body.length & 3).fill(0));
  const length = padded.length + 12;
  return join(longs(isLittle, type, length), padded, longs(isLittle, length));
}

function section(isLittle: boolean): Uint8Array {
  const body = join(
    longs(isLittle, 0x1a2b3c4d),
    words(isLittle, [16, 1], [16, 0]),
    longs(isLittle, 0xffffffff, 0xffffffff),
  );
  return block(isLittle, 0x0a0d0d0a, body);
}

function device(
  isLittle: boolean,
  linkType: number,
  snapLength = 0,
  options: Uint8Array = join(),
): Uint8Array {
  const body = words(isLittle, [16, linkType], [16, 0], [32, snapLength]);
  return block(isLittle, 1, join(body, options));
}

/** A packet block with the time in the units of its interface. */
function packet(isLittle: boolean, number: number, units: bigint): Uint8Array {
  const high = Number(units >> 32n);
  const low = Number(units & 0xffffffffn);
  const head = longs(isLittle, number, high, low, DATA.length, 60);
  return block(isLittle, 6, join(head, DATA));
}

function read(bytes: Uint8Array): { frames: Frame[]; damage: string } {
  const reader = new CaptureReader(bytes);
  return { frames: [...reader], damage: reader.damage };
}

Deno.test("CaptureReader reads pcap in both byte orders and resolutions", () => {
  const table = [[0xa1b2c3d4, 250], [0xa1b23c4d, 0.25]] as const;
  for (const [magic, millis] of table) {
    for (const isLittle of [true, false]) {
      const bytes = pcap(isLittle, magic, 0xf0000071);
      assert.ok(isCapture(bytes));
      const { frames, damage } = read(bytes);
      assert.equal(damage, "");
      assert.deepEqual(frames, [
        {
          at: 1_700_000_000_000 + millis,
          linkType: 0x71,
          bytes: Uint8Array.from(DATA),
          originalLength: 60,
          interfaceIndex: 0,
        },
        {
          at: 1_700_000_001_000,
          linkType: 0x71,
          bytes: new Uint8Array(0),
          originalLength: 0,
          interfaceIndex: 0,
        },
      ]);
    }
  }
});

Deno.test("CaptureReader reads sections of both byte orders with their interfaces", () => {
  const seconds = 1_700_000_000n;
  const parts = [true, false].flatMap((isLittle) => {
    const option = (code: number, value: readonly number[]) =>
      join(words(isLittle, [16, code], [16, value.length]), value, [0, 0, 0]);
    const nano = option(9, [9]);
    const binary = option(9, [0x8a]);
    return [
      section(isLittle),
      device(isLittle, 101),
      device(isLittle, 1, 0, nano),
      device(isLittle, 276, 0, binary),
      block(isLittle, 0x0bad, longs(isLittle, 1, 2, 3)),
      packet(isLittle, 0, seconds * 1_000_000n + 500n),
      packet(isLittle, 1, seconds * 1_000_000_000n + 500_000n),
      packet(isLittle, 2, seconds * 1024n + 512n),
    ];
  });
  const { frames, damage } = read(join(...parts));
  assert.equal(damage, "");
  const expected = [
    [101, 1_700_000_000_000.5],
    [1, 1_700_000_000_000.5],
    [276, 1_700_000_000_500],
  ];
  assert.deepEqual(frames.map(({ linkType, at }) => [linkType, at]), [
    ...expected,
    ...expected,
  ]);
  for (const frame of frames) {
    assert.deepEqual(frame.bytes, Uint8Array.from(DATA));
    assert.equal(frame.originalLength, 60);
  }
});

Deno.test("CaptureReader reads simple and old packet blocks", () => {
  for (const isLittle of [true, false]) {
    const old = join(
      words(isLittle, [16, 0], [16, 7]),
      longs(isLittle, 0, 2_000_000, DATA.length, 60),
      DATA,
    );
    const simple = join(longs(isLittle, 60), DATA.slice(0, 4));
    const { frames } = read(join(
      section(isLittle),
      device(isLittle, 1, 4),
      block(isLittle, 2, old),
      block(isLittle, 3, simple),
    ));
    assert.deepEqual(frames.map(({ at, bytes }) => [at, [...bytes]]), [
      [2000, DATA],
      [2000, DATA.slice(0, 4)],
    ]);
  }
});

Deno.test("CaptureReader reads what pcapng_write.ts writes", () => {
  const bytes = join(
    writeSection(),
    writeInterface(101, "socket"),
    writePacket({
      at: 1_700_000_000_123.456,
      bytes: Uint8Array.from(DATA),
      comment: "Привет",
    }),
    writePacket({ at: 5, bytes: Uint8Array.of(1), originalLength: 9 }),
  );
  const { frames, damage } = read(bytes);
  assert.equal(damage, "");
  assert.ok(Math.abs(frames[0]!.at - 1_700_000_000_123.456) < 0.001);
  assert.deepEqual(frames[0]!.bytes, Uint8Array.from(DATA));
  assert.deepEqual(
    [frames[1]!.at, frames[1]!.bytes.length, frames[1]!.originalLength],
    [5, 1, 9],
  );
});

Deno.test("CaptureReader gives the packets before a cut, and says where it is", () => {
  const sectionLength = section(true).length;
  const table = [
    { file: pcap(true, 0xa1b2c3d4), ends: [24, 24 + 16 + DATA.length] },
    {
      file: join(section(true), device(true, 1), packet(true, 0, 7n)),
      ends: [sectionLength, sectionLength + device(true, 1).length],
    },
  ];
  for (const { file, ends } of table) {
    const whole = read(file).frames.length;
    for (let length = 4; length < file.length; length++) {
      const { frames, damage } = read(file.subarray(0, length));
      assert.ok(frames.length < whole, `${length}`);
      assert.equal(damage === "", ends.includes(length), `${length} ${damage}`);
    }
    assert.match(read(file.subarray(0, -1)).damage, /is cut in the \w+ at/);
  }
  assert.deepEqual(read(new TextEncoder().encode("PK")), {
    frames: [],
    damage: "it is neither pcap nor pcapng",
  });
});

Deno.test("CaptureReader bears any damage, and ends", () => {
  const next = chance(3);
  const files = [
    pcap(false, 0xa1b23c4d),
    join(section(true), device(true, 1), packet(true, 0, 7n)),
    join(section(false), device(false, 1, 4), packet(false, 0, 7n)),
  ];
  let damaged = 0;
  for (const file of files) {
    for (let i = 0; i < 3000; i++) {
      const bytes = file.slice();
      for (let j = 0; j < 3; j++) {
        bytes[next.next().value % bytes.length] = next.next().value & 255;
      }
      const { frames, damage } = read(bytes);
      if (damage !== "") damaged++;
      for (const { at } of frames) assert.ok(Number.isFinite(at));
    }
  }
  assert.ok(damaged > 1000, `${damaged}`);
});
