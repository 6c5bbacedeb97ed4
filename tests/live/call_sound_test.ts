/**
 * Two real phones hear each other, each the other's tone and never its own, wherever they stand:
 * in the LAN, behind one router, behind two routers with the same private address, over UDP, TCP
 * and IPv6; also before and after a hold (RFC 3264 §8.4).
 * @module
 */

import assert from "node:assert/strict";
import { liveTest } from "./lab_case.ts";
import {
  accountOf,
  assertEnded,
  assertHeard,
  assertTalked,
  CALLEE_TONE,
  CALLER_TONE,
  type CallOffice,
  countMediaPorts,
  openCalls,
  startPhone,
  talk,
} from "./lab_call.ts";
import type { Lab } from "./lab.ts";
import { ADDRESS } from "./lab_network.ts";
import type { Office } from "./lab_office.ts";
import { until } from "./lab_process.ts";
import { addRouter, SECOND_ROUTER } from "./lab_router.ts";
import type { Account, Softphone } from "./lab_softphone.ts";

const NEEDS = ["namespaces", "baresip", "linphonec", "ss"];

/** Where a phone stands; `second` is behind the second router. */
type Site = "lan" | "nat" | "second";

interface Phone {
  readonly program: "baresip" | "linphonec";
  readonly site: Site;
  readonly change?: Partial<Account>;
}

interface Case {
  readonly title: string;
  readonly caller: Phone;
  readonly callee: Phone;
  readonly ports?: "kept" | "random";
  readonly hangsUp: "caller" | "callee";
}

const SEEN: Readonly<Record<Site, string>> = {
  lan: ADDRESS.lan,
  nat: ADDRESS.router,
  second: SECOND_ROUTER,
};

const CASES: readonly Case[] = [
  {
    title: "LAN to LAN",
    caller: { program: "baresip", site: "lan" },
    callee: { program: "linphonec", site: "lan" },
    hangsUp: "caller",
  },
  {
    title: "NAT to LAN",
    caller: { program: "linphonec", site: "nat" },
    callee: { program: "baresip", site: "lan" },
    hangsUp: "callee",
  },
  {
    title: "LAN to NAT",
    caller: { program: "baresip", site: "lan" },
    callee: { program: "baresip", site: "nat" },
    ports: "random",
    hangsUp: "callee",
  },
  {
    title: "NAT to NAT, both port-restricted",
    caller: { program: "linphonec", site: "nat" },
    callee: { program: "linphonec", site: "second" },
    hangsUp: "callee",
  },
  {
    title: "NAT to NAT, both symmetric",
    caller: { program: "baresip", site: "nat" },
    callee: { program: "linphonec", site: "second" },
    ports: "random",
    hangsUp: "caller",
  },
  {
    title: "TCP to UDP",
    caller: {
      program: "baresip",
      site: "nat",
      change: { transport: "tcp" },
    },
    callee: { program: "linphonec", site: "lan" },
    hangsUp: "caller",
  },
  {
    title: "UDP to TCP",
    caller: { program: "linphonec", site: "lan" },
    callee: {
      program: "baresip",
      site: "nat",
      change: { transport: "tcp" },
    },
    hangsUp: "callee",
  },
  {
    title: "IPv6 to IPv4",
    caller: {
      program: "baresip",
      site: "lan",
      change: { server: ADDRESS.server6 },
    },
    callee: { program: "linphonec", site: "nat" },
    hangsUp: "callee",
  },
];

/** The two phones of a case, 1001 and 1002, registered. */
async function startPair(
  lab: Lab,
  { network }: Office,
  { caller, callee, ports = "kept" }: Case,
): Promise<[Softphone, Softphone]> {
  const isWide = [caller, callee].some(({ site }) => site === "second");
  const second = isWide ? await addRouter(lab, network, ports) : "";
  const namespaceOf = (site: Site) =>
    site === "second" ? second : network[site];
  const start = ({ program, site, change }: Phone, number: string) =>
    startPhone(
      lab,
      program,
      namespaceOf(site),
      accountOf(number, {
        ...change,
        tone: number === "1001" ? CALLER_TONE : CALLEE_TONE,
      }),
    );
  return await Promise.all([start(caller, "1001"), start(callee, "1002")]);
}

/** The host of `HOST:PORT`, without brackets. */
function hostOf(source: string): string {
  return source.slice(0, source.lastIndexOf(":")).replace(/[[\]]/g, "");
}

for (const one of CASES) {
  liveTest(`${one.title}: both hear each other`, NEEDS, async (lab) => {
    const office = await openCalls(lab, {
      natPorts: one.ports ?? "kept",
      sip: ["0.0.0.0:5060", "[::]:5060"],
    });
    const { network } = office;
    const idle = await countMediaPorts(lab, network);
    const [caller, callee] = await startPair(lab, office, one);
    await connect(caller, callee);
    await talk(office);
    assert.ok(await countMediaPorts(lab, network) > idle);
    const [first, last] = one.hangsUp === "caller"
      ? [caller, callee]
      : [callee, caller];
    await first.hangUp();
    await last.ended();
    await assertTalked(caller, callee);
    const call = await assertEnded(office, {
      why: "hung-up",
      endedBy: one.hangsUp,
      status: 200,
    });
    assert.equal(call.caller.number, "1001");
    assert.equal(call.callee.number, "1002");
    assert.equal(call.dialled, "1002");
    const isV6 = one.caller.change?.server === ADDRESS.server6;
    const seen = isV6 ? ADDRESS.lan6 : SEEN[one.caller.site];
    assert.equal(hostOf(call.caller.source), seen);
    assert.equal(hostOf(call.callee.source), SEEN[one.callee.site]);
    assert.equal(call.caller.transport, one.caller.change?.transport ?? "udp");
    assert.equal(call.callee.transport, one.callee.change?.transport ?? "udp");
    assert.match(call.caller.userAgent.toLowerCase(), new RegExp(caller.name));
    assert.notEqual(call.codec, "");
    for (const sound of [call.callerSound, call.calleeSound]) {
      assert.ok(sound.packets > 50, JSON.stringify(call));
      assert.ok(sound.lossPercent < 5, JSON.stringify(call));
    }
    await until("the ports for sound are free again", async () => {
      return await countMediaPorts(lab, network) === idle;
    });
  });
}

/** A call of 1001 behind NAT to 1002 in the LAN that stands. */
async function openTalk(
  lab: Lab,
  programs: readonly [caller: Phone["program"], callee: Phone["program"]],
): Promise<{ office: CallOffice; caller: Softphone; callee: Softphone }> {
  const office = await openCalls(lab);
  const [caller, callee] = await startPair(lab, office, {
    title: "",
    caller: { program: programs[0], site: "nat" },
    callee: { program: programs[1], site: "lan" },
    hangsUp: "caller",
  });
  await connect(caller, callee);
  await talk(office);
  return { office, caller, callee };
}

async function connect(caller: Softphone, callee: Softphone): Promise<void> {
  await caller.call("1002");
  await callee.rings();
  await callee.answer();
  await Promise.all([caller.established(), callee.established()]);
}

liveTest(
  "both hold and resume, and hear each other afterwards",
  NEEDS,
  async (lab) => {
    const { office, caller, callee } = await openTalk(lab, [
      "linphonec",
      "linphonec",
    ]);
    const lengths = () =>
      [caller, callee].map((phone) => phone.heard().samples.length) as [
        number,
        number,
      ];
    let from = [0, 0] as [number, number];
    for (const [holder, other] of [[caller, callee], [callee, caller]]) {
      await holder!.hold();
      await other!.held();
      await assertTalked(caller, callee, from);
      from = lengths();
      await holder!.resume();
      await talk(office);
    }
    await caller.hangUp();
    await callee.ended();
    await assertTalked(caller, callee, from);
    await assertEnded(office, { why: "hung-up", endedBy: "caller" });
  },
);

liveTest(
  "a call that baresip holds goes on when it resumes",
  NEEDS,
  async (lab) => {
    const { office, caller, callee } = await openTalk(lab, [
      "baresip",
      "linphonec",
    ]);
    await caller.hold();
    await callee.held();
    await assertTalked(caller, callee);
    const from = callee.heard().samples.length;
    await caller.resume();
    await talk(office);
    await callee.hangUp();
    await caller.ended();
    await assertHeard(callee, CALLER_TONE, CALLEE_TONE, from);
    await assertEnded(office, { why: "hung-up", endedBy: "callee" });
  },
);
