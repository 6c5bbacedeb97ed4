/**
 * The ring of kept answers: what is kept comes back whole, the oldest go first.
 * @module
 */

import assert from "node:assert/strict";
import { toOctets } from "./octet.ts";
import { Outbox } from "./outbox.ts";
import { KeptResponse, ResponseRing } from "./response_ring.ts";
import { writtenText } from "./sample_test.ts";

function keep(ring: ResponseRing, text: string): KeptResponse {
  const response = new KeptResponse();
  const octets = toOctets(`<${text}>`);
  ring.keep(response, octets, 1, 1 + text.length);
  return response;
}

function take(ring: ResponseRing, response: KeptResponse): string | null {
  if (!response.isKept) return null;
  const outbox = new Outbox(4);
  ring.write(response, outbox);
  return writtenText(outbox);
}

Deno.test("ResponseRing.write() gives back what was kept, as often as it is asked", () => {
  const ring = new ResponseRing(100);
  const first = keep(ring, "first");
  const second = keep(ring, "second");
  for (let i = 0; i < 3; i++) {
    assert.equal(take(ring, first), "first");
    assert.equal(take(ring, second), "second");
  }
});

Deno.test("ResponseRing.keep() copies, so that the outbox may be cleared", () => {
  const ring = new ResponseRing(100);
  const octets = toOctets("abc");
  const response = new KeptResponse();
  ring.keep(response, octets, 0, 3);
  octets.fill(0);
  assert.equal(take(ring, response), "abc");
});

Deno.test("ResponseRing.keep() keeps nothing larger than a quarter of the ring", () => {
  const ring = new ResponseRing(100);
  assert.equal(take(ring, keep(ring, "x".repeat(25))), "x".repeat(25));
  const large = keep(ring, "x".repeat(26));
  assert.equal(large.isKept, false);
  const again = keep(ring, "small");
  ring.keep(again, toOctets("x".repeat(26)), 0, 26);
  assert.equal(again.isKept, false, "not the one before it either");
});

Deno.test("ResponseRing.keep() gives up the oldest first, and only as many as it must", () => {
  const ring = new ResponseRing(100);
  const letters = ["a", "b", "c", "d"];
  const kept = letters.map((letter) => keep(ring, letter.repeat(25)));
  const states = () => kept.map((response) => response.isKept);
  assert.deepEqual(states(), [true, true, true, true]);
  const e = keep(ring, "e".repeat(10));
  assert.deepEqual(states(), [false, true, true, true]);
  const f = keep(ring, "f".repeat(15));
  assert.deepEqual(states(), [false, true, true, true]);
  const g = keep(ring, "g");
  assert.deepEqual(states(), [false, false, true, true]);
  assert.equal(take(ring, e), "e".repeat(10));
  assert.equal(take(ring, f), "f".repeat(15));
  assert.equal(take(ring, g), "g");
  assert.equal(take(ring, kept[2]!), "c".repeat(25));
});

Deno.test("ResponseRing.keep() does not cut an answer at the end of its memory", () => {
  const ring = new ResponseRing(100);
  const kept = ["a", "b", "c", "d"].map((letter) =>
    keep(ring, letter.repeat(22))
  );
  // 12 octets are left: the next one goes to the front, in the place of the first
  const next = keep(ring, "e".repeat(20));
  assert.equal(next.at, 0);
  assert.equal(take(ring, next), "e".repeat(20));
  assert.deepEqual(kept.map((response) => response.isKept), [
    false,
    true,
    true,
    true,
  ]);
});

Deno.test("ResponseRing.keep() gives up what lies in the piece at the end that it leaves out", () => {
  const ring = new ResponseRing(100);
  for (const letter of "abcd") keep(ring, letter.repeat(22));
  const last = keep(ring, "e".repeat(12));
  assert.equal(last.at, 88);
  for (const letter of "fgh") keep(ring, letter.repeat(25));
  assert.equal(take(ring, last), "e".repeat(12));
  const next = keep(ring, "i".repeat(25));
  assert.equal(last.isKept, false);
  assert.equal(take(ring, next), "i".repeat(25));
});

Deno.test("ResponseRing never mixes up answers, whatever their lengths", () => {
  const ring = new ResponseRing(1000);
  const kept: { readonly text: string; readonly response: KeptResponse }[] = [];
  let seed = 1;
  for (let i = 0; i < 5000; i++) {
    seed = (seed * 48271) % 0x7fffffff;
    const text = `${i}:`.repeat(1 + seed % 60).slice(0, 1 + seed % 250);
    kept.push({ text, response: keep(ring, text) });
    const alive = kept.slice(-60).filter(({ response }) => response.isKept);
    const octets = alive.reduce((sum, { text }) => sum + text.length, 0);
    assert.ok(octets <= 1000 && (i < 60 || octets >= 500), `${octets}`);
    for (const { text, response } of alive) {
      assert.equal(take(ring, response), text);
    }
    assert.equal(kept.at(-1)!.response.isKept, true);
  }
  const flags = kept.map(({ response }) => response.isKept);
  assert.equal(
    flags.lastIndexOf(false) + 1,
    flags.indexOf(true),
    "oldest first",
  );
});
