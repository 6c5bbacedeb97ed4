/**
 * The bound of the log, and what goes first.
 * @module
 */

import assert from "node:assert/strict";
import { LogQueue } from "./log_queue.ts";

Deno.test("push() lets debug go first, then info, then warning", () => {
  const queue = new LogQueue(40);
  queue.push("debug", "debug 111\n");
  queue.push("info", "info 1111\n");
  queue.push("warning", "warning 1\n");
  queue.push("debug", "debug 222\n");
  assert.equal(queue.size, 40);
  queue.push("debug", "debug 333\n");
  assert.equal(queue.dropped, 1);
  queue.push("error", "error 111\n");
  queue.push("error", "error 222\n");
  assert.equal(queue.size, 40);
  queue.push("error", "error 333\n");
  queue.push("error", "error 444\n");
  queue.push("error", "error 555\n");
  queue.push("info", "info 2222\n");
  assert.equal(
    queue.take(1000)?.text,
    "error 111\nerror 222\nerror 333\nerror 444\n",
  );
  assert.deepEqual(queue.takeDropped(), {
    error: 1,
    warning: 1,
    info: 2,
    debug: 3,
  });
  assert.equal(queue.takeDropped(), null);
  assert.equal(queue.dropped, 7);
});

Deno.test("take() gives whole lines in order, and at least one", () => {
  const queue = new LogQueue(1000);
  for (let i = 0; i < 10; i++) queue.push("info", `line ${i}\n`);
  assert.deepEqual(queue.take(3), { text: "line 0\n", lines: 1 });
  assert.deepEqual(queue.take(20), { text: "line 1\nline 2\n", lines: 2 });
  let rest = "";
  for (let chunk = queue.take(14); chunk !== null; chunk = queue.take(14)) {
    rest += chunk.text;
  }
  assert.equal(rest, [3, 4, 5, 6, 7, 8, 9].map((i) => `line ${i}\n`).join(""));
  assert.equal(queue.size, 0);
});

Deno.test("push() refuses a line that is longer than the queue, and keeps the others", () => {
  const queue = new LogQueue(20);
  queue.push("debug", "debug\n");
  queue.push("error", "x".repeat(21));
  assert.equal(queue.take(100)?.text, "debug\n");
  assert.deepEqual(queue.takeDropped(), {
    error: 1,
    warning: 0,
    info: 0,
    debug: 0,
  });
});

Deno.test("push() stays within its bound whatever comes", () => {
  const queue = new LogQueue(10_000);
  const levels = ["debug", "info", "warning", "error"] as const;
  for (let i = 0; i < 100_000; i++) {
    queue.push(levels[i * 7 % 4]!, `line ${i}\n`);
  }
  assert.ok(queue.size <= 10_000);
  const { text, lines } = queue.take(Infinity)!;
  assert.equal(queue.dropped + lines, 100_000);
  assert.ok(text.length <= 10_000);
});
