/**
 * The counters over all kinds of facts.
 * @module
 */

import assert from "node:assert/strict";
import { Flow } from "../sip/flow.ts";
import { STAGES } from "../sip/stage.ts";
import { Counters } from "./counters.ts";
import { ROUND_TRIP_BOUNDS_MS } from "./round_trips.ts";

const udp = new Flow("udp", 1, "192.0.2.1", 5060, "198.51.100.7", 5060);
const tcp = new Flow("tcp", 2, "192.0.2.1", 5060, "198.51.100.7", 49152);
const request = {
  kind: "request-seen",
  at: 0,
  flow: udp,
  stage: "parse",
  method: "REGISTER",
  callId: "a",
  cseq: 1,
  branch: "z9hG4bKa",
  userAgent: "",
  number: "1001",
  target: "sip:pbx.example",
  via: "10.0.0.7:5062",
  contact: "<sip:1001@10.0.0.7:5062>",
  hasCredentials: false,
  octets: 500,
} as const;
const trouble = {
  kind: "transport-trouble",
  at: 0,
  flow: udp,
  stage: "transport",
  detail: "",
} as const;

Deno.test("add() counts datagrams by class and messages by transport", () => {
  const counters = new Counters();
  const seen = { ...request, kind: "datagram-seen", head: "" } as const;
  for (
    const kind of ["keepalive", "stun", "stun", "empty", "garbage"] as const
  ) {
    counters.add({ ...seen, class: kind });
  }
  counters.add({ ...seen, class: "keepalive", flow: tcp });
  counters.add(request);
  counters.add({ ...request, flow: tcp });
  counters.add({ ...request, kind: "retransmission-seen" });
  counters.add({
    ...request,
    kind: "malformed-seen",
    what: "",
    position: 0,
    rfc: "",
    status: 400,
  });
  counters.add({
    ...request,
    kind: "response-seen",
    status: 200,
    isExpected: true,
  });
  counters.add({
    ...request,
    kind: "response-seen",
    status: 200,
    isExpected: false,
  });
  const snapshot = counters.snapshot();
  assert.deepEqual(snapshot.udpDatagrams, {
    sip: 5,
    keepalive: 1,
    stun: 2,
    empty: 1,
    garbage: 1,
  });
  assert.equal(snapshot.tcpMessages, 1);
  assert.equal(snapshot.requests.REGISTER, 2);
  assert.deepEqual(snapshot.responses, { expected: 1, unexpected: 1 });
  assert.equal(snapshot.retransmissions, 1);
  assert.equal(snapshot.malformed, 1);
});

Deno.test("add() takes no name of a counter from the network", () => {
  const counters = new Counters();
  const before = JSON.stringify(Object.keys(counters.snapshot().requests));
  for (
    const method of [
      "__proto__",
      "constructor",
      "toString",
      "FOO",
      "register",
      "other",
    ]
  ) {
    counters.add({ ...request, method });
  }
  const { requests } = counters.snapshot();
  assert.equal(requests.other, 6);
  assert.equal(JSON.stringify(Object.keys(requests)), before);
});

Deno.test("add() counts decisions by reason and stage", () => {
  const counters = new Counters();
  const decision = { ...request, stage: "auth", number: "1002" } as const;
  counters.add({ ...decision, kind: "challenged", why: "no-credentials" });
  counters.add({ ...decision, kind: "challenged", why: "stale-nonce" });
  counters.add({
    ...decision,
    kind: "refused",
    status: 403,
    why: "wrong-password",
    detail: "",
  });
  const binding = { ...decision, contact: "sip:1002@192.0.2.9" };
  const registered = {
    ...binding,
    kind: "registered",
    expiresSeconds: 60,
    isBehindNat: true,
  } as const;
  counters.add({ ...registered, change: "added" });
  counters.add({ ...registered, change: "refreshed" });
  counters.add({ ...binding, kind: "unregistered", why: "expired" });
  counters.add({ ...decision, kind: "bindings-fetched", bindings: 1 });
  for (const kind of ["ping-sent", "ping-answered"] as const) {
    counters.add({ ...binding, kind, method: "OPTIONS", afterMs: 0 });
  }
  const snapshot = counters.snapshot();
  assert.equal(snapshot.challenges["no-credentials"], 1);
  assert.equal(snapshot.challenges["stale-nonce"], 1);
  assert.equal(snapshot.refusals.byReason["wrong-password"], 1);
  assert.equal(snapshot.refusals.byStage.auth, 1);
  assert.deepEqual(snapshot.registrations.begun, {
    added: 1,
    refreshed: 1,
    replaced: 0,
  });
  assert.equal(snapshot.registrations.ended.expired, 1);
  assert.equal(snapshot.registrations.fetched, 1);
  const { sent, answered, unanswered } = snapshot.pings;
  assert.deepEqual([sent, answered, unanswered], [1, 1, 0]);
});

Deno.test("add() sums up what the kernel dropped", () => {
  const counters = new Counters();
  counters.add({ ...trouble, what: "kernel-drops", count: 7 });
  counters.add({ ...trouble, what: "kernel-drops", count: 2 });
  counters.add({ ...trouble, what: "icmp-error", count: 111 });
  counters.add({
    kind: "connection-opened",
    at: 0,
    flow: tcp,
    stage: "transport",
  });
  counters.add({
    kind: "store-failed",
    at: 0,
    stage: "process",
    detail: "disk full",
  });
  const snapshot = counters.snapshot();
  assert.equal(snapshot.kernelDrops, 9);
  assert.equal(snapshot.transportTrouble["kernel-drops"], 2);
  assert.equal(snapshot.transportTrouble["icmp-error"], 1);
  assert.deepEqual(snapshot.connections, { opened: 1, closed: 0 });
  assert.equal(snapshot.server["store-failed"], 1);
});

Deno.test("add() counts the stages where attempts to register stop, and no other refusal", () => {
  const counters = new Counters();
  const refused = {
    ...request,
    kind: "refused",
    status: 403,
    why: "wrong-password",
    stage: "auth",
    detail: "",
  } as const;
  counters.add(refused);
  counters.add({ ...refused, method: "INVITE" });
  const broken = { what: "", position: 0, rfc: "", status: 400 };
  counters.add({ ...request, ...broken, kind: "malformed-seen" });
  const { stopped } = counters.snapshot().registrations;
  assert.deepEqual(Object.keys(stopped), [...STAGES]);
  const counts = Object.entries(stopped).filter(([, count]) => count > 0);
  assert.deepEqual(counts, [["parse", 1], ["auth", 1]]);
});

Deno.test("add() counts how long phones took to answer", () => {
  const counters = new Counters();
  const ping = {
    ...request,
    kind: "ping-answered",
    method: "OPTIONS",
    stage: "reachable",
  } as const;
  for (const afterMs of [5, 5.1, 60, 9000]) counters.add({ ...ping, afterMs });
  counters.add({ ...ping, kind: "ping-unanswered", afterMs: 0 });
  const { roundTrips, roundTripsMs } = counters.snapshot().pings;
  assert.deepEqual(roundTrips, [1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 1]);
  assert.equal(roundTripsMs, 9070.1);
  assert.equal(roundTrips.length, ROUND_TRIP_BOUNDS_MS.length + 1);
});

Deno.test("snapshot() is a copy that goes through JSON unchanged", () => {
  const counters = new Counters();
  const before = counters.snapshot();
  counters.add(request);
  assert.equal(before.requests.REGISTER, 0);
  assert.deepEqual(JSON.parse(JSON.stringify(before)), before);
});
