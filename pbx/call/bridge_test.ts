/**
 * Calls that are up: hold, other codecs, digits and texts go from one phone to the other; what
 * comes at the wrong time, or from somebody else, changes nothing.
 * @module
 */

import assert from "node:assert/strict";
import { headerValues, statusOf } from "../sample_test.ts";
import {
  bodyOf,
  CallDesk,
  portOf,
  type SimPhone,
  talk,
} from "./sample_call_test.ts";

const HOLD = "a=sendonly\r\n";

function makeTalk(
  moreOfInvite: readonly string[] = [],
  moreOfAnswer: readonly string[] = [],
) {
  const desk = new CallDesk();
  const caller = desk.phone("1001", "198.51.100.7");
  const callee = desk.phone("1002", "198.51.100.8", 5062);
  const { call, invite } = talk(caller, callee, moreOfInvite, moreOfAnswer);
  return { desk, caller, callee, call, invite };
}

/** The status of the only answer in an inbox. */
function statusAt(phone: SimPhone): number {
  return statusOf(phone.takeOnly(/^SIP/));
}

Deno.test("Bridge.receive() passes hold on, and the answer back", () => {
  const { desk, caller, callee, call } = makeTalk();
  call.invite(caller.sdp + HOLD, []);
  const asked = callee.takeOnly(/^INVITE/);
  assert.match(bodyOf(asked), /^a=sendonly\r$/m);
  assert.match(asked, /^INVITE sip:1002@198\.51\.100\.8:5062 /);
  assert.match(headerValues(asked, "To")[0]!, /;tag=t5062$/);
  assert.equal(statusAt(caller), 100);
  callee.answer(asked, 200, callee.sdp + "a=recvonly\r\n");
  callee.takeOnly(/^ACK/);
  assert.match(bodyOf(call.accepted()), /^a=recvonly\r$/m);
  call.invite(caller.sdp, []);
  const back = callee.takeOnly(/^INVITE/);
  assert.equal(portOf(back), portOf(asked), "the same place");
  const version = (text: string) => Number(/^o=- \d+ (\d+)/m.exec(text)?.[1]);
  assert.equal(version(back), version(asked) + 1);
  callee.answer(back, 200, callee.sdp);
  call.accepted();
  call.bye();
  desk.finish();
});

Deno.test("Bridge.receive() passes hold on from the phone that was called", () => {
  const { desk, caller, callee, call, invite } = makeTalk();
  callee.inside(invite, "INVITE", 7, callee.sdp + HOLD);
  const asked = caller.takeOnly(/^INVITE/);
  assert.match(bodyOf(asked), /^a=sendonly\r$/m);
  assert.equal(headerValues(asked, "Call-ID")[0], call.callId);
  caller.answer(asked, 200, caller.sdp);
  caller.takeOnly(/^ACK/);
  const answer = callee.take(/^SIP\/2\.0 200/);
  assert.match(answer, /\r\nCSeq: 7 INVITE\r/);
  callee.inside(invite, "ACK", 7);
  desk.pass(40_000);
  callee.inbox.length = 0;
  callee.inside(invite, "BYE", 8);
  assert.equal(statusAt(callee), 200);
  caller.take(/^BYE/);
  assert.equal(desk.ending(), "ended callee hung-up 200");
  desk.finish();
});

Deno.test("Bridge.fail() leaves all as it was where a change is refused", () => {
  const { desk, caller, callee, call } = makeTalk();
  const aims = () => JSON.stringify([...desk.relay.aims]);
  const before = aims();
  call.invite(caller.sdp.replace(/audio \d+/, "audio 7000"), []);
  const asked = callee.takeOnly(/^INVITE/);
  assert.notEqual(aims(), before);
  callee.answer(asked, 488);
  callee.takeOnly(/^ACK/);
  call.refused(488);
  assert.equal(aims(), before);
  // and the next change is possible at once
  call.invite(caller.sdp + HOLD, []);
  callee.answer(callee.takeOnly(/^INVITE/), 401);
  call.refused(488);
  call.bye();
  desk.finish();
});

Deno.test("Bridge.receive() says 491 where both phones ask at once", () => {
  const { desk, caller, callee, call, invite } = makeTalk();
  call.invite(caller.sdp + HOLD, []);
  const asked = callee.takeOnly(/^INVITE/);
  callee.inside(invite, "INVITE", 5, callee.sdp + HOLD);
  assert.equal(statusAt(callee), 491);
  callee.inside(invite, "ACK", 5, "", [], "t5062");
  callee.answer(asked, 491);
  call.refused(491);
  call.bye();
  desk.finish();
});

Deno.test("Bridge.receive() answers a mere refresh without the other phone", () => {
  const { desk, caller, callee, call } = makeTalk();
  call.invite(caller.sdp, []);
  const answer = call.accepted();
  assert.equal(portOf(bodyOf(answer)) > 0, true);
  assert.deepEqual(callee.inbox, []);
  call.request("UPDATE");
  assert.equal(statusAt(caller), 200);
  assert.deepEqual(callee.inbox, []);
  call.bye();
  desk.finish();
});

Deno.test("Bridge.acknowledge() carries the answer to a late offer", () => {
  const desk = new CallDesk();
  const caller = desk.phone("1001", "198.51.100.7");
  const callee = desk.phone("1002", "198.51.100.8");
  const call = caller.call("1002", "");
  const invite = callee.take(/^INVITE/);
  assert.equal(bodyOf(invite), "");
  callee.answer(invite, 200, callee.sdp);
  assert.ok(!callee.has(/^ACK/), "not before the caller's");
  callee.answer(invite, 200, callee.sdp);
  assert.ok(!callee.has(/^ACK/));
  const offer = call.accepted(caller.sdp);
  const ack = callee.takeOnly(/^ACK/);
  const ends = [offer, ack].map((text) => desk.relay.at(portOf(text))!.id);
  assert.equal(desk.relay.ways.get(ends[0]!), ends[1]);
  // the same inside the dialog
  call.invite("", []);
  const asked = callee.takeOnly(/^INVITE/);
  assert.equal(bodyOf(asked), "");
  callee.answer(asked, 200, callee.sdp);
  assert.ok(!callee.has(/^ACK/));
  assert.ok(portOf(call.accepted(caller.sdp)) > 0);
  assert.ok(portOf(callee.takeOnly(/^ACK/)) > 0);
  call.bye();
  callee.take(/^BYE/);
  desk.finish();
});

Deno.test("Bridge.receive() acknowledges a late offer before it ends the call", () => {
  const desk = new CallDesk();
  const caller = desk.phone("1001", "198.51.100.7");
  const callee = desk.phone("1002", "198.51.100.8");
  const call = caller.call("1002", "");
  callee.answer(callee.take(/^INVITE/), 200, callee.sdp);
  desk.pass(33_000);
  const rest = callee.inbox.map((text) => text.slice(0, 3));
  assert.equal(rest.indexOf("ACK"), 0, rest.join(" "));
  assert.equal(rest[1], "BYE");
  call.learn(caller.take(/^SIP\/2\.0 200/));
  assert.equal(desk.ending(), "ended exchange no-ack 200");
  desk.finish();
});

Deno.test("Bridge.receive() passes UPDATE with sound on to a phone that knows it", () => {
  const allow = ["Allow: INVITE, UPDATE"];
  const { desk, caller, callee, call } = makeTalk([], allow);
  call.request("UPDATE", caller.sdp + HOLD);
  const asked = callee.takeOnly(/^UPDATE/);
  assert.match(bodyOf(asked), /^a=sendonly\r$/m);
  callee.answer(asked, 200, callee.sdp + "a=recvonly\r\n");
  const answer = caller.takeOnly(/^SIP/);
  assert.equal(statusOf(answer), 200);
  assert.match(bodyOf(answer), /^a=recvonly\r$/m);
  assert.equal(headerValues(answer, "Contact").length, 1);
  call.bye();
  desk.finish();
  const other = makeTalk();
  other.call.request("UPDATE", other.caller.sdp + HOLD);
  assert.equal(statusAt(other.caller), 488);
  assert.deepEqual(other.callee.inbox, []);
  other.call.bye();
  other.desk.finish();
});

Deno.test("Bridge.receive() passes digits and texts on, and what comes back", () => {
  const { desk, caller, callee, call, invite } = makeTalk();
  const digit = "Signal=5\r\nDuration=160\r\n";
  call.request("INFO", digit, ["Info-Package: dtmf"], "application/dtmf-relay");
  const info = callee.takeOnly(/^INFO/);
  assert.equal(bodyOf(info), digit);
  assert.equal(headerValues(info, "Content-Type")[0], "application/dtmf-relay");
  assert.equal(headerValues(info, "Info-Package")[0], "dtmf");
  assert.deepEqual(caller.inbox, []);
  callee.answer(info, 415);
  assert.equal(statusAt(caller), 415);
  callee.inside(invite, "MESSAGE", 3, "salom", [], "t5062");
  const text = caller.takeOnly(/^MESSAGE/);
  assert.equal(bodyOf(text), "salom");
  caller.answer(text, 202);
  assert.equal(statusAt(callee), 202);
  call.request("INFO", "x".repeat(17_000), [], "text/plain");
  assert.equal(statusAt(caller), 413);
  call.bye();
  desk.finish();
});

Deno.test("Bridge.receive() answers what concerns one phone alone", () => {
  const table: readonly (readonly [string, number])[] = [
    ["OPTIONS", 200],
    ["NOTIFY", 481],
    ["PRACK", 405],
    ["SUBSCRIBE", 405],
  ];
  const { desk, caller, callee, call } = makeTalk();
  for (const [method, status] of table) {
    call.request(method);
    const answer = caller.takeOnly(/^SIP/);
    assert.equal(statusOf(answer), status, method);
    const hasAllow = headerValues(answer, "Allow").length === 1;
    assert.equal(hasAllow, status !== 481, method);
  }
  assert.deepEqual(callee.inbox, []);
  call.bye();
  desk.finish();
});

Deno.test("Bridge.receive() refuses what is out of order or of no dialog", () => {
  const { desk, caller, callee, call } = makeTalk();
  call.request("OPTIONS");
  assert.equal(statusAt(caller), 200);
  call.cseq -= 2;
  call.request("INFO", "late");
  assert.equal(statusAt(caller), 500);
  call.cseq = 50;
  const { toTag, callId, target } = call;
  const forged = [
    { toTag: "invented", callId, from: `f${callId}` },
    { toTag, callId: "another", from: `f${callId}` },
    { toTag, callId, from: "guessed" },
    { toTag: toTag.toUpperCase(), callId, from: `f${callId}` },
  ];
  for (const method of ["BYE", "INVITE", "REFER", "UPDATE", "INFO"]) {
    for (const { toTag: to, callId: id, from } of forged) {
      caller.send(method, target, [
        `Via: SIP/2.0/UDP 198.51.100.7:5060;branch=z9hG4bK${method}${to}${id}${from};rport`,
        `From: <sip:1001@pbx.example>;tag=${from}`,
        `To: <sip:1002@pbx.example>;tag=${to}`,
        `Call-ID: ${id}`,
        `CSeq: 60 ${method}`,
        "Contact: <sip:evil@203.0.113.66>",
      ], method === "INVITE" ? caller.sdp : "");
      assert.equal(statusAt(caller), 481, `${method} ${to} ${id} ${from}`);
    }
  }
  assert.deepEqual(callee.inbox, []);
  assert.equal(desk.office.switchboard.size, 1);
  call.bye();
  desk.finish();
});

Deno.test("Bridge.receive() follows a phone that has moved within the call", () => {
  const { desk, caller, callee, call, invite } = makeTalk();
  caller.contact = "sip:moved@198.51.100.7:5060";
  call.invite(caller.sdp + HOLD, []);
  callee.answer(callee.takeOnly(/^INVITE/), 200, callee.sdp);
  call.accepted();
  callee.inside(invite, "BYE", 9);
  caller.take(/^BYE sip:moved@198\.51\.100\.7:5060 /);
  desk.finish();
});

Deno.test("Bridge.receive() takes many changes in a row, one at a time", () => {
  const { desk, caller, callee, call } = makeTalk();
  for (let i = 0; i < 50; i++) {
    call.invite(caller.sdp + (i % 2 === 0 ? HOLD : ""), []);
    call.invite(caller.sdp, []);
    assert.equal(statusOf(caller.take(/^SIP\/2\.0 491/)), 491);
    call.inviteCseq--;
    callee.answer(callee.takeOnly(/^INVITE/), 200, callee.sdp);
    call.accepted();
    caller.inbox.length = 0;
  }
  assert.equal(desk.relay.ends.size, 2);
  call.bye();
  desk.finish();
});
