/**
 * The values of the timers against RFC 3261 table 4 and RFC 6026 §7.
 * @module
 */

import assert from "node:assert/strict";
import { nextIntervalMs, timerMs } from "./timers.ts";
import type { RepeatingTimer, TimerName } from "./transaction.ts";

const TABLE: Record<
  TimerName,
  readonly [unreliableMs: number, reliableMs: number]
> = {
  A: [500, 0],
  B: [32_000, 32_000],
  C: [181_000, 181_000],
  D: [32_000, 0],
  E: [500, 0],
  F: [32_000, 32_000],
  G: [500, 0],
  H: [32_000, 32_000],
  I: [5000, 0],
  J: [32_000, 0],
  K: [5000, 0],
  L: [32_000, 32_000],
  M: [32_000, 32_000],
};

Deno.test("timerMs() follows the table of the RFC", () => {
  for (const [timer, [unreliableMs, reliableMs]] of Object.entries(TABLE)) {
    assert.equal(timerMs(timer as TimerName, false), unreliableMs, timer);
    assert.equal(timerMs(timer as TimerName, true), reliableMs, timer);
  }
});

/** The moments at which a message is repeated until `endMs`. */
function repeats(timer: RepeatingTimer, endMs: number): number[] {
  const moments: number[] = [];
  let intervalMs = timerMs(timer, false);
  for (let atMs = intervalMs; atMs < endMs; atMs += intervalMs) {
    moments.push(atMs);
    intervalMs = nextIntervalMs(timer, intervalMs);
  }
  return moments;
}

Deno.test("nextIntervalMs() repeats an INVITE six times before timer B", () => {
  assert.deepEqual(repeats("A", timerMs("B", false)), [
    500,
    1500,
    3500,
    7500,
    15_500,
    31_500,
  ]);
});

Deno.test("nextIntervalMs() repeats another request ten times before timer F", () => {
  assert.deepEqual(
    repeats("E", timerMs("F", false)),
    [500, 1500, 3500, 7500, 11_500, 15_500, 19_500, 23_500, 27_500, 31_500],
  );
});

Deno.test("nextIntervalMs() repeats a failure of an INVITE at most every T2", () => {
  assert.deepEqual(repeats("G", 12_000), [500, 1500, 3500, 7500, 11_500]);
});
