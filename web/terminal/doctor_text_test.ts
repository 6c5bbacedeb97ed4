/**
 * What the doctor says to a person.
 * @module
 */

import assert from "node:assert/strict";
import type { Verdict } from "../../diag/verdict.ts";
import {
  type DoctorResult,
  formatResult,
  formatStages,
  formatStrip,
} from "./doctor_text.ts";
import { createPaint } from "./paint.ts";
import { WORDS } from "./words.ts";

const PLAIN = createPaint(false);

const verdict: Verdict = {
  code: "wrong-password",
  stage: "auth",
  severity: "error",
  extension: "1001",
  source: "198.51.100.7:40000",
  phone: "MicroSIP/3.21.6",
  title: "The password of `1001` is wrong",
  evidence: [{
    at: "2026-11-25T02:00:00Z",
    what: "The phone answered wrongly",
  }],
  remedy: {
    where: "phone",
    field: "password",
    text: "Type the password again",
    command: "pbx extension passwd 1001",
  },
  lang: "en",
};

const result: DoctorResult = {
  verdict,
  stages: [
    { stage: "process", state: "passed" },
    { stage: "auth", state: "stopped" },
    { stage: "reachable", state: "unknown" },
  ],
  checks: [
    {
      id: "clock",
      state: "warn",
      title: "Clock",
      detail: "not kept right",
      remedy: "Switch it on",
      durationMs: 1,
    },
    {
      id: "disk",
      state: "pass",
      title: "Disk",
      detail: "79 GB free",
      durationMs: 1,
    },
  ],
  also: [{
    ...verdict,
    code: "scanner",
    severity: "info",
    title: "A scanner was turned away",
  }],
};

Deno.test("formatResult() says verdict, evidence, remedy, command, stages, and what else is wrong", () => {
  const text = formatResult(result, WORDS.en, PLAIN);
  const wanted = [
    "✗ The password of `1001` is wrong",
    "1001 · 198.51.100.7:40000 · MicroSIP/3.21.6 · wrong-password (auth)",
    "The phone answered wrongly",
    "What to do, in the phone",
    "  Type the password again",
    "  $ pbx extension passwd 1001",
    "  ✓ process    ✗ auth       – reachable",
    "  – A scanner was turned away",
    "  ! Clock: not kept right",
    "      Switch it on",
  ];
  for (const part of wanted) assert.ok(text.includes(part), `${part}\n${text}`);
  assert.doesNotMatch(text, /Disk/);
});

Deno.test("formatResult() keeps to 80 columns where words allow it", () => {
  const words = Array(60).fill("parolni").join(" ");
  const remedy = { ...verdict.remedy, text: words, command: null };
  const long = { ...result, verdict: { ...verdict, remedy } };
  for (const line of formatResult(long, WORDS.uz, PLAIN).split("\n")) {
    assert.ok(line.length <= 80, line);
  }
});

Deno.test("formatStages() and formatStrip() mark each stage", () => {
  assert.deepEqual(formatStages(result.stages, PLAIN), [
    "  ✓ process    ✗ auth       – reachable",
  ]);
  assert.equal(formatStrip(result.stages, 7, PLAIN), "✓✗–  auth  7 s");
});
