/**
 * What phones of our own say inside a call that stands: hold as an offer, an offer that comes late,
 * early media, digits, text, questions, session timers, a repeated INVITE, glare (RFC 3261 §14,
 * RFC 3264 §8.4, RFC 3311, RFC 4028, RFC 6086), and text outside of calls (RFC 3428).
 * @module
 */

import assert from "node:assert/strict";
import { liveTest } from "./lab_case.ts";
import { assertEnded, openCaller, openCalls } from "./lab_call.ts";
import {
  bodyOf,
  type Caller,
  describeSound,
  headerOf,
  soundAddress,
  statusOf,
  type Talk,
} from "./lab_caller.ts";
import type { Received } from "./lab_phone.ts";
import { ADDRESS, type Network } from "./lab_network.ts";
import { until } from "./lab_process.ts";
import { ToneSocket } from "./lab_rtp.ts";
import { secondsOfTones } from "./lab_sound.ts";

const NEEDS = ["namespaces"];
/** Where nobody listens; these calls are about signalling. */
const NOWHERE = "192.0.2.77";
const SOUND = describeSound(NOWHERE, 9);

interface Pair {
  readonly caller: Caller;
  readonly callee: Caller;
}

interface Connected {
  /** The caller's side. */
  readonly talk: Talk;
  /** The callee's side. */
  readonly back: Talk;
  readonly invite: Received;
  readonly answer: Received;
}

/** A call that stands. */
async function connect(
  { caller, callee }: Pair,
  headers: readonly string[] = [],
): Promise<Connected> {
  const talk = caller.open(callee.number);
  const from = callee.inbox.length;
  const asking = caller.ask(talk, "INVITE", { body: SOUND, headers });
  const invite = await callee.asked("INVITE", from);
  await callee.reply(invite, 200, { body: SOUND });
  const answer = await asking;
  assert.equal(statusOf(answer), 200);
  await callee.asked("ACK", from);
  return { talk, back: callee.accept(invite), invite, answer: answer! };
}

/** 1001 behind NAT asks, 1002 in the LAN answers: the request as it arrived. */
async function relay(
  from: Caller,
  talk: Talk,
  to: Caller,
  method: string,
  extra: Parameters<Caller["ask"]>[2],
  reply: readonly [status: number, body?: string],
): Promise<{ arrived: Received; answer: Received }> {
  const mark = to.inbox.length;
  const asking = from.ask(talk, method, extra);
  const arrived = await to.asked(method, mark);
  const [status, body] = reply;
  await to.reply(arrived, status, body === undefined ? {} : { body });
  const answer = await asking;
  assert.ok(answer !== null, `no answer to ${method}`);
  return { arrived, answer };
}

async function openPair(network: Network): Promise<Pair> {
  const [caller, callee] = await Promise.all([
    openCaller(network, "nat", "1001"),
    openCaller(network, "lan", "1002"),
  ]);
  return { caller, callee };
}

async function closePair({ caller, callee }: Pair): Promise<void> {
  await Promise.all([caller.close(), callee.close()]);
}

liveTest(
  "either phone holds with an offer, and no address of a phone gets through",
  NEEDS,
  async (lab) => {
    const office = await openCalls(lab);
    const pair = await openPair(office.network);
    const { caller, callee } = pair;
    const { talk, back, invite, answer } = await connect(pair);
    assert.ok(!invite.text.includes(ADDRESS.nat), invite.text);
    assert.ok(!answer.text.includes(ADDRESS.lan), answer.text);
    for (const { text } of [invite, answer]) {
      assert.ok(!text.includes(NOWHERE), text);
    }
    const turns = [[caller, talk, callee], [callee, back, caller]] as const;
    for (const [holder, own, held] of turns) {
      for (
        const [said, told] of [["sendonly", "recvonly"], [
          "sendrecv",
          "sendrecv",
        ]]
      ) {
        const { arrived, answer } = await relay(
          holder,
          own,
          held,
          "INVITE",
          { body: describeSound(NOWHERE, 9, said, own.cseq + 2) },
          [200, describeSound(NOWHERE, 9, told, own.cseq + 2)],
        );
        assert.match(bodyOf(arrived), new RegExp(`^a=${said}\r$`, "m"));
        assert.equal(answer.status, 200);
        assert.match(bodyOf(answer), new RegExp(`^a=${told}\r$`, "m"));
        assert.ok(!arrived.text.includes(NOWHERE), arrived.text);
        assert.deepEqual(
          soundAddress(bodyOf(arrived)).host,
          ADDRESS.server,
        );
      }
    }
    const refused = await relay(
      caller,
      talk,
      callee,
      "INVITE",
      { body: SOUND },
      [488],
    );
    assert.equal(refused.answer.status, 488);
    const mark = callee.inbox.length;
    assert.equal(statusOf(await caller.ask(talk, "BYE")), 200);
    await callee.reply(await callee.asked("BYE", mark), 200);
    await assertEnded(office, { why: "hung-up", endedBy: "caller" });
    await closePair(pair);
  },
);

liveTest(
  "digits, text and questions inside a call reach their end",
  NEEDS,
  async (lab) => {
    const office = await openCalls(lab);
    const pair = await openPair(office.network);
    const { caller, callee } = pair;
    const { talk, back } = await connect(pair);
    const digits = await relay(caller, talk, callee, "INFO", {
      headers: ["Content-Type: application/dtmf-relay"],
      body: "Signal=5\r\nDuration=160\r\n",
    }, [200]);
    assert.equal(digits.answer.status, 200);
    assert.match(bodyOf(digits.arrived), /^Signal=5/);
    assert.match(headerOf(digits.arrived, "Content-Type"), /dtmf-relay/);
    const text = await relay(callee, back, caller, "MESSAGE", {
      headers: ["Content-Type: text/plain;charset=UTF-8"],
      body: "Salom, дўстим",
    }, [200]);
    assert.equal(bodyOf(text.arrived), "Salom, дўстим");
    assert.equal(text.answer.status, 200);
    const update = await relay(
      caller,
      talk,
      callee,
      "UPDATE",
      { body: SOUND },
      [200, SOUND],
    );
    assert.equal(update.answer.status, 200);
    const options = await caller.ask(talk, "OPTIONS");
    assert.equal(statusOf(options), 200);
    assert.match(headerOf(options!, "Allow"), /INVITE/);
    const unknown = { ...talk, remoteTag: "nobody" };
    assert.equal(statusOf(await caller.ask(unknown, "OPTIONS")), 481);
    const mark = caller.inbox.length;
    assert.equal(statusOf(await callee.ask(back, "BYE")), 200);
    await caller.reply(await caller.asked("BYE", mark), 200);
    assert.equal(statusOf(await caller.ask(talk, "INFO")), 481);
    await assertEnded(office, { why: "hung-up", endedBy: "callee" });
    await closePair(pair);
  },
);

liveTest(
  "text outside of calls reaches each phone of a number",
  NEEDS,
  async (lab) => {
    const office = await openCalls(lab);
    const { network } = office;
    const pair = await openPair(network);
    const { caller, callee } = pair;
    await using second = await openCaller(network, "nat", "1002");
    const asking = caller.ask(caller.open("1002"), "MESSAGE", {
      headers: ["Content-Type: text/plain"],
      body: "lunch?",
    });
    for (const phone of [callee, second]) {
      const message = await phone.asked("MESSAGE");
      assert.equal(bodyOf(message), "lunch?");
      assert.match(headerOf(message, "From"), /sip:1001@/);
      await phone.reply(message, 200);
    }
    assert.ok([200, 202].includes(statusOf(await asking)));
    const nobody = await caller.ask(caller.open("1003"), "MESSAGE", {
      headers: ["Content-Type: text/plain"],
      body: "?",
    });
    assert.equal(statusOf(nobody), 480);
    await closePair(pair);
  },
);

liveTest(
  "an offer that comes with the 200 is answered in the ACK",
  NEEDS,
  async (lab) => {
    const office = await openCalls(lab);
    const pair = await openPair(office.network);
    const { caller, callee } = pair;
    const talk = caller.open("1002");
    const asking = caller.ask(talk, "INVITE", { isMute: true });
    const invite = await callee.asked("INVITE");
    assert.equal(bodyOf(invite), "");
    await callee.reply(invite, 200, { body: SOUND });
    const answer = await asking;
    assert.equal(statusOf(answer), 200);
    assert.equal(soundAddress(bodyOf(answer!)).host, ADDRESS.server);
    await caller.send(talk, "ACK", { body: SOUND });
    const ack = await callee.asked("ACK");
    assert.equal(soundAddress(bodyOf(ack)).host, ADDRESS.server);
    assert.equal(statusOf(await caller.ask(talk, "BYE")), 200);
    await callee.reply(await callee.asked("BYE"), 200);
    await assertEnded(office, { why: "hung-up", endedBy: "caller" });
    await closePair(pair);
  },
);

liveTest(
  "a repeated INVITE rings once, and its answer is repeated",
  NEEDS,
  async (lab) => {
    const office = await openCalls(lab);
    const pair = await openPair(office.network);
    const { caller, callee } = pair;
    const talk = caller.open("1002");
    const asking = caller.ask(talk, "INVITE", { body: SOUND });
    const invite = await callee.asked("INVITE");
    await callee.reply(invite, 180);
    for (let repeat = 0; repeat < 3; repeat++) {
      await caller.send(talk, "INVITE", { body: SOUND, cseq: talk.cseq });
    }
    // an INVITE of the same call on another branch came by another way (RFC 3261 §8.2.2.2)
    const extra = { body: SOUND, cseq: talk.cseq, branch: "z9hG4bKother" };
    const merged = await caller.ask({ ...talk }, "INVITE", extra);
    assert.equal(statusOf(merged), 482);
    await callee.reply(invite, 200, { body: SOUND });
    assert.equal(statusOf(await asking), 200);
    const invites = callee.inbox.filter(({ text }) =>
      text.startsWith("INVITE ") &&
      headerOf({ text } as Received, "Call-ID") ===
        headerOf(invite, "Call-ID")
    );
    assert.equal(invites.length, 1);
    assert.equal(statusOf(await caller.ask(talk, "BYE")), 200);
    await closePair(pair);
  },
);

liveTest(
  "a phone is heard before it takes the call, and both are heard afterwards",
  NEEDS,
  async (lab) => {
    const office = await openCalls(lab);
    const { network } = office;
    const pair = await openPair(network);
    const { caller, callee } = pair;
    await using mouth = new ToneSocket(network.nat, ADDRESS.nat, 440);
    await using ear = new ToneSocket(network.lan, ADDRESS.lan, 880);
    const talk = caller.open("1002");
    const asking = caller.ask(talk, "INVITE", {
      body: describeSound(mouth.host, mouth.port),
    });
    const invite = await callee.asked("INVITE");
    const own = describeSound(ear.host, ear.port);
    await callee.reply(invite, 183, { body: own });
    const progress = await caller.next(
      ({ status }) => status === 183,
      0,
      3000,
    );
    assert.ok(progress !== null, caller.transcript());
    const there = soundAddress(bodyOf(progress));
    assert.equal(there.host, ADDRESS.server);
    const here = soundAddress(bodyOf(invite));
    // a router lets in what answers something of its own
    mouth.speakTo(there.host, there.port);
    ear.speakTo(here.host, here.port);
    await until(
      "880 Hz are heard early",
      () => secondsOfTones(mouth.heard(), [880])[0]! >= 0.5,
    );
    await callee.reply(invite, 200, { body: own });
    assert.equal(statusOf(await asking), 200);
    await until(
      "both hear each other",
      () =>
        secondsOfTones(mouth.heard(), [880])[0]! >= 1 &&
        secondsOfTones(ear.heard(), [440])[0]! >= 0.5,
    );
    assert.equal(secondsOfTones(ear.heard(), [880])[0], 0);
    assert.equal(secondsOfTones(mouth.heard(), [440])[0], 0);
    assert.deepEqual([...ear.sources], [`${here.host}:${here.port}`]);
    assert.equal(statusOf(await caller.ask(talk, "BYE")), 200);
    await closePair(pair);
  },
);

liveTest(
  "a session that is too short is refused, one that is long enough is agreed on",
  NEEDS,
  async (lab) => {
    const office = await openCalls(lab);
    const pair = await openPair(office.network);
    const { caller } = pair;
    const brief = await caller.ask(caller.open("1002"), "INVITE", {
      body: SOUND,
      headers: ["Supported: timer", "Session-Expires: 30"],
    });
    assert.equal(statusOf(brief), 422);
    assert.equal(headerOf(brief!, "Min-SE"), "90");
    const { talk, answer } = await connect(pair, [
      "Supported: timer",
      "Session-Expires: 90",
    ]);
    assert.match(headerOf(answer, "Session-Expires"), /^90;\s*refresher=/);
    assert.equal(statusOf(await caller.ask(talk, "BYE")), 200);
    await closePair(pair);
  },
);
