/**
 * Answers, their repeats, and promises that the journal breaks.
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

const CONTACT = ["<sip:1001@10.0.0.7:5062>;expires=300"];
const OTHER = flowFrom("198.51.100.8", 41000);

/** A REGISTER that will be accepted. */
function goodRegister(desk: Desk, number = "1001", flow = PHONE, more = {}) {
  const address = `<sip:${number}@pbx.example>`;
  const ask = {
    from: address,
    to: address,
    callId: `good-${number}`,
    contacts: CONTACT,
    ...more,
  };
  const nonce = challengeOf(desk.ask({ ...ask, cseq: 1 }, flow), "nonce");
  const headers = [authorization({ nonce, number })];
  return requestText({ ...ask, cseq: 2, headers });
}

Deno.test("Responder.repeat() answers a repeated request the same, to the octet", () => {
  const desk = new Desk();
  const challenged = requestText({ callId: "one" });
  assert.deepEqual(desk.receive(challenged), desk.receive(challenged));
  const text = goodRegister(desk);
  const [first] = desk.receive(text);
  assert.equal(statusOf(first), 200);
  desk.takeFacts();
  for (const waitMs of [0, 500, 4000, 20_000]) {
    desk.advance(waitMs);
    assert.deepEqual(desk.receive(text), [first]);
    assert.deepEqual(
      desk.takeFacts().map((fact) => fact.kind),
      ["retransmission-seen"],
    );
  }
  assert.equal(desk.bound()[0]!.expiresAtMs - desk.now.monotonicMs, 275_500);
  // timer J: now it is a new request, and its nonce count is used up
  desk.advance(10_000);
  const [late] = desk.receive(text);
  assert.equal(statusOf(late), 401);
  assert.equal(challengeOf(late!, "stale"), "true");
});

Deno.test("Responder.repeat() keeps requests apart that came from elsewhere or have another branch", () => {
  const desk = new Desk();
  const text = goodRegister(desk);
  desk.receive(text);
  const replayed = desk.receive(text, OTHER);
  assert.equal(statusOf(replayed[0]), 401);
  const rebranched = text.replace(/branch=[\w-]+/, "branch=z9hG4bKother");
  assert.equal(statusOf(desk.receive(rebranched)[0]), 401);
});

Deno.test("Responder.breakPromises() says 503 with Retry-After instead of 200, and again to repeats", () => {
  const desk = new Desk();
  const text = goodRegister(desk);
  desk.takeFacts();
  desk.journal.isFailing = true;
  const [first, ...others] = desk.receive(text);
  assert.deepEqual(others, []);
  assert.equal(statusOf(first), 503);
  assert.deepEqual(headerValues(first, "Retry-After"), ["30"]);
  assert.deepEqual(headerValues(first, "Contact"), []);
  for (const name of ["Call-ID", "CSeq", "From"]) {
    assert.deepEqual(headerValues(first, name), headerValues(text, name));
  }
  assert.match(headerValues(first, "To")[0]!, /^<[^>]*>;tag=[0-9a-f]+$/);
  assert.match(
    headerValues(first, "Via").join(),
    /^SIP\/2\.0\/UDP 10\.0\.0\.7:5062;branch=[\w-]+;received=198\.51\.100\.7;rport=40000$/,
  );
  const facts = desk.takeFacts("registered", "refused");
  assert.deepEqual(facts.map((fact) => fact.kind), ["refused"]);
  const [fact] = facts;
  assert.ok(fact?.kind === "refused");
  assert.deepEqual(
    [fact.why, fact.status, fact.number, fact.callId],
    ["store-failed", 503, "1001", "good-1001"],
  );
  assert.deepEqual(desk.bound(), []);
  desk.journal.isFailing = false;
  assert.deepEqual(desk.receive(text), [first]);
  assert.equal(statusOf(desk.login({ contacts: CONTACT })), 200);
});

Deno.test("Responder.breakPromises() breaks only promises: who asked or was refused hears the same", () => {
  const desk = new Desk();
  const good = [goodRegister(desk), goodRegister(desk, "1002", OTHER)];
  const fetch = goodRegister(desk, "1002", OTHER, {
    callId: "fetch",
    contacts: [],
  });
  desk.journal.isFailing = true;
  desk.take(requestText({ callId: "stranger", method: "OPTIONS" }));
  desk.take(good[0]!);
  desk.take(requestText({ callId: "unknown" }), OTHER);
  desk.take(good[1]!, OTHER);
  desk.take(fetch, OTHER);
  const sent = desk.flush();
  const table: readonly (readonly [string, number, number])[] = [
    ["stranger", 200, 40000],
    ["good-1001", 503, 40000],
    ["unknown", 401, 41000],
    ["good-1002", 503, 41000],
    // its answer would show the contact that was not written
    ["fetch", 503, 41000],
  ];
  assert.deepEqual(
    sent.map(({ text, flow }) => [
      headerValues(text, "Call-ID")[0],
      statusOf(text),
      flow.port,
    ]),
    table,
  );
});

Deno.test("Responder.breakPromises() breaks the promise to a repeat in the same batch too", () => {
  const desk = new Desk();
  const text = goodRegister(desk);
  desk.journal.isFailing = true;
  desk.take(text);
  desk.take(text);
  const sent = desk.flush().map((sent) => sent.text);
  assert.deepEqual(sent.map((text) => statusOf(text)), [503, 503]);
  assert.equal(sent[0], sent[1]);
  const facts = desk.takeFacts("refused", "retransmission-seen");
  assert.deepEqual(
    facts.map((fact) => fact.kind).sort(),
    ["refused", "retransmission-seen"],
    "one request was refused, once",
  );
});

Deno.test("Responder.breakPromises() takes back nothing that was sent in an earlier batch", () => {
  // a removal of what is not bound is answered 200, and nothing has to be written for it
  const desk = new Desk();
  const contacts = ["<sip:nobody@10.0.0.7>;expires=0"];
  const nothing = goodRegister(desk, "1001", PHONE, { contacts });
  const good = goodRegister(desk, "1002", OTHER);
  const [accepted] = desk.receive(nothing);
  assert.equal(statusOf(accepted), 200);
  desk.journal.isFailing = true;
  desk.take(requestText({ callId: "stranger" }));
  desk.take(good, OTHER);
  assert.deepEqual(
    desk.flush().map(({ text }) => statusOf(text)),
    [401, 503],
  );
  assert.deepEqual(desk.receive(nothing), [accepted]);
});

Deno.test("Responder.breakPromises() puts back a binding that the phone had before, and its questions", () => {
  const desk = new Desk({ pingSeconds: 20 });
  desk.receive(goodRegister(desk));
  const before = desk.bound();
  desk.journal.isFailing = true;
  const contacts = ["<sip:1001@10.0.0.7:5062>;expires=0"];
  const ask = { callId: "again", contacts };
  const [answer] = desk.receive(goodRegister(desk, "1001", PHONE, ask));
  assert.equal(statusOf(answer), 503);
  assert.deepEqual(desk.bound(), before);
  assert.deepEqual(desk.takeFacts("unregistered"), []);
  const questions = desk.advance(30_000).filter(({ text }) =>
    text.startsWith("OPTIONS ")
  );
  assert.ok(questions.length > 0, "the mapping of the router would close");
});

Deno.test("Responder.answerMalformed() says what is wrong and where, without a transaction", () => {
  const desk = new Desk();
  const text = requestText({ callId: "one" }).replace("CSeq: 1", "CSeq: 1x");
  const [answer] = desk.receive(text);
  assert.match(answer!, /^SIP\/2\.0 400 Bad Request: /);
  assert.match(headerValues(answer, "To")[0]!, /;tag=/);
  const [fact] = desk.takeFacts("malformed-seen");
  assert.equal(fact!.status, 400);
  assert.equal(fact!.position, text.indexOf("1x"));
  assert.equal(desk.receive(text).length, 1);
  assert.deepEqual(desk.takeFacts("retransmission-seen"), []);
});

Deno.test("Responder.answerMalformed() is silent to a broken ACK or answer, but not blind", () => {
  const ack = ackText({ callId: "one" }).replace("CSeq: 1", "CSeq: 1x");
  const response =
    "SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP h;branch=z9hG4bKx\r\n\r\n";
  for (const text of [ack, response, "INVITE sip:x SIP/2.0"]) {
    const desk = new Desk();
    assert.deepEqual(desk.receive(text), []);
    const [fact] = desk.takeFacts("malformed-seen");
    assert.equal(fact!.status, 0);
  }
});

Deno.test("Responder.answerMalformed() tells a version that is not ours", () => {
  const desk = new Desk();
  const text = requestText({}).replace("SIP/2.0\r\n", "SIP/7.0\r\n");
  const [answer] = desk.receive(text);
  assert.equal(statusOf(answer), 505);
});

Deno.test("Responder.answer() goes to the port of the Via where rport is missing", () => {
  const desk = new Desk();
  for (const [sentBy, port] of [["10.0.0.7:5062", 5062], ["10.0.0.7", 5060]]) {
    const text = requestText({ callId: `c${port}` })
      .replace(";rport", "").replace("10.0.0.7:5062", String(sentBy));
    desk.take(text);
    const [sent] = desk.flush();
    assert.equal(sent!.flow.port, port);
    assert.equal(sent!.flow.host, PHONE.host);
    assert.match(
      headerValues(sent!.text, "Via")[0]!,
      /;received=198\.51\.100\.7$/,
    );
  }
});
