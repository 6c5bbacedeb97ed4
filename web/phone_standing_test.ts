/**
 * How extensions stand: what counts as a fault of a phone now, and what does not.
 * @module
 */

import assert from "node:assert/strict";
import type { PhoneReport } from "../diag/phone_report.ts";
import { beginAttempt } from "../diag/story/story_make.ts";
import { Flow } from "../sip/flow.ts";
import {
  findStrangers,
  orderReports,
  severityOfLine,
  standPhone,
} from "./phone_standing.ts";
import {
  entryOfNumber,
  findingOf,
  NOW_MS,
  reportOf,
} from "./status_sample_test.ts";

const HOUR_MS = 3_600_000;

type Case = readonly [
  what: string,
  phones: number,
  reports: readonly PhoneReport[],
  told: string,
];

const CASES: readonly Case[] = [
  ["nothing is known", 0, [], "absent muted"],
  ["only the binding is known", 1, [], "registered ok"],
  ["it answers", 1, [reportOf("1001", "ok", { answered: 2 })], "answering ok"],
  ["it was never asked", 1, [reportOf("1001", "ok")], "registered ok"],
  [
    "it signed off in good order",
    0,
    [reportOf("1001", null)],
    "absent muted",
  ],
  [
    "its password is wrong",
    0,
    [reportOf("1001", "wrong-password")],
    "refused error wrong-password",
  ],
  [
    "it was refused days ago and is silent since",
    0,
    [reportOf("1001", "wrong-password", { agoMs: 48 * HOUR_MS })],
    "refused error wrong-password",
  ],
  [
    "it does not hear our answers",
    0,
    [reportOf("1001", "replies-lost")],
    "cut-off error replies-lost",
  ],
  [
    "it is registered and silent",
    1,
    [reportOf("1001", "nat-mapping-expired")],
    "silent error nat-mapping-expired",
  ],
  [
    "one phone works, another one is refused",
    1,
    [
      reportOf("1001", "wrong-password"),
      reportOf("1001", "ok", { answered: 1 }),
    ],
    "answering ok, besides wrong-password",
  ],
  [
    "a phone is registered and silent, another one is refused",
    1,
    [
      reportOf("1001", "nat-mapping-expired"),
      reportOf("1001", "wrong-password"),
    ],
    "silent error nat-mapping-expired",
  ],
  [
    "one phone works, another one does not hear us",
    1,
    [reportOf("1001", "replies-lost"), reportOf("1001", "ok")],
    "answering warning replies-lost",
  ],
  [
    "one phone works, another one was refused an hour ago",
    1,
    [
      reportOf("1001", "ok", { answered: 1 }),
      reportOf("1001", "wrong-password", { agoMs: HOUR_MS }),
    ],
    "answering ok",
  ],
  [
    "an older phone without a registration was refused an hour ago",
    0,
    [
      reportOf("1001", null),
      reportOf("1001", "wrong-password", { agoMs: HOUR_MS }),
    ],
    "absent muted",
  ],
  [
    "its call has sound one way",
    1,
    [
      reportOf("1001", "one-way-audio", {
        agoMs: 60_000,
        also: [findingOf("ok")],
      }),
    ],
    "troubled error one-way-audio",
  ],
  [
    "its call had sound one way in the morning",
    1,
    [
      reportOf("1001", "one-way-audio", {
        agoMs: 5 * HOUR_MS,
        also: [findingOf("ok")],
      }),
    ],
    "registered ok",
  ],
  [
    "somebody dialled a number that nobody has",
    1,
    [reportOf("1001", "no-such-number", { also: [findingOf("ok")] })],
    "registered ok",
  ],
  [
    "somebody called a phone that is off",
    1,
    [reportOf("1001", "callee-not-registered", { also: [findingOf("ok")] })],
    "registered ok",
  ],
  [
    "a warning is no error",
    1,
    [reportOf("1001", "sip-alg")],
    "troubled warning sip-alg",
  ],
  [
    "a remark is no fault",
    1,
    [reportOf("1001", "phone-publishes-presence")],
    "registered ok",
  ],
  [
    "the number was added after the phone had tried it",
    0,
    [reportOf("1001", "unknown-extension")],
    "absent muted",
  ],
];

Deno.test("standPhone() tells a fault of now from what is past or nobody's fault", () => {
  for (const [what, phones, reports, told] of CASES) {
    const line = standPhone(entryOfNumber("1001", phones), reports, NOW_MS);
    const { standing, fault, remark } = line;
    const words: string[] = [standing, severityOfLine(line)];
    if (fault !== null) words.push(fault.finding.code);
    const besides = remark === null ? "" : `, besides ${remark.finding.code}`;
    assert.equal(words.join(" ") + besides, told, what);
    assert.equal(line.isRegistered, phones > 0, what);
  }
});

Deno.test("findStrangers() tells phones near the office from what the internet tries", () => {
  const entries = [entryOfNumber("1001", 1), entryOfNumber("1030", 0)];
  const tries = [
    reportOf("2000", "unknown-extension", { host: "203.0.113.66" }),
    // the router of a phone that is registered
    reportOf("1020", "unknown-extension", { host: "198.51.100.1" }),
    reportOf("1021", "unknown-extension", { host: "192.168.1.7" }),
    reportOf("1020", "unknown-extension", { host: "203.0.113.5" }),
    reportOf("1030", "unknown-extension", { host: "192.168.1.7" }),
    reportOf("1022", "unknown-extension", { agoMs: 2 * HOUR_MS }),
    reportOf("1023", "wrong-password"),
  ];
  const found = findStrangers(entries, tries, NOW_MS);
  assert.deepEqual(
    found.map(({ fault, isNear }) => [fault.number, isNear]),
    [["1020", true], ["1021", true], ["2000", false]],
  );
  const many = Array.from(
    { length: 50 },
    (_, index) => reportOf(`3${index}`, "unknown-extension"),
  );
  assert.equal(findStrangers(entries, many, NOW_MS).length, 10);
});

Deno.test("orderReports() puts nobody who was refused before the phone that works", () => {
  const refused = reportOf("1001", "wrong-password");
  const works = reportOf("1001", "ok");
  const silent = reportOf("1001", "nat-mapping-expired");
  assert.deepEqual(orderReports([refused, works], true), [works, refused]);
  // none works: what happened last counts
  assert.deepEqual(orderReports([refused, works], false), [refused, works]);
  assert.deepEqual(orderReports([refused, silent], true), [refused, silent]);
});

Deno.test("findStrangers() forgets a number when its phone signs on there with one that exists", () => {
  const entries = [entryOfNumber("1001", 1)];
  const host = "192.168.1.7";
  const strange = reportOf("1009", "unknown-extension", {
    host,
    agoMs: 60_000,
  });
  const found = (phone: PhoneReport) =>
    findStrangers(entries, [phone, strange], NOW_MS).length;
  const phone = (agoMs: number, at = host) =>
    signedOn(reportOf("1001", "ok", { host: at }), NOW_MS - agoMs);
  assert.equal(found(phone(30_000)), 0);
  assert.equal(found(phone(90_000)), 1, "it tried afterwards");
  assert.equal(found(phone(30_000, "192.168.1.8")), 1, "another phone");
});

function signedOn(report: PhoneReport, at: number): PhoneReport {
  const { story } = report;
  const flow = new Flow("udp", 1, "192.0.2.1", 5060, story.host, 5062);
  const { number, userAgent } = story;
  const callId = "a";
  const contact = `sip:${number}@${story.host}:5062`;
  const attempt = beginAttempt({
    kind: "request-seen",
    at,
    flow,
    stage: "parse",
    method: "REGISTER",
    number,
    callId,
    cseq: 1,
    branch: "z9hG4bKa",
    target: "sip:192.0.2.1",
    via: `${story.host}:5062`,
    contact,
    hasCredentials: true,
    userAgent,
    octets: 500,
  }, true);
  attempt.registered = {
    kind: "registered",
    at,
    flow,
    stage: "policy",
    number,
    callId,
    contact,
    expiresSeconds: 600,
    change: "added",
    isBehindNat: false,
    userAgent,
  };
  story.attempts.push(attempt);
  return report;
}
