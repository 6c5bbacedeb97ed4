/**
 * What time does to calls that are up: session timers, and phones that are silent or gone.
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

const TIMER = "Supported: timer";

function makeDesk() {
  const desk = new CallDesk();
  const caller = desk.phone("1001", "198.51.100.7");
  const callee = desk.phone("1002", "198.51.100.8");
  return { desk, caller, callee };
}

/** The end of the relay that a phone was told of. */
function endOf(desk: CallDesk, text: string): number {
  return desk.relay.at(portOf(text))!.id;
}

/** From now on nothing comes in at an end, or something does. */
function hearAt(desk: CallDesk, end: number, silentMs: number): void {
  desk.relay.heard.set(end, {
    packets: 50,
    octets: 8000,
    lost: 2,
    jitterMs: 1.5,
    silentMs,
    strangers: 0,
    sent: 0,
    source: "",
  });
}

/** Time passes, and phones answer what they are asked with 200. */
function passAnswering(desk: CallDesk, seconds: number, phones: SimPhone[]) {
  for (let i = 0; i < seconds; i++) {
    desk.pass(1000);
    for (const phone of phones) {
      while (phone.has(/^(?:OPTIONS|UPDATE)/)) {
        phone.answer(phone.take(/^(?:OPTIONS|UPDATE)/), 200);
      }
    }
  }
}

Deno.test("readAskedTimer() refuses timers below 90 seconds, with Min-SE", () => {
  const { desk, caller, callee } = makeDesk();
  const headers = [TIMER, "Session-Expires: 89"];
  const call = caller.call("1002", caller.sdp, headers);
  const answer = call.refused(422);
  assert.deepEqual(headerValues(answer, "Min-SE"), ["90"]);
  assert.ok(!callee.has(/^INVITE/));
  caller.inbox.length = 0;
  const up = talk(caller, callee);
  up.call.request("UPDATE", "", headers);
  assert.equal(statusOf(caller.take(/^SIP/)), 422);
  up.call.invite(caller.sdp, headers);
  up.call.refused(422);
  up.call.bye();
  desk.finish();
});

Deno.test("CallWatch.wake() refreshes at half of the time, with UPDATE where the phone knows it", () => {
  const { desk, caller, callee } = makeDesk();
  const call = caller.call("1002", caller.sdp, [
    TIMER,
    "x: 600;refresher=uas",
  ]);
  const invite = callee.take(/^INVITE/);
  assert.deepEqual(headerValues(invite, "Session-Expires"), [
    "1800;refresher=uac",
  ]);
  const granted = ["Session-Expires: 400;refresher=uac", "Require: timer"];
  callee.answer(invite, 200, callee.sdp, granted);
  const accepted = call.accepted();
  assert.deepEqual(headerValues(accepted, "Session-Expires"), [
    "600;refresher=uas",
  ]);
  for (const phone of [caller, callee]) phone.inbox.length = 0;
  desk.pass(198_000);
  assert.deepEqual([...caller.inbox, ...callee.inbox], []);
  desk.pass(4000);
  const again = callee.take(/^INVITE/);
  assert.equal(bodyOf(again), bodyOf(invite), "nothing has changed");
  callee.answer(again, 200, callee.sdp, granted);
  callee.takeOnly(/^ACK/);
  assert.deepEqual(caller.inbox, []);
  desk.pass(100_000);
  const update = caller.takeFirst(/^UPDATE/);
  assert.equal(bodyOf(update), "");
  caller.answer(update, 200, "", ["Session-Expires: 600;refresher=uac"]);
  desk.pass(95_000);
  assert.ok(!callee.has(/^INVITE/));
  call.bye();
  desk.finish();
});

Deno.test("CallWatch.wake() ends a call that the phone does not refresh", () => {
  const { desk, caller, callee } = makeDesk();
  const asked = [TIMER, "Session-Expires: 300;refresher=uac"];
  const { call } = talk(caller, callee, asked);
  passAnswering(desk, 260, [caller, callee]);
  call.request("UPDATE", "", asked);
  const answer = caller.take(/^SIP\/2\.0 200/);
  assert.deepEqual(headerValues(answer, "Session-Expires"), [
    "300;refresher=uac",
  ]);
  assert.deepEqual(headerValues(answer, "Require"), ["timer"]);
  passAnswering(desk, 260, [caller, callee]);
  assert.ok(!callee.has(/^BYE/));
  passAnswering(desk, 15, [caller, callee]);
  caller.take(/^BYE/);
  callee.take(/^BYE/);
  assert.equal(desk.ending(), "ended exchange session-timer 200");
  desk.finish();
});

Deno.test("CallWatch.wake() ends a call whose refresh nobody answers", () => {
  const granted = ["Session-Expires: 200;refresher=uac"];
  for (const status of [0, 481, 408, 488]) {
    const { desk, caller, callee } = makeDesk();
    const { call } = talk(caller, callee, [], granted);
    desk.pass(101_000);
    if (status > 0) callee.answer(callee.take(/^INVITE/), status);
    desk.pass(status === 0 ? 33_000 : 1000);
    if (status === 488) {
      assert.ok(!caller.has(/^BYE/), "it lives, and says so");
      call.bye();
    } else {
      caller.take(/^BYE/);
      callee.take(/^BYE/);
      assert.equal(desk.ending(), "ended exchange session-timer 200");
    }
    desk.finish();
  }
});

Deno.test("CallWatch.wake() asks a phone that has never finished its answer to a change", () => {
  const { desk, caller, callee } = makeDesk();
  const granted = ["Session-Expires: 200;refresher=uac"];
  const { call } = talk(caller, callee, [], granted);
  call.invite(`${caller.sdp}a=sendonly\r\n`, []);
  callee.answer(callee.takeFirst(/^INVITE/), 100);
  desk.pass(101_000);
  assert.ok(!callee.has(/^INVITE/), "one at a time");
  callee.take(/^OPTIONS/);
  desk.pass(33_000);
  call.refused(487);
  caller.take(/^BYE/);
  assert.equal(desk.ending(), "ended exchange phone-gone 200");
  desk.finish();
});

Deno.test("CallWatch.wake() hangs a phone up that transferred its partner and lingers", () => {
  const { desk, caller, callee } = makeDesk();
  const third = desk.phone("1003", "198.51.100.9");
  const { call } = talk(caller, callee);
  call.request("REFER", "", ["Refer-To: <sip:1003@pbx.example>"]);
  third.answer(third.take(/^INVITE/), 200, third.sdp);
  call.request("UPDATE", "", [TIMER, "Session-Expires: 600;refresher=uas"]);
  call.invite(caller.sdp, []);
  call.refused(488);
  desk.pass(3000);
  caller.take(/^BYE/);
  assert.ok(!third.has(/^BYE/));
  const { now, outbox, facts } = desk;
  desk.office.switchboard.stop({ now, outbox, facts });
  desk.finish();
});

Deno.test("CallWatch.wake() asks a phone that knows no timers whether it is there", () => {
  const { desk, caller, callee } = makeDesk();
  const { call } = talk(caller, callee);
  desk.pass(899_000);
  assert.deepEqual([...caller.inbox, ...callee.inbox], []);
  passAnswering(desk, 3, [caller]);
  const question = callee.take(/^OPTIONS/);
  assert.match(headerValues(question, "To")[0]!, /;tag=t5060$/);
  desk.pass(30_000);
  assert.ok(!caller.has(/^BYE/));
  desk.pass(4000);
  caller.take(/^BYE/);
  assert.equal(desk.ending(), "ended exchange phone-gone 200");
  call.bye();
  desk.finish();
});

Deno.test("CallWatch.wake() asks a silent phone, and keeps one that is only mute", () => {
  const { desk, caller, callee } = makeDesk();
  const { call, invite } = talk(caller, callee);
  hearAt(desk, endOf(desk, invite), 9000);
  desk.pass(2000);
  assert.ok(!callee.has(/^OPTIONS/));
  hearAt(desk, endOf(desk, invite), 10_000);
  desk.pass(2000);
  callee.answer(callee.takeFirst(/^OPTIONS/), 200);
  desk.pass(57_000);
  assert.ok(!callee.has(/^OPTIONS/), "not so soon again");
  desk.pass(4000);
  // also one that does not know OPTIONS is there
  callee.answer(callee.takeFirst(/^OPTIONS/), 501);
  desk.pass(5000);
  assert.equal(desk.office.switchboard.size, 1);
  assert.ok(!caller.has(/^OPTIONS/));
  call.bye();
  desk.finish();
});

Deno.test("CallWatch.wake() ends the call of a phone that is silent and gone", () => {
  for (const status of [0, 481]) {
    const { desk, caller, callee } = makeDesk();
    const { invite } = talk(caller, callee);
    hearAt(desk, endOf(desk, invite), 12_000);
    desk.pass(2000);
    const question = callee.take(/^OPTIONS/);
    if (status > 0) callee.answer(question, status);
    desk.pass(status === 0 ? 33_000 : 0);
    caller.take(/^BYE/);
    assert.equal(desk.ending(), "ended exchange phone-gone 200");
    desk.finish();
  }
});

Deno.test("CallWatch.wake() tells how sound flows, and whether it is expected", () => {
  const { desk, caller, callee } = makeDesk();
  const { call, invite } = talk(caller, callee);
  const end = endOf(desk, invite);
  hearAt(desk, end, 0);
  desk.takeFacts();
  desk.pass(60_000);
  const often = desk.takeFacts("media-seen").filter(({ side }) =>
    side === "callee"
  );
  assert.ok(often.length >= 14 && often.length <= 16, `${often.length}`);
  const [fact] = often;
  assert.deepEqual(
    [fact?.packets, fact?.lost, fact?.jitterMs, fact?.isExpected],
    [50, 2, 1.5, true],
  );
  hearAt(desk, end, 4000);
  desk.pass(1000);
  const silent = desk.takeFacts("media-seen");
  assert.deepEqual(silent.map(({ silentMs }) => silentMs), [4000]);
  // on hold nobody expects it
  call.invite(`${caller.sdp}a=sendonly\r\n`, []);
  callee.answer(
    callee.take(/^INVITE/),
    200,
    `${callee.sdp}a=recvonly\r\n`,
  );
  call.accepted();
  desk.pass(11_000);
  const held = desk.takeFacts("media-seen");
  assert.ok(held.length > 0);
  assert.ok(held.every(({ isExpected }) => !isExpected));
  call.bye();
  const last = desk.takeFacts("media-seen");
  assert.deepEqual(last.map(({ side }) => side), ["caller", "callee"]);
  desk.finish();
});

Deno.test("CallWatch.wake() writes the record of a call that lives every ten seconds", () => {
  const { desk, caller, callee } = makeDesk();
  const { call, invite } = talk(caller, callee);
  const { switchboard } = desk.office;
  switchboard.takeRecords();
  hearAt(desk, endOf(desk, invite), 0);
  let written = 0;
  for (let i = 0; i < 30; i++) {
    desk.pass(1000);
    for (const record of switchboard.takeRecords()) {
      written++;
      assert.deepEqual(record.calleeSound, {
        packets: 50,
        octets: 8000,
        lost: 2,
        jitterMs: 1.5,
      });
    }
  }
  assert.equal(written, 3);
  call.bye();
  desk.finish();
});
