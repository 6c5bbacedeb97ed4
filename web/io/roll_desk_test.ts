/**
 * How the office stands: a small one at once, a large one a little at a time.
 * @module
 */

import assert from "node:assert/strict";
import { RollDesk } from "./roll_desk.ts";

function open(count: number) {
  const extensions = Array.from(
    { length: count },
    (_, i) => ({ number: String(2000 + i), name: "" }),
  );
  const clock = { nowMs: 0 };
  const faults: unknown[] = [];
  const asked = { count: 0, isBroken: false };
  const desk = new RollDesk({
    extensions: () => extensions,
    bindings: () => {
      if (asked.isBroken) throw new RangeError("no");
      asked.count++;
      return [];
    },
    reports: () => [],
    wallMs: () => 1e12 + clock.nowMs,
    monotonicMs: () => clock.nowMs,
    onFault: (error) => faults.push(error),
  });
  return { desk, clock, asked, faults };
}

Deno.test("RollDesk.read() looks through a small office each time", () => {
  const { desk, asked } = open(250);
  assert.equal(desk.read()?.lines.length, 250);
  assert.equal(desk.read()?.lines.length, 250);
  assert.equal(asked.count, 500);
});

Deno.test("RollDesk.read() looks through a large office once a second, in between", async () => {
  const { desk, clock, asked } = open(2000);
  try {
    assert.equal(desk.read(), null);
    assert.ok(asked.count < 2000);
    await desk.settle();
    const roll = desk.read();
    assert.equal(roll?.lines.length, 2000);
    assert.equal(asked.count, 2000);
    clock.nowMs = 999;
    assert.equal(desk.read(), roll);
    await desk.settle();
    assert.equal(asked.count, 2000);
    clock.nowMs = 1000;
    assert.equal(desk.read(), roll);
    await desk.settle();
    assert.notEqual(desk.read(), roll);
    assert.equal(asked.count, 4000);
  } finally {
    desk.stop();
  }
  assert.equal(desk.read(), null);
  await desk.settle();
});

Deno.test("RollDesk.settle() tells of a fault, and tries again", async () => {
  const { desk, asked, faults } = open(2000);
  try {
    asked.isBroken = true;
    await desk.settle();
    assert.equal(desk.read(), null);
    await desk.settle();
    assert.equal(faults.length, 2);
    asked.isBroken = false;
    await desk.settle();
    assert.equal(desk.read()?.lines.length, 2000);
  } finally {
    desk.stop();
  }
});
