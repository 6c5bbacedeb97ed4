/**
 * What one phone with a password may do to all others: not much. Shares, and dialogs that cannot
 * be carried off.
 * @module
 */

import assert from "node:assert/strict";
import { Flow } from "../../sip/flow.ts";
import {
  authorization,
  challengeOf,
  flowFrom,
  statusOf,
} from "../sample_test.ts";
import {
  CallDesk,
  sdpOf,
  SimCall,
  SimPhone,
  talk,
} from "./sample_call_test.ts";

function talkAt() {
  const desk = new CallDesk();
  const caller = desk.phone("1001", "198.51.100.7");
  const callee = desk.phone("1002", "198.51.100.8");
  return { desk, caller, callee, ...talk(caller, callee) };
}

Deno.test("an extension has a share of all calls, and leaves the others theirs", () => {
  const desk = new CallDesk({ callLimits: { calls: 80 } });
  const greedy = desk.phone("1001", "198.51.100.7");
  const modest = desk.phone("1002", "198.51.100.8");
  for (let i = 0; i < 20; i++) {
    greedy.call("*43");
    greedy.take(/^SIP\/2\.0 200 /);
  }
  greedy.call("*43");
  const refusal = greedy.take(/^SIP\/2\.0 5/);
  assert.equal(statusOf(refusal), 503);
  assert.match(refusal, /^Retry-After: \d+\r$/m);
  modest.call("*43").accepted();
  assert.equal(desk.office.switchboard.size, 21);
});

Deno.test("a call takes the ports of four lines at most", () => {
  const desk = new CallDesk();
  const caller = desk.phone("1001", "198.51.100.7");
  const callee = desk.phone("1002", "198.51.100.8");
  const line = (i: number) =>
    `m=video ${5000 + 2 * i} RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\n`;
  const many = Array.from({ length: 12 }, (_, i) => line(i)).join("");
  const call = caller.call("1002", sdpOf("198.51.100.7", 4000, many));
  const invite = callee.take(/^INVITE/);
  const ports = [...invite.matchAll(/^m=\w+ (\d+) /gm)].map(([, port]) => port);
  assert.equal(ports.length, 13);
  assert.equal(ports.filter((port) => port !== "0").length, 4);
  assert.equal(desk.relay.ends.size, 4);
  call.cancel();
  callee.answer(invite, 487);
  desk.finish();
});

Deno.test("a dialog is moved to another host by a password only", () => {
  const { desk, caller, call } = talkAt();
  const before = caller.flow;
  const elsewhere = new Flow("udp", 1, "192.0.2.1", 5060, "203.0.113.5", 5060);
  const phone = new SimPhone(desk, "1001", elsewhere, "");
  desk.phones.push(phone);
  const moved = new SimCall(phone, call.to, call.callId);
  moved.toTag = call.toTag;
  moved.target = call.target;
  moved.cseq = call.cseq;
  moved.request("INFO", "Signal=1", [], "application/dtmf-relay");
  const challenge = phone.takeOnly(/^SIP/);
  assert.equal(statusOf(challenge), 401);
  moved.bye();
  assert.equal(statusOf(phone.takeOnly(/^SIP/)), 401);
  assert.equal(desk.office.switchboard.size, 1, "nobody else ends the call");
  const nonce = challengeOf(challenge, "nonce");
  const wrong = { number: "1003", method: "BYE", uri: call.target };
  moved.request("BYE", "", [authorization({ nonce, ...wrong })]);
  assert.equal(statusOf(phone.takeOnly(/^SIP/)), 403, "another extension");
  const right = { ...wrong, number: "1001", nc: "00000002" };
  moved.request("BYE", "", [authorization({ nonce, ...right })]);
  assert.equal(statusOf(phone.takeOnly(/^SIP/)), 200);
  assert.equal(desk.office.switchboard.size, 0);
  assert.notEqual(before.host, elsewhere.host);
});

Deno.test("another port of the same host needs no password", () => {
  const { desk, caller, call } = talkAt();
  const { host } = caller.flow;
  const phone = new SimPhone(desk, "1001", flowFrom(host, 61_000), "");
  desk.phones.push(phone);
  const moved = new SimCall(phone, call.to, call.callId);
  moved.toTag = call.toTag;
  moved.target = call.target;
  moved.cseq = call.cseq;
  moved.bye();
  assert.equal(statusOf(phone.takeOnly(/^SIP/)), 200);
  desk.finish();
});

Deno.test("a call without any sound ends when its phones are gone", () => {
  const desk = new CallDesk();
  const caller = desk.phone("1001", "198.51.100.7");
  const callee = desk.phone("1002", "198.51.100.8");
  const silent = sdpOf("198.51.100.7", 0);
  const call = caller.call("1002", silent);
  callee.answer(callee.take(/^INVITE/), 200, silent);
  call.accepted();
  desk.pass(5000);
  caller.take(/^OPTIONS/);
  callee.take(/^OPTIONS/);
  desk.pass(60_000);
  assert.equal(desk.office.switchboard.size, 0);
  assert.equal(desk.ending(), "ended exchange phone-gone 200");
});
