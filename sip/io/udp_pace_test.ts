/**
 * When the UDP loop lets datagrams gather.
 * @module
 */

import assert from "node:assert/strict";
import { GATHER_MICROSECONDS, UdpPace } from "./udp_pace.ts";

const GATHER_MS = GATHER_MICROSECONDS / 1000;

/** Datagrams at an even rate, each read at once or gathered; returns how often they were. */
function gatheringsOf(
  pace: UdpPace,
  perMs: number,
  batches: number,
  batch = 1,
): number {
  let gatherings = 0;
  let now = 0;
  let count = batch;
  for (let i = 0; i < batches; i++) {
    now += count / perMs;
    pace.took(count, now);
    const isGathering = pace.gathers();
    if (isGathering) gatherings++;
    count = isGathering
      ? Math.max(batch, Math.round(perMs * GATHER_MS))
      : batch;
  }
  return gatherings;
}

Deno.test("gathers() leaves a quiet server alone", () => {
  assert.equal(gatheringsOf(new UdpPace(), 1, 1000), 0);
});

Deno.test("gathers() saves wake-ups under an open load", () => {
  assert.ok(gatheringsOf(new UdpPace(), 5, 1000) > 900);
});

Deno.test("gathers() does not hold up those who fill batches by themselves", () => {
  assert.equal(gatheringsOf(new UdpPace(), 200, 1000, 20), 0);
});

Deno.test("gathers() gives up on a peer that waits for each answer", () => {
  const pace = new UdpPace();
  let now = 0;
  let gatherings = 0;
  for (let i = 0; i < 10_000; i++) {
    pace.took(1, now);
    const isGathering = pace.gathers();
    if (isGathering) gatherings++;
    now += isGathering ? GATHER_MS : 0.03;
  }
  assert.ok(gatherings > 0 && gatherings < 200, String(gatherings));
});
