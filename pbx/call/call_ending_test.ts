/**
 * All the ways in which a call ends: who is told, and what is kept of it.
 * @module
 */

import assert from "node:assert/strict";
import { headerValues, statusOf } from "../sample_test.ts";
import type { Turn } from "../turn.ts";
import { CallDesk, type SimPhone, talk } from "./sample_call_test.ts";

function makeDesk() {
  const desk = new CallDesk();
  const caller = desk.phone("1001", "198.51.100.7");
  const callee = desk.phone("1002", "198.51.100.8");
  return { desk, caller, callee };
}

/** Something that is done to the switchboard, and what that leads to. */
function act(desk: CallDesk, what: (turn: Turn) => void): void {
  const { now, outbox, facts } = desk;
  what({ now, outbox, facts });
  desk.deliver(desk.flush());
}

function count(phone: SimPhone, what: RegExp): number {
  return phone.inbox.filter((text) => what.test(text)).length;
}

Deno.test("CallEnding.refuse() cancels what rings when the caller cancels", () => {
  for (const isProvisional of [true, false]) {
    const { desk, caller, callee } = makeDesk();
    const call = caller.call("1002");
    const invite = callee.takeOnly(/^INVITE/);
    if (isProvisional) callee.answer(invite, 180);
    call.cancel();
    assert.ok(caller.has(/^SIP\/2\.0 200 [^]*\r\nCSeq: \d+ CANCEL\r/));
    call.refused(487);
    if (!isProvisional) {
      assert.deepEqual(callee.inbox, []);
      callee.answer(invite, 100);
    }
    const cancel = callee.takeOnly(/^CANCEL/);
    assert.equal(
      /^CANCEL (\S+)/.exec(cancel)![1],
      /^INVITE (\S+)/.exec(invite)![1],
    );
    for (const name of ["Via", "From", "To", "Call-ID"]) {
      assert.deepEqual(headerValues(cancel, name), headerValues(invite, name));
    }
    callee.answer(cancel, 200);
    callee.answer(invite, 487);
    callee.takeOnly(/^ACK/);
    assert.equal(desk.ending(), "ended caller cancelled 487");
    const [ended] = desk.takeFacts("call-ended");
    assert.deepEqual([ended?.by, ended?.why, ended?.answeredSeconds], [
      "caller",
      "cancelled",
      0,
    ]);
    desk.finish();
  }
});

Deno.test("CallEnding.sendAway() ends a phone that took the call as it was cancelled", () => {
  const { desk, caller, callee } = makeDesk();
  const call = caller.call("1002");
  const invite = callee.take(/^INVITE/);
  callee.answer(invite, 180);
  call.cancel();
  callee.take(/^CANCEL/);
  callee.answer(invite, 200, callee.sdp);
  callee.take(/^ACK/);
  callee.take(/^BYE/);
  call.refused(487);
  assert.ok(!caller.has(/^SIP\/2\.0 200 [^]*INVITE\r/));
  desk.finish();
});

Deno.test("CallEnding.refuse() lets a 200 win that was faster than the CANCEL", () => {
  const { desk, caller, callee } = makeDesk();
  const call = caller.call("1002");
  callee.answer(callee.take(/^INVITE/), 200, callee.sdp);
  call.cancel();
  assert.ok(caller.has(/^SIP\/2\.0 200 [^]*\r\nCSeq: \d+ CANCEL\r/));
  call.accepted();
  assert.equal(desk.office.switchboard.size, 1);
  call.bye();
  callee.take(/^BYE/);
  assert.equal(desk.ending(), "ended caller hung-up 200");
  desk.finish();
});

Deno.test("CallEnding.hangUp() lets the BYE wait for the caller's ACK", () => {
  const { desk, caller, callee } = makeDesk();
  const call = caller.call("1002");
  const invite = callee.take(/^INVITE/);
  callee.answer(invite, 200, callee.sdp);
  callee.inside(invite, "BYE", 1);
  assert.equal(statusOf(callee.take(/^SIP/)), 200);
  assert.ok(!caller.has(/^BYE/), "not before the ACK (RFC 3261 §15)");
  call.accepted();
  caller.answer(caller.take(/^BYE/), 200);
  assert.equal(desk.ending(), "ended callee hung-up 200");
  desk.finish();
});

Deno.test("CallEnding.hangUp() says BYE also to a caller that never acknowledges", () => {
  const { desk, caller, callee } = makeDesk();
  const call = caller.call("1002");
  const invite = callee.take(/^INVITE/);
  callee.answer(invite, 200, callee.sdp);
  callee.inside(invite, "BYE", 1);
  call.learn(caller.take(/^SIP\/2\.0 200/));
  // what it asks in between is too late, and no way to live on
  call.invite(caller.sdp, []);
  assert.ok(!caller.has(/^SIP\/2\.0 200 [^]*\r\nCSeq: 3 INVITE\r/));
  desk.pass(40_000);
  assert.ok(caller.has(/^BYE/));
  desk.finish();
});

Deno.test("CallEnding.end() ends both dialogs where the ACK never comes", () => {
  const { desk, caller, callee } = makeDesk();
  caller.call("1002");
  callee.answer(callee.take(/^INVITE/), 200, callee.sdp);
  desk.takeFacts();
  desk.pass(31_000);
  const repeats = count(caller, /^SIP\/2\.0 200/);
  assert.equal(repeats, 10, "after 0.5, 1, 2, 4, 4, 4, 4, 4, 4 s");
  assert.ok(!callee.has(/^BYE/));
  desk.pass(2000);
  callee.take(/^BYE/);
  caller.take(/^BYE/);
  assert.equal(desk.ending(), "ended exchange no-ack 200");
  const facts = desk.takeFacts("call-answered");
  assert.deepEqual(
    facts.map(({ side, status, repeats }) => [side, status, repeats]),
    [["caller", 200, 3], ["caller", 200, 10]],
  );
  desk.finish();
});

Deno.test("CallEnding.end() takes a BYE before the answer for the end of the call", () => {
  const { desk, caller, callee } = makeDesk();
  const call = caller.call("1002");
  const invite = callee.take(/^INVITE/);
  callee.answer(invite, 180);
  const ringing = caller.take(/^SIP\/2\.0 180/);
  call.learn(ringing);
  call.bye();
  assert.ok(caller.has(/^SIP\/2\.0 200 [^]*BYE\r/));
  call.refused(487);
  callee.take(/^CANCEL/);
  assert.equal(desk.ending(), "ended caller cancelled 487");
  desk.finish();
});

Deno.test("CallEnding.end() is repeated by no second BYE", () => {
  const { desk, caller, callee } = makeDesk();
  const { call, invite } = talk(caller, callee);
  call.bye();
  callee.inside(invite, "BYE", 1);
  assert.equal(statusOf(callee.take(/^SIP/)), 481);
  call.bye();
  assert.equal(statusOf(caller.take(/^SIP\/2\.0 4/)), 481);
  assert.equal(desk.takeFacts("call-ended").length, 1);
  desk.finish();
});

Deno.test("Switchboard.hangUp() ends a call for the operator, whatever its state", () => {
  const { desk, caller, callee } = makeDesk();
  const { switchboard } = desk.office;
  act(desk, (turn) => assert.equal(switchboard.hangUp("none", turn), false));
  const call = caller.call("1002");
  callee.answer(callee.take(/^INVITE/), 180);
  const [ringing] = switchboard.list();
  act(desk, (turn) => assert.ok(switchboard.hangUp(ringing!.id, turn)));
  call.refused(480);
  callee.take(/^CANCEL/);
  assert.equal(desk.ending(), "ended exchange operator 480");
  desk.finish();
  const other = makeDesk();
  talk(other.caller, other.callee);
  const [up] = other.desk.office.switchboard.list();
  act(other.desk, (turn) => other.desk.office.switchboard.hangUp(up!.id, turn));
  other.caller.take(/^BYE/);
  other.callee.take(/^BYE/);
  assert.equal(other.desk.ending(), "ended exchange operator 200");
  other.desk.finish();
});

Deno.test("Switchboard.stop() leaves nobody in a call", () => {
  const { desk, caller, callee } = makeDesk();
  const third = desk.phone("1003", "198.51.100.9");
  talk(caller, callee);
  const ringing = third.call("1001");
  caller.answer(caller.take(/^INVITE/), 180);
  const echo = callee.call("*43");
  echo.accepted();
  act(desk, (turn) => desk.office.switchboard.stop(turn));
  ringing.refused(503);
  caller.take(/^CANCEL/);
  caller.take(/^BYE/);
  assert.equal(count(callee, /^BYE/), 2);
  const ends = desk.records().map(({ why, state }) => `${state} ${why}`);
  assert.deepEqual(ends, Array(3).fill("ended server-stopped"));
  desk.finish();
});

Deno.test("CallEnding.record() tells of every step, with its times and its parties", () => {
  const { desk, caller, callee } = makeDesk();
  const start = desk.now.wallMs;
  const call = caller.call("1002", caller.sdp, ["User-Agent: Phone/1"]);
  const states = [desk.records()[0]!];
  desk.pass(1000);
  const invite = callee.take(/^INVITE/);
  callee.answer(invite, 180);
  states.push(desk.records()[0]!);
  desk.pass(2000);
  callee.answer(invite, 200, callee.sdp);
  call.accepted();
  states.push(desk.records()[0]!);
  desk.pass(5000);
  call.bye();
  states.push(desk.records()[0]!);
  assert.deepEqual(
    states.map(({ state }) => state),
    ["ringing", "ringing", "answered", "ended"],
  );
  const last = states.at(-1)!;
  assert.deepEqual(
    [last.startedAt, last.ringingAt, last.answeredAt, last.endedAt].map((at) =>
      at - start
    ),
    [0, 1000, 3000, 8000],
  );
  assert.deepEqual(last.caller, {
    number: "1001",
    source: "198.51.100.7:5060",
    transport: "udp",
    userAgent: "Phone/1",
    through: "192.0.2.1:5060",
  });
  assert.equal(last.callee.source, "198.51.100.8:5060");
  assert.deepEqual([last.codec, last.dialled], ["PCMA/8000", "1002"]);
  assert.equal(new Set(states.map(({ id }) => id)).size, 1);
  const [ended] = desk.takeFacts("call-ended");
  assert.equal(ended?.answeredSeconds, 5);
  desk.finish();
});
