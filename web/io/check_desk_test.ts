/**
 * When the checks of the server run: for who looks, never two at once, and not in his time.
 * @module
 */

import assert from "node:assert/strict";
import type { CheckResult } from "../../diag/machine/check_finding.ts";
import { checkResults } from "../status_sample_test.ts";
import { RunningChecks } from "./check_desk.ts";

/** Runs that end when the test says so. */
function openDesk() {
  const runs: PromiseWithResolvers<readonly CheckResult[]>[] = [];
  const troubles: string[] = [];
  const clock = { ms: 0 };
  const desk = new RunningChecks({
    run: () => {
      const run = Promise.withResolvers<readonly CheckResult[]>();
      runs.push(run);
      return run.promise;
    },
    wallMs: () => 1000 + clock.ms,
    monotonicMs: () => clock.ms,
    onTrouble: (cause) => troubles.push(cause),
  });
  return { desk, runs, troubles, clock };
}

/** Until what was put off is done. */
function settle(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

Deno.test("RunningChecks.look() begins a run after the one who looks is served", async () => {
  const { desk, runs, clock } = openDesk();
  desk.look();
  assert.deepEqual([runs.length, desk.isRunning()], [0, true]);
  await settle();
  assert.equal(runs.length, 1);
  desk.look();
  desk.again();
  clock.ms += 300_000;
  desk.look();
  await settle();
  assert.equal(runs.length, 1, "never two at once");
  const results = checkResults();
  runs[0]!.resolve(results);
  await settle();
  assert.deepEqual(desk.last(), { results, atMs: 301_000 });
  assert.equal(desk.isRunning(), false);
});

Deno.test("RunningChecks.look() leaves a new result, again() does not", async () => {
  const { desk, runs, clock } = openDesk();
  desk.look();
  await settle();
  runs[0]!.resolve([]);
  await settle();
  clock.ms += 59_000;
  desk.look();
  await settle();
  assert.equal(runs.length, 1);
  desk.again();
  await settle();
  assert.equal(runs.length, 2);
  runs[1]!.resolve([]);
  await settle();
  clock.ms += 60_000;
  desk.look();
  await settle();
  assert.equal(runs.length, 3);
});

Deno.test("RunningChecks keeps the last result where a run breaks off, and tries no more than once a minute", async () => {
  const { desk, runs, troubles, clock } = openDesk();
  desk.look();
  await settle();
  runs[0]!.reject(new Error("no memory"));
  await settle();
  assert.deepEqual(troubles, ["no memory"]);
  assert.deepEqual([desk.last(), desk.isRunning()], [null, false]);
  desk.look();
  await settle();
  assert.equal(runs.length, 1);
  clock.ms += 60_000;
  desk.look();
  await settle();
  assert.equal(runs.length, 2);
});

Deno.test("RunningChecks.close() lets no run begin any more", async () => {
  const { desk, runs } = openDesk();
  desk.look();
  desk.close();
  await settle();
  desk.again();
  await settle();
  assert.equal(runs.length, 0);
});
