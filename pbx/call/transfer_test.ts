/**
 * Blind transfers: taken and refused, and phones that hang up in the midst of one.
 * @module
 */

import assert from "node:assert/strict";
import { headerValues, statusOf } from "../sample_test.ts";
import { CallDesk, talk } from "./sample_call_test.ts";
import { hear, makeThree, refer, toldTo } from "./sample_transfer_test.ts";

Deno.test("Transfers.receive() sends a phone to another one, and tells the referrer", () => {
  const { desk, referrer, moved, partner, call } = makeThree();
  refer(call, "1003@pbx.example");
  assert.equal(statusOf(referrer.take(/^SIP/)), 202);
  assert.deepEqual(toldTo(referrer), ["100 active"]);
  const invite = partner.takeOnly(/^INVITE/);
  assert.match(headerValues(invite, "From")[0]!, /<sip:1002@/);
  partner.answer(invite, 180);
  partner.answer(invite, 180);
  assert.deepEqual(toldTo(referrer), ["180 active"]);
  assert.deepEqual(moved.inbox, [], "it need not know of it");
  partner.answer(invite, 200, partner.sdp);
  assert.deepEqual(toldTo(referrer), ["200 terminated"]);
  partner.takeOnly(/^ACK/);
  const bridge = moved.takeOnly(/^INVITE/);
  moved.answer(bridge, 200, moved.sdp);
  moved.takeOnly(/^ACK/);
  assert.ok(hear(desk, bridge, invite));
  // who does not hang up by himself is hung up
  desk.pass(1000);
  assert.ok(!referrer.has(/^BYE/));
  desk.pass(3000);
  referrer.answer(referrer.take(/^BYE/), 200);
  assert.ok(!moved.has(/^BYE/) && !partner.has(/^BYE/));
  assert.deepEqual(
    desk.records().map((one) =>
      `${one.caller.number} ${one.callee.number} ${one.status} ${one.state} ${one.why}`
    ),
    ["1001 1002 200 ended transferred", "1002 1003 200 answered "],
  );
  partner.inside(invite, "BYE", 1);
  moved.take(/^BYE/);
  desk.finish();
});

Deno.test("Transfers.failed() leaves the call as it was", () => {
  const table: readonly (readonly [string, string])[] = [
    ["1004@pbx.example", "480 terminated"],
    ["7777@pbx.example", "404 terminated"],
    ["*43@pbx.example", "404 terminated"],
    ["1003@other.example", "404 terminated"],
    [
      "1003@pbx.example?Replaces=x%3Bto-tag%3D1%3Bfrom-tag%3D2",
      "481 terminated",
    ],
    ["pbx.example", "404 terminated"],
  ];
  for (const [to, told] of table) {
    const desk = new CallDesk({
      numbers: ["1001", "1002", "1003", "1004"],
      domains: ["pbx.example"],
    });
    const referrer = desk.phone("1001", "198.51.100.7");
    const moved = desk.phone("1002", "198.51.100.8");
    const partner = desk.phone("1003", "198.51.100.9");
    const { call } = talk(referrer, moved);
    refer(call, to);
    assert.deepEqual(toldTo(referrer), ["100 active", told], to);
    assert.deepEqual([...moved.inbox, ...partner.inbox], []);
    // once more, now rightly: busy
    refer(call, "1003@pbx.example");
    const invite = partner.take(/^INVITE/);
    partner.answer(invite, 486);
    assert.deepEqual(toldTo(referrer), ["100 active", "486 terminated"]);
    call.invite(referrer.sdp + "a=sendonly\r\n", []);
    moved.take(/^INVITE/);
    call.bye();
    moved.take(/^BYE/);
    desk.finish();
  }
});

Deno.test("Transfers.receive() refuses what it cannot read, and what is under way already", () => {
  const { desk, referrer, moved, partner, call, invite } = makeThree();
  for (const to of ["tel:1003", "<sip:1003@pbx.example", "x".repeat(3000)]) {
    call.request("REFER", "", [`Refer-To: ${to}`]);
    assert.equal(statusOf(referrer.takeOnly(/^SIP/)), 400);
  }
  call.request("REFER");
  assert.equal(statusOf(referrer.takeOnly(/^SIP/)), 400);
  refer(call, "1003@pbx.example");
  referrer.inbox.length = 0;
  refer(call, "1003@pbx.example");
  assert.equal(statusOf(referrer.takeOnly(/^SIP/)), 603);
  // the other way round
  moved.inside(invite, "REFER", 3, "", ["Refer-To: <sip:1003@pbx.example>"]);
  assert.equal(statusOf(moved.takeOnly(/^SIP/)), 603);
  partner.takeOnly(/^INVITE/);
  call.bye();
  assert.ok(!moved.has(/^BYE/), "it waits for its new partner");
  desk.finish();
});

Deno.test("Transfers.receive() sends a phone back to the referrer's number, or to itself", () => {
  for (const to of ["1001", "1002"]) {
    const { desk, referrer, moved, call } = makeThree();
    const second = desk.phone(to, "198.51.100.10");
    refer(call, `${to}@pbx.example`);
    assert.ok(!moved.has(/^INVITE/), "a phone does not ring itself");
    second.answer(second.take(/^INVITE/), 200, second.sdp);
    moved.answer(moved.take(/^INVITE/), 200, moved.sdp);
    assert.ok(toldTo(referrer).includes("200 terminated"));
    call.bye();
    assert.equal(desk.office.switchboard.size, 1);
    desk.office.switchboard.hangUp(
      desk.office.switchboard.list()[0]!.id,
      { now: desk.now, outbox: desk.outbox, facts: desk.facts },
    );
    desk.finish();
  }
});

Deno.test("Transfers.answered() lets no phone wait for an ACK that cannot come any more", () => {
  const { desk, referrer, moved, partner, call, invite } = makeThree();
  refer(call, "1003@pbx.example");
  const asked = partner.take(/^INVITE/);
  moved.inside(invite, "INVITE", 5);
  const offer = referrer.takeFirst(/^INVITE/);
  referrer.answer(offer, 200, referrer.sdp);
  assert.ok(!referrer.has(/^ACK/));
  partner.answer(asked, 200, partner.sdp);
  referrer.take(/^ACK/);
  moved.inside(invite, "ACK", 5, moved.sdp);
  desk.pass(3000);
  referrer.take(/^BYE/);
  partner.inside(asked, "BYE", 1);
  moved.take(/^BYE/);
  desk.finish();
});

Deno.test("Transfers.leave() lets the phone wait whose referrer has hung up", () => {
  const { desk, moved, partner, call } = makeThree();
  refer(call, "1003@pbx.example");
  const invite = partner.take(/^INVITE/);
  partner.answer(invite, 180);
  call.bye();
  partner.answer(invite, 200, partner.sdp);
  partner.takeOnly(/^ACK/);
  const bridge = moved.takeOnly(/^INVITE/);
  moved.answer(bridge, 200, moved.sdp);
  assert.ok(hear(desk, bridge, invite));
  moved.inbox.length = 0;
  partner.inside(invite, "BYE", 1);
  moved.take(/^BYE/);
  desk.finish();
});

Deno.test("Transfers.failed() ends the call of a phone that nobody wants any more", () => {
  const { desk, moved, partner, call } = makeThree();
  refer(call, "1003@pbx.example");
  const invite = partner.take(/^INVITE/);
  call.bye();
  assert.ok(!moved.has(/^BYE/));
  partner.answer(invite, 486);
  moved.take(/^BYE/);
  desk.finish();
});

Deno.test("Transfers.receive() stops ringing when the phone that is sent away hangs up", () => {
  for (const hasLeft of [false, true]) {
    const { desk, referrer, moved, partner, call, invite } = makeThree();
    refer(call, "1003@pbx.example");
    const asked = partner.take(/^INVITE/);
    partner.answer(asked, 180);
    if (hasLeft) call.bye();
    moved.inside(invite, "BYE", 1);
    if (!hasLeft) referrer.take(/^BYE/);
    partner.take(/^CANCEL/);
    assert.equal(desk.office.switchboard.size, 0);
    desk.finish();
  }
});

Deno.test("Transfers.receive() waits until the answer to a late offer is passed on", () => {
  const desk = new CallDesk();
  const caller = desk.phone("1001", "198.51.100.7");
  const callee = desk.phone("1002", "198.51.100.8");
  const call = caller.call("1002", "");
  const invite = callee.take(/^INVITE/);
  callee.answer(invite, 200, callee.sdp);
  callee.inside(invite, "REFER", 1, "", ["Refer-To: <sip:1003@pbx.example>"]);
  assert.equal(statusOf(callee.take(/^SIP/)), 603);
  call.accepted(caller.sdp);
  call.bye();
  desk.finish();
});

Deno.test("Transfers.receive() goes on where the operator ends the call that rings", () => {
  const { desk, referrer, moved, partner, call } = makeThree();
  const { switchboard } = desk.office;
  refer(call, "1003@pbx.example");
  partner.answer(partner.take(/^INVITE/), 180);
  toldTo(referrer);
  const ringing = switchboard.list().find(({ state }) => state === "ringing");
  const { now, outbox, facts } = desk;
  assert.ok(switchboard.hangUp(ringing!.id, { now, outbox, facts }));
  desk.deliver(desk.flush());
  partner.take(/^CANCEL/);
  assert.deepEqual(toldTo(referrer), ["480 terminated"]);
  assert.ok(!moved.has(/^BYE/));
  refer(call, "1003@pbx.example");
  assert.equal(statusOf(referrer.take(/^SIP/)), 202);
  call.bye();
  desk.finish();
});
