/**
 * Who may call, whom, and how many; the numbers of the exchange itself; and what strangers and
 * phones with evil intentions achieve: nothing.
 * @module
 */

import assert from "node:assert/strict";
import { Flow } from "../../sip/flow.ts";
import type { Fact } from "../fact.ts";
import {
  authorization,
  challengeOf,
  flowFrom,
  headerValues,
  statusOf,
} from "../sample_test.ts";
import {
  bodyOf,
  CallDesk,
  portOf,
  sdpOf,
  SimCall,
  SimPhone,
  talk,
} from "./sample_call_test.ts";

function makeDesk(calls = 100) {
  const desk = new CallDesk({ callLimits: { calls } });
  const caller = desk.phone("1001", "198.51.100.7");
  const callee = desk.phone("1002", "198.51.100.8");
  return { desk, caller, callee };
}

/** A phone that is not registered. */
function makeStranger(desk: CallDesk, number = "1001"): SimPhone {
  const phone = new SimPhone(desk, number, flowFrom("203.0.113.66", 5060), "");
  desk.phones.push(phone);
  return phone;
}

function hear(desk: CallDesk, fact: Fact): void {
  const { now, outbox, facts } = desk;
  desk.office.switchboard.hear(fact, { now, outbox, facts });
  desk.deliver(desk.flush());
}

Deno.test("Switchboard.invite() forks a repeated INVITE once", () => {
  const { desk, caller, callee } = makeDesk();
  const call = caller.call("1002");
  callee.take(/^INVITE/);
  caller.inbox.length = 0;
  desk.say(caller.last, caller.flow);
  assert.equal(statusOf(caller.takeOnly(/^SIP/)), 100);
  // the same with another branch, as from a proxy that forks
  desk.say(caller.last.replace("z9hG4bK", "z9hG4bKx"), caller.flow);
  assert.equal(statusOf(caller.takeOnly(/^SIP/)), 482);
  assert.ok(!callee.has(/^INVITE/));
  call.cancel();
  desk.finish();
});

Deno.test("Switchboard.invite() says 404 for a number that is none, and tells the nearest", () => {
  const { desk, caller } = makeDesk();
  caller.call("1020").refused(404);
  assert.equal(desk.ending(), "ended exchange no-such-number 404");
  const [fact] = desk.takeFacts("call-answered");
  assert.deepEqual(
    [fact?.status, fact?.callee, fact?.detail],
    [404, "1020", "nearest: 1002, 1001, 1003"],
  );
  desk.finish();
});

Deno.test("Switchboard.invite() answers for the exchange's own numbers", () => {
  const { desk, caller } = makeDesk();
  const echo = caller.call("*43");
  const answer = bodyOf(echo.accepted());
  const end = desk.relay.at(portOf(answer))!.id;
  assert.equal(desk.relay.ways.get(end), end);
  assert.match(answer, /^m=audio \d+ RTP\/AVP 8 101\r$/m);
  echo.invite(`${caller.sdp}a=sendonly\r\n`, []);
  assert.match(bodyOf(echo.accepted()), /^a=recvonly\r$/m);
  echo.request("INFO", "Signal=1", [], "application/dtmf-relay");
  assert.equal(statusOf(caller.takeFirst(/^SIP/)), 200);
  echo.bye();
  caller.inbox.length = 0;
  const tone = caller.call("*60");
  assert.equal(
    desk.relay.ways.get(desk.relay.at(portOf(bodyOf(tone.accepted())))!.id),
    -1,
  );
  tone.bye();
  const opus = sdpOf("198.51.100.7", 4000).replace("8 0 101", "96")
    .replace(/a=rtpmap:(?:0|8) .*\r\n/g, "") + "a=rtpmap:96 opus/48000/2\r\n";
  for (const sdp of ["", opus, caller.sdp.replace("RTP/AVP", "RTP/SAVP")]) {
    caller.inbox.length = 0;
    caller.call("*60", sdp).refused(488);
  }
  desk.finish();
});

Deno.test("Switchboard.invite() refuses with 503 beyond the limit of calls", () => {
  const { desk, caller, callee } = makeDesk(2);
  const calls = ["1002", "1002"].map((to) => caller.call(to));
  callee.inbox.length = 0;
  caller.inbox.length = 0;
  const answer = caller.call("1002").refused(503);
  assert.deepEqual(headerValues(answer, "Retry-After"), ["10"]);
  assert.equal(desk.takeFacts("refused")[0]?.why, "call-limit");
  assert.ok(!callee.has(/^INVITE/));
  for (const call of calls) call.cancel();
  caller.inbox.length = 0;
  caller.call("1002").cancel();
  desk.finish();
});

Deno.test("Switchboard.invite() takes an INVITE only with a Contact and a description that it can read", () => {
  const { desk, caller, callee } = makeDesk();
  caller.call("1002", "no description").refused(488);
  caller.inbox.length = 0;
  const { contact } = caller;
  for (const bad of ["tel:1001", `${contact}>, <${contact}`]) {
    caller.contact = bad;
    caller.call("1002").refused(400);
    caller.inbox.length = 0;
  }
  // without a user part and with escapes it is as good as any
  caller.contact = "sip:198.51.100.7:5060;x=%0d%0aEvil:%20yes";
  const call = caller.call("1002");
  const invite = callee.take(/^INVITE/);
  callee.answer(invite, 200, callee.sdp);
  call.accepted();
  callee.inside(invite, "BYE", 1);
  const bye = caller.take(/^BYE/);
  assert.match(bye, /^BYE sip:198\.51\.100\.7:5060;x=%0d%0aEvil:%20yes SIP/);
  desk.finish();
});

Deno.test("Office.receive() lets nobody call under another number", () => {
  const { desk, callee } = makeDesk();
  const liar = makeStranger(desk, "1003");
  const call = new SimCall(liar, "1002", "lie");
  call.invite(liar.sdp, []);
  const challenge = liar.take(/^SIP\/2\.0 401/);
  call.acknowledgeFailure(challenge);
  const nonce = challengeOf(challenge, "nonce");
  const uri = "sip:1002@pbx.example";
  const login = { nonce, number: "1001", method: "INVITE", uri };
  call.invite(liar.sdp, [authorization(login)]);
  call.refused(403);
  assert.equal(desk.takeFacts("refused")[0]?.why, "login-differs");
  assert.ok(!callee.has(/^INVITE/));
  desk.finish();
});

Deno.test("Office.receive() challenges a stranger at every door, and remembers nothing of him", () => {
  const { desk, caller, callee } = makeDesk();
  const { call } = talk(caller, callee);
  const stranger = makeStranger(desk);
  for (let i = 0; i < 1000; i++) {
    const attempt = new SimCall(stranger, i % 2 ? "*43" : "1002", `s${i}`);
    attempt.invite(stranger.sdp, ["X-Long: " + "y".repeat(2000)]);
  }
  const statuses = new Set(stranger.inbox.map(statusOf));
  assert.deepEqual([...statuses], [401]);
  stranger.inbox.length = 0;
  for (const method of ["MESSAGE", "REFER", "SUBSCRIBE", "PUBLISH"]) {
    const attempt = new SimCall(stranger, "1002", `m${method}`);
    attempt.target = "sip:1002@pbx.example";
    attempt.request(method, "text", ["Refer-To: <sip:1003@pbx.example>"]);
    assert.equal(statusOf(stranger.takeOnly(/^SIP/)), 401, method);
  }
  for (const method of ["BYE", "UPDATE", "INFO", "NOTIFY", "PRACK", "CANCEL"]) {
    const attempt = new SimCall(stranger, "1002", `m${method}`);
    attempt.target = "sip:1002@pbx.example";
    attempt.request(method);
    assert.equal(statusOf(stranger.takeOnly(/^SIP/)), 481, method);
  }
  assert.deepEqual([...caller.inbox, ...callee.inbox], []);
  assert.equal(desk.office.switchboard.size, 1);
  assert.equal(desk.office.switchboard.dialogs, 2);
  call.bye();
  desk.finish();
});

Deno.test("Switchboard.cancel() obeys only where the INVITE came from", () => {
  const { desk, caller, callee } = makeDesk();
  const call = caller.call("1002");
  callee.answer(callee.take(/^INVITE/), 180);
  const stranger = makeStranger(desk);
  call.cancel();
  const text = caller.last;
  desk.finish();
  const other = makeDesk();
  const again = other.caller.call("1002");
  other.callee.answer(other.callee.take(/^INVITE/), 180);
  other.desk.say(text, stranger.flow);
  assert.ok(!other.callee.has(/^CANCEL/));
  assert.equal(other.desk.office.switchboard.size, 1);
  again.cancel();
  other.desk.finish();
});

Deno.test("Switchboard.receiveAnswer() passes over answers that nobody waits for", () => {
  const { desk, caller, callee } = makeDesk();
  const call = caller.call("1002");
  const invite = callee.take(/^INVITE/);
  const forged = invite.replace(/branch=z9hG4bK\w+/, "branch=z9hG4bKforged");
  callee.answer(forged, 200, callee.sdp);
  callee.answer(forged, 486);
  callee.answer(invite.replace(/CSeq: \d+ INVITE/, "CSeq: 1 BYE"), 200);
  assert.equal(desk.office.switchboard.list()[0]?.state, "ringing");
  call.cancel();
  desk.finish();
});

Deno.test("Switchboard.hear() rings the next phone where a connection is gone", () => {
  const { desk, caller } = makeDesk();
  const flow = new Flow("tcp", 7, "192.0.2.1", 5060, "198.51.100.9", 5061);
  const gone = new SimPhone(desk, "1003", flow, "");
  desk.phones.push(gone);
  gone.register();
  const next = desk.phone("1003", "198.51.100.9", 5062, ";q=0.1");
  const call = caller.call("1003");
  gone.answer(gone.take(/^INVITE/), 180);
  assert.ok(!next.has(/^INVITE/));
  const at = desk.now.wallMs;
  hear(desk, { kind: "connection-closed", at, flow, stage: "transport" });
  next.answer(next.take(/^INVITE/), 200, next.sdp);
  call.accepted();
  call.bye();
  desk.finish();
});

Deno.test("Switchboard.hear() waits for no phone whose machine says that it is gone", () => {
  const { desk, caller, callee } = makeDesk();
  const next = desk.phone("1002", "198.51.100.9", 5062, ";q=0.1");
  const trouble = (flow: Flow, count: number): Fact => ({
    kind: "transport-trouble",
    at: desk.now.wallMs,
    flow,
    stage: "transport",
    what: "icmp-error",
    count,
    detail: "",
  });
  const call = caller.call("1002");
  callee.take(/^INVITE/);
  hear(desk, trouble(callee.flow, 113));
  hear(desk, trouble(flowFrom("198.51.100.8", 5999), 111));
  assert.ok(!next.has(/^INVITE/), "that says nothing of this phone");
  hear(desk, trouble(callee.flow, 111));
  const invite = next.take(/^INVITE/);
  next.answer(invite, 180);
  hear(desk, trouble(next.flow, 111));
  assert.ok(!caller.has(/^SIP\/2\.0 4/), "who has answered is there");
  next.answer(invite, 486);
  call.refused(486);
  desk.finish();
});

Deno.test("Switchboard.invite() gives up a call whose Call-ID or tag is too long", () => {
  const { desk, caller, callee } = makeDesk();
  const call = new SimCall(caller, "1002", "c".repeat(600));
  call.invite(caller.sdp, []);
  caller.take(/^SIP\/2\.0 4/);
  assert.ok(!callee.has(/^INVITE/));
  desk.finish();
});

Deno.test("Switchboard.receive() keeps a phone out of the call of another one", () => {
  const { desk, caller, callee } = makeDesk();
  const { call } = talk(caller, callee);
  // even who knows everything of a dialog but our tag is nobody
  const thief = makeStranger(desk, "1003");
  for (const method of ["BYE", "REFER", "INVITE", "UPDATE"]) {
    const theft = new SimCall(thief, "1002", call.callId);
    theft.target = call.target;
    theft.toTag = `${call.toTag}x`;
    theft.request(method, "", ["Refer-To: <sip:1003@pbx.example>"]);
    assert.equal(statusOf(thief.takeOnly(/^SIP/)), 481, method);
  }
  assert.equal(desk.office.switchboard.size, 1);
  call.bye();
  desk.finish();
});
