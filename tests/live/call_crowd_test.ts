/**
 * Twenty calls at once, each with two tones of its own: every phone hears its partner and nobody
 * else, and nothing is lost on the way.
 * @module
 */

import assert from "node:assert/strict";
import { liveTest } from "./lab_case.ts";
import {
  countMediaPorts,
  openCaller,
  openCalls,
  readCalls,
} from "./lab_call.ts";
import {
  bodyOf,
  type Caller,
  describeSound,
  soundAddress,
  statusOf,
  type Talk,
} from "./lab_caller.ts";
import { ADDRESS, type Network } from "./lab_network.ts";
import { until } from "./lab_process.ts";
import { ToneSocket } from "./lab_rtp.ts";
import { secondsOfTones } from "./lab_sound.ts";

const CALLS = 20;
/** A tone of each phone, each far enough from the next. */
const TONES = Array.from({ length: 2 * CALLS }, (_, index) => 500 + 50 * index);

interface Side {
  readonly phone: Caller;
  readonly sound: ToneSocket;
}

async function openSide(
  network: Network,
  place: "lan" | "nat",
  index: number,
): Promise<Side> {
  const phone = await openCaller(network, place, `${2000 + index}`);
  const sound = new ToneSocket(network[place], ADDRESS[place], TONES[index]!);
  return { phone, sound };
}

async function connect(one: Side, other: Side): Promise<Talk> {
  const talk = one.phone.open(other.phone.number);
  const asking = one.phone.ask(talk, "INVITE", {
    body: describeSound(one.sound.host, one.sound.port),
  });
  const invite = await other.phone.asked("INVITE");
  await other.phone.reply(invite, 200, {
    body: describeSound(other.sound.host, other.sound.port),
  });
  const answer = await asking;
  assert.equal(statusOf(answer), 200);
  for (const [side, message] of [[one, answer!], [other, invite]] as const) {
    const { host, port } = soundAddress(bodyOf(message));
    side.sound.speakTo(host, port);
  }
  return talk;
}

liveTest(
  "twenty calls at once: each phone hears its partner and nobody else",
  ["namespaces", "ss"],
  async (lab) => {
    const office = await openCalls(lab, {
      numbers: TONES.map((_, index) => `${2000 + index}`),
    });
    const { network } = office;
    const idle = await countMediaPorts(lab, network);
    const open = (place: "lan" | "nat", first: number) =>
      Promise.all(
        Array.from(
          { length: CALLS },
          (_, index) => openSide(network, place, first + index),
        ),
      );
    const callers = await open("nat", 0);
    const callees = await open("lan", CALLS);
    const sides = [...callers, ...callees];
    lab.onClose(async () => {
      await Promise.all(sides.flatMap(({ phone, sound }) => [
        phone.close(),
        sound.close(),
      ]));
    });
    const talks = await Promise.all(
      callers.map((caller, index) => connect(caller, callees[index]!)),
    );
    await until(
      "everybody has heard two seconds",
      () => sides.every(({ sound }) => sound.packets >= 100),
      15_000,
    );
    assert.equal(
      (await readCalls(office)).filter(({ state }) => state === "answered")
        .length,
      CALLS,
    );
    sides.forEach(({ sound }, index) => {
      const partner = (index + CALLS) % (2 * CALLS);
      const seconds = secondsOfTones(sound.heard(), TONES);
      const heard = seconds.flatMap((value, tone) => value > 0 ? [tone] : []);
      assert.deepEqual(heard, [partner], `phone ${index}: ${seconds}`);
      assert.ok(seconds[partner]! >= 1.5, `phone ${index}: ${seconds}`);
      assert.equal(sound.sources.size, 1, `${[...sound.sources]}`);
      sound.hush();
    });
    await Promise.all(callers.map(async ({ phone }, index) => {
      assert.equal(statusOf(await phone.ask(talks[index]!, "BYE")), 200);
    }));
    const calls = await until("all calls are over", async () => {
      const calls = await readCalls(office);
      return calls.every(({ state }) => state === "ended") && calls;
    });
    for (const call of calls) {
      assert.equal(call.callerSound.lost, 0, JSON.stringify(call));
      assert.equal(call.calleeSound.lost, 0, JSON.stringify(call));
      assert.ok(call.callerSound.packets >= 100, JSON.stringify(call));
    }
    await until("the ports for sound are free again", async () => {
      return await countMediaPorts(lab, network) === idle;
    });
  },
);
