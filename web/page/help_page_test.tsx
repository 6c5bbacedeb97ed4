/**
 * The page Help, and the bundle that it makes.
 * @module
 */

import assert from "node:assert/strict";
import { type Language, LANGUAGES } from "../../diag/verdict.ts";
import { addHelpPage, type HelpFile, type HelpSource } from "./help_page.tsx";
import { makePageApp, textOf } from "./page_sample_test.ts";
import { HELP_WORDS } from "./words/help_words.ts";

function open(
  makeReport: HelpSource["makeReport"],
  language: Language = "en",
) {
  const app = makePageApp(language);
  addHelpPage(app, { command: (words) => `sudo pbx ${words}`, makeReport });
  return async (path: string, init: RequestInit = {}) =>
    await app.request(`http://pbx${path}`, init);
}

function post(fields: Readonly<Record<string, string>>): RequestInit {
  return { method: "POST", body: new URLSearchParams(fields) };
}

Deno.test("GET /help names the commands as they are typed there, in every language", async () => {
  for (const language of LANGUAGES) {
    const html = await (await open(() => null, language)("/help")).text();
    for (const name of ["doctor", "selftest", "report"]) {
      assert.ok(html.includes(`<code class="copy">sudo pbx ${name}</code>`));
    }
    assert.match(html, /href="\/api\/v1\/openapi\.json"/);
    assert.match(html, /href="\/metrics"/);
    const text = textOf(html);
    assert.ok(text.includes("1.2.3") && !/\{\w+\}|undefined/.test(text), text);
    assert.ok(text.includes(HELP_WORDS[language].secrets), text);
  }
});

Deno.test("POST /help/report gives the file, with or without numbers", async () => {
  const asked: [Language, boolean][] = [];
  const file: HelpFile = {
    name: "pbx-report-20260112-080000.zip",
    octets: new Uint8Array([0x50, 0x4b]),
  };
  const ask = open((language, hasNumbers) => {
    asked.push([language, hasNumbers]);
    return Promise.resolve(file);
  }, "uz");
  const response = await ask("/help/report", post({}));
  assert.equal(response.status, 200);
  assert.equal(
    response.headers.get("content-disposition"),
    'attachment; filename="pbx-report-20260112-080000.zip"',
  );
  assert.equal(response.headers.get("content-type"), "application/zip");
  const octets = new Uint8Array(await response.arrayBuffer());
  assert.deepEqual(octets, file.octets);
  await ask("/help/report", post({ "without-numbers": "1" }));
  assert.deepEqual(asked, [["uz", true], ["uz", false]]);
});

Deno.test("POST /help/report says that one is being made, or that it could not be", async () => {
  const busy = await open(() => null)("/help/report", post({}));
  assert.equal(busy.status, 429);
  assert.match(await busy.text(), /being made right now/);
  const fails = open(() => Promise.reject(new Error("secret cause")));
  const failed = await fails("/help/report", post({}));
  assert.equal(failed.status, 500);
  const text = await failed.text();
  assert.match(text, /sudo pbx report/);
  assert.doesNotMatch(text, /secret cause/);
});
