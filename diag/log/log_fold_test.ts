/**
 * Equal lines of one host.
 * @module
 */

import assert from "node:assert/strict";
import { LogFold } from "./log_fold.ts";

Deno.test("admit() lets the first few of a minute pass, and counts the rest", () => {
  const fold = new LogFold<string>(2, 60_000);
  assert.deepEqual([1, 2, 3, 4].map((i) => fold.admit("a", `a${i}`, i)), [
    true,
    true,
    false,
    false,
  ]);
  assert.equal(fold.admit("b", "b1", 5), true);
  assert.deepEqual(fold.takeEnded(60_000), []);
  assert.equal(fold.untilEndMs(60_000), 1);
  assert.deepEqual(fold.takeEnded(60_001), [{
    sample: "a4",
    count: 2,
    isMixed: false,
  }]);
  assert.equal(fold.admit("a", "a5", 60_002), true);
  assert.deepEqual(fold.takeEnded(Infinity), []);
  assert.equal(fold.untilEndMs(0), null);
});

Deno.test("admit() lumps together what it has no room for", () => {
  const fold = new LogFold<string>(2, 60_000, 3);
  for (const key of ["a", "b", "c"]) assert.ok(fold.admit(key, key, 0));
  assert.deepEqual(["d", "e", "f", "g"].map((key) => fold.admit(key, key, 0)), [
    true,
    true,
    false,
    false,
  ]);
  assert.ok(fold.admit("a", "a", 0));
  assert.deepEqual(fold.takeEnded(60_000), [{
    sample: "g",
    count: 2,
    isMixed: true,
  }]);
});
