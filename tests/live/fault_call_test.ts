/**
 * The fault matrix: calls that come to nothing, or would not last. All of them fail at the same
 * time, each before a doctor of its own; the server and a capture say the same. Then each is
 * mended, and all is well.
 * @module
 */

import assert from "node:assert/strict";
import {
  connect,
  openPair,
  refuse,
  SpeakingPhone,
} from "./fault_call_phone.ts";
import { readVerdicts } from "./lab_api.ts";
import { type CallOffice, openCalls } from "./lab_call.ts";
import { type Caller, statusOf } from "./lab_caller.ts";
import { liveTest } from "./lab_case.ts";
import type { Lab } from "./lab.ts";
import { assertHealthy, type Diagnosis, explain } from "./lab_doctor.ts";
import { assertFault, diagnose, type Fault, wishOf } from "./lab_fault.ts";
import { ADDRESS } from "./lab_network.ts";
import { captureAll } from "./lab_watch.ts";

/** All that exist besides 1001. */
const NUMBERS = Array.from({ length: 15 }, (_, i) => `${1002 + i}`);
/** As phones write it that offer an old codec alone. */
const GSM = { " 0 101": " 3 101", "0 PCMU": "3 GSM" };
const ENCRYPTED = { "RTP/AVP": "RTP/SAVP" };
/** Above this, phones change to TCP. */
const LONG_OCTETS = 1300;

/** One fault, and its end. */
interface CallFault {
  readonly number: string;
  readonly fault: Fault;
  /** What a capture alone tells; the same when left out. */
  readonly offline?: string;
  readonly act: () => Promise<unknown>;
  /** Does away with the cause, and calls again. */
  readonly mend: (diagnosis: Diagnosis) => Promise<unknown>;
}

liveTest(
  "calls that fail: the doctor, the server and a capture name the cause, and what mends it",
  ["namespaces", "nc"],
  async (lab) => {
    const office = await openCalls(lab, { numbers: NUMBERS });
    const capture = await captureAll(lab, office);
    const faults = (await Promise.all([
      notRegistered(lab, office),
      noSuchNumber(lab, office),
      silent(lab, office),
      unacknowledged(lab, office),
      refusedSound(lab, office),
      switchesToTcp(lab, office),
    ])).flat();

    const watch = (number: string, act: () => Promise<unknown>) =>
      diagnose(lab, wishOf(office, { number, timeoutSeconds: 40 }), act);
    const found = await Promise.all(
      faults.map(({ number, act }) => watch(number, act)),
    );
    faults.forEach(({ fault }, i) => assertFault(found[i]!, fault));
    const told = await readVerdicts(lab, office);
    const inferred = await explain(lab, capture, office.server.data);
    const codesOf = (
      verdicts: readonly {
        readonly extension: string;
        readonly code: string;
      }[],
    ) =>
      faults.map(({ number }) =>
        verdicts.find(({ extension }) => extension === number)?.code
      );
    const codes = faults.map(({ fault }) => fault.code);
    assert.deepEqual(codesOf(told), codes);
    assert.deepEqual(
      codesOf(inferred),
      faults.map(({ offline }, i) => offline ?? codes[i]),
    );

    const mended = await Promise.all(
      faults.map(({ number, mend }, i) => watch(number, () => mend(found[i]!))),
    );
    mended.forEach(assertHealthy);
  },
);

async function notRegistered(
  lab: Lab,
  office: CallOffice,
): Promise<CallFault[]> {
  const one = await SpeakingPhone.open(lab, office, "nat", "1001");
  return [{
    number: "1001",
    fault: {
      code: "callee-not-registered",
      stage: "route",
      where: "phone",
      evidence: /Nothing was seen of a phone of `1002`/,
      text: /pbx doctor 1002/,
    },
    act: async () => assert.equal(await dial(one, "1002"), 480),
    mend: async () =>
      connect(one, await SpeakingPhone.open(lab, office, "lan", "1002")),
  }];
}

async function noSuchNumber(
  lab: Lab,
  office: CallOffice,
): Promise<CallFault[]> {
  const [one, two] = await openPair(lab, office, 1003);
  return [{
    number: "1003",
    fault: {
      code: "no-such-number",
      stage: "route",
      where: "phone",
      evidence: /no extension `10044`[^]*Similar numbers that exist: `1004/,
    },
    act: async () => assert.equal(await dial(one, "10044"), 404),
    mend: () => connect(one, two),
  }];
}

/** A phone program that has crashed: its machine says that nobody is there (ICMP). */
async function silent(lab: Lab, office: CallOffice): Promise<CallFault[]> {
  const [one, two] = await openPair(lab, office, 1005);
  return [{
    number: "1005",
    fault: {
      code: "callee-silent",
      stage: "ring",
      where: "phone",
      field: "keep-alive",
      evidence: /sent to `1` phones of `1006`/,
    },
    // what the network says of itself is no SIP
    offline: "ok",
    act: async () => {
      await two.switchOff();
      assert.ok(await dial(one, "1006") >= 400);
    },
    mend: async () =>
      connect(one, await SpeakingPhone.open(lab, office, "lan", "1006")),
  }];
}

async function unacknowledged(
  lab: Lab,
  office: CallOffice,
): Promise<CallFault[]> {
  const [one, two] = await openPair(lab, office, 1007);
  return [{
    number: "1007",
    fault: {
      code: "no-ack",
      stage: "answer",
      where: "router",
      evidence: /`3` times more/,
      text: /SIP ALG/,
    },
    act: () => connect(one, two, { invite: { isMute: true } }),
    mend: () => connect(one, two),
  }];
}

/** Two callers whose sound the called phone does not understand. */
async function refusedSound(
  lab: Lab,
  office: CallOffice,
): Promise<CallFault[]> {
  const [one, two] = await openPair(lab, office, 1009);
  const [three, four] = await openPair(lab, office, 1011);
  const offer = (
    from: SpeakingPhone,
    to: SpeakingPhone,
    changes: Readonly<Record<string, string>>,
  ) => {
    let body = from.describe();
    for (const [usual, other] of Object.entries(changes)) {
      body = body.replace(usual, other);
    }
    return refuse(from, to, 488, { body });
  };
  return [{
    number: "1009",
    fault: {
      code: "no-common-codec",
      stage: "answer",
      where: "phone",
      field: "codecs",
      evidence: /`1009` offers `GSM\/8000`[^]*`488`/,
    },
    act: () => offer(one, two, GSM),
    mend: () => connect(one, two),
  }, {
    number: "1011",
    fault: {
      code: "srtp-mismatch",
      stage: "answer",
      where: "phone",
      field: "encryption",
      evidence: /`1011` sends its sound encrypted/,
    },
    act: () => offer(three, four, ENCRYPTED),
    mend: () => connect(three, four),
  }];
}

/** A phone that sends its long requests over TCP, which a firewall drops. */
async function switchesToTcp(
  lab: Lab,
  office: CallOffice,
): Promise<CallFault[]> {
  const { network } = office;
  const [one, two] = await openPair(lab, office, 1013);
  const rules = `table inet own {
  chain input {
    type filter hook input priority 0; policy accept;
    ip saddr ${ADDRESS.router} tcp dport 5060 counter drop
  }
}
`;
  const knock = () =>
    lab.attempt(network.nat, {
      command: ["nc", "-w", "4", ADDRESS.server, "5060"],
    });
  return [{
    number: "1013",
    fault: {
      code: "tcp-switch-blocked",
      stage: "route",
      where: "server",
      field: "codecs",
      command: /^nft delete rule inet own input handle \d+$/,
      evidence: /never sent it[^]*tried to connect to TCP port `5060`/,
    },
    act: async () => {
      await lab.run(network.server, ["nft", "-f", "-"], rules);
      await forsake(one.caller, one.describe());
      await knock();
    },
    mend: async ({ verdict }) => {
      await lab.run(network.server, ["sh", "-c", verdict.remedy.command!]);
      assert.equal((await knock()).code, 0);
      await connect(one, two);
    },
  }];
}

/** Calls a number; gives the status that the caller hears. */
async function dial(one: SpeakingPhone, number: string): Promise<number> {
  const { caller } = one;
  const body = one.describe();
  const talk = caller.open(number);
  return statusOf(await caller.ask(talk, "INVITE", { body }, 12_000));
}

/** A long INVITE that does not come back with a password. */
async function forsake(caller: Caller, sdp: string): Promise<void> {
  const branch = "z9hG4bKforsaken";
  const body = `${sdp}a=x-codecs:${"x".repeat(LONG_OCTETS)}\r\n`;
  const from = caller.inbox.length;
  const talk = caller.open("1014");
  await caller.send(talk, "INVITE", { body, branch });
  const answer = await caller.next(({ status }) => status === 401, from, 5000);
  assert.equal(statusOf(answer), 401);
  const [, remoteTag = ""] = /^To:.*;tag=([^;\s]+)/im.exec(answer!.text) ?? [];
  await caller.send({ ...talk, remoteTag }, "ACK", { branch });
}
