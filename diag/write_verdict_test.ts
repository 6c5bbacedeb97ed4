/**
 * Writing a finding out as a verdict.
 * @module
 */

import assert from "node:assert/strict";
import { beginStory, beginTrail } from "./story/story_make.ts";
import { EN } from "./texts/en.ts";
import type { Finding } from "./verdict.ts";
import { fillText, writeVerdict } from "./write_verdict.ts";

const story = beginStory(
  beginTrail("198.51.100.7", 0),
  "1002",
  "MicroSIP/3.21.6",
  0,
);

const WRONG: Finding = {
  code: "wrong-password",
  at: 2000,
  values: { number: "1002" },
  evidence: [
    { at: 2000, phrase: "password-wrong", values: {} },
    { at: 1000, phrase: "answer-missing", values: {} },
  ],
};

Deno.test("writeVerdict() has the shape of the contract", () => {
  assert.deepEqual(writeVerdict(WRONG, story, "en", EN), {
    code: "wrong-password",
    stage: "auth",
    severity: "error",
    extension: "1002",
    source: "198.51.100.7",
    phone: "MicroSIP/3.21.6",
    title: "The password of `1002` is wrong",
    evidence: [
      { at: "1970-01-01T00:00:01.000Z", what: EN.phrases["answer-missing"] },
      { at: "1970-01-01T00:00:02.000Z", what: EN.phrases["password-wrong"] },
    ],
    remedy: {
      where: "phone",
      field: "password",
      text: EN.codes["wrong-password"].remedy,
      command: null,
    },
    lang: "en",
  });
});

Deno.test("writeVerdict() names no phone where it is about the server", () => {
  const down: Finding = {
    code: "server-down",
    at: 0,
    values: { lastError: "" },
    evidence: [],
    command: "systemctl start pbx",
  };
  const { extension, source, phone, remedy } = writeVerdict(
    down,
    story,
    "en",
    EN,
  );
  assert.deepEqual([extension, source, phone], ["", "", ""]);
  assert.equal(remedy.command, "systemctl start pbx");
});

Deno.test("writeVerdict() lets nothing from the network reach a terminal as it is", () => {
  const number = `\x1b[2J${"9".repeat(500)}`;
  const { title } = writeVerdict(
    { ...WRONG, values: { number } },
    story,
    "en",
    EN,
  );
  assert.match(title, /`\\x1b\[2J9+…`/);
  assert.ok(title.length < 200);
});

Deno.test("writeVerdict() survives times that no calendar has", () => {
  const evidence = [
    { at: Number.MAX_VALUE, phrase: "password-wrong", values: {} },
    { at: -1, phrase: "password-wrong", values: {} },
  ] as const;
  const verdict = writeVerdict({ ...WRONG, evidence }, story, "en", EN);
  assert.deepEqual(verdict.evidence.map(({ at }) => at), [
    "1970-01-01T00:00:00.000Z",
    "9999-12-31T00:00:00.000Z",
  ]);
});

Deno.test("fillText() fills no braces that came with a value", () => {
  assert.equal(fillText("`{a}` {b}", { a: "{b}", b: 2 }), "`{b}` 2");
});

Deno.test("fillText() misses no value in silence", () => {
  assert.throws(() => fillText("{number}", {}), TypeError);
});
