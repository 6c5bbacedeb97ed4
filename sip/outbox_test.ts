/**
 * The outbox: what is written comes out, through growth, in numbers, in pieces of every length.
 * @module
 */

import assert from "node:assert/strict";
import { readText, toOctets } from "./octet.ts";
import { Outbox } from "./outbox.ts";
import { messagesOf, PHONE, STREAM, writtenText } from "./sample_test.ts";

Deno.test("Outbox.number() writes numbers as people do", () => {
  for (
    const value of [
      0,
      1,
      9,
      10,
      11,
      99,
      100,
      101,
      999,
      1000,
      5060,
      65535,
      99_999,
      100_000,
      999_999_999,
      1_000_000_000,
      0x7fffffff,
      0x80000000,
      0xffffffff,
      0x100000000,
      1e15,
      2 ** 53,
    ]
  ) {
    const outbox = new Outbox(1);
    outbox.number(value).text(";");
    assert.equal(writtenText(outbox), `${value};`);
  }
});

Deno.test("Outbox.text() writes one octet for each unit", () => {
  const outbox = new Outbox(4);
  outbox.text("a\x00\xff").text("").text("\r\n");
  assert.deepEqual(
    outbox.bytes.slice(0, outbox.position),
    Uint8Array.of(0x61, 0, 0xff, 0x0d, 0x0a),
  );
});

Deno.test("Outbox.copy() copies pieces of every length from where they stand", () => {
  const source = Uint8Array.from({ length: 1000 }, (_, i) => (i * 31) & 0xff);
  for (const length of [0, 1, 2, 63, 64, 127, 128, 129, 130, 256, 900]) {
    for (const capacity of [1, 4096]) {
      const outbox = new Outbox(capacity);
      outbox.text("ab").copy(source, 7, 7 + length).text("cd");
      const expected = readText(source, 7, 7 + length);
      assert.equal(writtenText(outbox), `ab${expected}cd`, `${length}`);
    }
  }
});

Deno.test("Outbox.constant() writes the whole of it", () => {
  const outbox = new Outbox(8);
  outbox.constant(toOctets("abc")).constant(toOctets("")).constant(
    toOctets("d"),
  );
  assert.equal(writtenText(outbox), "abcd");
});

Deno.test("Outbox keeps earlier messages when it grows", () => {
  const outbox = new Outbox(16);
  const expected: string[] = [];
  for (let i = 0; i < 200; i++) {
    const start = outbox.position;
    const text = `${i} `.repeat(1 + i % 50);
    outbox.text(text.slice(0, 3)).constant(toOctets(text.slice(3))).number(i);
    outbox.end(start, i % 2 === 0 ? PHONE : STREAM);
    expected.push(`${text}${i}`);
  }
  assert.deepEqual(messagesOf(outbox), expected);
  for (let i = 0; i < 200; i++) {
    assert.equal(outbox.flows[i], i % 2 === 0 ? PHONE : STREAM);
  }
});

Deno.test("Outbox.rewind() gives up what is not ended, and nothing before it", () => {
  const outbox = new Outbox(64);
  outbox.text("first").end(0, PHONE);
  const start = outbox.position;
  outbox.text("given up").rewind(start);
  assert.equal(outbox.position, start);
  outbox.text("second").end(start, PHONE);
  assert.deepEqual(messagesOf(outbox), ["first", "second"]);
});

Deno.test("Outbox.clear() forgets messages and keeps the memory", () => {
  const outbox = new Outbox(4);
  outbox.text("a long message").end(0, PHONE);
  const { bytes } = outbox;
  outbox.clear();
  assert.equal(outbox.count, 0);
  assert.equal(outbox.position, 0);
  assert.deepEqual(messagesOf(outbox), []);
  outbox.text("another").end(0, STREAM);
  assert.equal(outbox.bytes, bytes);
  assert.deepEqual(messagesOf(outbox), ["another"]);
  assert.equal(outbox.flows[0], STREAM);
});
