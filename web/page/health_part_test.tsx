/**
 * The sentence that says whether all is well: what it rests on, and that it says it in every
 * language.
 * @module
 */

import assert from "node:assert/strict";
import { CODES } from "../../diag/catalogue.ts";
import type { CheckResult } from "../../diag/machine/check_finding.ts";
import type { PhoneReport } from "../../diag/phone_report.ts";
import type { ServerTrouble } from "../../diag/trouble_watch.ts";
import { LANGUAGES } from "../../diag/verdict.ts";
import { judgeHealth, type OfficeHealth } from "../office_health.ts";
import {
  checkResults,
  entryOfNumber,
  NOW_MS,
  reportOf,
  rollOf,
} from "../status_sample_test.ts";
import { HealthPart, sayFault, sayHealth } from "./health_part.tsx";

interface Office {
  readonly phones?: readonly number[];
  readonly reports?: readonly PhoneReport[];
  readonly checks?: readonly CheckResult[] | null;
  readonly troubles?: readonly ServerTrouble[];
  readonly hasVerdicts?: boolean;
}

const STORE: ServerTrouble = {
  kind: "store-failed",
  at: NOW_MS,
  detail: "disk full: `/var/lib/pbx/pbx.db`",
};

/** Extensions from 1001 on, each with so many phones. */
function healthOf(office: Office): OfficeHealth {
  const {
    phones = [1, 1, 0],
    reports = [],
    checks = checkResults(),
    troubles = [],
    hasVerdicts = true,
  } = office;
  const entries = phones.map((count, index) =>
    entryOfNumber(String(1001 + index), count)
  );
  return judgeHealth({
    troubles,
    checks,
    ...rollOf(entries, reports),
    hasVerdicts,
  });
}

const CASES: readonly (readonly [Office, string])[] = [
  [{}, "All is well: 2 of 3 phones are registered, no faults were found"],
  [
    { checks: null },
    "2 of 3 phones are registered; whether all is well is still being checked",
  ],
  [
    { hasVerdicts: false },
    "2 of 3 phones are registered; whether all is well is still being checked",
  ],
  [
    { phones: [0, 0] },
    "No phone is registered now; the server finds no fault with itself",
  ],
  [{ phones: [] }, "The exchange runs, and waits for its first phone"],
  [
    { phones: [], checks: null },
    "The exchange runs, and waits for its first phone",
  ],
  [
    { checks: checkResults({ firewall: "skip" }) },
    "All is well: 2 of 3 phones are registered, no faults were found",
  ],
  [
    { checks: checkResults({ disk: "warn" }) },
    "One thing needs you: Disk: only <b>3 MB</b> are free",
  ],
  [
    { reports: [reportOf("1003", "wrong-password")] },
    "One thing needs you: 1003: The password of `<number>` is wrong",
  ],
  // noise from the internet is not the office's
  [
    {
      reports: [
        reportOf("100", "unknown-extension", { host: "203.0.113.66" }),
      ],
    },
    "All is well: 2 of 3 phones are registered, no faults were found",
  ],
  [
    {
      reports: [reportOf("100", "unknown-extension", { host: "10.0.0.8" })],
    },
    "One thing needs you: 100: There is no extension `<number>`",
  ],
  [
    { checks: checkResults({ disk: "warn" }), troubles: [STORE] },
    "2 things need you:",
  ],
  [
    { troubles: [STORE], hasVerdicts: false, checks: null, phones: [] },
    "One thing needs you: The database cannot be written, so phones cannot register: the disk is full",
  ],
];

Deno.test("sayHealth() calls well only what is known to be well", () => {
  for (const [office, sentence] of CASES) {
    assert.equal(sayHealth(healthOf(office), "en"), sentence);
  }
});

Deno.test("sayHealth() says it in every language, in its own words and without a gap", () => {
  for (const [office] of CASES) {
    const health = healthOf(office);
    const said = LANGUAGES.map((language) => sayHealth(health, language));
    assert.equal(new Set(said).size, LANGUAGES.length, said.join("\n"));
    for (const sentence of said) assert.doesNotMatch(sentence, /[{}]/);
  }
});

Deno.test("judgeHealth() puts errors first, and the server before its phones", () => {
  const { needs } = healthOf({
    phones: [1, 1, 0],
    reports: [
      reportOf("1002", "sip-alg"),
      reportOf("1003", "wrong-password"),
    ],
    checks: checkResults({ clock: "warn", port: "fail" }),
    troubles: [STORE, { kind: "relay-replaced", at: NOW_MS, detail: "x" }],
  });
  const told = needs.map((need) => {
    const what = need.kind === "trouble"
      ? need.trouble.kind
      : need.kind === "check"
      ? need.id
      : need.fault.number;
    return `${need.severity} ${what}`;
  });
  assert.deepEqual(told, [
    "error store-failed",
    "error port",
    "error 1003",
    "warning relay-replaced",
    "warning clock",
    "warning 1002",
  ]);
});

Deno.test("sayFault() has words for every verdict in every language", () => {
  for (const code of CODES) {
    const { main, story } = reportOf("1001", code);
    const fault = {
      finding: main!,
      severity: "error",
      number: "1001",
      story,
    } as const;
    for (const language of LANGUAGES) {
      assert.doesNotMatch(sayFault(fault, language), /[{}]|^$/);
    }
  }
});

Deno.test("HealthPart() lists what is wrong, leads there, and escapes what phones say", () => {
  const reports = [
    reportOf("<script>alert(1)</script>", "unknown-extension", {
      host: "10.0.0.8",
      values: { number: "<img src=x>", nearest: "" },
    }),
    reportOf("1003", "wrong-password"),
  ];
  const health = healthOf({ reports, checks: checkResults({ disk: "fail" }) });
  const html = String(<HealthPart language="en" health={health} />);
  assert.doesNotMatch(html, /<script|<img/);
  assert.match(html, /class="notice error"/);
  assert.match(html, /href="\/extensions\/1003"/);
  assert.match(html, /href="#check-disk"/);
  assert.match(html, /href="#status-phones"/);
});

Deno.test("HealthPart() says what to do in an empty office, and offers to write again", () => {
  const empty = String(
    <HealthPart language="en" health={healthOf({ phones: [] })} />,
  );
  assert.match(empty, /href="\/extensions\/new"[^>]*>Add your first phone</);
  const failing = healthOf({ troubles: [STORE] });
  const html = String(<HealthPart language="ru" health={failing} />);
  assert.match(html, /<form method="post" action="\/store\/retry"/);
  assert.match(html, /диск заполнен/);
  assert.doesNotMatch(html, /disk full/);
});

Deno.test("HealthPart() stays short where hundreds of phones have a fault", () => {
  const phones = Array(300).fill(0);
  const reports = phones.map((_, index) =>
    reportOf(String(1001 + index), "wrong-domain")
  );
  const html = String(
    <HealthPart language="en" health={healthOf({ phones, reports })} />,
  );
  assert.match(html, /300 things need you:/);
  assert.match(html, /and 294 more/);
  assert.equal(html.match(/<li>/g)?.length, 7);
});

Deno.test("HealthPart() leads to the first phone until one is on, whatever else there is to do", () => {
  const show = (office: Parameters<typeof healthOf>[0]) =>
    String(<HealthPart language="en" health={healthOf(office)} />);
  const warned = checkResults({ clock: "warn" });
  const empty = show({ phones: [], checks: warned });
  assert.match(empty, /One thing needs you/);
  assert.match(empty, /href="\/extensions\/new"[^>]*>Add your first phone</);
  const added = show({ phones: [0], checks: warned });
  assert.match(added, /href="\/extensions\/1001\/connect"/);
  const on = show({ phones: [1, 0], checks: warned });
  assert.doesNotMatch(on, /\/connect"|\/extensions\/new"/);
  // an office that has worked for long knows how
  assert.doesNotMatch(show({ phones: Array(9).fill(0) }), /\/connect"/);
});
