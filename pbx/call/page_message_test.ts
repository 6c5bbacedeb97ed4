/**
 * Texts outside of calls: to all phones of a number, and back to the sender what became of them.
 * @module
 */

import assert from "node:assert/strict";
import {
  authorization,
  challengeOf,
  headerValues,
  statusOf,
} from "../sample_test.ts";
import { bodyOf, CallDesk, type SimPhone } from "./sample_call_test.ts";

let made = 0;

/** Sends a text to a number, with the answer to the challenge. */
function write(phone: SimPhone, to: string, text: string): void {
  const callId = `text-${++made}`;
  const uri = `sip:${to}@pbx.example`;
  const head = (cseq: number) => [
    `Via: SIP/2.0/UDP ${phone.flow.peer};branch=z9hG4bK${callId}${cseq};rport`,
    "Max-Forwards: 70",
    `From: <sip:${phone.number}@pbx.example>;tag=${callId}`,
    `To: <${uri}>`,
    `Call-ID: ${callId}`,
    `CSeq: ${cseq} MESSAGE`,
  ];
  phone.send("MESSAGE", uri, head(1), text, "text/plain");
  const nonce = challengeOf(phone.take(/^SIP\/2\.0 401/), "nonce");
  const { number } = phone;
  const login = authorization({ nonce, number, method: "MESSAGE", uri });
  phone.send("MESSAGE", uri, [...head(2), login], text, "text/plain");
}

function makeDesk() {
  const desk = new CallDesk();
  const sender = desk.phone("1001", "198.51.100.7");
  const one = desk.phone("1002", "198.51.100.8", 5061);
  const two = desk.phone("1002", "198.51.100.8", 5062);
  return { desk, sender, one, two };
}

Deno.test("PageMessages.send() sends a text to all phones; one that takes it is enough", () => {
  const { desk, sender, one, two } = makeDesk();
  write(sender, "1002", "salom");
  const [first, second] = [one, two].map((phone) => phone.takeOnly(/^MESSAGE/));
  for (const text of [first, second]) {
    assert.equal(bodyOf(text!), "salom");
    assert.deepEqual(headerValues(text, "Content-Type"), ["text/plain"]);
    assert.deepEqual(headerValues(text, "Max-Forwards"), ["69"]);
    assert.match(
      headerValues(text, "From")[0]!,
      /^<sip:1001@192\.0\.2\.1>;tag=/,
    );
    assert.equal(headerValues(text, "Authorization").length, 0);
  }
  one.answer(first!, 486);
  assert.ok(!sender.has(/^SIP/));
  two.answer(second!, 200);
  assert.equal(statusOf(sender.takeOnly(/^SIP/)), 200);
  desk.finish();
});

Deno.test("PageMessages.conclude() tells the best failure, and never 408", () => {
  const table: readonly (readonly [number, number, number])[] = [
    [486, 404, 486],
    [404, 603, 603],
    [401, 503, 480],
    [0, 0, 480],
    [415, 0, 415],
  ];
  for (const [first, second, told] of table) {
    const { desk, sender, one, two } = makeDesk();
    write(sender, "1002", "salom");
    const texts = [one, two].map((phone) => phone.take(/^MESSAGE/));
    if (first > 0) one.answer(texts[0]!, first);
    if (second > 0) two.answer(texts[1]!, second);
    desk.pass(33_000);
    assert.equal(statusOf(sender.takeOnly(/^SIP/)), told, `${first} ${second}`);
    desk.finish();
  }
});

Deno.test("PageMessages.send() refuses what reaches nobody", () => {
  const { desk, sender } = makeDesk();
  const table: readonly (readonly [string, string, number])[] = [
    ["1003", "salom", 480],
    ["7777", "salom", 404],
    ["1002", "", 400],
    ["1002", "x".repeat(17_000), 413],
  ];
  for (const [to, text, status] of table) {
    write(sender, to, text);
    assert.equal(statusOf(sender.takeOnly(/^SIP/)), status, to);
  }
  desk.finish();
});

Deno.test("PageMessages.send() sends a repeated text on once", () => {
  const { desk, sender, one } = makeDesk();
  write(sender, "1002", "salom");
  desk.say(sender.last, sender.flow);
  one.answer(one.takeOnly(/^MESSAGE/), 200);
  assert.equal(statusOf(sender.takeOnly(/^SIP/)), 200);
  desk.say(sender.last, sender.flow);
  assert.equal(statusOf(sender.takeOnly(/^SIP/)), 200, "the same answer");
  assert.ok(!one.has(/^MESSAGE/));
  desk.finish();
});

Deno.test("PageMessages.send() reaches a phone behind the sender's own proxy", () => {
  const desk = new CallDesk();
  const sender = desk.phone("1001", "198.51.100.7");
  sender.register(["Path: <sip:edge.example;lr>", "Supported: path"]);
  const other = desk.phone("1002", "198.51.100.7");
  other.register(["Path: <sip:edge.example;lr>", "Supported: path"]);
  write(sender, "1002", "salom");
  const message = desk.phones.flatMap(({ inbox }) => inbox)
    .find((text) => text.startsWith("MESSAGE "));
  assert.ok(message !== undefined);
  assert.match(message, /^MESSAGE sip:1002@/);
  assert.deepEqual(headerValues(message, "Route"), ["<sip:edge.example;lr>"]);
});
