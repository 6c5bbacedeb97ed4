/**
 * Facts survive JSON; what is no fact does not.
 * @module
 */

import assert from "node:assert/strict";
import type { Fact } from "../../pbx/fact.ts";
import { Flow } from "../../sip/flow.ts";
import { readFact } from "./fact_json.ts";

const flow = new Flow("udp", 0, "192.0.2.1", 5060, "198.51.100.7", 40000);

const FACTS: readonly Fact[] = [
  {
    kind: "registered",
    at: 1,
    flow,
    stage: "reply",
    number: "1001",
    contact: "sip:1001@10.0.0.7",
    change: "added",
    callId: "a",
    expiresSeconds: 300,
    userAgent: "MicroSIP/3.21.6",
    isBehindNat: true,
  },
  {
    kind: "refused",
    at: 2,
    flow,
    stage: "auth",
    method: "REGISTER",
    number: "1001",
    callId: "a",
    status: 403,
    why: "wrong-password",
    detail: "login `1001`",
    userAgent: "",
  },
  {
    kind: "call-invited",
    at: 3,
    flow,
    stage: "route",
    number: "1001",
    callId: "a",
    side: "caller",
    callee: "1002",
    octets: 900,
    offer: { codecs: ["PCMA/8000"], isSrtp: false, hasIce: true },
  },
  {
    kind: "call-answered",
    at: 3,
    flow,
    stage: "answer",
    number: "1001",
    callId: "a",
    side: "callee",
    callee: "1002",
    status: 404,
    offer: null,
    repeats: 0,
    detail: "nearest: 1003",
  },
  {
    kind: "call-acknowledged",
    at: 3,
    flow,
    stage: "answer",
    number: "1001",
    callId: "a",
    side: "callee",
  },
  {
    kind: "media-seen",
    at: 3,
    flow,
    stage: "media",
    number: "1001",
    callId: "a",
    side: "caller",
    packets: 50,
    lost: 1,
    jitterMs: 2,
    silentMs: 20,
    isExpected: false,
  },
  {
    kind: "call-ended",
    at: 3,
    flow,
    stage: "media",
    number: "1001",
    callId: "a",
    by: "exchange",
    why: "picked-up",
    answeredSeconds: 0,
  },
  { kind: "clock-jumped", at: 3, stage: "process", detail: "90 s" },
];

Deno.test("readFact() gives back what was written", () => {
  for (const fact of FACTS) {
    const read = readFact(JSON.parse(JSON.stringify(fact)));
    assert.deepEqual(
      JSON.parse(JSON.stringify(read)),
      JSON.parse(JSON.stringify(fact)),
    );
    if ("flow" in fact) {
      assert.ok(read !== null && "flow" in read);
      assert.equal(read.flow.peer, "198.51.100.7:40000");
    }
  }
});

Deno.test("readFact() refuses what is no fact", () => {
  const good = JSON.parse(JSON.stringify(FACTS[0]));
  const ban = { kind: "banned", why: "flood", since: 1, until: 0 };
  assert.ok(readFact({ ...good, ...ban, numbers: ["1001"] }) !== null);
  const bad: unknown[] = [
    null,
    7,
    "registered",
    [],
    {},
    { ...good, kind: "constructor" },
    { ...good, kind: "__proto__" },
    { ...good, at: "1" },
    { ...good, at: Infinity },
    { ...good, stage: "nowhere" },
    { ...good, flow: null },
    { ...good, flow: { ...good.flow, port: 70000 } },
    { ...good, flow: { ...good.flow, transport: "sctp" } },
    { ...good, number: 1001 },
    { ...good, isBehindNat: "yes" },
    { ...good, ...ban, numbers: [{ toString: 1 }] },
  ];
  for (const value of bad) {
    assert.equal(readFact(value), null, JSON.stringify(value));
  }
});

Deno.test("readFact() takes only sides and ends that there are", () => {
  const ended = JSON.parse(
    JSON.stringify(FACTS.find(({ kind }) => kind === "call-ended")),
  );
  assert.ok(readFact(ended) !== null);
  for (const bad of [{ by: "nobody" }, { why: "constructor" }, { why: 1 }]) {
    assert.equal(readFact({ ...ended, ...bad }), null);
  }
  const media = JSON.parse(
    JSON.stringify(FACTS.find(({ kind }) => kind === "media-seen")),
  );
  assert.equal(readFact({ ...media, side: "__proto__" }), null);
  assert.equal(readFact({ ...media, isExpected: 1 }), null);
});

Deno.test("readFact() cuts long texts and drops fields that no fact has", () => {
  const good = JSON.parse(JSON.stringify(FACTS[0]));
  const read = readFact({ ...good, contact: "x".repeat(99_999), extra: 1 });
  assert.ok(read?.kind === "registered");
  assert.equal(read.contact.length, 1024);
  assert.ok(!("extra" in read));
});
