import assert from "node:assert/strict";
import { judgeClock } from "./check_clock.ts";

const NOW = Date.UTC(2026, 10, 25, 2, 43, 25);

Deno.test("judgeClock() wants a time that can be, and somebody who keeps it", () => {
  const right = judgeClock(NOW, true);
  assert.equal(right.state, "pass");
  assert.equal(right.details[0]?.values["timeMs"], NOW);
  assert.equal(judgeClock(NOW, null).state, "pass");
  assert.equal(judgeClock(NOW, false).state, "warn");
  assert.equal(judgeClock(Date.UTC(2020, 0), true).state, "fail");
  assert.equal(judgeClock(Date.UTC(2090, 0), true).state, "fail");
  assert.equal(judgeClock(0, null).state, "fail");
});
