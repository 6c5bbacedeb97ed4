/**
 * A datagram on its way through the office: its class, its method, its domain. What becomes of a
 * refused one is in `office_refusal_test.ts`.
 * @module
 */

import assert from "node:assert/strict";
import {
  ackText,
  authorization,
  challengeOf,
  Desk,
  flowFrom,
  headerValues,
  PHONE,
  requestText,
  statusOf,
} from "./sample_test.ts";

const CONTACTS = ["<sip:1001@10.0.0.7:5062>"];

Deno.test("Office.receive() tells what a datagram is that is no SIP", () => {
  const stun = "\0\x01\0\0\x21\x12\xa4\x42" + "transaction.";
  const table: readonly (readonly [string, string, number])[] = [
    ["\r\n", "keepalive", 0],
    ["\r\n\r\n", "keepalive", 0],
    ["\0", "keepalive", 0],
    ["", "empty", 0],
    [stun, "stun", 1],
    ["GET / HTTP/1.1\r\n\r\n", "garbage", 0],
    ["\x16\x03\x01hello\x00", "garbage", 0],
  ];
  for (const [text, expected, answers] of table) {
    const desk = new Desk();
    assert.equal(desk.receive(text).length, answers, expected);
    const facts = desk.takeFacts();
    assert.equal(facts.length, 1);
    const [fact] = facts;
    assert.ok(fact?.kind === "datagram-seen");
    assert.equal(fact.class, expected);
    assert.equal(fact.octets, text.length);
    assert.equal(fact.flow, PHONE);
    assert.equal(fact.at, desk.now.wallMs);
    assert.doesNotMatch(fact.head, /[^\x20-\x7e]/);
    assert.equal(fact.head !== "", expected === "garbage");
  }
});

Deno.test("Office.receive() registers a phone, and tells every step", () => {
  const desk = new Desk();
  const headers = ["User-Agent: Phone/1"];
  const ask = { contacts: CONTACTS, callId: "one", headers };
  const answer = desk.login(ask);
  assert.match(answer, /^SIP\/2\.0 200 OK\r\n/);
  assert.deepEqual(headerValues(answer, "Contact"), [
    "<sip:1001@10.0.0.7:5062>;expires=3600",
  ]);
  assert.deepEqual(headerValues(answer, "Date"), [
    new Date(desk.now.wallMs).toUTCString(),
  ]);
  assert.match(headerValues(answer, "To")[0]!, /;tag=[0-9a-f]{16}$/);
  assert.ok(answer.endsWith("Content-Length: 0\r\n\r\n"));
  const facts = desk.takeFacts();
  assert.deepEqual(
    facts.map((fact) => fact.kind),
    ["request-seen", "challenged", "request-seen", "registered"],
  );
  const [seen, challenged, , registered] = facts;
  assert.ok(seen?.kind === "request-seen");
  assert.deepEqual(
    [seen.method, seen.callId, seen.cseq, seen.userAgent],
    ["REGISTER", "one", 1, "Phone/1"],
  );
  assert.ok(challenged?.kind === "challenged");
  assert.deepEqual(
    [challenged.number, challenged.why, challenged.stage],
    ["1001", "no-credentials", "auth"],
  );
  assert.ok(registered?.kind === "registered");
  assert.deepEqual(
    [registered.number, registered.contact, registered.expiresSeconds],
    ["1001", "sip:1001@10.0.0.7:5062", 3600],
  );
  assert.deepEqual(
    [registered.isBehindNat, registered.userAgent, registered.change],
    [true, "Phone/1", "added"],
  );
  assert.equal(registered.flow, PHONE);
});

Deno.test("Office.receive() answers a question for bindings with a fact of its own", () => {
  const desk = new Desk();
  desk.login({ contacts: CONTACTS });
  desk.takeFacts();
  const answer = desk.login({ callId: "fetch" });
  assert.equal(headerValues(answer, "Contact").length, 1);
  desk.advance(1000);
  const later = desk.login({ callId: "later" });
  const dates = [answer, later].map((text) => headerValues(text, "Date")[0]!);
  assert.equal(Date.parse(dates[1]!) - Date.parse(dates[0]!), 1000);
  const [fact] = desk.takeFacts("bindings-fetched");
  assert.deepEqual([fact!.number, fact!.bindings], ["1001", 1]);
});

Deno.test("Office.receive() takes an escaped number for the same number", () => {
  const desk = new Desk();
  const address = "<sip:%31%30%301@pbx.example>";
  const ask = { contacts: CONTACTS, from: address, to: address };
  assert.equal(statusOf(desk.login(ask)), 200);
  assert.equal(desk.bound().length, 1);
  // once, not twice
  const twice = "<sip:%2531001@pbx.example>";
  const answer = desk.login({ ...ask, callId: "2", from: twice, to: twice });
  assert.equal(statusOf(answer), 403);
});

Deno.test("Office.receive() answers OPTIONS with what it can", () => {
  const desk = new Desk();
  for (const uri of ["sip:pbx.example", "sip:7777@pbx.example"]) {
    const callId = String(uri.length);
    const answer = desk.ask({ method: "OPTIONS", uri, callId });
    assert.equal(statusOf(answer), 200);
    assert.deepEqual(headerValues(answer, "Allow"), [
      "REGISTER, INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, UPDATE, MESSAGE, REFER, NOTIFY",
    ]);
    assert.deepEqual(headerValues(answer, "Accept"), ["application/sdp"]);
    assert.deepEqual(headerValues(answer, "Supported"), [
      "path, outbound, timer, replaces",
    ]);
  }
});

Deno.test("Office.receive() challenges what opens something, then says 405 with Allow", () => {
  const methods = ["SUBSCRIBE", "PUBLISH", "REFER"];
  for (const method of methods) {
    const desk = new Desk();
    const answer = desk.login({ method, uri: "sip:1002@pbx.example" });
    assert.equal(statusOf(answer), 405, method);
    assert.equal(headerValues(answer, "Allow").length, 1);
    const [fact] = desk.takeFacts("refused");
    assert.deepEqual([fact!.why, fact!.method], ["method-not-allowed", method]);
  }
});

Deno.test("Office.receive() knows no dialog but its own, and no methods that do not exist", () => {
  const desk = new Desk();
  const table: readonly (readonly [string, number])[] = [
    ["BYE", 481],
    ["INFO", 481],
    ["UPDATE", 481],
    ["PRACK", 481],
    ["NOTIFY", 481],
    ["CANCEL", 481],
    ["DANCE", 501],
    ["register", 501],
  ];
  for (const [method, status] of table) {
    const answer = desk.ask({ method, callId: method });
    assert.equal(statusOf(answer), status, method);
    assert.equal(headerValues(answer, "Allow").length, status === 501 ? 1 : 0);
  }
  // an invented To tag opens no door
  const to = "<sip:1002@pbx.example>;tag=invented";
  const answer = desk.ask({ method: "INVITE", to, callId: "tag" });
  assert.equal(statusOf(answer), 481);
});

Deno.test("Office.wake() repeats a member's failure of an INVITE until its ACK comes", () => {
  const desk = new Desk();
  const ask = { method: "INVITE", uri: "sip:1002@pbx.example" };
  const refused = desk.login(ask);
  assert.equal(statusOf(refused), 400, "no Contact");
  const repeats = desk.advance(3500).map((sent) => sent.text);
  assert.deepEqual(repeats, [refused, refused, refused]);
  // without an ACK it ends after 32 seconds: seven more
  assert.equal(desk.advance(60_000).length, 7);
  assert.deepEqual(desk.advance(60_000), []);
});

Deno.test("Office.wake() repeats to a stranger only what he asks again", () => {
  const desk = new Desk();
  const ask = { method: "INVITE", uri: "sip:1002@pbx.example", cseq: 7 };
  const first = desk.ask(ask);
  assert.equal(statusOf(first), 401);
  assert.deepEqual(desk.advance(3500), []);
  assert.deepEqual(desk.receive(requestText(ask)), [first]);
  assert.deepEqual(desk.receive(ackText(ask)), []);
  assert.deepEqual(desk.advance(60_000), []);
  const kinds = desk.takeFacts().map((fact) => fact.kind);
  assert.deepEqual(kinds, [
    "request-seen",
    "challenged",
    "retransmission-seen",
    "request-seen",
  ]);
});

Deno.test("Office.receive() never answers an ACK, whatever it is for", () => {
  const texts = [
    ackText({ callId: "never-was" }),
    ackText({ uri: "sip:localhost" }),
    ackText({ to: "<sip:1001@pbx.example>;tag=x" }),
    ackText({ uri: "tel:1002" }),
  ];
  for (const text of texts) {
    const desk = new Desk();
    assert.deepEqual(desk.receive(text), []);
    assert.equal(desk.takeFacts("request-seen").length, 1);
  }
});

Deno.test("Office.receive() answers CANCEL for an INVITE that has its answer, and no other", () => {
  const desk = new Desk();
  const branch = "z9hG4bKcall";
  const ask = { uri: "sip:1002@pbx.example", branch };
  desk.ask({ ...ask, method: "INVITE" });
  const early = desk.ask({ ...ask, method: "CANCEL", branch: "z9hG4bKx" });
  assert.equal(statusOf(early), 481);
  assert.equal(statusOf(desk.ask({ ...ask, method: "CANCEL" })), 200);
  // the same branch from elsewhere is another call
  const other = desk.ask(
    { ...ask, method: "CANCEL" },
    flowFrom("198.51.100.8", 40000),
  );
  assert.equal(statusOf(other), 481);
});

Deno.test("Office.receive() serves a request once that comes on two ways", () => {
  const desk = new Desk();
  const ask = { method: "OPTIONS", callId: "merged" };
  assert.equal(statusOf(desk.ask({ ...ask, branch: "z9hG4bKone" })), 200);
  assert.equal(statusOf(desk.ask({ ...ask, branch: "z9hG4bKtwo" })), 482);
  assert.equal(statusOf(desk.ask({ ...ask, cseq: 2 })), 200);
});

Deno.test("Office.receive() serves the domains that are ours, and tells which was meant", () => {
  const table: readonly (readonly [string, number])[] = [
    ["pbx.example", 401],
    ["PBX.Example", 401],
    ["pbx.example.", 401],
    ["192.0.2.1", 401],
    ["203.0.113.9:5070", 401],
    ["localhost", 404],
    ["127.0.0.1", 404],
    ["other.example", 404],
    ["192.0.2.200", 404],
  ];
  for (const [host, status] of table) {
    const to = `<sip:1001@${host}>`;
    const asks = [{ uri: `sip:${host}` }, { to }, { uri: `sip:${host}`, to }];
    for (const [i, ask] of asks.entries()) {
      const desk = new Desk({ domains: ["Pbx.Example"] });
      const answer = desk.ask({ ...ask, callId: String(i) });
      assert.equal(statusOf(answer), status, `${host} ${i}`);
      const [fact] = desk.takeFacts("refused");
      if (status === 401) assert.equal(fact, undefined);
      else assert.deepEqual([fact!.why, fact!.detail], ["wrong-domain", host]);
    }
  }
});

Deno.test("Office.wake() ends bindings when their time is over, and tells it once", () => {
  const desk = new Desk();
  desk.login({ contacts: [`${CONTACTS[0]};expires=60`] });
  desk.takeFacts();
  desk.advance(59_000);
  assert.equal(desk.bound().length, 1);
  desk.advance(3000);
  assert.equal(desk.bound().length, 0);
  const facts = desk.takeFacts();
  assert.deepEqual(facts.map((fact) => fact.kind), ["unregistered"]);
  const [fact] = facts;
  assert.ok(fact?.kind === "unregistered");
  assert.deepEqual([fact.why, fact.number, fact.contact, fact.flow.port], [
    "expired",
    "1001",
    "sip:1001@10.0.0.7:5062",
    40000,
  ]);
  assert.equal(desk.journal.lines.get(0), "0\t-");
});

Deno.test("Office.receive() adds anew what expired between two ticks", () => {
  const desk = new Desk();
  desk.login({ contacts: [`${CONTACTS[0]};expires=60`] });
  const { wallMs, monotonicMs } = desk.now;
  desk.now = { wallMs: wallMs + 61_000, monotonicMs: monotonicMs + 61_000 };
  desk.takeFacts();
  desk.login({ contacts: CONTACTS, callId: "2" });
  const facts = desk.takeFacts("registered", "unregistered");
  assert.deepEqual(
    facts.map((fact) => fact.kind === "registered" ? fact.change : fact.why),
    ["expired", "added"],
  );
});

Deno.test("Office.receive() reads requests from a stream, and answers on the connection", () => {
  const desk = new Desk();
  const stream = flowFrom("198.51.100.7", 40001, "tcp");
  const first = desk.ask({ contacts: CONTACTS }, stream);
  const nonce = challengeOf(first, "nonce");
  const headers = [authorization({ nonce })];
  desk.take(requestText({ contacts: CONTACTS, cseq: 2, headers }), stream);
  const [sent] = desk.flush();
  assert.equal(statusOf(sent!.text), 200);
  assert.equal(sent!.flow, stream);
  assert.equal(desk.bound()[0]!.transport, "tcp");
});
