/**
 * Whose story a fact about a call belongs to, and which call counts.
 * @module
 */

import assert from "node:assert/strict";
import type { Fact, Side } from "../../pbx/fact.ts";
import { Flow } from "../../sip/flow.ts";
import { makeScene } from "../scene_make.ts";
import { newestCall } from "./newest_call.ts";
import { StoryBook } from "./story_book.ts";

const caller = new Flow("udp", 1, "192.0.2.1", 5060, "198.51.100.7", 5060);
const callee = new Flow("udp", 1, "192.0.2.1", 5060, "198.51.100.9", 5060);

function invited(side: Side, callId = "a"): Fact {
  return {
    kind: "call-invited",
    at: 1000,
    flow: side === "caller" ? caller : callee,
    stage: "route",
    number: "1002",
    callId,
    side,
    callee: "1003",
    octets: 900,
    offer: null,
  };
}

function request(
  at: number,
  flow: Flow,
  number: string,
  userAgent: string,
): Fact {
  return {
    kind: "request-seen",
    at,
    flow,
    stage: "parse",
    method: "INVITE",
    number,
    callId: "a",
    cseq: 1,
    branch: "z9hG4bKa",
    target: "sip:1003@192.0.2.1",
    via: "10.0.0.7:5062",
    contact: "",
    hasCredentials: true,
    userAgent,
    octets: 900,
  };
}

Deno.test("StoryBook.add() files both sides of a call under the phone that made it", () => {
  const book = new StoryBook();
  book.add(request(900, caller, "1002", "Older"));
  book.add({ ...request(950, caller, "1002", "Newer"), callId: "b" } as Fact);
  for (const side of ["caller", "callee", "callee"] as const) {
    book.add(invited(side));
  }
  const calls = book.stories().flatMap(({ userAgent, calls }) =>
    calls.map(({ callId, forks }) => [userAgent, callId, forks])
  );
  assert.deepEqual(calls, [["Older", "a", 2], ["Newer", "b", 0]]);
});

Deno.test("StoryBook.add() makes no phone of a call whose beginning is forgotten", () => {
  const book = new StoryBook();
  book.add(invited("callee"));
  book.add({
    kind: "call-ended",
    at: 1100,
    flow: callee,
    stage: "media",
    number: "1002",
    callId: "a",
    by: "callee",
    why: "hung-up",
    answeredSeconds: 9,
  });
  assert.deepEqual(book.stories(), []);
});

Deno.test("newestCall() passes over requests within calls of others, and old calls", () => {
  const book = new StoryBook();
  book.add(invited("caller"));
  // the phone holds a call that somebody else made
  book.add({ ...request(2000, caller, "1002", ""), callId: "other" } as Fact);
  const [story] = book.stories();
  assert.ok(story !== undefined);
  const scene = makeScene(3000, { since: 0 });
  assert.equal(newestCall(story, scene)?.callId, "a");
  assert.equal(newestCall(story, { ...scene, since: 2500 }), null);
  assert.equal(newestCall(story, { ...scene, now: 1e8 }), null);
  const file = { ...scene, now: 1e8, isOffline: true };
  assert.equal(newestCall(story, file)?.callId, "a");
});
