/**
 * Calls in which nothing is wrong, also where nobody takes them: the doctor of each phone that has
 * to do with them says `ok`, and so does the server.
 * @module
 */

import assert from "node:assert/strict";
import {
  changeDirection,
  connect,
  openPair,
  refuse,
  SpeakingPhone,
} from "./fault_call_phone.ts";
import { readVerdicts } from "./lab_api.ts";
import {
  accountOf,
  CALLEE_TONE,
  CALLER_TONE,
  type CallOffice,
  openCalls,
  startPhone,
} from "./lab_call.ts";
import { bodyOf, statusOf } from "./lab_caller.ts";
import { liveTest } from "./lab_case.ts";
import type { Lab } from "./lab.ts";
import { assertHealthy, Doctor } from "./lab_doctor.ts";
import { wishOf } from "./lab_fault.ts";
import { ADDRESS } from "./lab_network.ts";
import { until } from "./lab_process.ts";

const NUMBERS = Array.from({ length: 15 }, (_, i) => `${1002 + i}`);
/** So long a phone is registered that nothing else is seen of it meanwhile. */
const LONG_SECONDS = 300;
/** A second of sound. */
const PACKETS = 50;

/** What happens in an office, and up to which stage the first phone's call got. */
interface Scenario {
  readonly numbers: readonly string[];
  readonly passed: "route" | "ring" | "media";
  readonly act: () => Promise<unknown>;
}

liveTest(
  "calls, hold, echo, busy, no answer, cancel and transfer are well for each phone",
  ["namespaces", "baresip"],
  async (lab) => {
    const office = await openCalls(lab, { numbers: NUMBERS });
    const scenarios = await Promise.all([
      call(lab, office),
      hold(lab, office),
      echo(lab, office),
      busy(lab, office),
      noAnswer(lab, office),
      cancel(lab, office),
      transfer(lab, office),
    ]);
    await Promise.all(
      scenarios.map((scenario) => assertWell(lab, office, scenario)),
    );
    const numbers = scenarios.flatMap((scenario) => scenario.numbers);
    const verdicts = await readVerdicts(lab, office);
    assert.deepEqual(
      numbers.map((number) =>
        verdicts.find(({ extension }) => extension === number)?.code
      ),
      numbers.map(() => "ok"),
    );
  },
);

async function assertWell(
  lab: Lab,
  office: CallOffice,
  { numbers, passed, act }: Scenario,
): Promise<void> {
  const doctors = await Promise.all(
    numbers.map((number) =>
      Doctor.start(lab, wishOf(office, { number, timeoutSeconds: 40 }))
    ),
  );
  await act();
  const found = await Promise.all(doctors.map((doctor) => doctor.verdict()));
  for (const [i, diagnosis] of found.entries()) {
    assertHealthy(diagnosis);
    assert.equal(diagnosis.verdict.extension, numbers[i]);
    const text = JSON.stringify(diagnosis, null, 1);
    assert.deepEqual(diagnosis.also, [], text);
    if (i > 0) continue;
    const state = diagnosis.stages.find(({ stage }) => stage === passed)?.state;
    assert.equal(state, "passed", text);
  }
}

/** Two phone programs. */
async function call(lab: Lab, office: CallOffice): Promise<Scenario> {
  const { nat, lan } = office.network;
  const start = (namespace: string, number: string, tone: number) => {
    const change = { tone, expiresSeconds: LONG_SECONDS };
    return startPhone(lab, "baresip", namespace, accountOf(number, change));
  };
  const [one, two] = await Promise.all([
    start(nat, "1001", CALLER_TONE),
    start(lan, "1002", CALLEE_TONE),
  ]);
  return {
    numbers: ["1001", "1002"],
    passed: "media",
    act: async () => {
      await one.call("1002");
      await two.rings();
      await two.answer();
      await one.established();
    },
  };
}

/** The call is held, and taken back. */
async function hold(lab: Lab, office: CallOffice): Promise<Scenario> {
  const [one, two] = await openPair(lab, office, 1003);
  return {
    numbers: ["1003", "1004"],
    passed: "media",
    act: async () => {
      const { from } = await connect(one, two);
      await until("sound arrives", () => two.sound.packets > PACKETS);
      one.sound.hush();
      two.sound.hush();
      await changeDirection(one, from, two, "sendonly", "recvonly");
      await changeDirection(one, from, two, "sendrecv", "sendrecv");
    },
  };
}

async function echo(lab: Lab, office: CallOffice): Promise<Scenario> {
  const one = await SpeakingPhone.open(lab, office, "nat", "1005");
  return {
    numbers: ["1005"],
    passed: "media",
    act: async () => {
      const { caller, sound } = one;
      const body = one.describe();
      const answer = await caller.ask(caller.open("*43"), "INVITE", { body });
      assert.equal(statusOf(answer), 200);
      one.speak(answer!);
      await until("it hears itself", () => sound.packets > PACKETS);
    },
  };
}

async function busy(lab: Lab, office: CallOffice): Promise<Scenario> {
  const [one, two] = await openPair(lab, office, 1007);
  return {
    numbers: ["1007", "1008"],
    passed: "ring",
    act: async () => assert.equal(statusOf(await refuse(one, two, 486)), 486),
  };
}

async function noAnswer(lab: Lab, office: CallOffice): Promise<Scenario> {
  const [one, two] = await openPair(lab, office, 1009);
  return {
    numbers: ["1009", "1010"],
    passed: "route",
    act: async () => {
      const { caller } = one;
      const body = one.describe();
      const answered = caller.ask(caller.open("1010"), "INVITE", { body });
      const invite = await two.caller.asked("INVITE");
      await two.caller.reply(invite, 180);
      const cancelled = await two.caller.asked("CANCEL");
      await two.caller.reply(cancelled, 200);
      await two.caller.reply(invite, 487);
      assert.equal(statusOf(await answered), 480);
    },
  };
}

async function cancel(lab: Lab, office: CallOffice): Promise<Scenario> {
  const [one, two] = await openPair(lab, office, 1011);
  return {
    numbers: ["1011", "1012"],
    passed: "route",
    act: async () => {
      const { caller } = one;
      const body = one.describe();
      const talk = caller.open("1012");
      const answered = caller.ask(talk, "INVITE", { body });
      const invite = await two.caller.asked("INVITE");
      await two.caller.reply(invite, 180);
      const rings = await caller.next(({ status }) => status === 180, 0, 5000);
      assert.notEqual(rings, null);
      assert.equal(statusOf(await caller.cancel(talk)), 200);
      await two.caller.reply(await two.caller.asked("CANCEL"), 200);
      await two.caller.reply(invite, 487);
      assert.equal(statusOf(await answered), 487);
    },
  };
}

/** The phone that is called sends its caller to a third one. */
async function transfer(lab: Lab, office: CallOffice): Promise<Scenario> {
  const [one, two] = await openPair(lab, office, 1013);
  const three = await SpeakingPhone.open(lab, office, "lan", "1015");
  return {
    numbers: ["1013", "1014", "1015"],
    passed: "media",
    act: async () => {
      const { to } = await connect(one, two);
      const from = one.caller.inbox.length;
      const headers = [`Refer-To: <sip:1015@${ADDRESS.server}>`];
      const referred = await two.caller.ask(to, "REFER", { headers });
      assert.equal(statusOf(referred), 202);
      const told = tellProgress(two);
      const invite = await three.caller.asked("INVITE");
      await three.caller.reply(invite, 200, { body: three.describe() });
      three.speak(invite);
      const changed = await one.caller.asked("INVITE", from);
      const body = one.describe("sendrecv", 2);
      await one.caller.reply(changed, 200, { body });
      one.speak(changed);
      await told;
      assert.equal(statusOf(await two.caller.ask(to, "BYE")), 200);
      two.sound.hush();
      await until("sound arrives", () => three.sound.packets > PACKETS);
    },
  };
}

/** Answers what tells how a transfer goes, until it is done. */
async function tellProgress({ caller }: SpeakingPhone): Promise<void> {
  for (let at = 0;;) {
    const notify = await caller.asked("NOTIFY", at);
    await caller.reply(notify, 200);
    if (bodyOf(notify).startsWith("SIP/2.0 200")) return;
    at = caller.inbox.indexOf(notify) + 1;
  }
}
