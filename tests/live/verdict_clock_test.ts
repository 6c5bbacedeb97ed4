/**
 * The clock that lets the desk of verdicts work: what is known at once, and what the others on the
 * thread notice of it.
 * @module
 */

import assert from "node:assert/strict";
import { Ledger } from "../../diag/ledger/ledger.ts";
import type { Fact } from "../../pbx/fact.ts";
import { VerdictClock } from "../../web/io/verdict_clock.ts";
import { FactCrowd } from "../fact_crowd.ts";
import { liveTest } from "./lab_case.ts";
import { WebServer } from "./lab_http.ts";

/** A full ledger, and the clock of a desk on it. */
function openClock() {
  const crowd = new FactCrowd({
    seed: 1,
    phones: 200,
    phoneHosts: 150,
    strangers: 1024,
  });
  // what happens now, so that it counts
  crowd.nowMs = Date.now() - 2_000_000;
  const ledger = new Ledger();
  const extensions = crowd.extensions;
  const known = { extensions };
  const clock = new VerdictClock({
    ledger,
    known: () => known,
    isHidden: () => false,
  });
  const add = (fact: Fact) => {
    const entry = ledger.add(fact);
    if (entry !== null) clock.note(entry);
  };
  const nowMs = Date.now();
  while (crowd.nowMs < nowMs) crowd.next().forEach(add);
  return { clock, crowd, add };
}

Deno.test("VerdictClock.settle() fills the desk in steps, between which others are served", async () => {
  const { clock } = openClock();
  let served = 0;
  const timer = setInterval(() => served++, 1);
  try {
    assert.deepEqual(clock.list(), []);
    assert.equal(clock.isFresh, false);
    await clock.settle();
    assert.equal(clock.isFresh, true);
    assert.ok(clock.list().length >= 200, String(clock.list().length));
    assert.ok(served >= 5, `others were served ${served} times`);
  } finally {
    clearInterval(timer);
    clock.stop();
  }
});

Deno.test("VerdictClock.settle() waits for what was kept just before", async () => {
  const { clock, crowd, add } = openClock();
  try {
    await clock.settle();
    for (let i = 0; i < 3; i++) {
      let fact: Fact | undefined;
      while (fact?.kind !== "registered") {
        fact = crowd.next().find(({ kind }) => kind === "registered");
      }
      const { at, flow } = fact;
      const number = `888${i}`;
      add({
        kind: "request-seen",
        at,
        flow,
        stage: "parse",
        method: "REGISTER",
        number,
        callId: number,
        cseq: 1,
        branch: "z",
        target: "sip:pbx",
        via: "10.0.0.7:5060",
        contact: "",
        hasCredentials: false,
        userAgent: "",
        octets: 400,
      });
      await clock.settle();
      assert.equal(clock.listOf(number).length, 1);
    }
  } finally {
    clock.stop();
  }
});

Deno.test("VerdictClock.stop() lets nobody wait", async () => {
  const { clock } = openClock();
  const settled = clock.settle();
  clock.stop();
  await settled;
  await clock.settle();
});

Deno.test("VerdictClock begins anew after a fault of the program", async () => {
  let isBroken = true;
  const ledger = new Ledger();
  const clock = new VerdictClock({
    ledger,
    known: () => {
      if (isBroken) throw new Error("the database is locked");
      return {};
    },
    isHidden: () => false,
  });
  const faults: string[] = [];
  const listen = (event: ErrorEvent) => {
    event.preventDefault();
    faults.push(event.message);
  };
  globalThis.addEventListener("error", listen);
  try {
    await clock.settle();
    assert.match(faults.join(), /the database is locked/);
    isBroken = false;
    await clock.settle();
    assert.equal(clock.isFresh, true);
  } finally {
    globalThis.removeEventListener("error", listen);
    clock.stop();
  }
});

liveTest(
  "the verdict of a phone is told by the time it hears that it was refused",
  [],
  async (lab) => {
    const server = await WebServer.start(lab, { "1001": "correct-horse-9" });
    for (let i = 0; i < 3; i++) {
      await using phone = server.openPhone("1001", `wrong-horse-${i}`);
      assert.equal((await phone.register([phone.contact]))?.status, 403);
      const response = await server.ask("/api/v1/verdicts?lang=ru");
      const verdicts = await response.json();
      assert.equal(verdicts[0]?.code, "wrong-password");
      assert.match(verdicts[0].title, /1001/);
    }
  },
);
