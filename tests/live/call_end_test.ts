/**
 * How a call comes to nothing, or ends: cancelled, declined, busy, nobody takes it, nobody is
 * there, several phones of one number ring (RFC 3261 §9, §13.3.1, §16.7).
 * @module
 */

import assert from "node:assert/strict";
import { liveTest } from "./lab_case.ts";
import {
  accountOf,
  assertEnded,
  openCaller,
  openCalls,
  readCalls,
  startPhone,
  waitForCall,
} from "./lab_call.ts";
import { type Caller, describeSound, statusOf } from "./lab_caller.ts";
import type { Received } from "./lab_phone.ts";
import { until } from "./lab_process.ts";

const NEEDS = ["namespaces"];
/** Where nobody listens; these calls are about signalling. */
const SOUND = describeSound("192.0.2.20", 9);

/** What a phone answers, and what its caller hears of that. */
const REFUSALS: readonly (readonly [said: number, heard: number])[] = [
  [486, 486],
  [603, 603],
  [600, 600],
  [404, 404],
  [488, 488],
  // what concerns the exchange alone, or leads out of the house, is no word for the caller
  [302, 480],
  [401, 480],
  [407, 480],
  [481, 480],
  [483, 480],
  [500, 480],
  [503, 480],
];

/** Rings 1002 from 1001, and gives the INVITE that arrived and the answer to come. */
async function ring(
  caller: Caller,
  callee: Caller,
): Promise<{ invite: Received; answer: Promise<Received | null> }> {
  const from = callee.inbox.length;
  const answer = caller.ask(caller.open("1002"), "INVITE", { body: SOUND });
  const invite = await callee.asked("INVITE", from);
  await callee.reply(invite, 180);
  return { invite, answer };
}

liveTest(
  "a refusal reaches the caller as far as it is meant for him",
  NEEDS,
  async (lab) => {
    const office = await openCalls(lab);
    const { network } = office;
    await using caller = await openCaller(network, "nat", "1001");
    await using callee = await openCaller(network, "lan", "1002");
    for (const [said, heard] of REFUSALS) {
      const { invite, answer } = await ring(caller, callee);
      const from = callee.inbox.length;
      await callee.reply(invite, said);
      assert.equal(statusOf(await answer), heard, `${said}`);
      await callee.asked("ACK", from);
    }
    const calls = await until("all calls are in the record", async () => {
      const calls = await readCalls(office);
      return calls.length === REFUSALS.length && calls;
    });
    assert.deepEqual(
      calls.map(({ status }) => status).reverse(),
      REFUSALS.map(([, heard]) => heard),
    );
    for (const call of calls) {
      assert.equal(call.state, "ended");
      assert.equal(call.endedBy, "callee", JSON.stringify(call));
      assert.equal(call.why, "refused", JSON.stringify(call));
      assert.notEqual(call.ringingAt, null);
    }
  },
);

liveTest(
  "no such number is 404, no phone 480, no answer 480 after the time for ringing",
  NEEDS,
  async (lab) => {
    const office = await openCalls(lab);
    const { network } = office;
    await using caller = await openCaller(network, "lan", "1001");
    const call = async (number: string, timeoutMs?: number) =>
      statusOf(
        await caller.ask(
          caller.open(number),
          "INVITE",
          { body: SOUND },
          timeoutMs,
        ),
      );
    assert.equal(await call("1999"), 404);
    await assertEnded(office, { why: "no-such-number", endedBy: "exchange" });
    assert.equal(await call("1003"), 480);
    await assertEnded(office, { why: "unreachable", endedBy: "exchange" });

    await using callee = await openCaller(network, "nat", "1002");
    const before = performance.now();
    const { answer } = await ring(caller, callee);
    const from = callee.inbox.length;
    assert.equal(statusOf(await answer), 480);
    const seconds = (performance.now() - before) / 1000;
    assert.ok(seconds > 4 && seconds < 8, `${seconds} s`);
    const cancel = await callee.asked("CANCEL", from);
    assert.match(cancel.text, /CSeq: 1 CANCEL/);
    await assertEnded(office, { why: "unanswered", endedBy: "callee" });
  },
);

liveTest(
  "a phone that is gone from the net does not ring for ever",
  NEEDS,
  async (lab) => {
    const office = await openCalls(lab);
    const { network } = office;
    await using caller = await openCaller(network, "lan", "1001");
    const callee = await openCaller(network, "nat", "1002");
    await callee.close();
    const answer = await caller.ask(
      caller.open("1002"),
      "INVITE",
      { body: SOUND },
      12_000,
    );
    assert.ok([408, 480].includes(statusOf(answer)), answer?.text);
    const call = await waitForCall(
      office,
      "its end",
      ({ state }) => state === "ended",
    );
    assert.equal(call.ringingAt, null);
  },
);

liveTest(
  "a real phone cancels, another declines",
  [...NEEDS, "baresip", "linphonec"],
  async (lab) => {
    const office = await openCalls(lab);
    const { network } = office;
    const [one, other] = await Promise.all([
      startPhone(lab, "baresip", network.nat, accountOf("1001")),
      startPhone(lab, "linphonec", network.lan, accountOf("1002")),
    ]);
    await one.call("1002");
    await other.rings();
    await waitForCall(office, "it rings", (call) => call.ringingAt !== null);
    await one.hangUp();
    await other.ended();
    const cancelled = await assertEnded(office, {
      why: "cancelled",
      endedBy: "caller",
      status: 487,
    });
    assert.equal(cancelled.answeredAt, null);
    assert.notEqual(cancelled.ringingAt, null);

    await one.call("1002");
    await other.rings();
    await other.hangUp();
    assert.match(await one.ended(), /603/);
    await assertEnded(office, {
      why: "refused",
      endedBy: "callee",
      status: 603,
    });

    await other.call("1001");
    await one.rings();
    await one.hangUp();
    await other.ended();
    await assertEnded(office, {
      caller: "1002",
      why: "refused",
      endedBy: "callee",
      status: 486,
    });
  },
);

liveTest(
  "all phones of a number ring, and one that takes the call silences the others",
  [...NEEDS, "baresip", "linphonec"],
  async (lab) => {
    const office = await openCalls(lab);
    const { network } = office;
    const account = accountOf("1002");
    await using caller = await openCaller(network, "lan", "1001");
    await using idle = await openCaller(network, "nat", "1002");
    const [taker, other] = await Promise.all([
      startPhone(lab, "baresip", network.nat, account),
      startPhone(lab, "linphonec", network.lan, account),
    ]);
    const talk = caller.open("1002");
    const answer = caller.ask(talk, "INVITE", { body: SOUND });
    const invite = await idle.asked("INVITE");
    await idle.reply(invite, 180);
    await Promise.all([taker.rings(), other.rings()]);
    await taker.answer();
    assert.equal(statusOf(await answer), 200);
    const cancel = await idle.asked("CANCEL");
    const from = idle.inbox.length;
    await idle.reply(cancel, 200);
    await idle.reply(invite, 487);
    await idle.asked("ACK", from);
    await other.ended();
    await taker.established();
    assert.equal(statusOf(await caller.ask(talk, "BYE")), 200);
    await taker.ended();
    const call = await assertEnded(office, {
      why: "hung-up",
      endedBy: "caller",
    });
    assert.match(call.callee.userAgent, /baresip/);
  },
);

liveTest(
  "of two phones that take a call at the same moment one is sent away",
  NEEDS,
  async (lab) => {
    const office = await openCalls(lab);
    const { network } = office;
    await using caller = await openCaller(network, "lan", "1001");
    await using one = await openCaller(network, "nat", "1002");
    await using other = await openCaller(network, "lan", "1002");
    const talk = caller.open("1002");
    const answer = caller.ask(talk, "INVITE", { body: SOUND });
    const invites = await Promise.all([
      one.asked("INVITE"),
      other.asked("INVITE"),
    ]);
    await Promise.all([
      one.reply(invites[0], 200, { body: SOUND }),
      other.reply(invites[1], 200, { body: SOUND }),
    ]);
    assert.equal(statusOf(await answer), 200);
    await Promise.all([one.asked("ACK"), other.asked("ACK")]);
    const bye = await Promise.any([
      one.asked("BYE", 0, 3000),
      other.asked("BYE", 0, 3000),
    ]);
    const loser = one.inbox.includes(bye) ? one : other;
    const winner = loser === one ? other : one;
    await loser.reply(bye, 200);
    const call = await waitForCall(
      office,
      "one call lives",
      ({ state }) => state === "answered",
    );
    const port = winner.address.split(":")[1]!;
    assert.ok(call.callee.source.endsWith(`:${port}`), call.callee.source);
    const from = winner.inbox.length;
    assert.equal(statusOf(await caller.ask(talk, "BYE")), 200);
    await winner.reply(await winner.asked("BYE", from), 200);
    await assertEnded(office, { why: "hung-up", endedBy: "caller" });
  },
);

liveTest(
  "phones of a lower q ring only when those of a higher one refuse",
  NEEDS,
  async (lab) => {
    const { network } = await openCalls(lab);
    await using caller = await openCaller(network, "lan", "1001");
    await using first = await openCaller(network, "nat", "1002", ";q=0.9");
    await using second = await openCaller(network, "lan", "1002", ";q=0.1");
    const answer = caller.ask(caller.open("1002"), "INVITE", { body: SOUND });
    const invite = await first.asked("INVITE");
    await first.reply(invite, 180);
    assert.equal(await second.next(isInvite, 0, 500), null);
    await first.reply(invite, 486);
    await second.reply(await second.asked("INVITE"), 603);
    assert.equal(statusOf(await answer), 603);
  },
);

liveTest(
  "a call that lives is listed, and the command line ends it",
  [...NEEDS, "baresip", "linphonec"],
  async (lab) => {
    const office = await openCalls(lab);
    const { network } = office;
    const [one, other] = await Promise.all([
      startPhone(lab, "linphonec", network.nat, accountOf("1001")),
      startPhone(lab, "baresip", network.lan, accountOf("1002")),
    ]);
    await one.call("1002");
    await other.rings();
    const ringing = await waitForCall(
      office,
      "a call that rings",
      ({ state }) => state === "ringing",
    );
    await other.answer();
    await one.established();
    const live = await office.ask(["calls", "--live", "--json"]);
    const [call] = JSON.parse(live);
    assert.equal(call.id, ringing.id);
    assert.equal(call.state, "answered");
    const status = JSON.parse(await office.ask(["status", "--json"]));
    assert.equal(status.calls, 1);
    await office.ask(["calls", "hangup", call.id]);
    await Promise.all([one.ended(), other.ended()]);
    await assertEnded(office, { why: "operator", endedBy: "exchange" });
  },
);

function isInvite({ text }: Received): boolean {
  return text.startsWith("INVITE ");
}
