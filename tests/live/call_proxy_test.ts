/**
 * Phones behind a real proxy (RFC 3261 §16, RFC 3327): every request to them goes through it, with
 * the routes that it asked for, and none past it; calls work in both directions with sound, hold
 * and each end, also between two phones behind the same proxy.
 * @module
 */

import assert from "node:assert/strict";
import { liveTest } from "./lab_case.ts";
import type { Lab } from "./lab.ts";
import {
  accountOf,
  assertEnded,
  assertTalked,
  CALLEE_TONE,
  CALLER_TONE,
  type CallOffice,
  openCaller,
  openCalls,
  startPhone,
  talk as talkFor,
} from "./lab_call.ts";
import {
  bodyOf,
  type Caller,
  describeSound,
  soundAddress,
  statusOf,
  type Talk,
} from "./lab_caller.ts";
import { ADDRESS } from "./lab_network.ts";
import { until } from "./lab_process.ts";
import { INNER, openProxied, type Proxy, startProxy } from "./lab_proxy.ts";
import { ToneSocket } from "./lab_rtp.ts";
import { secondsOfTones } from "./lab_sound.ts";

const NEEDS = ["namespaces", "kamailio", "ss"];
/** Where nobody listens. */
const SOUND = describeSound("192.0.2.77", 9);
/** The route that each request of the server has to carry. */
const ROUTE = new RegExp(`^sip:${ADDRESS.router.replaceAll(".", "\\.")}[:;]`);

async function openProxyOffice(
  lab: Lab,
): Promise<{ office: CallOffice; proxy: Proxy }> {
  const office = await openCalls(lab);
  return { office, proxy: await startProxy(lab, office.network) };
}

/** What the server sent to the proxy, of these methods at least, was to go on through it. */
async function assertRouted(
  proxy: Proxy,
  methods: readonly string[],
): Promise<void> {
  const asked = proxy.passed().filter(({ source }) =>
    source === ADDRESS.server
  );
  const said = JSON.stringify(asked, null, 1);
  for (const method of methods) {
    assert.ok(asked.some((one) => one.method === method), `${method}: ${said}`);
  }
  for (const { method, route } of asked) {
    // CANCEL and the ACK of a failure follow their INVITE (RFC 3261 §9.1, §17.1.1.3)
    assert.match(route, ROUTE, `${method}: ${said}`);
  }
  assert.equal(await proxy.strays(), 0);
}

/** Whatever reached a phone behind the proxy came from the proxy. */
function assertBehind(phone: Caller): void {
  for (const { text, from } of phone.inbox) {
    assert.equal(`${from.hostname}:${from.port}`, `${INNER}:5060`, text);
  }
}

/** One asks within a call, the other one answers; gives both. */
async function relay(
  from: Caller,
  talk: Talk,
  to: Caller,
  method: string,
  body?: string,
): Promise<{ arrived: string; answered: string }> {
  const mark = to.inbox.length;
  const extra = body === undefined ? {} : { body };
  const asking = from.ask(talk, method, extra);
  const arrived = await to.asked(method, mark);
  await to.reply(arrived, 200, extra);
  const answer = await asking;
  assert.equal(statusOf(answer), 200, `${method}: ${from.transcript()}`);
  if (method === "INVITE") await to.asked("ACK", mark);
  return { arrived: bodyOf(arrived), answered: bodyOf(answer!) };
}

/** A phone with its ear and mouth. */
interface Speaker {
  readonly phone: Caller;
  readonly sound: ToneSocket;
}

/** A call that stands, in which both have heard each other. */
async function connect(
  caller: Speaker,
  callee: Speaker,
): Promise<{ talk: Talk; back: Talk }> {
  const [one, other] = [caller, callee].map(({ sound }) =>
    describeSound(sound.host, sound.port)
  );
  const talk = caller.phone.open(callee.phone.number);
  const mark = callee.phone.inbox.length;
  const asking = caller.phone.ask(talk, "INVITE", { body: one! });
  const invite = await callee.phone.asked("INVITE", mark);
  await callee.phone.reply(invite, 180);
  await callee.phone.reply(invite, 200, { body: other! });
  const answer = await asking;
  assert.equal(statusOf(answer), 200, caller.phone.transcript());
  await callee.phone.asked("ACK", mark);
  const back = callee.phone.accept(invite);
  const here = soundAddress(bodyOf(answer!));
  const there = soundAddress(bodyOf(invite));
  caller.sound.speakTo(here.host, here.port);
  callee.sound.speakTo(there.host, there.port);
  await until(
    "both hear each other",
    () =>
      secondsOfTones(caller.sound.heard(), [CALLEE_TONE])[0]! >= 1 &&
      secondsOfTones(callee.sound.heard(), [CALLER_TONE])[0]! >= 1,
  );
  return { talk, back };
}

for (const isOutgoing of [true, false]) {
  const title = isOutgoing
    ? "a phone behind a proxy calls a direct one"
    : "a direct phone calls one behind a proxy";
  liveTest(
    `${title}: sound, hold, questions and both ends`,
    NEEDS,
    async (lab) => {
      const { office, proxy } = await openProxyOffice(lab);
      const { network } = office;
      await using proxied = await openProxied(network, "1001");
      await using direct = await openCaller(network, "lan", "1002");
      const tones = isOutgoing
        ? [CALLER_TONE, CALLEE_TONE]
        : [CALLEE_TONE, CALLER_TONE];
      await using inside = new ToneSocket(network.nat, ADDRESS.nat, tones[0]!);
      await using outside = new ToneSocket(network.lan, ADDRESS.lan, tones[1]!);
      const pair = [
        { phone: proxied, sound: inside },
        { phone: direct, sound: outside },
      ];
      const [caller, callee] = isOutgoing ? pair : pair.toReversed();
      for (const endedBy of ["caller", "callee"] as const) {
        const { talk, back } = await connect(caller!, callee!);
        const turns = [
          [caller!.phone, talk, callee!.phone],
          [callee!.phone, back, caller!.phone],
        ] as const;
        for (const [holder, own, held] of turns) {
          for (const direction of ["sendonly", "sendrecv"]) {
            const sdp = describeSound("192.0.2.77", 9, direction, own.cseq + 2);
            const { arrived } = await relay(holder, own, held, "INVITE", sdp);
            assert.match(arrived, new RegExp(`^a=${direction}\r$`, "m"));
          }
          await relay(holder, own, held, "INFO");
          assert.equal(statusOf(await holder.ask(own, "OPTIONS")), 200);
        }
        const [ends, own, other] = turns[endedBy === "caller" ? 0 : 1];
        await relay(ends, own, other, "BYE");
        await assertEnded(office, { why: "hung-up", endedBy });
      }
      assertBehind(proxied);
      const methods = ["INVITE", "ACK", "INFO", "BYE", "OPTIONS"];
      await until(
        "the first question of the server",
        () =>
          proxy.passed().some(({ method, source, isInDialog }) =>
            method === "OPTIONS" && source === ADDRESS.server && !isInDialog
          ),
      );
      await assertRouted(proxy, methods);
    },
  );
}

liveTest(
  "calls through a proxy are cancelled and refused",
  NEEDS,
  async (lab) => {
    const { office, proxy } = await openProxyOffice(lab);
    const { network } = office;
    await using proxied = await openProxied(network, "1001");
    await using direct = await openCaller(network, "lan", "1002");
    for (const [from, to] of [[proxied, direct], [direct, proxied]] as const) {
      const talk = from.open(to.number);
      const mark = to.inbox.length;
      const asking = from.ask(talk, "INVITE", { body: SOUND });
      const invite = await to.asked("INVITE", mark);
      await to.reply(invite, 180);
      const rings = await from.next(({ status }) => status === 180, 0, 5000);
      assert.ok(rings !== null, from.transcript());
      assert.equal(statusOf(await from.cancel(talk)), 200);
      await to.reply(await to.asked("CANCEL", mark), 200);
      await to.reply(invite, 487);
      assert.equal(statusOf(await asking), 487);
      await to.asked("ACK", mark);
      await assertEnded(office, { why: "cancelled", endedBy: "caller" });

      const next = to.inbox.length;
      const second = from.ask(from.open(to.number), "INVITE", { body: SOUND });
      await to.reply(await to.asked("INVITE", next), 486);
      assert.equal(statusOf(await second), 486);
      await assertEnded(office, { why: "refused", endedBy: "callee" });
    }
    const texting = direct.ask(direct.open("1001"), "MESSAGE", {
      headers: ["Content-Type: text/plain"],
      body: "salom",
    });
    const text = await proxied.asked("MESSAGE");
    assert.equal(bodyOf(text), "salom");
    await proxied.reply(text, 200);
    assert.equal(statusOf(await texting), 200);
    assertBehind(proxied);
    await assertRouted(proxy, ["INVITE", "CANCEL", "ACK", "MESSAGE"]);
  },
);

liveTest(
  "two phones behind one proxy call each other, and no phone rings for its own call",
  NEEDS,
  async (lab) => {
    const { office, proxy } = await openProxyOffice(lab);
    const { network } = office;
    await using one = await openProxied(network, "1001");
    await using other = await openProxied(network, "1002");
    await using same = await openProxied(network, "1001");
    await using mouth = new ToneSocket(network.nat, ADDRESS.nat, CALLER_TONE);
    await using ear = new ToneSocket(network.nat, ADDRESS.nat, CALLEE_TONE);
    const sources = new Set(
      [
        ...await office.server.bindings("1001"),
        ...await office.server.bindings("1002"),
      ]
        .map(({ source }) => source),
    );
    assert.deepEqual([...sources], [`${ADDRESS.router}:5060`]);
    for (const callee of [other, same]) {
      const mark = one.inbox.length;
      const { talk } = await connect(
        { phone: one, sound: mouth },
        { phone: callee, sound: ear },
      );
      await relay(one, talk, callee, "BYE");
      await assertEnded(office, { why: "hung-up", endedBy: "caller" });
      const own = one.inbox.slice(mark).filter(({ text }) =>
        text.startsWith("INVITE ")
      );
      assert.deepEqual(own, []);
    }
    await assertRouted(proxy, ["INVITE", "ACK", "BYE"]);
  },
);

liveTest(
  "baresip behind a proxy calls and is called, hears and is heard, holds and is held",
  [...NEEDS, "baresip"],
  async (lab) => {
    const { office, proxy } = await openProxyOffice(lab);
    const { network } = office;
    const account = { server: INNER, domain: ADDRESS.server };
    const start = (namespace: string, number: string, change = {}) =>
      startPhone(
        lab,
        "baresip",
        namespace,
        accountOf(number, {
          ...change,
          tone: number === "1001" ? CALLER_TONE : CALLEE_TONE,
        }),
      );
    const [proxied, direct] = await Promise.all([
      start(network.nat, "1001", account),
      start(network.lan, "1002"),
    ]);
    const lengths = () =>
      [proxied, direct].map((phone) => phone.heard().samples.length) as [
        number,
        number,
      ];
    let from = lengths();
    const turns = [[proxied, "1002", direct], [
      direct,
      "1001",
      proxied,
    ]] as const;
    for (const [caller, number, callee] of turns) {
      await caller.call(number);
      await callee.rings();
      await callee.answer();
      await Promise.all([caller.established(), callee.established()]);
      await talkFor(office);
      for (
        const [holder, other] of [[caller, callee], [callee, caller]] as const
      ) {
        await holder.hold();
        await other.held();
        await holder.resume();
      }
      await talkFor(office);
      await callee.hangUp();
      await caller.ended();
      await assertTalked(proxied, direct, from);
      await assertEnded(office, {
        why: "hung-up",
        endedBy: "callee",
        status: 200,
      });
      from = lengths();
    }
    await assertRouted(proxy, ["INVITE", "ACK", "BYE"]);
  },
);
