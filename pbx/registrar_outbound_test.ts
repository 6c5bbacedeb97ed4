/**
 * The registrar and phones that say who they are: `+sip.instance` and `reg-id` (RFC 5626 §6), Path
 * (RFC 3327 §5.3); and the undoing of what could not be written.
 * @module
 */

import assert from "node:assert/strict";
import {
  type Ask,
  Desk,
  flowFrom,
  headerValues,
  PHONE,
  statusOf,
} from "./sample_test.ts";

const ONE = '+sip.instance="<urn:uuid:1>"';
const TWO = '+sip.instance="<urn:uuid:2>"';
const PATH = "Path: <sip:edge.example;lr>";

/** Registers with a Call-ID of its own; the answer. */
function register(desk: Desk, ask: Ask, flow = PHONE): string {
  return desk.login({ callId: `call-${desk.facts.length}`, ...ask }, {}, flow);
}

function contactsOf(desk: Desk): string[] {
  return desk.bound().map((binding) => binding.contact);
}

Deno.test("Registrar.register() replaces the old contact of a phone that started again", () => {
  const desk = new Desk();
  register(desk, { contacts: [`<sip:1001-0xaa@10.0.0.7:5062>;${ONE}`] });
  desk.takeFacts();
  const flow = flowFrom("198.51.100.7", 50000);
  const contacts = [`<sip:1001-0xbb@10.0.0.7:6000>;expires=300;${ONE}`];
  const answer = register(desk, { contacts }, flow);
  assert.deepEqual(headerValues(answer, "Contact"), contacts);
  const [binding] = desk.bound();
  assert.equal(desk.bound().length, 1);
  assert.deepEqual([binding!.contact, binding!.port], [
    "sip:1001-0xbb@10.0.0.7:6000",
    50000,
  ]);
  const [fact] = desk.takeFacts("registered");
  assert.equal(fact!.change, "replaced");
});

Deno.test("Registrar.register() keeps phones apart by instance, and flows by reg-id", () => {
  const desk = new Desk();
  const contacts = [
    `<sip:a@10.0.0.1>;${ONE};reg-id=1`,
    `<sip:b@10.0.0.2>;${ONE};reg-id=2`,
    `<sip:c@10.0.0.3>;${TWO};reg-id=1`,
  ];
  for (const contact of contacts) register(desk, { contacts: [contact] });
  assert.equal(desk.bound().length, 3);
  register(desk, { contacts: [`<sip:d@10.0.0.4>;${ONE};reg-id=2`] });
  assert.deepEqual(contactsOf(desk), [
    "sip:d@10.0.0.4",
    "sip:c@10.0.0.3",
    "sip:a@10.0.0.1",
  ]);
});

Deno.test("Registrar.register() removes by instance, though the phone has a new address", () => {
  const desk = new Desk();
  register(desk, { contacts: [`<sip:a@10.0.0.1>;${ONE}`] });
  register(desk, { contacts: [`<sip:z@10.0.0.9>;${ONE};expires=0`] });
  assert.deepEqual(contactsOf(desk), []);
});

Deno.test("Registrar.register() binds a phone that removes its own old contact in one request", () => {
  const both = [`<sip:new@10.0.0.2>;${ONE};reg-id=1`];
  both.push(`<sip:old@10.0.0.1>;${ONE};reg-id=1;expires=0`);
  for (const contacts of [both, [...both].reverse()]) {
    const desk = new Desk();
    register(desk, { contacts: [`<sip:old@10.0.0.1>;${ONE};reg-id=1`] });
    register(desk, { contacts });
    assert.deepEqual(contactsOf(desk), ["sip:new@10.0.0.2"]);
  }
});

Deno.test("Registrar.register() holds a phone reachable again when it comes with a new address", () => {
  const desk = new Desk({ pingSeconds: 20 });
  register(desk, { contacts: [`<sip:a@10.0.0.1>;${ONE}`] });
  desk.bindings.missedPings[0] = 5;
  const flow = flowFrom("198.51.100.7", 50000);
  register(desk, { contacts: [`<sip:b@10.0.0.1>;${ONE}`] }, flow);
  assert.equal(desk.bindings.missedPings[0], 0);
});

Deno.test("Registrar.contactHeaders() echoes what tells a phone its own binding", () => {
  const desk = new Desk();
  const contacts = [`<sip:a@10.0.0.1;ob>;expires=300;${ONE};reg-id=1`];
  const headers = ["Supported: path, outbound"];
  const answer = register(desk, { contacts, headers });
  assert.deepEqual(headerValues(answer, "Contact"), contacts);
  assert.deepEqual(headerValues(answer, "Require"), ["outbound"]);
  const plain = register(desk, { contacts: ["<sip:b@10.0.0.2>"] });
  assert.deepEqual(headerValues(plain, "Require"), []);
});

Deno.test("Registrar.register() stores Path and echoes it", () => {
  const desk = new Desk();
  const second = "Path: <sip:inner.example;lr>, <sip:core.example;lr>";
  const headers = ["Supported: gruu, path", PATH, second];
  const answer = register(desk, { contacts: ["<sip:a@10.0.0.1>"], headers });
  assert.deepEqual(
    headerValues(answer, "Path"),
    ["<sip:edge.example;lr>", "<sip:inner.example;lr>, <sip:core.example;lr>"],
  );
  const [binding] = desk.bound();
  assert.equal(
    binding!.path,
    "<sip:edge.example;lr>, <sip:inner.example;lr>, <sip:core.example;lr>",
  );
  // the way leads over the proxy: there is no mapping of ours to keep open
  assert.equal(binding!.isBehindNat, false);
});

Deno.test("Registrar.register() wants Supported: path from a phone whose proxy adds Path", () => {
  for (const headers of [[PATH], [PATH, "Supported: outbound, pathological"]]) {
    const desk = new Desk();
    const answer = register(desk, { contacts: ["<sip:a@10.0.0.1>"], headers });
    assert.equal(statusOf(answer), 421);
    assert.deepEqual(headerValues(answer, "Require"), ["path"]);
    assert.deepEqual(desk.bound(), []);
    const [fact] = desk.takeFacts("refused");
    assert.equal(fact!.why, "extension-required");
  }
});

Deno.test("Registrar.restore() puts back what the journal says, and forgets what it never knew", () => {
  const desk = new Desk();
  register(desk, { contacts: ["<sip:a@10.0.0.1>;expires=300"] });
  register(desk, { contacts: ["<sip:b@10.0.0.2>;expires=300"] });
  const before = [...desk.bound()].sort((a, b) => a.port - b.port);
  desk.journal.isFailing = true;
  const contacts = [
    "<sip:a@10.0.0.1>;expires=0",
    "<sip:b@10.0.0.2>;expires=900;q=0.1",
    "<sip:c@10.0.0.3>",
  ];
  const answer = register(desk, { contacts });
  assert.equal(statusOf(answer), 503);
  assert.deepEqual(
    new Set(contactsOf(desk)),
    new Set(["sip:a@10.0.0.1", "sip:b@10.0.0.2"]),
  );
  const sort = (list: typeof before) =>
    [...list].sort((a, b) => a.contact < b.contact ? -1 : 1);
  assert.deepEqual(sort(desk.bound()), sort(before));
  assert.equal(desk.bindings.live, 2);
  desk.journal.isFailing = false;
  register(desk, { contacts: ["<sip:c@10.0.0.3>"] });
  assert.equal(desk.bindings.live, 3);
});

Deno.test("Registrar.restore() drops what expired meanwhile, and has that written", () => {
  const desk = new Desk();
  register(desk, { contacts: ["<sip:a@10.0.0.1>;expires=60"] });
  desk.journal.isFailing = true;
  desk.advance(61_000);
  assert.deepEqual(desk.bound(), []);
  assert.equal(desk.office.registrar.changed.size, 1);
  desk.journal.isFailing = false;
  desk.advance(1000);
  assert.equal(desk.office.registrar.changed.size, 0);
  assert.equal(desk.journal.lines.get(0), "0\t-");
  assert.equal(desk.takeFacts("unregistered").length, 1);
});
