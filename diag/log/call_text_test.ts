/**
 * How loud facts about calls are and what they say.
 * @module
 */

import assert from "node:assert/strict";
import type { CallAnswered, CallEnded, Fact } from "../../pbx/fact.ts";
import { Flow } from "../../sip/flow.ts";
import { describeFact, factLevel } from "./fact_text.ts";

const flow = new Flow("udp", 1, "192.0.2.1", 5060, "198.51.100.7", 5060);
const seen = { at: 0, flow, number: "1002", callId: "a" } as const;
const invited: Fact = {
  ...seen,
  kind: "call-invited",
  stage: "route",
  side: "caller",
  callee: "1003",
  octets: 900,
  offer: {
    codecs: ["PCMA/8000", "telephone-event/8000"],
    isSrtp: false,
    hasIce: false,
  },
};
const media: Fact = {
  ...seen,
  kind: "media-seen",
  stage: "media",
  side: "callee",
  packets: 500,
  lost: 2,
  jitterMs: 3,
  silentMs: 6000,
  isExpected: true,
};

function answered(
  status: number,
  more: Partial<Pick<CallAnswered, "side" | "repeats" | "detail">> = {},
): Fact {
  return {
    ...seen,
    kind: "call-answered",
    stage: "answer",
    side: "caller",
    callee: "1003",
    status,
    offer: null,
    repeats: 0,
    detail: "",
    ...more,
  };
}

function ended(why: CallEnded["why"], answeredSeconds = 20): Fact {
  return {
    ...seen,
    kind: "call-ended",
    stage: "media",
    by: "callee",
    why,
    answeredSeconds,
  };
}

Deno.test("factLevel() gives three lines of a healthy call, and two of one that fails", () => {
  const rung: Fact = { ...invited, stage: "ring", side: "callee" };
  const acked: Fact = {
    ...seen,
    kind: "call-acknowledged",
    stage: "answer",
    side: "caller",
  };
  const healthy = [
    invited,
    rung,
    answered(200, { side: "callee" }),
    answered(200),
    acked,
    media,
    ended("hung-up"),
  ];
  assert.deepEqual(
    healthy.map(factLevel).filter((level) => level !== "debug"),
    ["info", "info", "info"],
  );
  const busy = [invited, rung, answered(486), ended("refused", 0)];
  assert.deepEqual(
    busy.map(factLevel).filter((level) => level !== "debug"),
    ["info", "info"],
  );
});

Deno.test("factLevel() warns of calls that the network broke", () => {
  assert.equal(factLevel(ended("no-ack")), "warning");
  assert.equal(factLevel(ended("session-timer")), "warning");
  assert.equal(factLevel(ended("operator")), "info");
});

Deno.test("describeFact() says who called whom, and how it went", () => {
  const table: readonly [Fact, string][] = [
    [invited, "Call from extension `1002` to `1003` began"],
    [
      { ...invited, stage: "ring", side: "callee" },
      "Phone of `1003` at `198.51.100.7:5060` rung for extension `1002`",
    ],
    [answered(200), "Call from extension `1002` to `1003` answered"],
    [
      answered(404, { detail: "nearest: 1002, 1004" }),
      "Call from extension `1002` to `1003` refused with `404`: `nearest: 1002, 1004`",
    ],
    [
      answered(200, { repeats: 3 }),
      "Call from extension `1002` to `1003` not acknowledged: the answer was repeated `3` times",
    ],
    [
      answered(0, { side: "callee" }),
      "Phone of `1003` at `198.51.100.7:5060` did not answer a call",
    ],
    [
      media,
      "Sound of the `callee` at `198.51.100.7:5060` in the call of extension `1002`: `500` packets, `2` lost, silent for `6` seconds",
    ],
    [
      ended("hung-up"),
      "Call from extension `1002` ended by the `callee` after `20` seconds: `hung-up`",
    ],
    [
      ended("cancelled", 0),
      "Call from extension `1002` ended by the `callee`: `cancelled`",
    ],
  ];
  for (const [fact, message] of table) {
    assert.equal(describeFact(fact).message, message);
  }
});

Deno.test("describeFact() writes an offer as plain values", () => {
  const { properties } = describeFact(invited);
  assert.equal(properties["codecs"], "PCMA/8000, telephone-event/8000");
  assert.equal(properties["isSrtp"], false);
  assert.ok(!("offer" in properties));
});
