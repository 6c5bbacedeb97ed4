/**
 * The server's own troubles: when they begin and when they are over.
 * @module
 */

import assert from "node:assert/strict";
import type { ServerFact } from "../pbx/fact.ts";
import { NO_MORE_CALLS } from "../pbx/media/media_relay.ts";
import { TroubleWatch } from "./trouble_watch.ts";

const START = 1_800_000_000_000;

function tell(kind: ServerFact["kind"], at: number, detail = ""): ServerFact {
  return { kind, at, stage: "process", detail };
}

Deno.test("TroubleWatch.list() tells of the journal from the first failure until it is written", () => {
  const watch = new TroubleWatch();
  assert.deepEqual(watch.list(START), []);
  watch.add(tell("store-failed", START, "disk full"));
  watch.add(tell("server-started", START + 5));
  watch.add(tell("store-failed", START + 10_000, "disk full: `x`"));
  const day = 86_400_000;
  assert.deepEqual(watch.list(START + day), [
    { kind: "store-failed", at: START, detail: "disk full: `x`" },
  ]);
  watch.add(tell("store-recovered", START + day));
  assert.deepEqual(watch.list(START + day), []);
  watch.add(tell("store-failed", START + 2 * day, "again"));
  assert.equal(watch.list(START + 2 * day)[0]?.at, START + 2 * day);
});

Deno.test("TroubleWatch.list() forgets a worker that was replaced, and not one that was not", () => {
  const watch = new TroubleWatch();
  watch.add(tell("relay-failed", START, "it failed, another one goes on: x"));
  assert.equal(watch.list(START + 60_000)[0]?.kind, "relay-replaced");
  assert.deepEqual(watch.list(START + 3_600_000), []);
  watch.add(tell("relay-failed", START, `it failed, ${NO_MORE_CALLS}: x`));
  assert.equal(watch.list(START + 3_600_000)[0]?.kind, "relay-failed");
});
