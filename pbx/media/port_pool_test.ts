/**
 * The order in which ports are given out.
 * @module
 */

import assert from "node:assert/strict";
import { PortPool } from "./port_pool.ts";

/** Numbers of chance that are the same in each run. */
function chance(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = Math.imul(state, 1664525) + 1013904223 >>> 0;
    return Math.floor(state / 2 ** 32 * below);
  };
}

function takeAll(pool: PortPool): number[] {
  return Array.from({ length: pool.size }, () => pool.take());
}

Deno.test("PortPool gives each even port whose neighbour is in the range, once", () => {
  const cases: [number, number, number[]][] = [
    [10000, 10007, [10000, 10002, 10004, 10006]],
    [10001, 10008, [10002, 10004, 10006]],
    [10000, 10000, []],
    [10001, 10002, []],
    [65534, 65535, [65534]],
  ];
  for (const [first, last, expected] of cases) {
    const pool = new PortPool({ first, last }, chance(1));
    assert.equal(pool.size, expected.length);
    assert.deepEqual(takeAll(pool).sort(), expected);
    assert.equal(pool.take(), 0);
  }
});

Deno.test("PortPool gives another order for another chance", () => {
  const range = { first: 20000, last: 20999 };
  const one = takeAll(new PortPool(range, chance(1)));
  const other = takeAll(new PortPool(range, chance(2)));
  assert.notDeepEqual(one, other);
  assert.notDeepEqual(one, one.toSorted((a, b) => a - b));
});

Deno.test("PortPool lets a port rest while half of the others are given out", () => {
  const pool = new PortPool({ first: 10000, last: 10199 }, chance(3));
  const lastGiven = new Map<number, number>();
  for (let i = 0; i < 5000; i++) {
    const port = pool.take();
    const before = lastGiven.get(port) ?? -Infinity;
    assert.ok(i - before >= 50, `${port} again after ${i - before}`);
    lastGiven.set(port, i);
    pool.give(port);
  }
  assert.equal(new Set(takeAll(pool)).size, 100);
});
