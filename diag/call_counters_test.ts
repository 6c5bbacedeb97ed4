/**
 * The counters of calls.
 * @module
 */

import assert from "node:assert/strict";
import type { CallFact, Side } from "../pbx/fact.ts";
import { Flow } from "../sip/flow.ts";
import { CallCounters } from "./call_counters.ts";

const flow = new Flow("udp", 1, "192.0.2.1", 5060, "198.51.100.7", 5060);

function seen(callId: string) {
  return { at: 0, flow, stage: "media", number: "1001", callId } as const;
}

function media(callId: string, side: Side, packets: number): CallFact {
  return {
    ...seen(callId),
    kind: "media-seen",
    side,
    packets,
    lost: packets / 100,
    jitterMs: 1,
    silentMs: 0,
    isExpected: true,
  };
}

function ended(callId: string, answeredSeconds: number): CallFact {
  const why = answeredSeconds > 0 ? "hung-up" : "no-such-number";
  return {
    ...seen(callId),
    kind: "call-ended",
    by: "caller",
    why,
    answeredSeconds,
  };
}

function answered(status: number, repeats: number): CallFact {
  return {
    ...seen("a"),
    kind: "call-answered",
    side: "caller",
    callee: "1002",
    status,
    offer: null,
    repeats,
    detail: "",
  };
}

Deno.test("CallCounters.add() counts the sound of a call as it is told, and once", () => {
  const counters = new CallCounters();
  for (let second = 1; second <= 10; second++) {
    counters.add(media("a", "caller", second * 100));
    counters.add(media("a", "callee", second * 200));
    assert.equal(counters.snapshot().soundPackets, second * 300);
  }
  counters.add(media("a", "callee", 2000));
  counters.add(ended("a", 10));
  counters.add(ended("a", 0));
  const snapshot = counters.snapshot();
  assert.equal(snapshot.soundPackets, 3000);
  assert.equal(snapshot.soundLost, 30);
  assert.equal(snapshot.talkSeconds, 10);
  assert.equal(snapshot.ended["hung-up"], 1);
  assert.equal(snapshot.ended["no-such-number"], 1);
});

Deno.test("CallCounters.add() counts sound that never shrinks", () => {
  const counters = new CallCounters();
  const tell = (packets: number, lost: number) => {
    counters.add({ ...media("a", "caller", packets), lost } as CallFact);
    const { soundPackets, soundLost } = counters.snapshot();
    return [soundPackets, soundLost];
  };
  assert.deepEqual(tell(100, 9), [100, 9]);
  assert.deepEqual(tell(110, 4), [110, 9], "came late");
  assert.deepEqual(tell(120, 10), [120, 10]);
  assert.deepEqual(tell(5, 1), [125, 11], "began anew");
  assert.deepEqual(tell(6, 1), [126, 11]);
});

Deno.test("CallCounters.add() counts an answer once, however often it is repeated", () => {
  const counters = new CallCounters();
  for (const side of ["caller", "callee", "callee"] as const) {
    counters.add({
      ...seen("a"),
      kind: "call-invited",
      side,
      callee: "1002",
      octets: 900,
      offer: null,
    });
  }
  for (const fact of [answered(200, 0), answered(200, 3), answered(486, 0)]) {
    counters.add(fact);
  }
  const { started, rung, answered: taken } = counters.snapshot();
  assert.deepEqual([started, rung, taken], [1, 2, 1]);
});
