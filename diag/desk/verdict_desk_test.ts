/**
 * The desk says what judging the whole ledger says, and works only while somebody looks.
 * @module
 */

import assert from "node:assert/strict";
import { BEGIN_MS, FactCrowd } from "../../tests/fact_crowd.ts";
import { parseStory } from "../../tests/story_file.ts";
import type { Fact } from "../../pbx/fact.ts";
import { judgeAll } from "../judge.ts";
import { Ledger, type LedgerLimits } from "../ledger/ledger.ts";
import type { Scene } from "../scene.ts";
import { clockOf, makeScene } from "../scene_make.ts";
import { StoryBook } from "../story/story_book.ts";
import { textsOf } from "../texts/texts.ts";
import type { Verdict } from "../verdict.ts";
import { writeVerdict } from "../write_verdict.ts";
import { type DeskScene, VerdictDesk } from "./verdict_desk.ts";

const TEXTS = textsOf("en");
const PLENTY: LedgerLimits = { hosts: 1024, facts: 512, octets: 4 << 20 };

function openDesk(ledger: Ledger, known: () => DeskScene): VerdictDesk {
  return new VerdictDesk({
    ledger,
    known,
    isHidden: (number) => number.startsWith("selftest-"),
    stepsAgain: Infinity,
  });
}

/** Works until it rests; `most`: small things a step. Gives how often it was interrupted. */
function rest(desk: VerdictDesk, nowMs: number, most = 50): number {
  for (let steps = 0;; steps++) {
    assert.ok(steps < 1e6, "it comes to an end");
    let left = most;
    if (desk.step(nowMs, () => --left > 0) === "resting") return steps;
  }
}

function verdictsOf(desk: VerdictDesk): Verdict[] {
  return desk.list().filter(({ main }) => main !== null)
    .map(({ main, story }) => writeVerdict(main!, story, "en", TEXTS));
}

/** What judging everything at once says. */
function judgeLedger(
  ledger: Ledger,
  nowMs: number,
  known: Partial<Scene>,
): Verdict[] {
  const facts = ledger.entries().map(({ fact }) => fact)
    .sort((a, b) => a.at - b.at);
  const book = new StoryBook();
  for (const fact of facts) book.add(fact);
  const scene = makeScene(nowMs, {
    ...known,
    since: 0,
    clock: clockOf(facts),
  });
  return judgeAll(book.stories(), book.trails(), scene, TEXTS, "en");
}

function followCrowd(
  seed: number,
  ledger: Ledger,
  { phoneHosts = 5, rounds = 60, events = 25 } = {},
): void {
  const crowd = new FactCrowd({ seed, phones: 16, phoneHosts, strangers: 20 });
  let known: DeskScene = { name: "pbx.example", extensions: crowd.extensions };
  const desk = openDesk(ledger, () => known);
  const codes = new Set<string>();
  for (let round = 0; round < rounds; round++) {
    for (let i = 0; i < events; i++) {
      for (const fact of crowd.next()) {
        const entry = ledger.add(fact);
        if (entry !== null) desk.note(entry);
      }
    }
    if (round === 40) known = { ...known, extensions: ["1001", "1002"] };
    crowd.nowMs += 1000;
    desk.list();
    rest(desk, crowd.nowMs);
    const expected = judgeLedger(ledger, crowd.nowMs, known);
    assert.deepEqual(verdictsOf(desk), expected, `seed ${seed}, ${round}`);
    for (const { code } of expected) codes.add(code);
  }
  assert.ok(codes.size >= 5, `it says enough: ${[...codes]}`);
}

Deno.test("VerdictDesk.list() says what judging the whole ledger says", () => {
  for (let seed = 0; seed < 12; seed++) followCrowd(seed, new Ledger());
});

Deno.test("VerdictDesk.list() says so where facts and hosts give way to newer ones", () => {
  for (let seed = 100; seed < 130; seed++) {
    const ledger = new Ledger(
      { hosts: 9, facts: 6, octets: 12_000 },
      { hosts: 4, facts: 14, octets: 40_000 },
      { hosts: 3, facts: 20, octets: 30_000 },
    );
    followCrowd(seed, ledger, { phoneHosts: 2 + seed % 6, events: 5 });
  }
});

Deno.test("VerdictDesk.list() says so where all phones are behind one router", () => {
  for (let seed = 200; seed < 206; seed++) {
    const ledger = new Ledger(PLENTY, PLENTY, { ...PLENTY, facts: 40 });
    followCrowd(seed, ledger, { phoneHosts: 1 });
  }
});

/** A ledger with the facts of a story, and a desk that knows of them. */
function openStory(text: string, known: DeskScene = {}) {
  const ledger = new Ledger();
  const { facts, scene } = parseStory(text);
  for (const fact of facts) ledger.add(fact as Fact);
  const scenery: DeskScene = { extensions: ["1002", "1003"], ...known };
  const desk = openDesk(ledger, () => scenery);
  return { ledger, desk, nowMs: scene.now };
}

const REFUSED = `
  who phone 198.51.100.7:40001 number=1002
  0 phone REGISTER
  0 phone 401
  0.1 phone REGISTER auth
  0.1 phone 403 why=wrong-password
  now 5
  ---
  wrong-password auth error`;

Deno.test("VerdictDesk.step() does nothing before somebody asks, and forgets when nobody does", () => {
  const { desk, nowMs } = openStory(REFUSED);
  assert.equal(desk.step(nowMs, () => true), "idle");
  assert.deepEqual(desk.list(), []);
  assert.equal(desk.isFresh, false);
  rest(desk, nowMs);
  assert.equal(desk.isFresh, true);
  assert.deepEqual(desk.list().map(({ main }) => main?.code), [
    "wrong-password",
  ]);
  rest(desk, nowMs + 2000);
  assert.equal(desk.step(nowMs + 33_000, () => true), "idle");
  assert.equal(desk.isFresh, false);
  assert.deepEqual(desk.listOf("1002"), []);
  rest(desk, nowMs + 34_000);
  assert.equal(desk.listOf("1002").length, 1);
});

Deno.test("VerdictDesk.step() rests for a second between two rounds, but not when it is in a hurry", () => {
  const { desk, ledger, nowMs } = openStory(REFUSED);
  desk.list();
  rest(desk, nowMs);
  const later = openStory(REFUSED.replaceAll("198.51.100.7", "198.51.100.8"));
  for (const { fact } of later.ledger.entries()) desk.note(ledger.add(fact)!);
  rest(desk, nowMs + 500);
  assert.equal(desk.list().length, 1);
  assert.equal(desk.hasNews, true);
  const round = desk.nextRound;
  desk.hurry();
  rest(desk, nowMs + 500);
  assert.equal(desk.roundsDone, round);
  assert.equal(desk.hasNews, false);
  assert.equal(desk.list().length, 2);
});

Deno.test("VerdictDesk.hasNews tells of what the server says of itself, too", () => {
  const { desk, ledger, nowMs } = openStory(REFUSED);
  desk.list();
  rest(desk, nowMs);
  assert.equal(desk.hasNews, false);
  const [stage, kind, detail] = ["process", "extensions-changed", ""] as const;
  desk.note(ledger.add({ kind, at: nowMs, stage, detail })!);
  assert.equal(desk.hasNews, true);
});

Deno.test("VerdictDesk.step() works as long as it has time only", () => {
  const { desk, nowMs } = openStory(REFUSED);
  desk.list();
  assert.equal(desk.step(nowMs, () => false), "busy");
  assert.deepEqual(desk.list(), []);
  assert.ok(rest(desk, nowMs, 1) > 3);
  assert.equal(desk.list().length, 1);
});

Deno.test("VerdictDesk.step() goes on when the clock is set back by a day", () => {
  const { desk, ledger, nowMs } = openStory(REFUSED);
  desk.list();
  rest(desk, nowMs);
  const yesterday = nowMs - 86_400_000;
  const other = openStory(REFUSED.replaceAll("198.51.100.7", "198.51.100.8"));
  for (const { fact } of other.ledger.entries()) desk.note(ledger.add(fact)!);
  rest(desk, yesterday);
  assert.equal(desk.list().length, 2);
});

Deno.test("VerdictDesk.note() remembers a bounded number of hosts, and misses none of them", () => {
  const crowd = new FactCrowd({
    seed: 1,
    phones: 4,
    phoneHosts: 4,
    strangers: 60_000,
  });
  const ledger = new Ledger();
  const known = { extensions: crowd.extensions };
  const desk = openDesk(ledger, () => known);
  desk.list();
  rest(desk, BEGIN_MS);
  for (let i = 0; i < 60_000; i++) {
    for (const fact of crowd.next()) {
      const entry = ledger.add(fact);
      if (entry !== null) desk.note(entry);
    }
  }
  desk.list();
  rest(desk, crowd.nowMs);
  const expected = judgeLedger(ledger, crowd.nowMs, known);
  assert.deepEqual(verdictsOf(desk), expected);
});

Deno.test("VerdictDesk.list() judges anew what time alone changes", () => {
  const { desk, nowMs } = openStory(`
    who phone 198.51.100.7:40001 number=1002
    0 phone REGISTER auth
    0 phone 200 expires=60
    now 8
    ---
    ok reachable ok`);
  desk.list();
  rest(desk, nowMs);
  assert.equal(desk.list()[0]?.main?.code, "ok");
  for (let i = 1; i <= 80; i++) {
    desk.list();
    rest(desk, nowMs + i * 1000);
  }
  assert.equal(desk.list()[0]?.main, null);
});

Deno.test("VerdictDesk.list() tells nothing of extensions that a self-test borrows", () => {
  const { desk, nowMs } = openStory(
    REFUSED.replaceAll("number=1002", "number=selftest-1"),
  );
  desk.list();
  rest(desk, nowMs);
  assert.deepEqual(desk.list(), []);
});

Deno.test("VerdictDesk.list() names the server's address where it is known", () => {
  const server = {
    isRunning: true,
    pid: 7,
    unit: "",
    unitState: "",
    lastError: "",
    startCommand: "",
    listen: [{ host: "0.0.0.0", port: 5060 }],
    localAddresses: ["203.0.113.5"],
    publicAddress: "203.0.113.5",
    domains: ["pbx.example"],
    rtp: { first: 10_000, last: 19_999 },
    contactLimit: 10,
  };
  const text = REFUSED.replace("wrong-password", "store-failed");
  const { desk, ledger, nowMs } = openStory(text, { server });
  const stage = "process";
  const detail = "disk full";
  ledger.add({ kind: "store-failed", at: nowMs, stage, detail });
  desk.list();
  rest(desk, nowMs);
  const [report] = desk.list();
  assert.equal(report?.main?.code, "store-failed");
  assert.equal(report.main.values["cause"], "disk full");
  assert.deepEqual(
    report.stages.find(({ stage }) => stage === "process")?.state,
    "passed",
  );
});

Deno.test("VerdictDesk.sources() tells who was refused, and which phones are hidden as scanners", () => {
  const tries = Array.from({ length: 6 }, (_, i) => `
    who s${i} 203.0.113.9:5060 number=${i === 0 ? "1003" : 300 + i}
    ${i} s${i} REGISTER auth call=${i}
    ${i} s${i} 403 why=unknown-extension call=${i}`).join("");
  const { desk, nowMs } = openStory(tries + REFUSED);
  desk.list();
  rest(desk, nowMs);
  assert.equal(desk.list().length, 1);
  const sources = desk.sources().map(({ trail, suspicion, hidden }) => ({
    host: trail.host,
    failures: trail.failures,
    suspicion,
    hidden: hidden.map(({ number }) => number),
  }));
  assert.deepEqual(sources, [
    {
      host: "203.0.113.9",
      failures: 6,
      suspicion: "numbers",
      hidden: ["1003", "301", "302", "303", "304", "305"],
    },
    { host: "198.51.100.7", failures: 1, suspicion: null, hidden: [] },
  ]);
});

const CALL = `
  who phone 198.51.100.7:40001 number=1002
  who desk 198.51.100.8:40002 number=1003
  0 phone REGISTER auth
  0 phone 200
  0 desk REGISTER auth
  0 desk 200
  1 phone invited callee=1003 codecs=PCMA/8000
  1 desk invited of=phone
  2 desk answered 488 of=phone codecs=opus/48000/2
  2 phone answered 488
  now 10
  ---
  no-common-codec answer error`;

Deno.test("VerdictDesk.listOf() tells the called phone of the fault as a remark", () => {
  const { desk, nowMs } = openStory(CALL);
  desk.list();
  rest(desk, nowMs);
  const [caller] = desk.listOf("1002");
  assert.equal(caller?.main?.code, "no-common-codec");
  const [callee] = desk.listOf("1003");
  assert.equal(callee?.main?.code, "ok");
  assert.deepEqual(callee.also.map(({ code }) => code), ["no-common-codec"]);
  assert.ok(desk.list().includes(callee), "the same report in both lists");
});

Deno.test("VerdictDesk.listOf() says nothing of a silent phone that has spoken since", () => {
  const silent = CALL.replace(
    /2 desk answered.*\n.*answered 488/,
    "2 desk answered 0 of=phone\n  2 phone answered 408",
  );
  const codesOf = (text: string) => {
    const { desk, nowMs } = openStory(text);
    desk.list();
    rest(desk, nowMs);
    assert.equal(desk.listOf("1002")[0]?.main?.code, "callee-silent");
    return desk.listOf("1003")[0]?.also.map(({ code }) => code);
  };
  assert.deepEqual(codesOf(silent), ["callee-silent"]);
  const spoke = silent.replace(
    "now 10",
    "5 desk ping\n  5 desk pong\n  now 10",
  );
  assert.deepEqual(codesOf(spoke), []);
});
