/**
 * Calls that change hands: transfer without asking and after asking (RFC 3515, RFC 3891, RFC 5589)
 * and taking a call that rings elsewhere.
 * @module
 */

import assert from "node:assert/strict";
import { liveTest } from "./lab_case.ts";
import {
  accountOf,
  assertEnded,
  assertHeard,
  CALLEE_TONE,
  CALLER_TONE,
  type CallOffice,
  openCaller,
  openCalls,
  readCalls,
  startPhone,
  talk,
  waitForCall,
} from "./lab_call.ts";
import {
  bodyOf,
  type Caller,
  describeSound,
  headerOf,
  statusOf,
  type Talk,
} from "./lab_caller.ts";
import type { Lab } from "./lab.ts";
import { Linphone } from "./lab_linphone.ts";
import type { Received } from "./lab_phone.ts";
import type { Softphone } from "./lab_softphone.ts";

const NEEDS = ["namespaces", "baresip", "linphonec"];
/** Where nobody listens; these calls are about signalling. */
const SOUND = describeSound("192.0.2.20", 9);

const THIRD_TONE = 660;

/** 1001 behind NAT, 1002 and 1003 in the LAN. */
async function startThree(
  lab: Lab,
  { network }: CallOffice,
  programs: readonly [string, string, string],
): Promise<[Softphone, Softphone, Softphone]> {
  const start = (index: 0 | 1 | 2, tone: number) =>
    startPhone(
      lab,
      programs[index],
      index === 0 ? network.nat : network.lan,
      accountOf(`100${index + 1}`, { tone }),
    );
  return await Promise.all([
    start(0, CALLER_TONE),
    start(1, CALLEE_TONE),
    start(2, THIRD_TONE),
  ]);
}

async function connect(
  caller: Softphone,
  number: string,
  callee: Softphone,
): Promise<void> {
  await caller.call(number);
  await callee.rings();
  await callee.answer();
  await Promise.all([caller.established(), callee.established()]);
}

liveTest(
  "baresip sends its partner to a third phone, and the two hear each other",
  NEEDS,
  async (lab) => {
    const office = await openCalls(lab);
    const [one, two, three] = await startThree(lab, office, [
      "linphonec",
      "baresip",
      "baresip",
    ]);
    await connect(one, "1002", two);
    await talk(office, 1);
    await two.transfer("1003");
    await three.rings();
    await three.answer();
    await three.established();
    const call = await waitForCall(
      office,
      "1001 talks to 1003",
      ({ state, callee }) => state === "answered" && callee.number === "1003",
    );
    assert.equal(call.caller.number, "1001");
    await talk(office);
    await three.hangUp();
    await one.ended();
    await assertHeard(one, THIRD_TONE, CALLER_TONE);
    await assertHeard(three, CALLER_TONE, THIRD_TONE);
    await assertEnded(office, {
      caller: "1001",
      callee: "1003",
      why: "hung-up",
      endedBy: "callee",
    });
    const calls = await readCalls(office);
    const first = calls.find(({ callee }) => callee.number === "1002");
    assert.equal(first?.why, "transferred");
    assert.equal(first.endedBy, "callee");
  },
);

liveTest(
  "linphonec asks a third phone first and then puts the two together",
  NEEDS,
  async (lab) => {
    const office = await openCalls(lab);
    const [one, two, three] = await startThree(lab, office, [
      "linphonec",
      "linphonec",
      "baresip",
    ]);
    assert.ok(one instanceof Linphone);
    await connect(one, "1002", two);
    await one.hold();
    await connect(one, "1003", three);
    await one.transferToSecond();
    const call = await waitForCall(
      office,
      "1002 talks to 1003",
      ({ state, caller, callee }) =>
        state === "answered" &&
        [caller.number, callee.number].sort().join() === "1002,1003",
    );
    await talk(office);
    await three.hangUp();
    await two.ended();
    await waitForCall(
      office,
      "its end",
      ({ id, state, why }) =>
        id === call.id && state === "ended" && why === "hung-up",
    );
    await assertHeard(two, THIRD_TONE, CALLEE_TONE);
    await assertHeard(three, CALLEE_TONE, THIRD_TONE);
  },
);

liveTest(
  "a phone takes a call that rings elsewhere",
  NEEDS,
  async (lab) => {
    const office = await openCalls(lab);
    for (const dialled of ["**", "**1002"]) {
      const [one, two, three] = await startThree(lab, office, [
        "baresip",
        "linphonec",
        "baresip",
      ]);
      await one.call("1002");
      await two.rings();
      await three.call(dialled);
      await Promise.all([one.established(), three.established()]);
      await two.ended();
      await talk(office);
      await one.hangUp();
      await three.ended();
      await assertHeard(one, THIRD_TONE, CALLER_TONE);
      await assertHeard(three, CALLER_TONE, THIRD_TONE);
      const call = await assertEnded(office, {
        caller: "1001",
        why: "hung-up",
        endedBy: "caller",
      });
      assert.match(call.callee.userAgent, /baresip/);
      await Promise.all([one, two, three].map((phone) => phone.crash()));
    }
  },
);

/** A call between two phones of our own that stands. */
async function connectCallers(
  caller: Caller,
  callee: Caller,
): Promise<[Talk, Talk]> {
  const talk = caller.open(callee.number);
  const answer = caller.ask(talk, "INVITE", { body: SOUND });
  const from = callee.inbox.length;
  const invite = await callee.asked("INVITE", from);
  await callee.reply(invite, 200, { body: SOUND });
  assert.equal(statusOf(await answer), 200);
  await callee.asked("ACK", from);
  return [talk, callee.accept(invite)];
}

/** The statuses of which NOTIFY told, until the last. */
async function readProgress(phone: Caller, from: number): Promise<number[]> {
  const statuses: number[] = [];
  for (let at = from;;) {
    const notify = await phone.asked("NOTIFY", at);
    await phone.reply(notify, 200);
    assert.match(headerOf(notify, "Event"), /^refer/);
    const status = Number(/^SIP\/2\.0 (\d+)/.exec(bodyOf(notify))?.[1]);
    statuses.push(status);
    if (status >= 200) {
      assert.match(headerOf(notify, "Subscription-State"), /^terminated/);
      return statuses;
    }
    at = phone.inbox.indexOf(notify) + 1;
  }
}

async function refer(
  phone: Caller,
  talk: Talk,
  to: string,
): Promise<Received | null> {
  return await phone.ask(talk, "REFER", { headers: [`Refer-To: <${to}>`] });
}

liveTest(
  "NOTIFY tells how a transfer goes, and one that fails leaves all as it was",
  ["namespaces"],
  async (lab) => {
    const office = await openCalls(lab);
    const { network } = office;
    await using one = await openCaller(network, "nat", "1001");
    await using two = await openCaller(network, "lan", "1002");
    await using three = await openCaller(network, "lan", "1003");
    const [talk, back] = await connectCallers(one, two);

    const cases = [
      ["sip:1999@192.0.2.1", [100, 404]],
      ["sip:1004@192.0.2.1", [100, 480]],
    ] as const;
    for (const [to, wanted] of cases) {
      const from = one.inbox.length;
      assert.equal(statusOf(await refer(one, talk, to)), 202, to);
      assert.deepEqual(await readProgress(one, from), wanted, to);
    }

    let from = one.inbox.length;
    assert.equal(
      statusOf(await refer(one, talk, "sip:1003@192.0.2.1")),
      202,
    );
    let progress = readProgress(one, from);
    const refused = await three.asked("INVITE");
    await three.reply(refused, 180);
    await three.reply(refused, 486);
    assert.deepEqual(await progress, [100, 180, 486]);

    from = one.inbox.length;
    const later = three.inbox.length;
    assert.equal(
      statusOf(await refer(one, talk, "sip:1003@192.0.2.1")),
      202,
    );
    progress = readProgress(one, from);
    const invite = await three.asked("INVITE", later);
    assert.match(headerOf(invite, "From"), /sip:1002@/);
    const heard = two.inbox.length;
    await three.reply(invite, 200, { body: SOUND });
    const reinvite = await two.asked("INVITE", heard);
    await two.reply(reinvite, 200, { body: SOUND });
    assert.deepEqual(await progress, [100, 200]);
    assert.equal(statusOf(await one.ask(talk, "BYE")), 200);

    await waitForCall(
      office,
      "1002 talks to 1003",
      ({ state, caller, callee }) =>
        state === "answered" && caller.number === "1002" &&
        callee.number === "1003",
    );
    const bye = three.inbox.length;
    assert.equal(statusOf(await two.ask(back, "BYE")), 200);
    await three.reply(await three.asked("BYE", bye), 200);
    await assertEnded(office, {
      caller: "1002",
      callee: "1003",
      why: "hung-up",
      endedBy: "caller",
    });
  },
);
