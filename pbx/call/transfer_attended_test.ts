/**
 * Attended transfers: the partners of two calls of one phone are put together.
 * @module
 */

import assert from "node:assert/strict";
import { headerValues, statusOf } from "../sample_test.ts";
import { CallDesk, talk } from "./sample_call_test.ts";
import {
  hear,
  makeThree,
  refer,
  replacing,
  toldTo,
} from "./sample_transfer_test.ts";

Deno.test("Transfers.receive() says 491 to a change that is under way", () => {
  const { desk, referrer, moved, partner, call } = makeThree();
  const second = partner.call("1001");
  const came = referrer.take(/^INVITE/);
  referrer.answer(came, 200, referrer.sdp);
  second.learn(partner.takeFirst(/^SIP\/2\.0 200/));
  referrer.inbox.length = 0;
  // to hold the one call, and to transfer it at once, while the other waits for its ACK
  call.invite(referrer.sdp + "a=sendonly\r\n", []);
  moved.takeOnly(/^INVITE/);
  const [tag] = /tag=\w+/.exec(headerValues(came, "From")[0]!)!;
  const text = `${headerValues(came, "Call-ID")[0]};to-tag=t5060;from-${tag}`;
  refer(call, `1003@pbx.example?Replaces=${encodeURIComponent(text)}`);
  call.refused(491);
  assert.ok(toldTo(referrer).includes("200 terminated"));
  second.acknowledge();
  assert.ok(!partner.has(/^BYE/));
  // the change is never answered: the call ends, properly
  desk.pass(33_000);
  partner.take(/^BYE/);
  desk.finish();
});

Deno.test("Transfers.receive() puts nobody together with itself", () => {
  const desk = new CallDesk();
  const one = desk.phone("1001", "198.51.100.7", 5061);
  const two = desk.phone("1001", "198.51.100.7", 5062);
  const { call, invite } = talk(one, two);
  const [, fromTag] = /tag=(\w+)/.exec(headerValues(invite, "From")[0]!)!;
  const text = `${
    headerValues(invite, "Call-ID")[0]
  };to-tag=t5062;from-tag=${fromTag}`;
  refer(call, `1001@pbx.example?Replaces=${encodeURIComponent(text)}`);
  assert.deepEqual(toldTo(one), ["100 active", "481 terminated"]);
  call.bye();
  two.take(/^BYE/);
  desk.finish();
});

Deno.test("Transfers.receive() puts the partners of two calls together", () => {
  // phones send it on the first dialog, and MicroSIP on the second
  for (const isOnSecond of [false, true]) {
    const { desk, referrer, moved, partner, call } = makeThree();
    const second = talk(referrer, partner);
    for (const phone of [moved, partner]) phone.inbox.length = 0;
    const [on, named] = isOnSecond ? [second.call, call] : [call, second.call];
    refer(on, `${named.to}@pbx.example?Replaces=${replacing(named)}`);
    assert.equal(statusOf(referrer.take(/^SIP/)), 202);
    assert.deepEqual(toldTo(referrer), ["100 active", "200 terminated"]);
    const [first, last] = isOnSecond ? [moved, partner] : [partner, moved];
    const introduced = first.takeOnly(/^INVITE/);
    first.answer(introduced, 200, first.sdp);
    first.takeOnly(/^ACK/);
    const bridged = last.takeOnly(/^INVITE/);
    last.answer(bridged, 200, last.sdp);
    assert.ok(hear(desk, introduced, bridged));
    call.bye();
    second.call.bye();
    assert.ok(![moved, partner].some((phone) => phone.has(/^BYE/)));
    const states = desk.records().map(({ state, why }) => `${state} ${why}`);
    assert.deepEqual(states.sort(), [
      "answered ",
      "ended transferred",
      "ended transferred",
    ]);
    partner.inside(second.invite, "BYE", 1);
    moved.take(/^BYE/);
    desk.finish();
  }
});

Deno.test("Transfers.receive() puts together a call that was made and one that came", () => {
  const { desk, referrer, moved, partner, call } = makeThree();
  const second = talk(partner, referrer);
  const [from = "", to = ""] = ["From", "To"].map((name) =>
    headerValues(second.invite, name)[0]
  );
  const fromTag = /tag=(\w+)/.exec(from)![1];
  const callId = headerValues(second.invite, "Call-ID")[0];
  assert.doesNotMatch(to, /tag=/);
  const text = `${callId};to-tag=t5060;from-tag=${fromTag}`;
  refer(call, `1003@pbx.example?Replaces=${encodeURIComponent(text)}`);
  assert.ok(toldTo(referrer).includes("200 terminated"));
  const introduced = partner.takeOnly(/^INVITE/);
  partner.answer(introduced, 200, partner.sdp);
  const bridged = moved.takeOnly(/^INVITE/);
  assert.ok(hear(desk, introduced, bridged));
  desk.pass(3000);
  assert.equal(
    referrer.inbox.filter((one) => /^BYE/.test(one)).length > 1,
    true,
  );
  second.call.bye();
  desk.finish();
});

Deno.test("Transfers.receive() refuses to replace another extension's call", () => {
  const { desk, referrer, moved, partner, call } = makeThree();
  const other = desk.phone("1004", "198.51.100.10");
  const foreign = talk(partner, other);
  refer(call, `1004@pbx.example?Replaces=${replacing(foreign.call)}`);
  assert.deepEqual(toldTo(referrer), ["100 active", "481 terminated"]);
  // nor its own
  refer(call, `1002@pbx.example?Replaces=${replacing(call)}`);
  assert.deepEqual(toldTo(referrer), ["100 active", "481 terminated"]);
  assert.deepEqual([...moved.inbox, ...other.inbox], []);
  call.bye();
  foreign.call.bye();
  desk.finish();
});

Deno.test("Transfers.receive() turns a consultation that rings still into a blind transfer", () => {
  const { desk, referrer, moved, partner, call } = makeThree();
  const second = referrer.call("1003");
  const ringing = partner.take(/^INVITE/);
  partner.answer(ringing, 180);
  second.learn(referrer.take(/^SIP\/2\.0 180/));
  refer(call, `1003@pbx.example?Replaces=${replacing(second)}`);
  second.refused(487);
  partner.take(/^CANCEL/);
  const anew = partner.take(/^INVITE/);
  partner.answer(anew, 200, partner.sdp);
  const bridged = moved.take(/^INVITE/);
  moved.answer(bridged, 200, moved.sdp);
  assert.ok(hear(desk, bridged, anew));
  call.bye();
  partner.inside(anew, "BYE", 1);
  desk.finish();
});

Deno.test("Transfers.receive() leaves nothing behind where both partners are in motion", () => {
  const { desk, referrer, moved, partner, call } = makeThree();
  const second = talk(referrer, partner);
  refer(second.call, "1004@pbx.example");
  const other = desk.phone("1004", "198.51.100.10");
  refer(second.call, "1004@pbx.example");
  const asked = other.take(/^INVITE/);
  refer(call, `1003@pbx.example?Replaces=${replacing(second.call)}`);
  call.invite(referrer.sdp + "a=sendonly\r\n", []);
  other.answer(asked, 200, other.sdp);
  for (const phone of [moved, partner, other]) {
    if (phone.has(/^INVITE/)) phone.answer(phone.take(/^INVITE/), 491);
  }
  call.bye();
  second.call.bye();
  partner.inside(second.invite, "BYE", 5);
  desk.finish();
});
