/**
 * The queue of timers: in order of their deadlines, without those that were stopped or set anew.
 * @module
 */

import assert from "node:assert/strict";
import { type TimerOwner, TimerQueue } from "./timer_queue.ts";

interface Owner extends TimerOwner {
  readonly name: number;
}

function makeOwner(name = 0): Owner {
  return { name, deadlines: {}, intervalMs: 500 };
}

/** Takes all that is due, as the name of each owner with its timer. */
function takeAll(queue: TimerQueue<Owner>, nowMs: number): string[] {
  const taken: string[] = [];
  for (
    let due = queue.takeDue(nowMs);
    due !== null;
    due = queue.takeDue(nowMs)
  ) {
    taken.push(`${due.owner.name}${due.timer}`);
  }
  return taken;
}

Deno.test("TimerQueue.takeDue() gives a timer at its deadline, once", () => {
  const queue = new TimerQueue<Owner>();
  const owner = makeOwner(1);
  assert.equal(queue.takeDue(1e9), null);
  queue.set(owner, "E", 500);
  assert.equal(queue.takeDue(499), null);
  assert.equal(owner.deadlines.E, 500);
  assert.deepEqual(queue.takeDue(500), { owner, timer: "E" });
  assert.equal(owner.deadlines.E, undefined);
  assert.equal(queue.takeDue(1e9), null);
});

Deno.test("TimerQueue.takeDue() goes by the deadlines, in whatever order they were set", () => {
  let seed = 7;
  for (const count of [1, 2, 3, 4, 5, 6, 7, 8, 100, 1000]) {
    const queue = new TimerQueue<Owner>();
    const deadlines: number[] = [];
    for (let i = 0; i < count; i++) {
      seed = (seed * 48271) % 0x7fffffff;
      const dueMs = seed % 500;
      deadlines.push(dueMs);
      queue.set(makeOwner(dueMs), "J", dueMs);
    }
    const half = takeAll(queue, 250);
    assert.ok(half.every((name) => parseInt(name) <= 250));
    const all = [...half, ...takeAll(queue, 1000)].map((name) =>
      parseInt(name)
    );
    assert.deepEqual(all, deadlines.toSorted((a, b) => a - b));
  }
});

Deno.test("TimerQueue.takeDue() passes over a timer that was stopped", () => {
  const queue = new TimerQueue<Owner>();
  const [first, second] = [makeOwner(1), makeOwner(2)];
  queue.set(first, "G", 100);
  queue.set(first, "H", 200);
  queue.set(second, "G", 150);
  first.deadlines.G = undefined;
  assert.deepEqual(takeAll(queue, 1000), ["2G", "1H"]);
});

Deno.test("TimerQueue.set() moves a timer that runs, earlier or later", () => {
  const queue = new TimerQueue<Owner>();
  const [later, earlier] = [makeOwner(1), makeOwner(2)];
  queue.set(later, "E", 100);
  queue.set(later, "E", 300);
  queue.set(earlier, "E", 400);
  queue.set(earlier, "E", 50);
  assert.deepEqual(takeAll(queue, 299), ["2E"]);
  assert.deepEqual(takeAll(queue, 1000), ["1E"]);
  queue.set(later, "E", 2000);
  queue.set(later, "E", 2000);
  assert.deepEqual(takeAll(queue, 2000), ["1E"], "the same deadline twice");
});

Deno.test("TimerQueue.set() works while due timers are being taken", () => {
  const queue = new TimerQueue<Owner>();
  const owner = makeOwner(1);
  queue.set(owner, "E", 100);
  const times: number[] = [];
  for (let nowMs = 0; nowMs <= 1000; nowMs += 10) {
    for (
      let due = queue.takeDue(nowMs);
      due !== null;
      due = queue.takeDue(nowMs)
    ) {
      times.push(nowMs);
      queue.set(due.owner, due.timer, nowMs + 2 * nowMs);
    }
  }
  assert.deepEqual(times, [100, 300, 900]);
});

Deno.test("TimerQueue.stopAll() stops every timer of one owner", () => {
  const queue = new TimerQueue<Owner>();
  const [first, second] = [makeOwner(1), makeOwner(2)];
  queue.set(first, "A", 100);
  queue.set(first, "B", 200);
  queue.set(second, "A", 150);
  queue.stopAll(first);
  assert.deepEqual(takeAll(queue, 1000), ["2A"]);
  queue.set(first, "A", 2000);
  assert.deepEqual(takeAll(queue, 2000), ["1A"], "it may start again");
});

Deno.test("TimerQueue keeps no heap of timers that were stopped", () => {
  const queue = new TimerQueue<Owner>();
  const running = makeOwner(0);
  queue.set(running, "B", 1e9);
  for (let i = 1; i <= 20_000; i++) {
    const owner = makeOwner(i);
    queue.set(owner, "B", 1e6 + i);
    queue.stopAll(owner);
  }
  assert.ok(queue.size < 3000, `${queue.size}`);
  assert.deepEqual(takeAll(queue, 1e9), ["0B"]);
});
