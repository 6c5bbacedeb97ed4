/**
 * Texts in cells.
 * @module
 */

import assert from "node:assert/strict";
import { TextSlab } from "./text_slab.ts";

Deno.test("TextSlab.put() keeps texts of every length apart", () => {
  const slab = new TextSlab();
  const texts = Array.from(
    { length: 200 },
    (_, i) => String.fromCharCode(33 + i % 90).repeat(i),
  );
  const cells = texts.map((text) => slab.put(text));
  for (const [i, text] of texts.entries()) {
    assert.equal(slab.get(cells[i]!, text.length), text);
    assert.ok(slab.holds(cells[i]!, text));
  }
});

Deno.test("TextSlab.put() keeps octets beyond ASCII", () => {
  const slab = new TextSlab();
  const text = String.fromCharCode(...Array.from({ length: 256 }, (_, i) => i));
  assert.equal(slab.get(slab.put(text), 256), text);
});

Deno.test("TextSlab.put() grows beyond its first memory, and loses nothing", () => {
  const slab = new TextSlab();
  const cells = Array.from(
    { length: 6000 },
    (_, i) => slab.put(`text number ${i}`.padEnd(60, ".")),
  );
  const long = slab.put("x".repeat(1_000_000));
  for (let i = 0; i < 6000; i += 7) {
    assert.equal(slab.get(cells[i]!, 60), `text number ${i}`.padEnd(60, "."));
  }
  assert.equal(slab.get(long, 1_000_000), "x".repeat(1_000_000));
});

Deno.test("TextSlab.free() lends the cells to the next text that fits, and to no other", () => {
  const slab = new TextSlab();
  const two = slab.put("a".repeat(40));
  const neighbour = slab.put("b".repeat(40));
  slab.free(two, 40);
  assert.notEqual(slab.put("c".repeat(65)), two);
  assert.notEqual(slab.put("d".repeat(32)), two);
  assert.equal(slab.put("e".repeat(64)), two);
  assert.notEqual(slab.put("f".repeat(64)), two);
  assert.equal(slab.get(neighbour, 40), "b".repeat(40));
  assert.equal(slab.get(two, 64), "e".repeat(64));
});

Deno.test("TextSlab.holds() tells every letter of how a text begins", () => {
  const slab = new TextSlab();
  const cell = slab.put("sip:1001@10.0.0.7");
  assert.equal(slab.holds(cell, "sip:1001"), true);
  assert.equal(slab.holds(cell, "sip:1001@10.0.0.7"), true);
  assert.equal(slab.holds(cell, "sip:1002"), false);
  assert.equal(slab.holds(cell, "Sip:1001"), false);
  assert.equal(slab.holds(cell, ""), true);
});
