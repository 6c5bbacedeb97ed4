/**
 * What outlasts a restart.
 * @module
 */

import assert from "node:assert/strict";
import type { Fact, Pinged, Registered } from "../../pbx/fact.ts";
import { Flow } from "../../sip/flow.ts";
import { AttemptKeeper } from "./attempt_keeper.ts";
import { Ledger } from "./ledger.ts";

const seen = {
  at: 1,
  flow: new Flow("udp", 0, "192.0.2.1", 5060, "198.51.100.7", 40000),
  number: "1001",
} as const;
const contact = "sip:1001@10.0.0.7";

const wrong: Fact = {
  ...seen,
  kind: "refused",
  stage: "auth",
  method: "REGISTER",
  callId: "a",
  status: 403,
  why: "wrong-password",
  detail: "",
  userAgent: "",
};
const repeated: Fact = {
  kind: "retransmission-seen",
  at: 1,
  flow: seen.flow,
  stage: "reply",
  method: "REGISTER",
  callId: "a",
  cseq: 1,
  branch: "b",
};

function registered(change: Registered["change"]): Fact {
  return {
    ...seen,
    kind: "registered",
    stage: "reply",
    contact,
    change,
    callId: "a",
    expiresSeconds: 300,
    userAgent: "",
    isBehindNat: true,
  };
}

function pinged(kind: Pinged["kind"]): Fact {
  return {
    ...seen,
    kind,
    stage: "reachable",
    contact,
    method: "OPTIONS",
    afterMs: 9,
  };
}

/** Which kinds are kept of these facts, taking after each. */
function keep(facts: readonly Fact[], isExtension = true): string[][] {
  const ledger = new Ledger();
  const keeper = new AttemptKeeper();
  return facts.map((fact) => {
    ledger.add(fact);
    keeper.note(fact);
    return keeper.take(ledger, () => isExtension, 9)
      .flatMap(({ facts }) => facts.map(({ kind }) => kind));
  });
}

Deno.test("AttemptKeeper.take() gives the facts of an attempt, with those that name its Call-ID only", () => {
  assert.deepEqual(keep([repeated, wrong]), [
    [],
    ["retransmission-seen", "refused"],
  ]);
});

Deno.test("AttemptKeeper.take() gives nothing of numbers that are no extensions", () => {
  assert.deepEqual(keep([wrong], false), [[]]);
});

Deno.test("AttemptKeeper.note() takes a refresh and an answer for news only after a change", () => {
  const kept = keep([
    registered("refreshed"),
    pinged("ping-answered"),
    registered("added"),
    pinged("ping-sent"),
    pinged("ping-answered"),
    pinged("ping-answered"),
    registered("refreshed"),
    wrong,
    registered("refreshed"),
  ]);
  assert.deepEqual(kept.map(({ length }) => length > 0), [
    false,
    false,
    true,
    false,
    true,
    false,
    false,
    true,
    true,
  ]);
});

Deno.test("AttemptKeeper.take() is bounded, and goes on where it stopped", () => {
  const ledger = new Ledger();
  const keeper = new AttemptKeeper();
  for (let i = 0; i < 5000; i++) {
    const fact = { ...wrong, number: String(i) } as Fact;
    ledger.add(fact);
    keeper.note(fact);
  }
  let count = 0;
  for (let i = 0; i < 2000; i++) {
    count += keeper.take(ledger, () => true, 1).length;
  }
  // one host keeps 128 facts, and 1,024 changes wait
  assert.ok(count <= 128, String(count));
});

Deno.test("AttemptKeeper.take() cuts what strangers write in the name of an extension", () => {
  const ledger = new Ledger();
  const keeper = new AttemptKeeper();
  const fact = { ...wrong, userAgent: "x".repeat(60_000) } as Fact;
  ledger.add(fact);
  keeper.note(fact);
  const [taken] = keeper.take(ledger, () => true, 9);
  assert.ok(JSON.stringify(taken).length < 2000);
});

Deno.test("AttemptKeeper.note() still learns that a phone came back after many strangers failed", () => {
  const ledger = new Ledger();
  const keeper = new AttemptKeeper();
  for (let i = 0; i < 3000; i++) {
    keeper.note({ ...wrong, number: `2${i}` } as Fact);
    keeper.take(ledger, () => false, 9);
  }
  for (const fact of [wrong, registered("refreshed")]) {
    ledger.add(fact);
    keeper.note(fact);
    assert.equal(keeper.take(ledger, () => true, 9).length, 1);
  }
});

Deno.test("AttemptKeeper.take() gives nothing of calls, which would take the place of the attempt", () => {
  const call: Fact[] = Array.from({ length: 40 }, (_, i) => ({
    ...seen,
    kind: "call-ended",
    stage: "media",
    callId: `call ${i}`,
    by: "caller",
    why: "hung-up",
    answeredSeconds: 9,
  }));
  const kept = keep([registered("added"), ...call, wrong]);
  assert.deepEqual(kept.at(-1), ["registered", "refused"]);
});
