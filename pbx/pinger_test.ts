/**
 * Keeping the way to phones open, and learning whether they are there.
 * @module
 */

import assert from "node:assert/strict";
import { Flow } from "../sip/flow.ts";
import type { Binding } from "./binding.ts";
import { Desk, headerValues, makeBinding, type Sent } from "./sample_test.ts";

const INTERVAL_SECONDS = 20;

/** Binds a phone that has just registered. */
function bind(desk: Desk, changes: Partial<Binding> = {}): number {
  const { directory, bindings, now } = desk;
  const expiresAtMs = now.monotonicMs + 86_400_000;
  const binding = makeBinding({ expiresAtMs, ...changes });
  const slot = bindings.add(0, directory.firstBinding(0), binding);
  directory.setFirstBinding(0, slot);
  desk.office.pinger.schedule(slot, true, now.monotonicMs);
  return slot;
}

/** What a phone answers to a question. */
function answerTo(question: string, status = "200 OK"): string {
  const echoed = ["Via", "From", "To", "Call-ID", "CSeq"].map((name) =>
    `${name}: ${headerValues(question, name)[0]}\r\n`
  );
  return `SIP/2.0 ${status}\r\n${echoed.join("")}Content-Length: 0\r\n\r\n`;
}

function isOptions(sent: Sent): boolean {
  return sent.text.startsWith("OPTIONS ");
}

Deno.test("Pinger.wake() asks with the whole Contact, on the way that the phone registered over", () => {
  const desk = new Desk({ pingSeconds: INTERVAL_SECONDS });
  const contact = "sip:1001-0xaa@10.0.0.7:5062;transport=udp";
  bind(desk, { contact, localHost: "203.0.113.9", localPort: 5070 });
  const [sent] = desk.advance(1250);
  const { text, flow } = sent!;
  assert.deepEqual(
    flow,
    new Flow("udp", 1, "203.0.113.9", 5070, "198.51.100.7", 40000),
  );
  assert.match(
    text,
    /^OPTIONS sip:1001-0xaa@10\.0\.0\.7:5062;transport=udp SIP\/2\.0\r\n/,
  );
  assert.match(
    headerValues(text, "Via")[0]!,
    /^SIP\/2\.0\/UDP 203\.0\.113\.9:5070;branch=z9hG4bK[0-9a-f]{16};rport$/,
  );
  assert.deepEqual(headerValues(text, "To"), ["<sip:1001@203.0.113.9:5070>"]);
  assert.match(headerValues(text, "From")[0]!, /;tag=/);
  assert.deepEqual(headerValues(text, "CSeq"), ["1 OPTIONS"]);
  assert.deepEqual(headerValues(text, "Max-Forwards"), ["70"]);
  assert.ok(text.endsWith("Content-Length: 0\r\n\r\n"));
});

Deno.test("Pinger.wake() asks phones behind NAT again and again, others once, and nobody if it is switched off", () => {
  const table: readonly (readonly [Partial<Binding>, number, number])[] = [
    [{}, INTERVAL_SECONDS, 3],
    [{ isBehindNat: false }, INTERVAL_SECONDS, 1],
    [{ transport: "tcp" }, INTERVAL_SECONDS, 1],
    [{}, 0, 0],
  ];
  for (const [changes, pingSeconds, expected] of table) {
    const desk = new Desk({ pingSeconds });
    bind(desk, changes);
    let asked = 0;
    for (let i = 0; i < 4 * 50; i++) {
      for (const { text } of desk.advance(250).filter(isOptions)) {
        asked++;
        desk.receive(answerTo(text));
      }
    }
    assert.equal(asked, expected, JSON.stringify(changes));
  }
});

Deno.test("Pinger.wake() spreads phones that came at the same moment, and keeps the interval", () => {
  const desk = new Desk({ pingSeconds: INTERVAL_SECONDS });
  const askedAtMs = new Map<string, number[]>();
  for (let i = 0; i < 100; i++) bind(desk, { contact: `sip:${i}@10.0.0.7` });
  const startMs = desk.now.monotonicMs;
  for (let i = 0; i < 480; i++) {
    for (const { text } of desk.advance(250).filter(isOptions)) {
      const uri = text.split(" ")[1]!;
      const list = askedAtMs.get(uri) ?? [];
      askedAtMs.set(uri, [...list, desk.now.monotonicMs - startMs]);
      desk.receive(answerTo(text));
    }
  }
  assert.equal(askedAtMs.size, 100);
  const perSecond = new Map<number, number>();
  for (const times of askedAtMs.values()) {
    const second = Math.floor(times[0]! / 1000);
    perSecond.set(second, (perSecond.get(second) ?? 0) + 1);
    assert.ok(times[0]! <= 12_250, "the first question comes soon");
    for (const [i, at] of times.slice(1).entries()) {
      const gapMs = at - times[i]!;
      // NAT mappings of UDP hold for thirty seconds at least
      assert.ok(gapMs >= 16_500 && gapMs <= 21_250, String(gapMs));
    }
  }
  assert.ok(Math.max(...perSecond.values()) <= 25, "not all at once");
});

Deno.test("Pinger.wake() sends line ends to phones that speak RFC 5626, each fourth time OPTIONS", () => {
  const desk = new Desk({ pingSeconds: INTERVAL_SECONDS });
  bind(desk, { isOutbound: true });
  const sent: string[] = [];
  for (let i = 0; i < 800; i++) {
    for (const { text } of desk.advance(250)) {
      sent.push(text);
      if (text.startsWith("OPTIONS")) desk.receive(answerTo(text));
    }
  }
  const kinds = sent.map((text) =>
    text === "\r\n\r\n" ? "CRLF" : text.slice(0, 7)
  );
  const round = ["OPTIONS", "CRLF", "CRLF", "CRLF"];
  assert.deepEqual(kinds.slice(0, 8), [...round, ...round]);
  const facts = desk.takeFacts("ping-sent");
  assert.deepEqual(facts.map((fact) => fact.method), kinds);
});

Deno.test("Pinger.receive() takes any final answer for a sign of life, and tells how long it took", () => {
  for (const status of ["200 OK", "404 Not Found", "481 Gone", "501 No"]) {
    const desk = new Desk({ pingSeconds: INTERVAL_SECONDS });
    const slot = bind(desk);
    desk.bindings.missedPings[slot] = 3;
    const [question] = desk.advance(1250);
    desk.advance(250);
    desk.receive(answerTo(question!.text, status));
    desk.receive(answerTo(question!.text, status));
    const facts = desk.takeFacts("ping-sent", "ping-answered", "response-seen");
    assert.deepEqual(
      facts.map(({ kind }) => kind),
      ["ping-sent", "ping-answered", "response-seen", "response-seen"],
    );
    const [, answered, first, second] = facts;
    assert.ok(answered?.kind === "ping-answered");
    assert.equal(answered.afterMs, 250 + desk.now.monotonicMs % 250);
    assert.deepEqual([answered.number, answered.contact], [
      "1001",
      "sip:1001@10.0.0.7:5062",
    ]);
    assert.ok(first?.kind === "response-seen" && first.isExpected);
    assert.ok(second?.kind === "response-seen" && second.isExpected);
    assert.equal(desk.bindings.missedPings[slot], 0);
  }
});

Deno.test("Pinger.receive() takes a provisional answer for none, and a stray one for nothing", () => {
  const desk = new Desk({ pingSeconds: INTERVAL_SECONDS });
  bind(desk);
  const [question] = desk.advance(1250);
  desk.receive(answerTo(question!.text, "100 Trying"));
  assert.equal(desk.takeFacts("ping-answered").length, 0);
  const stray = answerTo(question!.text).replace(/z9hG4bK\w+/, "z9hG4bKstray");
  desk.receive(stray);
  const facts = desk.takeFacts("ping-answered", "response-seen");
  assert.equal(facts.length, 1);
  assert.ok(facts[0]?.kind === "response-seen" && !facts[0].isExpected);
});

Deno.test("Pinger.wake() repeats a question, gives up after 32 seconds and counts that", () => {
  const desk = new Desk({ pingSeconds: 100 });
  const slot = bind(desk, {});
  const sent = desk.advance(40_000).filter(isOptions);
  assert.deepEqual(new Set(sent.map(({ text }) => text)).size, 1);
  // RFC 3261 §17.1.2.2: after 0.5, 1.5, 3.5, 7.5 … seconds; ours run on whole ones
  assert.ok(sent.length === 10 || sent.length === 11, String(sent.length));
  const facts = desk.takeFacts("ping-sent", "ping-unanswered");
  assert.deepEqual(facts.map((fact) => fact.kind), [
    "ping-sent",
    "ping-unanswered",
  ]);
  assert.equal(desk.bindings.missedPings[slot], 1);
});

Deno.test("Pinger.wake() blames nobody for the silence of a phone that had the slot before", () => {
  const desk = new Desk({ pingSeconds: INTERVAL_SECONDS });
  const slot = bind(desk);
  const [question] = desk.advance(1250);
  desk.office.registrar.remove(slot);
  const contact = "sip:next@10.0.0.8";
  assert.equal(bind(desk, { contact, isBehindNat: false }), slot);
  desk.bindings.missedPings[slot] = 1;
  desk.receive(answerTo(question!.text));
  assert.equal(desk.bindings.missedPings[slot], 1, "a late answer");
  const [answered] = desk.takeFacts("ping-answered");
  assert.equal(answered!.contact, "sip:1001@10.0.0.7:5062");

  const silent = new Desk({ pingSeconds: INTERVAL_SECONDS });
  const other = bind(silent);
  silent.advance(1250);
  silent.office.registrar.remove(other);
  assert.equal(bind(silent, { contact, isBehindNat: false }), other);
  silent.advance(32_250);
  assert.equal(silent.bindings.missedPings[other], 0, "silence");
  const told = silent.takeFacts("ping-unanswered").map((fact) => fact.contact);
  // of the second phone before its time is over, of the first one at its end
  assert.deepEqual(told, [contact, "sip:1001@10.0.0.7:5062"]);
});

Deno.test("Pinger.wake() asks nobody whose binding is gone", () => {
  const desk = new Desk({ pingSeconds: INTERVAL_SECONDS });
  desk.office.registrar.remove(bind(desk));
  assert.deepEqual(desk.advance(30_000), []);
});

Deno.test("Pinger.schedule() leaves the rhythm of a phone that refreshes often", () => {
  const desk = new Desk({ pingSeconds: INTERVAL_SECONDS });
  const slot = bind(desk);
  const { pingAtMs } = desk.bindings;
  const first = pingAtMs[slot]!;
  desk.office.pinger.schedule(slot, false, desk.now.monotonicMs + 500);
  assert.equal(pingAtMs[slot], first);
  desk.office.pinger.schedule(slot, true, desk.now.monotonicMs + 500);
  assert.equal(pingAtMs[slot], first + 500);
  desk.bindings.update(slot, makeBinding({ isBehindNat: false }));
  desk.office.pinger.schedule(slot, false, desk.now.monotonicMs);
  assert.equal(pingAtMs[slot], 0);
  desk.bindings.update(slot, makeBinding());
  desk.office.pinger.schedule(slot, false, desk.now.monotonicMs);
  assert.ok(pingAtMs[slot]! > desk.now.monotonicMs);
});

Deno.test("Pinger.wake() asks a phone behind a proxy by way of its Path", () => {
  const desk = new Desk({ pingSeconds: INTERVAL_SECONDS });
  bind(desk, { path: "<sip:edge.example;lr>, <sip:10.9.9.9;lr>" });
  const [sent] = desk.advance(1250);
  assert.match(sent!.text, /^OPTIONS sip:1001@10\.0\.0\.7:5062 SIP\/2\.0\r\n/);
  assert.deepEqual(
    headerValues(sent!.text, "Route").join(", "),
    "<sip:edge.example;lr>, <sip:10.9.9.9;lr>",
  );
});

Deno.test("Pinger.receive() takes a proxy's word that a phone is not there", () => {
  const path = "<sip:edge.example;lr>";
  const table = [
    [path, "408 Request Timeout", 4],
    [path, "430 Flow Failed", 4],
    [path, "504 Server Time-out", 4],
    [path, "486 Busy Here", 0],
    ["", "408 Request Timeout", 0],
  ] as const;
  for (const [path, status, missed] of table) {
    const desk = new Desk({ pingSeconds: INTERVAL_SECONDS });
    const slot = bind(desk, { path });
    desk.bindings.missedPings[slot] = 3;
    const [question] = desk.advance(1250);
    desk.receive(answerTo(question!.text, status));
    assert.equal(desk.bindings.missedPings[slot], missed, status);
    const facts = desk.takeFacts("ping-answered", "ping-unanswered");
    assert.deepEqual(facts.map(({ kind }) => kind), [
      missed === 0 ? "ping-answered" : "ping-unanswered",
    ]);
  }
});

Deno.test("Pinger.askNow() as a last chance ends the binding of a phone that stays silent", () => {
  const desk = new Desk({ pingSeconds: 0 });
  const there = bind(desk, { contact: "sip:1001@10.0.0.7" });
  const gone = bind(desk, { contact: "sip:1001@10.0.0.8" });
  const back = bind(desk, { contact: "sip:1001@10.0.0.9" });
  const unasked = bind(desk, { contact: "sip:1001@10.0.0.10" });
  const ask = (slot: number, isLastChance: boolean) => {
    const { now, outbox, facts } = desk;
    desk.office.pinger.askNow(slot, isLastChance, now, outbox, facts);
  };
  for (const slot of [there, gone, back]) ask(slot, true);
  ask(unasked, false);
  const questions = desk.flush().filter(isOptions);
  const mine = questions.find(({ text }) => text.includes("10.0.0.7"));
  desk.receive(answerTo(mine!.text));
  // it registers anew in the meantime, so it is there
  desk.bindings.expiresAtMs[back]! += 1000;
  desk.advance(3000);
  assert.equal(desk.takeFacts("unregistered").length, 0);
  desk.advance(2000);
  const [forgotten, ...more] = desk.takeFacts("unregistered");
  assert.deepEqual(more, []);
  assert.ok(forgotten?.kind === "unregistered");
  assert.deepEqual(
    [forgotten.why, forgotten.contact],
    ["forgotten", "sip:1001@10.0.0.8"],
  );
  assert.deepEqual(
    [there, gone, back, unasked].map((slot) => desk.bindings.isLive(slot)),
    [true, false, true, true],
  );
});
