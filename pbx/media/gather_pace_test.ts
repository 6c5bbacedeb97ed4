/**
 * When packets are left to gather.
 * @module
 */

import assert from "node:assert/strict";
import { GatherPace } from "./gather_pace.ts";

/** How often it gathered in the last quarter of a second of packets that come evenly. */
function gatherings(packetsEachSecond: number, batch: number): number {
  const pace = new GatherPace();
  const stepMs = 1000 / packetsEachSecond * batch;
  let count = 0;
  for (let ms = 0; ms < 1000; ms += stepMs) {
    if (pace.took(batch, ms) && ms >= 750) count++;
  }
  return count;
}

Deno.test("GatherPace.took() gathers only while many packets come one by one", () => {
  assert.equal(gatherings(50, 1), 0, "one stream");
  assert.equal(gatherings(3000, 1), 0, "60 streams");
  assert.ok(gatherings(25_000, 1) > 6000, "500 streams");
  assert.ok(gatherings(25_000, 5) > 1200, "500 streams, gathered");
  assert.equal(gatherings(200_000, 60), 0, "batches come by themselves");
});

Deno.test("GatherPace.took() notices the end of a busy time", () => {
  const pace = new GatherPace();
  for (let ms = 0; ms < 100; ms += 0.04) pace.took(1, ms);
  assert.equal(pace.took(1, 100.04), true);
  const calm = [120, 140, 160, 180].map((ms) => pace.took(1, ms));
  assert.equal(calm.at(-1), false);
});
