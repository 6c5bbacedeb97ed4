/**
 * When a watch is certain.
 * @module
 */

import assert from "node:assert/strict";
import type { RefusalReason } from "../sip/fact.ts";
import { Flow } from "../sip/flow.ts";
import type { Fact } from "../pbx/fact.ts";
import type { ServerView } from "./scene.ts";
import { type KnownScene, Watch } from "./watch.ts";

const SINCE = 1_000_000;
const flow = new Flow("udp", 0, "192.0.2.1", 5060, "198.51.100.7", 40000);
const about = {
  flow,
  number: "1001",
  callId: "a",
  userAgent: "MicroSIP/3.21.6",
};

const server: ServerView = {
  isRunning: true,
  pid: 7,
  unit: "",
  unitState: "",
  lastError: "",
  startCommand: "pbx serve",
  listen: [{ host: "0.0.0.0", port: 5060 }],
  localAddresses: ["127.0.0.1", "192.0.2.1"],
  publicAddress: "",
  domains: [],
  rtp: { first: 10000, last: 19999 },
  contactLimit: 10,
};
const known: KnownScene = { server, extensions: ["1001"] };

function request(at: number, hasCredentials: boolean): Fact {
  return {
    ...about,
    kind: "request-seen",
    at,
    stage: "parse",
    method: "REGISTER",
    cseq: 1,
    branch: "z9hG4bKa",
    target: "sip:192.0.2.1",
    via: "10.0.0.7:5062",
    contact: "<sip:1001@10.0.0.7:5062>",
    hasCredentials,
    octets: 500,
  };
}

function refused(at: number, why: RefusalReason): Fact {
  return {
    ...about,
    kind: "refused",
    at,
    stage: "auth",
    method: "REGISTER",
    status: 403,
    why,
    detail: "",
  };
}

function registered(at: number): Fact {
  return {
    ...about,
    kind: "registered",
    at,
    stage: "reply",
    contact: "sip:1001@10.0.0.7:5062",
    change: "added",
    expiresSeconds: 300,
    isBehindNat: true,
  };
}

function answered(at: number): Fact {
  return {
    ...about,
    kind: "ping-answered",
    at,
    stage: "reachable",
    contact: "sip:1001@10.0.0.7:5062",
    method: "OPTIONS",
    afterMs: 20,
  };
}

/** How it stands after these facts, looked at some time later. */
function watch(facts: readonly Fact[], laterMs: number, isOver = false) {
  const one = new Watch({ number: "1001", since: SINCE, wirePorts: null });
  for (const fact of facts) one.add(fact);
  const last = facts.at(-1)?.at ?? SINCE;
  one.look(last, false, known);
  const { main, isCertain } = one.look(last + laterMs, isOver, known);
  return [main?.code ?? null, isCertain];
}

Deno.test("Watch.look() waits for what comes with an error, and is then certain", () => {
  const facts = [
    request(SINCE + 10, true),
    refused(SINCE + 11, "wrong-password"),
  ];
  assert.deepEqual(watch(facts, 100), ["wrong-password", false]);
  assert.deepEqual(watch(facts, 700), ["wrong-password", true]);
});

Deno.test("Watch.look() is certain of ok when the phone has answered, and not before", () => {
  const facts = [request(SINCE + 10, true), registered(SINCE + 11)];
  assert.equal(watch(facts, 100)[1], false);
  assert.deepEqual(watch([...facts, answered(SINCE + 40)], 0), ["ok", true]);
});

Deno.test("Watch.look() takes no failure from before the watch for certain", () => {
  const facts = [request(10, true), refused(11, "wrong-password")];
  const one = new Watch({ number: "1001", since: SINCE, wirePorts: null });
  for (const fact of facts) one.add(fact);
  one.look(SINCE, false, known);
  assert.equal(one.look(SINCE + 5000, false, known).isCertain, false);
});

Deno.test("Watch.look() waits for the number that was asked about before it is certain of another", () => {
  const facts = [
    { ...request(SINCE + 10, true), number: "7777" },
    { ...refused(SINCE + 11, "unknown-extension"), number: "7777" },
  ] as Fact[];
  assert.deepEqual(watch(facts, 2000), ["unknown-extension", false]);
  assert.deepEqual(watch(facts, 3000), ["unknown-extension", true]);
});

Deno.test("Watch.look() lets a phone that was registered before speak first", () => {
  const facts = [
    request(SINCE - 90, true),
    registered(SINCE - 80),
    answered(SINCE - 70),
  ];
  const one = new Watch({ number: "1001", since: SINCE, wirePorts: null });
  for (const fact of facts) one.add(fact);
  assert.equal(one.look(SINCE + 1000, false, known).isCertain, false);
  const { main, isCertain } = one.look(SINCE + 8000, false, known);
  assert.deepEqual([main?.code, isCertain], ["ok", true]);
});

Deno.test("Watch.look() has a verdict at the end, whatever was seen", () => {
  const empty = new Watch({ number: "", since: SINCE, wirePorts: "5060-5090" });
  const { main, isSeen, isCertain } = empty.look(SINCE + 60_000, true, known);
  assert.deepEqual([main?.code, isSeen, isCertain], [
    "no-packets",
    false,
    true,
  ]);
  const [code] = watch([request(SINCE + 10, false)], 20_000, true);
  assert.ok(code !== null);
});

Deno.test("Watch.look() needs no phone to say that the server is down", () => {
  const one = new Watch({ number: "1001", since: SINCE, wirePorts: null });
  const down = { ...known, server: { ...server, isRunning: false } };
  const { main, isCertain } = one.look(SINCE, false, down);
  assert.deepEqual([main?.code, isCertain], ["server-down", true]);
});

Deno.test("Watch.look() says what went wrong shortly before a watch in which nothing came", () => {
  const failed = (at: number) => {
    const one = new Watch({ number: "1001", since: SINCE, wirePorts: "5060" });
    for (const fact of [request(at, true), refused(at, "wrong-password")]) {
      one.add(fact);
    }
    const { main, also } = one.look(SINCE + 60_000, true, known);
    return [main?.code, also.map(({ code }) => code)];
  };
  assert.deepEqual(failed(SINCE - 5000), ["wrong-password", []]);
  assert.deepEqual(failed(10), ["no-packets", []]);
});

function invited(at: number): Fact {
  return {
    ...about,
    callId: "b",
    kind: "call-invited",
    at,
    stage: "route",
    side: "caller",
    callee: "1002",
    octets: 900,
    offer: null,
  };
}

function callAnswered(at: number, status: number): Fact {
  return {
    ...about,
    callId: "b",
    kind: "call-answered",
    at,
    stage: "answer",
    side: "caller",
    callee: "1002",
    status,
    offer: null,
    repeats: 0,
    detail: "",
  };
}

function sound(at: number, packets: number): Fact {
  return {
    ...about,
    callId: "b",
    kind: "media-seen",
    at,
    stage: "media",
    side: "caller",
    packets,
    lost: 0,
    jitterMs: 1,
    silentMs: packets === 0 ? 6000 : 20,
    isExpected: true,
  };
}

const acknowledged: Fact = {
  ...about,
  callId: "b",
  kind: "call-acknowledged",
  at: SINCE + 3100,
  stage: "answer",
  side: "caller",
};
const standing = [
  request(SINCE - 90, true),
  registered(SINCE - 80),
  answered(SINCE - 70),
];

Deno.test("Watch.look() waits for the end of a call that rings, and for its sound", () => {
  const one = new Watch({ number: "1001", since: SINCE, wirePorts: null });
  for (const fact of [...standing, invited(SINCE + 1000)]) one.add(fact);
  assert.equal(one.look(SINCE + 20_000, false, known).isCertain, false);
  one.add(callAnswered(SINCE + 20_000, 200));
  one.add({ ...acknowledged, at: SINCE + 20_100 } as Fact);
  assert.equal(one.look(SINCE + 21_000, false, known).isCertain, false);
  one.add(sound(SINCE + 22_000, 90));
  // perhaps some of it is lost
  assert.equal(one.look(SINCE + 22_000, false, known).isCertain, false);
  const { main, isCertain, stages } = one.look(SINCE + 27_000, false, known);
  assert.deepEqual([main?.code, isCertain], ["ok", true]);
  assert.deepEqual(
    stages.slice(-4).map(({ stage, state }) => `${stage} ${state}`),
    ["route passed", "ring passed", "answer passed", "media passed"],
  );
});

Deno.test("Watch.look() is soon certain of a call that fails", () => {
  const facts = [...standing, invited(SINCE + 1000)];
  const failed = [...facts, callAnswered(SINCE + 1100, 404)];
  assert.deepEqual(watch(failed, 700), ["no-such-number", true]);
});

Deno.test("Watch.look() takes a call from shortly before for a remark, and an older one for nothing", () => {
  const look = (at: number, more: readonly Fact[] = []) => {
    const one = new Watch({ number: "1001", since: SINCE, wirePorts: null });
    const facts = [
      registered(SINCE - 250_000),
      answered(SINCE - 240_000),
      invited(at),
      callAnswered(at + 100, 404),
      ...more,
    ];
    one.add(request(SINCE - 250_100, true));
    for (const fact of facts) one.add(fact);
    const { main, also } = one.look(SINCE + 9000, false, known);
    return [main?.code, also.map(({ code }) => code)];
  };
  assert.deepEqual(look(SINCE - 30_000), ["ok", ["no-such-number"]]);
  assert.deepEqual(look(SINCE - 200_000), ["ok", []]);
  const again = [request(SINCE + 10, true), registered(SINCE + 20)];
  assert.deepEqual(look(SINCE - 30_000, again), ["ok", []]);
});
