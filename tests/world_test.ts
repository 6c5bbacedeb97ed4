/**
 * Many phones and one office over a bad network: in the end whoever heard 200 is bound, and
 * nothing was done twice.
 * @module
 */

import assert from "node:assert/strict";
import type { Fact } from "../pbx/fact.ts";
import { World, type WorldParts } from "./world.ts";
import { Baresip, MicroSip, type Phone, Thrifty } from "./world_phone.ts";

const NUMBERS = ["1001", "1002", "1003", "1004", "1005", "1006"];
const DESK = { numbers: NUMBERS, pingSeconds: 20 };

/** Every kind of phone: two of them share an extension. */
function hire(world: World): Phone[] {
  return [
    new MicroSip(world, "1001", "10.0.0.1"),
    new Baresip(world, "1001", "10.0.0.2"),
    new Baresip(world, "1002", "10.0.0.3"),
    new Thrifty(world, "1003", "10.0.0.4"),
    new MicroSip(world, "1004", "10.0.0.5"),
    new Thrifty(world, "1005", "10.0.0.6"),
  ];
}

/** Whoever heard 200 is bound with the contact that he was told, under his own number. */
function checkBound(world: World, phones: readonly Phone[]): void {
  for (const phone of phones) {
    assert.equal(phone.status, 200, `${phone.number} ${phone.host}`);
    assert.equal(phone.confirmed, phone.contact);
    const bound = world.desk.bound(phone.number);
    const own = bound.filter(({ contact }) => contact === phone.contact);
    assert.equal(own.length, 1, `${phone.contact} in ${JSON.stringify(bound)}`);
    assert.ok(own[0]!.expiresAtMs > world.nowMs);
  }
}

/** What was done for a REGISTER: a decision each, except for a repeat. */
function isDecision(fact: Fact): boolean {
  return fact.kind === "challenged" || fact.kind === "refused" ||
    fact.kind === "bindings-fetched";
}

/** Each request was processed once, and there is one decision about each. */
function checkFacts(facts: readonly Fact[]): void {
  const seen = new Map<string, number>();
  const carriedOut = new Set<string>();
  let requests = 0, decisions = 0;
  for (const fact of facts) {
    if (fact.kind === "request-seen" && fact.method === "REGISTER") {
      requests++;
      const key = `${fact.branch} ${fact.flow.peer}`;
      seen.set(key, (seen.get(key) ?? 0) + 1);
    } else if (isDecision(fact)) {
      decisions++;
    } else if (fact.kind === "registered") {
      const key = `${fact.callId} ${fact.flow.peer} ${fact.at} ${fact.contact}`;
      assert.ok(!carriedOut.has(key), `carried out twice: ${key}`);
      carriedOut.add(key);
      decisions++;
    }
  }
  for (const [key, times] of seen) assert.equal(times, 1, key);
  assert.equal(decisions, requests, "one decision for each REGISTER");
  assert.ok(facts.some((fact) => fact.kind === "retransmission-seen"));
}

const WORLDS: readonly WorldParts[] = [
  { seed: 1, loss: 0, duplication: 0.2, delayMs: 20, nat: 0, desk: DESK },
  { seed: 2, loss: 0.1, duplication: 0.1, delayMs: 60, nat: 0, desk: DESK },
  { seed: 3, loss: 0.2, duplication: 0.2, delayMs: 60, nat: 30, desk: DESK },
  { seed: 4, loss: 0.3, duplication: 0.3, delayMs: 250, nat: 60, desk: DESK },
];

Deno.test("Office.receive() binds every phone over a network that loses and repeats", () => {
  for (const parts of WORLDS) {
    const world = new World(parts);
    const phones = hire(world);
    world.run(900);
    world.loss = 0;
    world.run(60);
    checkBound(world, phones);
    checkFacts(world.facts);
  }
});

Deno.test("Office.receive() replaces a phone that starts again, or lets its old binding run out", () => {
  for (const seed of [11, 12, 13]) {
    const world = new World({
      seed,
      loss: 0.15,
      duplication: 0.15,
      delayMs: 60,
      nat: 30,
      desk: DESK,
    });
    const phones = hire(world);
    for (let i = 0; i < 3; i++) {
      world.run(70);
      for (const phone of phones) phone.restart();
    }
    world.run(60);
    for (const phone of phones) {
      if (!(phone instanceof Baresip)) continue;
      const own = world.desk.bound(phone.number).filter(({ instance }) =>
        instance === phone.instance
      );
      assert.deepEqual(own.map(({ contact }) => contact), [phone.contact]);
    }
    world.run(600);
    world.loss = 0;
    world.run(60);
    checkBound(world, phones);
    checkFacts(world.facts);
    assert.equal(world.desk.bindings.live, phones.length);
  }
});

Deno.test("Office.receive() says nothing false while the journal cannot be written", () => {
  const world = new World({
    seed: 21,
    loss: 0.1,
    // so that a request and its repeat come in one batch
    duplication: 0.8,
    delayMs: 20,
    nat: 30,
    desk: DESK,
  });
  const phones = hire(world);
  world.run(30);
  for (let i = 0; i < 5; i++) {
    world.desk.journal.isFailing = true;
    phones[i]!.restart();
    world.run(40);
    world.desk.journal.isFailing = false;
    world.run(60);
  }
  assert.ok(
    world.facts.some((fact) =>
      fact.kind === "refused" && fact.why === "store-failed"
    ),
  );
  world.run(600);
  world.loss = 0;
  world.run(60);
  checkBound(world, phones);
  checkFacts(world.facts);
});

Deno.test("Office.receive() keeps whoever heard 200 when the office dies and comes back", () => {
  const world = new World({
    seed: 31,
    loss: 0.1,
    duplication: 0.1,
    delayMs: 60,
    nat: 30,
    desk: DESK,
  });
  const phones = hire(world);
  for (let i = 0; i < 20; i++) {
    world.run(37);
    const before = phones.map((phone) => [phone, phone.confirmed] as const);
    world.restartOffice();
    for (const [phone, contact] of before) {
      const bound = world.desk.bound(phone.number).map((own) => own.contact);
      if (contact !== phone.contact || contact === "") continue;
      assert.ok(bound.includes(contact), `${contact} is lost`);
    }
  }
  world.loss = 0;
  world.run(300);
  checkBound(world, phones);
});

Deno.test("Office.receive() never lets a phone with a wrong password in, and says why each time", () => {
  const world = new World({ ...WORLDS[2]!, seed: 41 });
  const [good, bad] = [
    new MicroSip(world, "1001", "10.0.0.1"),
    new MicroSip(world, "1002", "10.0.0.2", "guess"),
  ];
  world.run(200);
  assert.equal(good.status, 200);
  assert.equal(bad.status, 403);
  assert.deepEqual(world.desk.bound("1002"), []);
  const refused = world.facts.filter((fact) => fact.kind === "refused");
  assert.deepEqual(refused.map((fact) => [fact.number, fact.why]), [
    ["1002", "wrong-password"],
  ]);
});

Deno.test("Pinger.wake() keeps the way open to phones that do nothing for it", () => {
  const world = new World({
    seed: 51,
    loss: 0.05,
    delayMs: 40,
    nat: 30,
    desk: DESK,
  });
  const phone = new Baresip(world, "1002", "10.0.0.3");
  world.run(60);
  const { port } = world.desk.bound("1002")[0]!;
  world.run(200);
  assert.equal(world.desk.bound("1002")[0]!.port, port);
  world.run(300);
  assert.equal(world.desk.bound("1002")[0]!.port, port, "the mapping changed");
  const answered = world.facts.filter((fact) => fact.kind === "ping-answered");
  assert.ok(answered.length > 20, String(answered.length));
  world.plugOut(phone);
  world.run(100);
  const [slot] = world.desk.office.registrar.slotsOf(
    world.desk.directory.find("1002"),
  );
  assert.ok(world.desk.bindings.missedPings[slot!]! >= 2);
});
