import assert from "node:assert/strict";
import { CHECK_IDS } from "../check.ts";
import { LANGUAGES } from "../verdict.ts";
import {
  CHECK_TEXTS,
  FindingNotes,
  say,
  writeCheck,
  writePhrase,
} from "./check_finding.ts";

Deno.test("CHECK_TEXTS has the same sentences and values in each language", () => {
  const placeholders = (text: string) =>
    (text.match(/\{\w+\}/g) ?? []).toSorted();
  const { phrases } = CHECK_TEXTS.en;
  for (const language of LANGUAGES) {
    const other = CHECK_TEXTS[language];
    assert.deepEqual(Object.keys(other.phrases), Object.keys(phrases));
    assert.deepEqual(Object.keys(other.titles), [...CHECK_IDS]);
    for (const [key, text] of Object.entries(phrases)) {
      const translated = other.phrases[key as keyof typeof phrases];
      assert.deepEqual(
        placeholders(translated),
        placeholders(text),
        `${language} ${key}`,
      );
      const commands = (words: string) =>
        (words.match(/`[^`]*`/g) ?? []).toSorted();
      assert.deepEqual(
        commands(translated),
        commands(text),
        `${language} ${key}`,
      );
    }
  }
});

Deno.test("CHECK_TEXTS writes Uzbek in its own letters", () => {
  const { phrases, titles } = CHECK_TEXTS.uz;
  for (const text of [...Object.values(phrases), ...Object.values(titles)]) {
    const words = text.replace(/`[^`]*`/g, "");
    assert.doesNotMatch(words, /[oOgG]['`‘’ʼ]/, text);
    assert.doesNotMatch(words, /[а-яё]/i, text);
  }
});

Deno.test("CHECK_TEXTS translates: nothing is left in English", () => {
  for (const language of ["ru", "uz"] as const) {
    for (const [key, text] of Object.entries(CHECK_TEXTS[language].phrases)) {
      const bare = text.replace(/`[^`]*`|\{\w+\}|[^\p{L}]/gu, "");
      const english = CHECK_TEXTS.en.phrases[
        key as keyof typeof CHECK_TEXTS.en.phrases
      ];
      if (bare !== "") assert.notEqual(text, english, key);
    }
  }
});

Deno.test("FindingNotes puts the worst first and keeps each remedy once", () => {
  const remedy = say("bind-fix-failed");
  const { finding } = new FindingNotes()
    .add("pass", say("config-defaults"))
    .add("fail", say("disk-damaged"), remedy)
    .add("warn", say("disk-sound"), say("bind-fix-failed"));
  assert.equal(finding.state, "fail");
  assert.deepEqual(finding.details.map(({ key }) => key), [
    "disk-damaged",
    "disk-sound",
    "config-defaults",
  ]);
  assert.deepEqual(finding.remedies, [remedy]);
});

Deno.test("writeCheck() joins what was seen, and gives each remedy a line", () => {
  const finding = {
    state: "warn" as const,
    details: [say("config-defaults"), say("config-files", { soft: 256 })],
    remedies: [
      say("config-fix-shell", { needed: 1088 }),
      say("bind-fix-failed"),
    ],
  };
  assert.deepEqual(writeCheck("config", finding, 12.6, "en"), {
    id: "config",
    state: "warn",
    title: "Configuration",
    detail:
      "no configuration file, the defaults apply; 256 open files are allowed",
    remedy:
      "Raise the limit before the server is started: `ulimit -n 1088`\nCorrect the address in `sip`",
    durationMs: 13,
  });
});

Deno.test("writePhrase() makes values harmless and misses none", () => {
  const cause = `\x1b[2J${"x".repeat(1000)}`;
  const text = writePhrase(say("broken", { cause }), CHECK_TEXTS.en);
  assert.doesNotMatch(text, /\x1b/);
  assert.ok(text.length < 500);
  assert.throws(
    () => writePhrase(say("broken"), CHECK_TEXTS.en),
    /lacks the value `cause`/,
  );
});
