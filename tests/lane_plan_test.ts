/**
 * The order of the files of live tests, and which run side by side.
 * @module
 */

import assert from "node:assert/strict";
import {
  nameOf,
  pickNext,
  type Place,
  planLanes,
  readWish,
  tallyOutput,
} from "./lane_plan.ts";

const path = (name: string) => `tests/live/${name}_test.ts`;

function plan(...names: string[]): Place[] {
  return planLanes(names.map(path));
}

/** Files as they start when every file takes `seconds` and `lanes` may run at once. */
function play(places: readonly Place[], lanes: number): string[] {
  let waiting = places;
  const turns: string[] = [];
  while (waiting.length > 0) {
    const running: Place[] = [];
    while (true) {
      const next = pickNext(waiting, running, lanes);
      if (next === null) break;
      running.push(next);
      waiting = waiting.filter((place) => place !== next);
    }
    assert.ok(running.length > 0, "nothing runs and nothing starts");
    turns.push(running.map(({ file }) => nameOf(file)).join("+"));
  }
  return turns;
}

Deno.test("planLanes() starts installed machines, then the longest, then the rest by name", () => {
  const names = ["trace", "phone", "call_sound", "api", "installed_first"];
  assert.deepEqual(
    plan(...names).map(({ file }) => nameOf(file)),
    ["installed_first", "call_sound", "phone", "api", "trace"],
  );
});

Deno.test("planLanes() names a file once", () => {
  assert.equal(plan("api", "api").length, 1);
});

Deno.test("planLanes() leaves files alone that measure or load the machine", () => {
  const alone = ["page_load", "http_limit", "call_crowd", "fault_machine"];
  for (const place of plan(...alone)) assert.ok(place.isAlone, place.file);
  const shared = ["call_sound", "machinery", "explain", "never_heard_of"];
  for (const place of plan(...shared)) assert.ok(!place.isAlone, place.file);
});

Deno.test("pickNext() keeps one file of a chain at a time", () => {
  assert.deepEqual(
    play(plan("installed_first", "installed_upgrade", "api", "page_path"), 3),
    ["installed_first+page_path+api", "installed_upgrade"],
  );
  assert.deepEqual(
    play(plan("firewall", "fault_firewall", "page_tour", "page_path"), 2),
    ["page_tour+fault_firewall", "page_path+firewall"],
  );
});

Deno.test("pickNext() runs a file that measures by itself, after the others", () => {
  assert.deepEqual(
    play(plan("page_load", "api", "http_limit", "trace", "phone"), 2),
    ["phone+api", "trace", "http_limit", "page_load"],
  );
});

Deno.test("pickNext() starts a file that only waits beside full lanes, one at a time", () => {
  assert.deepEqual(
    play(plan("call_lost", "fault_call_session", "api", "cli", "fuzz"), 2),
    ["fault_call_session+api+cli", "call_lost", "fuzz"],
  );
});

Deno.test("pickNext() in one lane runs everything", () => {
  const names = ["api", "page_load", "page_tour", "call_lost"];
  assert.equal(play(plan(...names), 1).length, 4);
});

Deno.test("pickNext() has nothing to give when nothing waits", () => {
  assert.equal(pickNext([], [], 2), null);
});

Deno.test("tallyOutput() adds summary lines, with colours and without", () => {
  const output = [
    "running 2 tests from ./tests/live/a_test.ts",
    "ok | 12 passed | 0 failed | 3 ignored | 1 filtered out (1s)",
    "ok | nothing of the kind",
    "\x1b[32mFAILED\x1b[0m | 4 passed (2 steps) | 1 failed (2ms)",
  ].join("\n");
  assert.deepEqual(tallyOutput(output), { passed: 16, failed: 1, ignored: 3 });
  assert.deepEqual(tallyOutput(""), { passed: 0, failed: 0, ignored: 0 });
});

Deno.test("readWish() tells paths from options for `deno test`", () => {
  assert.deepEqual(
    readWish(["tests/live/a_test.ts", "--filter", "two words", "-q"], 2),
    {
      paths: ["tests/live/a_test.ts"],
      options: ["--filter", "two words", "-q"],
      lanes: 2,
    },
  );
  assert.equal(readWish(["--lanes=1"], 2)?.lanes, 1);
  assert.equal(readWish(["--lanes=0"], 2), null);
});
