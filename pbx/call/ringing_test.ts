/**
 * From the INVITE to the phone that takes the call: what the phones that ring are sent, what of
 * their answers the caller hears, and that one of them wins.
 * @module
 */

import assert from "node:assert/strict";
import { flowFrom, headerValues, statusOf } from "../sample_test.ts";
import {
  bodyOf,
  CallDesk,
  portOf,
  sdpOf,
  SimPhone,
  talk,
} from "./sample_call_test.ts";

const INVITE = /^INVITE/;
const CANCEL = /^CANCEL/;

Deno.test("Ringing.ring() sets up a call, with our address in the place of each phone's", () => {
  const desk = new CallDesk();
  const caller = desk.phone("1001", "198.51.100.7");
  const callee = desk.phone("1002", "198.51.100.8", 5062);
  const call = caller.call("1002", sdpOf("10.0.0.7", 4444));
  assert.equal(statusOf(caller.takeOnly(/^SIP/)), 100);
  const invite = callee.takeOnly(INVITE);
  const offer = bodyOf(invite);
  assert.doesNotMatch(offer, /10\.0\.0\.7|4444/);
  assert.match(offer, /^c=IN IP4 192\.0\.2\.1\r$/m);
  assert.match(offer, /^a=rtpmap:101 telephone-event\/8000\r$/m);
  callee.answer(invite, 180);
  assert.equal(statusOf(caller.takeOnly(/^SIP/)), 180);
  callee.answer(invite, 200, sdpOf("10.0.0.8", 5555));
  const answer = bodyOf(call.accepted());
  assert.doesNotMatch(answer, /10\.0\.0\.8|5555/);
  assert.match(callee.takeOnly(/^ACK/), /^ACK sip:1002@198\.51\.100\.8:5062 /);
  const toCaller = desk.relay.at(portOf(answer))!;
  const toCallee = desk.relay.at(portOf(offer))!;
  assert.equal(desk.relay.ways.get(toCaller.id), toCallee.id);
  assert.equal(desk.relay.ways.get(toCallee.id), toCaller.id);
  const aims = [toCaller, toCallee].map(({ id }) => desk.relay.aims.get(id));
  assert.deepEqual(
    aims.map((aim) => `${aim?.host}:${aim?.port} ${aim?.signalled}`),
    ["10.0.0.7:4444 198.51.100.7", "10.0.0.8:5555 198.51.100.8"],
  );
  call.bye();
  assert.equal(statusOf(caller.takeOnly(/^SIP/)), 200);
  callee.answer(callee.takeOnly(/^BYE/), 200);
  assert.equal(desk.ending(), "ended caller hung-up 200");
  desk.finish();
});

Deno.test("Ringing.ring() names caller, address and path as RFC 3261 §16.6 and RFC 3327 want it", () => {
  const desk = new CallDesk();
  const caller = desk.phone("1001", "198.51.100.7");
  const callee = new SimPhone(desk, "1002", flowFrom("10.9.9.9", 5060), "");
  desk.phones.push(callee);
  callee.contact = "sip:u%0d%0ax@10.0.0.8:5090;ob;transport=udp";
  const path = "Path: <sip:edge.example;lr>, <sip:10.9.9.9;lr>";
  callee.register([path, "Supported: path"]);
  caller.call("1002");
  const invite = callee.takeOnly(INVITE);
  assert.match(
    invite,
    /^INVITE sip:u%0d%0ax@10\.0\.0\.8:5090;ob;transport=udp SIP\/2\.0\r\n/,
  );
  assert.match(
    headerValues(invite, "From")[0]!,
    /^"Phone 1001" <sip:1001@192\.0\.2\.1>;tag=\w+$/,
  );
  assert.deepEqual(headerValues(invite, "P-Asserted-Identity"), [
    "<sip:1001@192.0.2.1>",
  ]);
  assert.deepEqual(headerValues(invite, "Max-Forwards"), ["69"]);
  assert.deepEqual(
    headerValues(invite, "Route").join(", "),
    [
      "<sip:edge.example;lr>, <sip:10.9.9.9;lr>",
    ].join(),
  );
  assert.equal(headerValues(invite, "Via").length, 1, "nothing of the caller");
  assert.doesNotMatch(invite, /198\.51\.100\.7|Authorization/);
  callee.answer(invite, 486);
  callee.take(/^ACK/);
  desk.finish();
});

Deno.test("Ringing.ring() gives the caller's name on, in UTF-8 and safely quoted", () => {
  const utf8 = (text: string) =>
    String.fromCharCode(...new TextEncoder().encode(text));
  const table = [
    [`"${utf8("Иван O‘g‘il")}"`, `"${utf8("Иван O‘g‘il")}" `],
    ['"a \\"b\\" \\\\ c"', '"a \\"b\\" \\\\ c" '],
    ["Ali Vali", '"Ali Vali" '],
    ['"\xff\xfe"', ""],
    ['"cut \xc3"', '"cut " '],
    ["", ""],
  ];
  for (const [said, told] of table) {
    const desk = new CallDesk();
    const caller = desk.phone("1001", "198.51.100.7");
    const callee = desk.phone("1002", "198.51.100.8");
    caller.name = said!;
    const call = caller.call("1002");
    const [from = ""] = headerValues(callee.take(INVITE), "From");
    assert.equal(from.split("<", 1)[0], told);
    call.cancel();
    desk.finish();
  }
});

Deno.test("Ringing.receive() passes sound on before the answer, and ringing once", () => {
  const desk = new CallDesk();
  const caller = desk.phone("1001", "198.51.100.7");
  const callee = desk.phone("1002", "198.51.100.8");
  const call = caller.call("1002");
  const invite = callee.take(INVITE);
  caller.inbox.length = 0;
  callee.answer(invite, 180);
  callee.answer(invite, 180);
  assert.equal(statusOf(caller.takeOnly(/^SIP/)), 180);
  callee.answer(invite, 183, callee.sdp);
  const early = caller.takeOnly(/^SIP/);
  assert.equal(statusOf(early), 183);
  const ends = [portOf(bodyOf(early)), portOf(bodyOf(invite))]
    .map((port) => desk.relay.at(port)!.id);
  assert.equal(desk.relay.ways.get(ends[0]!), ends[1]);
  callee.answer(invite, 486);
  call.refused(486);
  assert.equal(desk.ending(), "ended callee refused 486");
  desk.finish();
});

Deno.test("Ringing.receive() gives failures on that are the caller's business, and no others", () => {
  const table = [
    [486, 486],
    [603, 603],
    [404, 404],
    [488, 488],
    [302, 480],
    [401, 480],
    [407, 480],
    [481, 480],
    [500, 480],
    [503, 480],
    [699, 699],
  ];
  for (const [said, told] of table) {
    const desk = new CallDesk();
    const caller = desk.phone("1001", "198.51.100.7");
    const callee = desk.phone("1002", "198.51.100.8");
    const call = caller.call("1002");
    const invite = callee.take(INVITE);
    callee.answer(invite, said!, "", ["WWW-Authenticate: Digest realm=x"]);
    assert.doesNotMatch(call.refused(told!), /WWW-Authenticate|Retry-After/);
    assert.equal(callee.inbox.filter((text) => /^ACK/.test(text)).length, 1);
    assert.equal(desk.ending(), `ended callee refused ${told}`);
    desk.finish();
  }
});

Deno.test("Ringing.ring() rings the phones by q, those of the same q together", () => {
  const desk = new CallDesk();
  const caller = desk.phone("1001", "198.51.100.7");
  const last = desk.phone("1002", "198.51.100.8", 5061, ";q=0.2");
  const first = desk.phone("1002", "198.51.100.8", 5062, ";q=0.9");
  const same = desk.phone("1002", "198.51.100.9", 5063, ";q=0.9");
  const call = caller.call("1002");
  assert.ok(!last.has(INVITE));
  first.answer(first.take(INVITE), 486);
  assert.ok(!last.has(INVITE), "another one of that q rings still");
  same.answer(same.take(INVITE), 480);
  last.answer(last.take(INVITE), 480);
  call.refused(486);
  desk.finish();
});

Deno.test("Ringing.receive() lets the first phone win that takes the call, and cancels the others", () => {
  const desk = new CallDesk();
  const caller = desk.phone("1001", "198.51.100.7");
  const phones = [5061, 5062, 5063].map((port) =>
    desk.phone("1002", "198.51.100.8", port)
  );
  const [winner, loser, mute] = phones as [SimPhone, SimPhone, SimPhone];
  const call = caller.call("1002");
  const asked = phones.map((phone) => phone.take(INVITE));
  winner.answer(asked[0]!, 180);
  loser.answer(asked[1]!, 180);
  winner.answer(asked[0]!, 200, winner.sdp);
  call.accepted();
  winner.takeOnly(/^ACK/);
  const cancel = loser.takeOnly(CANCEL);
  assert.equal(
    headerValues(cancel, "Via")[0],
    headerValues(asked[1], "Via")[0],
  );
  loser.answer(cancel, 200);
  loser.answer(asked[1]!, 487);
  loser.takeOnly(/^ACK/);
  assert.ok(!mute.has(CANCEL), "no CANCEL before a provisional answer");
  mute.answer(asked[2]!, 180);
  mute.take(CANCEL);
  assert.ok(!caller.has(/^SIP\/2\.0 4/));
  call.bye();
  winner.take(/^BYE/);
  desk.finish();
});

Deno.test("Ringing.receive() takes a second 200 politely, and ends it", () => {
  const desk = new CallDesk();
  const caller = desk.phone("1001", "198.51.100.7");
  const one = desk.phone("1002", "198.51.100.8", 5061);
  const two = desk.phone("1002", "198.51.100.8", 5062);
  const call = caller.call("1002");
  const [first, second] = [one.take(INVITE), two.take(INVITE)];
  two.answer(second, 180);
  one.answer(first, 200, one.sdp);
  two.answer(second, 200, two.sdp);
  call.accepted();
  two.take(/^ACK/);
  two.answer(two.take(/^BYE/), 200);
  assert.ok(!one.has(/^BYE/));
  // another phone behind the same binding, through a proxy that forks
  one.answer(first, 200, one.sdp, [], "other");
  assert.match(one.take(/^BYE/), /\r\nTo: [^\r]*;tag=other\r/);
  assert.equal(caller.inbox.filter((text) => /^BYE/.test(text)).length, 0);
  call.bye();
  assert.match(one.take(/^BYE/), /\r\nTo: [^\r]*;tag=t5061\r/);
  desk.finish();
});

Deno.test("Ringing.receive() ends all others with a 6xx", () => {
  const desk = new CallDesk();
  const caller = desk.phone("1001", "198.51.100.7");
  const one = desk.phone("1002", "198.51.100.8", 5061);
  const two = desk.phone("1002", "198.51.100.8", 5062);
  const never = desk.phone("1002", "198.51.100.8", 5063, ";q=0.1");
  const call = caller.call("1002");
  two.answer(two.take(INVITE), 180);
  one.answer(one.take(INVITE), 603);
  call.refused(603);
  two.take(CANCEL);
  assert.ok(!never.has(INVITE));
  desk.finish();
});

Deno.test("Ringing.fail() rings the next phones when those of a better q are not there", () => {
  const desk = new CallDesk();
  const caller = desk.phone("1001", "198.51.100.7");
  const mute = desk.phone("1002", "198.51.100.8", 5061);
  const next = desk.phone("1002", "198.51.100.8", 5062, ";q=0.1");
  const call = caller.call("1002");
  desk.pass(31_000);
  assert.ok(!next.has(INVITE));
  desk.pass(2000);
  assert.equal(mute.inbox.filter((text) => INVITE.test(text)).length, 7);
  next.answer(next.take(INVITE), 200, next.sdp);
  call.accepted();
  call.bye();
  desk.finish();
});

Deno.test("Ringing.fail() says 408 where no phone has answered at all", () => {
  const desk = new CallDesk();
  const caller = desk.phone("1001", "198.51.100.7");
  desk.phone("1002", "198.51.100.8");
  const call = caller.call("1002");
  desk.pass(33_000);
  call.refused(408);
  assert.equal(desk.ending(), "ended callee unreachable 408");
  const answers = desk.takeFacts("call-answered");
  assert.deepEqual(
    answers.map(({ side, status }) => [side, status]),
    [["callee", 0], ["caller", 408]],
  );
  desk.finish();
});

Deno.test("Ringing.giveUp() cancels the phones when the time for taking the call is over", () => {
  const desk = new CallDesk({ callLimits: { ringSeconds: 20 } });
  const caller = desk.phone("1001", "198.51.100.7");
  const callee = desk.phone("1002", "198.51.100.8");
  const never = desk.phone("1002", "198.51.100.8", 5062, ";q=0.1");
  const call = caller.call("1002");
  callee.answer(callee.take(INVITE), 180);
  desk.pass(19_000);
  assert.ok(!callee.has(CANCEL));
  desk.pass(2000);
  callee.take(CANCEL);
  call.refused(480);
  assert.equal(desk.ending(), "ended callee unanswered 480");
  assert.ok(!never.has(INVITE));
  desk.finish();
});

Deno.test("Ringing.ring() says 480 where no phone of the number is registered", () => {
  const desk = new CallDesk();
  const caller = desk.phone("1001", "198.51.100.7");
  const call = caller.call("1002");
  call.refused(480);
  assert.equal(desk.ending(), "ended exchange unreachable 480");
  // the own number rings the other phones only
  caller.inbox.length = 0;
  const own = caller.call("1001");
  assert.ok(!caller.has(INVITE));
  own.refused(480);
  desk.finish();
});

Deno.test("Ringing.ring() passes over bindings that ended, and that became another's", () => {
  const desk = new CallDesk();
  const caller = desk.phone("1001", "198.51.100.7");
  const first = desk.phone("1002", "198.51.100.8", 5061);
  const gone = desk.phone("1002", "198.51.100.8", 5062, ";q=0.5");
  const last = desk.phone("1002", "198.51.100.8", 5064, ";q=0.1");
  const call = caller.call("1002");
  const invite = first.take(INVITE);
  gone.register(["Expires: 0"]);
  const other = desk.phone("1003", "198.51.100.9");
  first.answer(invite, 486);
  assert.ok(!other.has(INVITE) && !gone.has(INVITE));
  last.answer(last.take(INVITE), 480);
  call.refused(486);
  desk.finish();
});

Deno.test("Ringing.ring() refuses with 503 and Retry-After where no ports are left", () => {
  for (const most of [0, 1]) {
    const desk = new CallDesk();
    desk.relay.most = most;
    const caller = desk.phone("1001", "198.51.100.7");
    const callee = desk.phone("1002", "198.51.100.8");
    const call = caller.call("1002");
    if (most === 1) callee.answer(callee.take(INVITE), 200, callee.sdp);
    const answer = call.refused(503);
    if (most === 1) callee.take(/^BYE/);
    assert.deepEqual(headerValues(answer, "Retry-After"), ["10"]);
    assert.equal(desk.ending(), "ended exchange error 503");
    desk.finish();
  }
});

Deno.test("Ringing.receive() gives up a phone whose 200 makes no dialog", () => {
  const desk = new CallDesk();
  const caller = desk.phone("1001", "198.51.100.7");
  const callee = desk.phone("1002", "198.51.100.8");
  const call = caller.call("1002");
  const routes = ["Record-Route: <tel:1>"];
  callee.answer(callee.take(INVITE), 200, callee.sdp, routes);
  call.refused(480);
  desk.finish();
});

Deno.test("Ringing.receive() acknowledges a repeated 200 once more", () => {
  const desk = new CallDesk();
  const caller = desk.phone("1001", "198.51.100.7");
  const callee = desk.phone("1002", "198.51.100.8");
  const { call, invite } = talk(caller, callee);
  callee.answer(invite, 200, callee.sdp);
  callee.takeOnly(/^ACK/);
  assert.deepEqual(caller.inbox, []);
  call.bye();
  callee.take(/^BYE/);
  desk.finish();
});
