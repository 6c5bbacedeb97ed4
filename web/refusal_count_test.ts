/**
 * The refusals of the last hour.
 * @module
 */

import assert from "node:assert/strict";
import { Counters } from "../diag/counters.ts";
import type { Fact } from "../pbx/fact.ts";
import { Flow } from "../sip/flow.ts";
import { COUNT_EVERY_MS, countRefusals, RefusalHour } from "./refusal_count.ts";

const flow = new Flow("udp", 0, "192.0.2.1", 5060, "203.0.113.9", 5060);
const REFUSED: Fact = {
  kind: "refused",
  at: 0,
  flow,
  stage: "account",
  method: "REGISTER",
  number: "100",
  callId: "a",
  status: 403,
  why: "unknown-extension",
  detail: "",
  userAgent: "",
};
const ASKED_AGAIN: Fact = {
  kind: "challenged",
  at: 0,
  flow,
  stage: "auth",
  method: "REGISTER",
  number: "100",
  callId: "a",
  why: "wrong-answer",
  userAgent: "",
};

Deno.test("countRefusals() leaves out what never was, and counts a wrong password with an old nonce", () => {
  const counters = new Counters();
  counters.add(REFUSED);
  counters.add(ASKED_AGAIN);
  const { byStage, byReason } = countRefusals(counters.snapshot());
  assert.deepEqual([...byStage], [["account", 1], ["auth", 1]]);
  assert.deepEqual([...byReason], [
    ["unknown-extension", 1],
    ["wrong-password", 1],
  ]);
});

Deno.test("RefusalHour.since() counts from the start, and later the last hour only", () => {
  const counters = new Counters();
  const hour = new RefusalHour(0);
  const count = () => countRefusals(counters.snapshot());
  for (let at = COUNT_EVERY_MS; at <= 7_200_000; at += COUNT_EVERY_MS) {
    counters.add(REFUSED);
    hour.mark(count(), at);
    const { sinceMs, count: last } = hour.since(count(), at);
    assert.equal(sinceMs, Math.max(0, at - 3_600_000));
    assert.equal(
      last.byReason.get("unknown-extension"),
      Math.min(at, 3_600_000) / COUNT_EVERY_MS,
    );
  }
  const quiet = hour.since(count(), 7_200_000 + COUNT_EVERY_MS - 1);
  assert.equal(quiet.count.byStage.get("account"), 12);
});

Deno.test("RefusalHour.mark() keeps counting when the clock is set back", () => {
  const counters = new Counters();
  const hour = new RefusalHour(1000);
  const count = () => countRefusals(counters.snapshot());
  hour.mark(count(), 9e9);
  counters.add(REFUSED);
  hour.mark(count(), 5000);
  counters.add(REFUSED);
  const { sinceMs, count: last } = hour.since(count(), 6000);
  assert.equal(sinceMs, 1000);
  assert.equal(last.byReason.get("unknown-extension"), 2);
});
