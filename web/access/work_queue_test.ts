/**
 * Work that may run only so much at once.
 * @module
 */

import assert from "node:assert/strict";
import { WorkQueue } from "./work_queue.ts";

Deno.test("WorkQueue runs two at once, lets two wait, refuses the rest", async () => {
  const queue = new WorkQueue(2, 2);
  const gates: (() => void)[] = [];
  let running = 0;
  let most = 0;
  const work = () => {
    most = Math.max(most, ++running);
    const { promise, resolve } = Promise.withResolvers<void>();
    gates.push(resolve);
    return promise.then(() => running--);
  };
  const all = [1, 2, 3, 4].map(() => queue.run(work));
  assert.equal(queue.run(work), null);
  assert.equal(gates.length, 2);
  gates[0]!();
  await all[0];
  // its place is free again, and one of those that waited has it
  assert.equal(gates.length, 3);
  const fifth = queue.run(work);
  assert.notEqual(fifth, null);
  for (let i = 1; i < 5; i++) {
    gates[i]!();
    await [...all, fifth][i];
  }
  assert.equal(most, 2);
  assert.equal(running, 0);
});

Deno.test("WorkQueue lets the first wait where others are refused, and begins with them", async () => {
  const queue = new WorkQueue(1, 1);
  const gate = Promise.withResolvers<void>();
  const begun: string[] = [];
  const work = (name: string) => () => {
    begun.push(name);
    return gate.promise;
  };
  const all = [queue.run(work("one")), queue.run(work("two"))];
  assert.equal(queue.run(work("refused")), null);
  all.push(queue.run(work("first"), true));
  assert.equal(queue.run(work("too many"), true), null);
  gate.resolve();
  await Promise.all(all);
  assert.deepEqual(begun, ["one", "first", "two"]);
});

Deno.test("WorkQueue goes on after work that failed, also at once", async () => {
  const queue = new WorkQueue(1, 1);
  const failed = queue.run(() => Promise.reject(new Error("one")))!;
  const waiting = queue.run(() => Promise.resolve("two"))!;
  await assert.rejects(failed, /one/);
  assert.equal(await waiting, "two");
  const thrown = queue.run(() => {
    throw new Error("three");
  })!;
  await assert.rejects(thrown, /three/);
  assert.equal(await queue.run(() => Promise.resolve("four")), "four");
});
