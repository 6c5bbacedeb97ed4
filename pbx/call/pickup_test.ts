/**
 * Calls that are taken at another phone, and phones whose place another one takes.
 * @module
 */

import assert from "node:assert/strict";
import { headerValues } from "../sample_test.ts";
import {
  bodyOf,
  CallDesk,
  portOf,
  sdpOf,
  type SimCall,
  talk,
} from "./sample_call_test.ts";

function makeRinging() {
  const desk = new CallDesk();
  const caller = desk.phone("1001", "198.51.100.7");
  const callee = desk.phone("1002", "198.51.100.8");
  const taker = desk.phone("1003", "198.51.100.9");
  const call = caller.call("1002");
  const invite = callee.take(/^INVITE/);
  callee.answer(invite, 180);
  caller.inbox.length = 0;
  return { desk, caller, callee, taker, call, invite };
}

/** Whether two ends, named by what their phones were told, are joined. */
function isJoined(desk: CallDesk, one: string, other: string): boolean {
  const ends = [one, other].map((text) => desk.relay.at(portOf(text))?.id);
  return desk.relay.ways.get(ends[0] ?? -1) === ends[1];
}

Deno.test("pickUp() gives a call that rings to the phone that asks for it", () => {
  for (const dialled of ["**", "**1002"]) {
    const { desk, call, callee, invite, taker } = makeRinging();
    const taken = taker.call(dialled);
    const toTaker = taken.accepted();
    const toCaller = call.accepted();
    callee.answer(callee.take(/^CANCEL/), 200);
    callee.answer(invite, 487);
    assert.ok(isJoined(desk, toTaker, toCaller));
    const [record, ...more] = desk.records();
    assert.deepEqual(more, [], "one call, one record");
    assert.deepEqual(
      [record!.caller.number, record!.callee.number, record!.dialled],
      ["1001", "1003", "1002"],
    );
    taken.bye();
    call.phone.take(/^BYE/);
    assert.equal(desk.ending(), "ended callee hung-up 200");
    desk.finish();
  }
});

Deno.test("pickUp() refuses where nothing rings, and leaves what rings elsewhere", () => {
  const { desk, call, callee, taker } = makeRinging();
  taker.call("**1003").refused(480);
  taker.inbox.length = 0;
  taker.call("**1001").refused(480);
  taker.inbox.length = 0;
  taker.call("**7777").refused(404);
  assert.ok(!callee.has(/^CANCEL/));
  call.cancel();
  taker.inbox.length = 0;
  taker.call("**").refused(480);
  desk.finish();
});

Deno.test("pickUp() refuses with 488 where the phones have no codec in common", () => {
  const { desk, call, callee, taker } = makeRinging();
  const opus = sdpOf("198.51.100.9", 4000).replace("8 0 101", "96")
    .replace(/a=rtpmap:(?:0|8) .*\r\n/g, "") + "a=rtpmap:96 opus/48000/2\r\n";
  taker.call("**", opus).refused(488);
  taker.inbox.length = 0;
  taker.call("**", "").refused(488);
  assert.ok(!callee.has(/^CANCEL/));
  call.cancel();
  desk.finish();
});

Deno.test("pickUp() gives one call to one phone, the oldest first", () => {
  const { desk, caller, call, taker } = makeRinging();
  const late = taker.call("1001");
  caller.answer(caller.take(/^INVITE/), 180);
  const helper = desk.phone("1002", "198.51.100.10");
  helper.call("**").accepted();
  call.accepted();
  helper.inbox.length = 0;
  helper.call("**").accepted();
  late.accepted();
  helper.inbox.length = 0;
  helper.call("**").refused(480);
  assert.equal(desk.office.switchboard.size, 2);
  const { now, outbox, facts } = desk;
  desk.office.switchboard.stop({ now, outbox, facts });
  desk.finish();
});

function replaces(call: SimCall): string {
  return `Replaces: ${call.callId};to-tag=${call.toTag};from-tag=f${call.callId}`;
}

function makeTaken() {
  const desk = new CallDesk();
  const former = desk.phone("1001", "198.51.100.7");
  const stays = desk.phone("1002", "198.51.100.8");
  const taker = desk.phone("1003", "198.51.100.9");
  const { call, invite } = talk(former, stays);
  const taken = taker.call("1002", taker.sdp, [replaces(call)]);
  return { desk, former, stays, taker, call, invite, taken };
}

Deno.test("takeOver() puts a phone into the place of another", () => {
  const { desk, former, stays, taker, taken, invite } = makeTaken();
  former.answer(former.take(/^BYE/), 200);
  const asked = stays.takeOnly(/^INVITE/);
  assert.equal(
    headerValues(asked, "Call-ID")[0],
    headerValues(invite, "Call-ID")[0],
  );
  stays.answer(asked, 200, stays.sdp);
  const answer = taken.accepted();
  assert.ok(isJoined(desk, answer, asked));
  assert.equal(desk.records().length, 1);
  // a CANCEL that was overtaken by the 200 ends nothing
  taken.cancel();
  assert.ok(taker.has(/^SIP\/2\.0 200 [^]*CANCEL/));
  assert.equal(desk.office.switchboard.size, 1);
  taker.inbox.length = 0;
  desk.pass(901_000);
  taker.answer(taker.takeFirst(/^OPTIONS/), 200);
  stays.answer(stays.takeFirst(/^OPTIONS/), 200);
  taken.bye();
  stays.take(/^BYE/);
  desk.finish();
});

Deno.test("takeOver() ends the call where the phone that stays does not agree", () => {
  const { desk, stays, taken } = makeTaken();
  stays.answer(stays.takeOnly(/^INVITE/), 488);
  taken.refused(488);
  stays.take(/^BYE/);
  assert.equal(desk.records()[0]!.why, "error");
  desk.finish();
});

Deno.test("takeOver() ends the call where the phone cancels that wanted it", () => {
  const { desk, stays, taken } = makeTaken();
  taken.cancel();
  taken.refused(487);
  const asked = stays.take(/^INVITE/);
  stays.takeOnly(/^BYE/);
  stays.answer(asked, 200, stays.sdp);
  stays.takeOnly(/^ACK/);
  desk.finish();
});

Deno.test("takeOver() refuses dialogs that are not there, and late offers", () => {
  const desk = new CallDesk();
  const one = desk.phone("1001", "198.51.100.7");
  const two = desk.phone("1002", "198.51.100.8");
  const taker = desk.phone("1003", "198.51.100.9");
  const { call } = talk(one, two);
  const early = `${replaces(call)};early-only`;
  const table: readonly (readonly [string, string, number])[] = [
    ["Replaces: nothing", taker.sdp, 481],
    ["Replaces: x;to-tag=1;from-tag=2", taker.sdp, 481],
    [
      `Replaces: ${call.callId};to-tag=${call.toTag};from-tag=x`,
      taker.sdp,
      481,
    ],
    [replaces(call), "", 488],
    [early, taker.sdp, 486],
  ];
  for (const [header, sdp, status] of table) {
    taker.call("1002", sdp, [header]).refused(status);
    taker.inbox.length = 0;
  }
  assert.deepEqual([...one.inbox, ...two.inbox], []);
  call.bye();
  desk.finish();
});

Deno.test("takeOver() gives the place of a phone in a service to nobody", () => {
  const desk = new CallDesk();
  const one = desk.phone("1001", "198.51.100.7");
  const taker = desk.phone("1003", "198.51.100.9");
  const call = one.call("*43");
  assert.ok(portOf(bodyOf(call.accepted())) > 0);
  taker.call("1001", taker.sdp, [replaces(call)]).refused(491);
  call.bye();
  desk.finish();
});
