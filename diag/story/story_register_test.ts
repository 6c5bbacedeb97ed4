/**
 * What a registration says about attempts that failed before it.
 * @module
 */

import assert from "node:assert/strict";
import type { Fact } from "../../pbx/fact.ts";
import { Flow } from "../../sip/flow.ts";
import { judgeOne } from "../judge.ts";
import { stageStates } from "../ranking.ts";
import type { Scene } from "../scene.ts";
import { makeScene } from "../scene_make.ts";
import { StoryBook } from "./story_book.ts";

interface Try {
  readonly at: number;
  readonly host?: string;
  readonly number?: string;
  readonly callId: string;
  /** Each program, or each copy of its settings, has one (RFC 5626 §4.1). */
  readonly instance: string;
  readonly outcome: "wrong-password" | "added" | "refreshed";
}

function tell(
  { at, host = "198.51.100.7", number = "1001", callId, instance, outcome }:
    Try,
): Fact[] {
  const flow = new Flow("udp", 1, "192.0.2.1", 5060, host, 5062);
  const contact = `<sip:${number}@${host}:5062>;` +
    `+sip.instance="<urn:uuid:${instance}>"`;
  const request: Fact = {
    kind: "request-seen",
    at,
    flow,
    stage: "parse",
    method: "REGISTER",
    number,
    callId,
    cseq: 1,
    branch: `z9hG4bK${at}`,
    target: "sip:192.0.2.1",
    via: `${host}:5062`,
    contact,
    hasCredentials: true,
    userAgent: "baresip v3.16.0",
    octets: 500,
  };
  return outcome === "wrong-password"
    ? [request, {
      kind: "refused",
      at: at + 1,
      flow,
      stage: "auth",
      number,
      callId,
      userAgent: "baresip v3.16.0",
      method: "REGISTER",
      status: 403,
      why: "wrong-password",
      detail: "",
    }]
    : [request, {
      kind: "registered",
      at: at + 1,
      flow,
      stage: "policy",
      number,
      callId,
      contact: `sip:${number}@${host}:5062`,
      expiresSeconds: 600,
      change: outcome,
      isBehindNat: false,
      userAgent: "baresip v3.16.0",
    }];
}

const SCENE: Scene = makeScene(100_000, {
  since: 0,
  extensions: ["1001", "1002"],
});

/** The verdict of each phone, by its host and number. */
function judge(tries: readonly Try[], scene = SCENE): string[] {
  const book = new StoryBook();
  for (const fact of tries.flatMap(tell)) book.add(fact);
  return book.stories().map((story) => judgeOne(story, scene).main?.code ?? "")
    .filter((code) => code !== "").sort();
}

const WRONG: Try = {
  at: 1000,
  callId: "a",
  instance: "one",
  outcome: "wrong-password",
};
const RIGHT: Try = {
  at: 9000,
  callId: "b",
  instance: "two",
  outcome: "added",
};

Deno.test("StoryBook.add() closes a failure when the number registers from that host, by whatever program", () => {
  assert.deepEqual(judge([WRONG]), ["wrong-password"]);
  assert.deepEqual(judge([WRONG, RIGHT]), ["ok"]);
  // its binding was still there
  assert.deepEqual(judge([WRONG, { ...RIGHT, outcome: "refreshed" }]), ["ok"]);
  assert.deepEqual(
    judge([WRONG, RIGHT], { ...SCENE, isOver: true }),
    ["ok"],
    "nothing is undecided of it",
  );
});

Deno.test("StoryBook.add() leaves a failure open after what says nothing of it", () => {
  const both = ["ok", "wrong-password"];
  const before = { ...RIGHT, at: 500 };
  assert.deepEqual(judge([before, WRONG]), both, "it failed afterwards");
  assert.deepEqual(
    judge([before, WRONG, { ...RIGHT, outcome: "refreshed" }]),
    both,
    "another phone there renewed its registration",
  );
  assert.deepEqual(
    judge([WRONG, { ...RIGHT, host: "198.51.100.8" }]),
    both,
    "another host",
  );
  assert.deepEqual(
    judge([WRONG, { ...RIGHT, number: "1002" }]),
    both,
    "another number",
  );
  assert.deepEqual(
    judge([WRONG, RIGHT, { ...WRONG, at: 20_000, callId: "c" }]),
    both,
    "it fails again",
  );
});

Deno.test("stageStates() shows no password as right that never was", () => {
  const book = new StoryBook();
  for (const fact of [WRONG, RIGHT].flatMap(tell)) book.add(fact);
  const [old] = book.stories();
  assert.ok(old !== undefined);
  const { main } = judgeOne(old, SCENE);
  const states = new Map(
    stageStates(old, SCENE, main).map(({ stage, state }) => [stage, state]),
  );
  assert.equal(states.get("account"), "passed");
  assert.equal(states.get("auth"), "unknown");
});

Deno.test("stageStates() does not show as passed what does not count any more", () => {
  const answered = {
    kind: "ping-answered" as const,
    at: 9500,
    flow: new Flow("udp", 1, "192.0.2.1", 5060, "198.51.100.7", 5062),
    stage: "reachable" as const,
    method: "OPTIONS" as const,
    number: "1001",
    contact: "sip:1001@198.51.100.7:5062",
    afterMs: 12,
  };
  const cases = [
    [null, "passed", "passed"],
    ["by-phone", "passed", "unknown"],
    ["expired", "passed", "unknown"],
    ["password-changed", "unknown", "unknown"],
  ] as const;
  for (const [why, auth, reachable] of cases) {
    const book = new StoryBook();
    for (const fact of [...tell(RIGHT), answered]) book.add(fact);
    if (why !== null) {
      const { flow, number, contact } = answered;
      const kind = "unregistered";
      const stage = "policy";
      book.add({ kind, at: 9900, flow, stage, number, contact, why });
    }
    const [story] = book.stories();
    assert.ok(story !== undefined);
    const { main } = judgeOne(story, SCENE);
    const states = new Map(
      stageStates(story, SCENE, main).map(({ stage, state }) => [stage, state]),
    );
    assert.equal(states.get("account"), "passed", String(why));
    assert.equal(states.get("auth"), auth, String(why));
    assert.equal(states.get("reachable"), reachable, String(why));
  }
});

Deno.test("StoryBook.add() keeps which numbers were refused from a host, and when", () => {
  const book = new StoryBook();
  const other = { ...RIGHT, number: "1002", at: 20_000 };
  for (const fact of [WRONG, RIGHT, other].flatMap(tell)) book.add(fact);
  const [trail] = book.trails();
  assert.deepEqual(trail?.failedNumbers, ["1001"]);
  assert.deepEqual(trail?.numbers, ["1001", "1002"]);
  assert.equal(trail?.lastFailureAt, WRONG.at + 1);
});
