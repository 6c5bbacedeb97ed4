/**
 * Calls as JSON and as a table.
 * @module
 */

import assert from "node:assert/strict";
import {
  makeLive,
  makeRecord,
  STARTED_AT,
} from "../../pbx/call/record_sample_test.ts";
import { NO_SOUND } from "../../pbx/call/call_record.ts";
import { describeEnd, formatCallList } from "./call_text.ts";
import { describeCall, isCallList } from "../call_entry.ts";
import { createPaint } from "./paint.ts";

const PLAIN = createPaint(false);

Deno.test("describeCall() gives the fields of the contract", () => {
  const entry = describeCall(makeRecord("c1"), STARTED_AT + 999_999);
  assert.deepEqual(entry, {
    id: "c1",
    state: "ended",
    caller: {
      number: "1001",
      source: "198.51.100.7:40000",
      transport: "udp",
      userAgent: "MicroSIP/3.21.6",
      through: "203.0.113.10",
    },
    callee: {
      number: "1002",
      source: "192.0.2.20:5060",
      transport: "tcp",
      userAgent: "Linphone/5.2",
      through: "192.0.2.1",
    },
    dialled: "1002",
    startedAt: "2025-06-15T15:06:40.000Z",
    ringingAt: "2025-06-15T15:06:40.500Z",
    answeredAt: "2025-06-15T15:06:44.000Z",
    endedAt: "2025-06-15T15:08:14.000Z",
    durationSeconds: 90,
    endedBy: "caller",
    why: "hung-up",
    status: 200,
    codec: "PCMA/8000",
    callerSound: {
      packets: 4490,
      octets: 772_280,
      lost: 10,
      lossPercent: 0.2,
      jitterMs: 2.5,
    },
    calleeSound: {
      packets: 4500,
      octets: 774_000,
      lost: 0,
      lossPercent: 0,
      jitterMs: 0.3,
    },
  });
});

Deno.test("describeCall() counts the time of a call that lives until now, from its answer", () => {
  const talking = makeLive("c1", "answered");
  assert.equal(describeCall(talking, STARTED_AT + 14_900).durationSeconds, 10);
  // the clock may have been set back
  assert.equal(describeCall(talking, STARTED_AT).durationSeconds, 0);
  const ringing = describeCall(makeLive("c2", "ringing"), STARTED_AT + 9000);
  assert.equal(ringing.durationSeconds, 0);
  assert.equal(ringing.answeredAt, null);
  assert.equal(ringing.endedAt, null);
  assert.equal(ringing.endedBy, null);
  assert.equal(ringing.why, null);
});

Deno.test("describeCall() does not fail on a time that is none", () => {
  const entry = describeCall(makeRecord("c1", { startedAt: 9e15 }), 0);
  assert.equal(entry.startedAt, "");
  assert.match(formatCallList([entry], PLAIN), /1001 +1002/);
});

Deno.test("isCallList() takes what describeCall() makes and nothing else", () => {
  const entry = JSON.parse(JSON.stringify(describeCall(makeRecord("c1"), 0)));
  assert.equal(isCallList([]), true);
  assert.equal(isCallList([entry]), true);
  const others = [
    null,
    {},
    [null],
    [{}],
    [{ ...entry, id: 1 }],
    [{ ...entry, caller: null }],
    [{ ...entry, calleeSound: { packets: "1" } }],
  ];
  for (const other of others) {
    assert.equal(isCallList(other), false, JSON.stringify(other));
  }
});

Deno.test("formatCallList() writes a line for each call", () => {
  const nowMs = STARTED_AT + 10_000;
  const records = [
    makeLive("c4", "ringing"),
    makeLive("c3", "answered", { calleeSound: NO_SOUND }),
    makeRecord("c2", { dialled: "**" }),
    makeRecord("c1", {
      answeredAt: 0,
      endedAt: STARTED_AT + 700,
      why: "refused",
      endedBy: "callee",
      status: 486,
      codec: "",
      callerSound: NO_SOUND,
      calleeSound: NO_SOUND,
    }),
  ];
  const entries = records.map((record) => describeCall(record, nowMs));
  // the local time depends on the machine
  const text = formatCallList(entries, PLAIN).replaceAll(
    /\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/g,
    "LOCAL",
  ).replaceAll(/^(TIME|LOCAL) +/gm, "");
  assert.equal(
    text,
    `FROM  TO                 DURATION    STATE           CODEC      LOSS       JITTER  ID
1001  1002                           ringing                                       c4
1001  1002               6 s         talking         PCMA/8000  0.2/- %    3/- ms  c3
1001  1002 (dialled **)  1 min 30 s  caller hung up  PCMA/8000  0.2/0.0 %  3/0 ms  c2
1001  1002                           refused (486)                                 c1
`,
  );
});

Deno.test("formatCallList() claims of no call that it lives where nobody knows", () => {
  const entry = describeCall(makeLive("c1", "answered"), STARTED_AT + 9000);
  const list = (state: string) => formatCallList([{ ...entry, state }], PLAIN);
  assert.match(list("answered"), / talking /);
  assert.match(list("unknown"), / not known /);
  assert.doesNotMatch(list("unknown"), /talking|ended/);
});

Deno.test("formatCallList() lets no escape sequence through", () => {
  const record = makeRecord("c1\x1b[2J", {
    dialled: "\x1b]0;x\x07",
    codec: "\x1b[31m",
    state: "ended",
  });
  const wild = { ...describeCall(record, 0), why: "\x1b[5m" };
  assert.doesNotMatch(formatCallList([wild], PLAIN), /[\x1b\x07]/);
});

Deno.test("describeEnd() says in a few words how a call ended", () => {
  const table: readonly [string, string | null, number, boolean, string][] = [
    ["hung-up", "callee", 200, true, "callee hung up"],
    ["cancelled", "caller", 487, false, "caller gave up"],
    ["refused", "callee", 603, false, "refused (603)"],
    ["unanswered", "exchange", 480, false, "no answer"],
    ["unreachable", "exchange", 480, false, "unreachable (480)"],
    ["no-such-number", "exchange", 404, false, "no such number (404)"],
    ["no-ack", "exchange", 200, true, "no ACK"],
    ["session-timer", "exchange", 200, true, "session timer ran out"],
    ["phone-gone", "callee", 200, true, "callee's phone is gone"],
    ["phone-gone", "exchange", 200, true, "phone is gone"],
    ["transferred", "caller", 200, true, "transferred"],
    ["picked-up", "exchange", 0, false, "picked up"],
    ["operator", "exchange", 200, true, "ended by the operator"],
    ["server-stopped", "exchange", 200, true, "server stopped"],
    ["error", "exchange", 500, false, "error (500)"],
    ["of-a-later-version", null, 0, true, "of a later version"],
  ];
  for (const [why, endedBy, status, isAnswered, expected] of table) {
    const answeredAt = isAnswered ? "2025-06-15T15:06:44.000Z" : null;
    assert.equal(describeEnd({ why, endedBy, status, answeredAt }), expected);
  }
});
