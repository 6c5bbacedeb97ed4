/**
 * The fault matrix: calls that stand, and in which sound is missing, on the server, on the way, or
 * at a phone; and calls in which a silent phone is as it should be.
 * @module
 */

import assert from "node:assert/strict";
import {
  changeDirection,
  connect,
  type Conversation,
  hangUp,
  openPair,
  SpeakingPhone,
} from "./fault_call_phone.ts";
import { type CallOffice, openCalls } from "./lab_call.ts";
import { liveTest } from "./lab_case.ts";
import type { Capture, Lab } from "./lab.ts";
import {
  assertHealthy,
  assertVerdict,
  type Diagnosis,
  explain,
} from "./lab_doctor.ts";
import { assertFault, diagnose, type Fault, wishOf } from "./lab_fault.ts";
import { ADDRESS } from "./lab_network.ts";
import { until } from "./lab_process.ts";
import { captureAll } from "./lab_watch.ts";

const NEEDS = ["namespaces"];
const NUMBERS = Array.from({ length: 13 }, (_, i) => `${1002 + i}`);
/** Of a phone that can be reached at its own address too. */
const CANDIDATE =
  `a=candidate:1 1 UDP 2130706431 ${ADDRESS.nat} 4000 typ host\r\n`;
/** A second of sound. */
const PACKETS = 50;
const SOUND_FAULT = { stage: "media", where: "phone" } as const;

/** Rules at a hook, of which nothing stops but what they say. */
function rules(hook: "input" | "forward", ...lines: readonly string[]): string {
  return `table inet own {
  chain sound {
    type filter hook ${hook} priority 0; policy accept;
    ${lines.join("\n    ")}
  }
}
`;
}

/** A doctor for a phone while something happens. */
function watch(
  lab: Lab,
  office: CallOffice,
  number: string,
  act: () => Promise<unknown>,
): Promise<Diagnosis> {
  return diagnose(lab, wishOf(office, { number, timeoutSeconds: 40 }), act);
}

/** Waits until the ends of calls are in a capture: packets reach its file late. */
async function waitForEnd(
  { file }: Capture,
  calls: readonly Conversation[],
): Promise<void> {
  await until("the ends of the calls are in the capture", async () => {
    const text = new TextDecoder("latin1").decode(await Deno.readFile(file));
    const ends = text.split("BYE sip:").map((part) => part.slice(0, 600));
    return calls.every(({ from }) =>
      ends.some((part) => part.includes(from.callId))
    );
  });
}

/** How the server's firewall stops sound, and which command opens it. */
const BLOCKS: readonly {
  readonly name: string;
  /** The ports of sound, as the running server alone is told. */
  readonly rtp: string;
  readonly rules: string;
  readonly command: RegExp;
}[] = [
  {
    name: "from everybody",
    rtp: "10000-19999",
    rules: rules("input", "udp dport 10000-19999 counter drop"),
    command: /^nft insert rule inet own sound udp dport 10000-19999 accept$/,
  },
  {
    name: "from the phone that is called",
    rtp: "23000-23099",
    rules: rules(
      "input",
      `ip saddr ${ADDRESS.lan} udp dport 23000-23099 counter drop`,
    ),
    command: /^nft delete rule inet own sound handle \d+$/,
  },
];

for (const block of BLOCKS) {
  liveTest(
    `a firewall of the server that stops sound ${block.name}: the command opens it`,
    NEEDS,
    async (lab) => {
      const office = await openCalls(lab, { config: `rtp = "${block.rtp}"\n` });
      const { server } = office.network;
      const [one, two] = await openPair(lab, office, 1001);
      await lab.run(server, ["nft", "-f", "-"], block.rules);
      const found = await watch(
        lab,
        office,
        "1001",
        () => connect(one, two),
      );
      assertFault(found, {
        code: "rtp-blocked",
        stage: "media",
        where: "server",
        command: block.command,
        evidence:
          /No sound came from `1002`[^]*came to the network card[^]*inet own sound:/,
        text: new RegExp(block.rtp),
      });
      await lab.run(server, ["sh", "-c", found.verdict.remedy.command!]);
      assertHealthy(
        await watch(lab, office, "1001", () => connect(one, two)),
      );
      assert.ok(one.sound.packets > PACKETS && two.sound.packets > PACKETS);
    },
  );
}

liveTest(
  "sound that is lost on the way to the server, and phones that may be silent",
  NEEDS,
  async (lab) => {
    const office = await openCalls(lab, { numbers: NUMBERS });
    const capture = await captureAll(lab, office);
    const { server, router } = office.network;
    const [lost, other] = await openPair(lab, office, 1001);
    const [near, nearer] = await Promise.all(
      ["1003", "1004"].map((number) =>
        SpeakingPhone.open(lab, office, "nat", number)
      ),
    ) as [SpeakingPhone, SpeakingPhone];
    const [gaps, listener] = await openPair(lab, office, 1005);
    const [mute, partner] = await openPair(lab, office, 1007);
    const [holder, held] = await openPair(lab, office, 1009);
    const [tested] = await openPair(lab, office, 1011);
    const [willing, plain] = await openPair(lab, office, 1013);
    const stopped = `${lost.sound.port}, ${nearer.sound.port}`;
    await lab.run(
      router,
      ["nft", "-f", "-"],
      rules("forward", `udp sport { ${stopped} } drop`),
    );
    await lab.run(
      server,
      ["nft", "-f", "-"],
      rules(
        "input",
        `udp sport ${listener.sound.port} numgen inc mod 10 == 0 drop`,
      ),
    );
    const oneWay = (number: string, from: string): Fault => ({
      ...SOUND_FAULT,
      code: "one-way-audio",
      evidence: new RegExp(
        `No sound came from \`${number}\`[^]*came from \`${from}\`[^]*` +
          "No sound packet from",
      ),
    });
    const calls: Conversation[] = [];
    const found = await Promise.all([
      watch(lab, office, "1001", async () => {
        calls[0] = await connect(lost, other);
      }),
      watch(lab, office, "1003", async () => {
        calls[1] = await connect(near, nearer);
      }),
      watch(lab, office, "1005", () => connect(gaps, listener)),
      watch(lab, office, "1007", async () => {
        await connect(mute, partner);
        await until("sound arrives", () => partner.sound.packets > PACKETS);
        mute.sound.hush();
      }),
      watch(lab, office, "1009", async () => {
        const { from } = await connect(holder, held, {
          silent: ["1009", "1010"],
        });
        await changeDirection(holder, from, held, "sendonly", "recvonly");
      }),
      watch(lab, office, "1011", async () => {
        const { caller } = tested;
        const body = tested.describe();
        const answer = await caller.ask(caller.open("*43"), "INVITE", { body });
        assert.equal(answer?.status, 200);
      }),
      watch(lab, office, "1013", () => {
        const body = willing.describe() + CANDIDATE;
        return connect(willing, plain, { invite: { body } });
      }),
    ]);
    const [way, same, loss, muted, hold, echo, ice] = found as [
      Diagnosis,
      Diagnosis,
      Diagnosis,
      Diagnosis,
      Diagnosis,
      Diagnosis,
      Diagnosis,
    ];
    assertFault(way, oneWay("1001", "1002"));
    assertFault(same, oneWay("1004", "1003"));
    assertFault(echo, {
      ...SOUND_FAULT,
      code: "one-way-audio",
      evidence: /No sound came from `1011`[^]*No sound packet from/,
    });
    for (const one of [loss, muted, hold, ice]) assertHealthy(one);
    assertVerdict(loss, "ok", ["packet-loss"]);
    const told = loss.also.find(({ code }) => code === "packet-loss");
    assert.match(told!.evidence[0]!.what, /of `1006`, `(?:9|10|11)` percent/);
    assertVerdict(ice, "ok", ["ice-enabled"]);
    for (const { also } of [muted, hold]) assert.deepEqual(also, []);
    await hangUp(lost, calls[0]!.from, other);
    await hangUp(near, calls[1]!.from, nearer);
    await waitForEnd(capture, calls);
    const inferred = await explain(lab, capture, office.server.data);
    for (const number of ["1001", "1003"]) {
      const one = inferred.find(({ extension }) => extension === number);
      assert.equal(one?.code, "one-way-audio", JSON.stringify(inferred));
    }

    await lab.run(router, ["nft", "delete", "table", "inet", "own"]);
    const mended = await Promise.all([
      watch(lab, office, "1001", () => connect(lost, other)),
      watch(lab, office, "1003", () => connect(near, nearer)),
    ]);
    mended.forEach(assertHealthy);
  },
);
