/**
 * The status page with no extension, one, and two hundred: what it shows, that its live parts are
 * those of the page, and that nothing that a phone says gets out of its place.
 * @module
 */

import assert from "node:assert/strict";
import { Hono } from "hono";
import { say } from "../../diag/machine/check_finding.ts";
import { type Language, LANGUAGES } from "../../diag/verdict.ts";
import {
  callOf,
  checkResults,
  entryOfNumber,
  FakeStatus,
  NOW_MS,
  reportOf,
} from "../status_sample_test.ts";
import type { AppEnv } from "./page_app.ts";
import { addStatusPage, viewStatus } from "./status_page.tsx";

const HOSTILE = `"><img src=x onerror=alert(1)>'`;

async function show(
  source: FakeStatus,
  path: string = "/",
  language: Language = "en",
): Promise<string> {
  const app = new Hono<AppEnv>();
  app.use((context, next) => {
    context.set("page", {
      language,
      theme: "auto",
      path: "/",
      assets: "/assets",
      isSecure: true,
      isSignedIn: true,
      nowMs: NOW_MS,
      version: "0.1.0",
    });
    return next();
  });
  addStatusPage(app, source);
  const response = await app.request(path);
  assert.equal(response.status, 200);
  return await response.text();
}

/** An office in which something of everything is wrong. */
function makeOffice(count: number): FakeStatus {
  const source = new FakeStatus();
  for (let index = 0; index < count; index++) {
    const number = String(1001 + index);
    const isFaulty = index % 20 === 3;
    const phones = isFaulty || index % 10 === 7 ? 0 : 1;
    source.entries.push(entryOfNumber(number, phones, `Name ${index}`));
    if (isFaulty) source.list.push(reportOf(number, "wrong-password"));
    else if (phones > 0) {
      source.list.push(reportOf(number, "ok", { answered: 1 }));
    }
  }
  source.fill();
  return source;
}

Deno.test("the status page of an empty office says what to do, and shows no empty list", async () => {
  const source = new FakeStatus();
  source.results = null;
  const html = await show(source);
  assert.match(html, /waits for its first phone/);
  assert.match(html, /href="\/extensions\/new"/);
  assert.match(html, /checking…/);
  assert.match(html, /Nothing was measured yet/);
  assert.doesNotMatch(html, /phone-grid|class="problems"/);
  assert.equal(source.looks, 1);
});

Deno.test("the status page of one phone that is refused names it, the fault and the repair", async () => {
  const source = new FakeStatus();
  source.entries.push(entryOfNumber("1001", 0, "Aziz"));
  source.list.push(
    reportOf("1001", "wrong-password", { values: { number: "1001" } }),
  );
  const html = await show(source);
  assert.match(html, /One thing needs you: The password of/);
  assert.match(html, /class="pill error">refused</);
  assert.match(html, /href="\/extensions\/1001\/password"/);
});

Deno.test("the status page of 200 phones puts the faulty ones first, and names each once", async () => {
  const html = await show(makeOffice(200), "/?range=day", "uz");
  const phones = html.slice(
    html.indexOf('id="status-phones"'),
    html.indexOf('id="status-calls"'),
  );
  for (let number = 1001; number <= 1200; number++) {
    assert.match(phones, new RegExp(`href="/extensions/${number}"`));
  }
  const grid = phones.indexOf("phone-grid");
  assert.ok(phones.indexOf("/extensions/1004") < grid);
  assert.ok(phones.indexOf("/extensions/1001") > grid);
  assert.equal(phones.match(/class="pill error"/g)?.length, 10);
});

Deno.test("the status page stays bounded in an office of thousands", async () => {
  const source = makeOffice(5000);
  const html = await show(source);
  assert.ok(html.length < 200_000, String(html.length));
  assert.match(html, /and [\d]+ more/);
});

Deno.test("the live parts of the status page are those of the page, letter by letter", async () => {
  const source = makeOffice(30);
  source.calls.push(callOf());
  for (const range of ["hour", "day"] as const) {
    const html = await show(source, `/?range=${range}`, "ru");
    const name = range === "hour" ? "status" : "status/day";
    assert.match(html, new RegExp(`data-live="/stream/${name}"`));
    const parts = viewStatus(source, range)("ru", NOW_MS);
    assert.equal(parts.length, 6);
    for (const part of parts) {
      assert.ok(html.includes(part.html), part.id);
      const begin = /^<\w+[^>]*>/.exec(part.html)?.[0] ?? "";
      assert.ok(begin.includes(`id="${part.id}"`), begin);
    }
  }
});

Deno.test("the live parts of the status page stay the same while nothing happens", () => {
  const source = makeOffice(30);
  const view = viewStatus(source, "hour");
  assert.deepEqual(view("en", NOW_MS), view("en", NOW_MS + 900));
});

Deno.test("the live charts of the status page follow the history", () => {
  const source = makeOffice(1);
  const view = viewStatus(source, "hour");
  const draw = (nowMs: number) =>
    view("en", nowMs).find(({ id }) => id === "status-history")!.html;
  const before = draw(NOW_MS);
  assert.equal(draw(NOW_MS + 1000), before);
  const newest = source.history("hour", NOW_MS).readings.at(-1)!;
  const later = { ...newest, at: NOW_MS, calls: 77 };
  assert.notEqual(draw(NOW_MS + 30_000), before, "a gap");
  source.rings.hour.add(later, NOW_MS + 30_000);
  assert.match(draw(NOW_MS + 31_000), /Last: 77\./);
});

Deno.test("the status page shows the calls of now with how long they last", async () => {
  const source = makeOffice(2);
  source.calls.push(
    callOf(),
    callOf({ id: "77", state: "ringing", answeredAt: 0 }),
  );
  const html = await show(source);
  assert.match(html, /href="\/calls\/0a1b2c"/);
  assert.match(html, /talking[\s\S]*?1\u00a0min 5\u00a0s/);
  assert.match(html, /ringing[\s\S]*?1\u00a0min 10\u00a0s/);
  source.calls.push(
    ...Array.from({ length: 60 }, (_, index) => callOf({ id: `c${index}` })),
  );
  assert.match(await show(source), /and 42 more/);
});

Deno.test("the status page shows a failed check with its remedy and a command to copy", async () => {
  const source = makeOffice(1);
  source.results = checkResults({ register: "fail" });
  const html = await show(source);
  assert.match(html, /<li class="fail" id="check-register">/);
  assert.match(html, /<code class="copy">df -h \/d<\/code>/);
  assert.match(html, /<form method="post" action="\/checks">/);
  assert.ok(html.indexOf("check-register") < html.indexOf("check-config"));
});

Deno.test("POST /checks checks again and leads back", async () => {
  const source = new FakeStatus();
  const app = new Hono<AppEnv>();
  addStatusPage(app, source);
  const response = await app.request("/checks", {
    method: "POST",
    body: new URLSearchParams({ back: "/" }),
  });
  assert.deepEqual(
    [response.status, response.headers.get("location"), source.runs],
    [303, "/", 1],
  );
});

Deno.test("the status page lets nothing that a phone says out of its place", async () => {
  const source = new FakeStatus();
  source.entries.push(entryOfNumber("1001", 0, HOSTILE));
  source.entries.push(entryOfNumber("1002", 0, HOSTILE));
  const values = { number: HOSTILE, nearest: HOSTILE, domain: HOSTILE };
  source.list.push(
    reportOf(HOSTILE, "unknown-extension", { values, host: "10.0.0.1" }),
    reportOf("1001", "wrong-domain", {
      values: { ...values, server: HOSTILE },
    }),
  );
  source.calls.push(callOf({
    id: HOSTILE,
    dialled: HOSTILE,
    callee: { ...callOf().callee, number: "" },
  }));
  source.wrong.push({ kind: "relay-failed", at: NOW_MS, detail: HOSTILE });
  const html = await show(source, `/?range=${HOSTILE}&did=${HOSTILE}`);
  assert.doesNotMatch(html, /<img/);
  assert.doesNotMatch(html, /<[^>]*\s(?:on\w+|style)=/);
});

Deno.test("the status page has no word of another language, and no place left empty", async () => {
  const source = makeOffice(25);
  source.calls.push(callOf());
  source.results = checkResults({ disk: "fail", clock: "warn", dns: "skip" });
  source.wrong.push({ kind: "store-failed", at: NOW_MS, detail: "disk full" });
  source.list.push(reportOf("1090", "unknown-extension"));
  const pages: string[] = [];
  for (const language of LANGUAGES) {
    const html = await show(source, "/?did=stored", language);
    const text = html.replace(/<[^>]*>/g, " ");
    assert.doesNotMatch(text, /\{\w+\}|undefined|NaN|\[object/);
    pages.push(text);
  }
  const [uz = "", ru = ""] = pages;
  const english = /\b(?:registered|phones?|checked|memory|calls?|the|of)\b/i;
  assert.doesNotMatch(uz.replaceAll("pbx", ""), english);
  assert.doesNotMatch(ru.replaceAll("pbx", ""), english);
});

Deno.test("the status page tells who was refused elsewhere without a fault of the phone that works", async () => {
  const source = new FakeStatus();
  source.entries = [entryOfNumber("1001", 1)];
  source.list = [
    reportOf("1001", "wrong-password", { host: "203.0.113.9" }),
    reportOf("1001", "ok", { answered: 1 }),
  ];
  const html = await show(source);
  assert.match(html, /All is well/);
  assert.match(html, /Refused elsewhere/);
  assert.match(html, /203\.0\.113\.9/);
  assert.doesNotMatch(html, /\/password"/);
});

Deno.test("the status page calls a check that is not needed so, and gives the address of phones", async () => {
  const source = new FakeStatus();
  source.entries = [entryOfNumber("1001", 1)];
  source.results = checkResults().map((result) =>
    result.id === "dns"
      ? {
        ...result,
        finding: { state: "skip", details: [say("dns-none")], remedies: [] },
      }
      : result
  );
  const html = await show(source);
  assert.match(html, /Domain name<\/strong>\s*<span[^>]*>\(not needed\)/);
  assert.match(html, /<dt>Phones connect to<\/dt><dd>pbx\.example<\/dd>/);
});
