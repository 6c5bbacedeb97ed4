/**
 * The page Security: who is kept out, who is taken for a scanner, and how somebody is let in.
 * @module
 */

import assert from "node:assert/strict";
import { Hono } from "hono";
import type { SourceReport } from "../../diag/desk/source_report.ts";
import { beginStory, beginTrail } from "../../diag/story/story_make.ts";
import { LANGUAGES } from "../../diag/verdict.ts";
import type { RefusalCount } from "../refusal_count.ts";
import type { Ban } from "./ban.ts";
import type { AppEnv } from "./page_app.ts";
import { addSecurityPage, viewSecurity } from "./security_page.tsx";
import type { SecuritySource } from "./security_source.ts";
import { SECURITY_WORDS } from "./words/security_words.ts";

const NOW = Date.UTC(2026, 0, 12, 8, 0, 0);
const NOTHING: RefusalCount = { byStage: new Map(), byReason: new Map() };
const LOCKED: Ban = {
  source: "203.0.113.9",
  kind: "page",
  why: "password",
  since: NOW - 30_000,
  until: NOW + 30_000,
  numbers: [],
};

function makeSource(
  bans: Ban[],
  sources: readonly SourceReport[] | null = [],
): SecuritySource {
  return {
    bans: {
      list: () => bans,
      release: (source) => {
        const at = bans.findIndex((ban) => ban.source === source);
        if (at >= 0) bans.splice(at, 1);
        return at >= 0;
      },
    },
    refusals: () => ({
      startedMs: NOW - 7_200_000,
      sinceStart: {
        byStage: new Map([["auth", 1234]]),
        byReason: new Map([["wrong-password", 1234]]),
      },
      hourMs: NOW - 3_600_000,
      lastHour: NOTHING,
    }),
    sources: () => sources,
    isExtension: (number) => number === "1002",
  };
}

function makeScanner(host: string, userAgent: string): SourceReport {
  const trail = beginTrail(host, NOW);
  trail.numbers.push("100", "101", "102", "103", "104", "105", "106", "1002");
  trail.userAgents.push(userAgent);
  trail.failures = 9;
  const hidden = [beginStory(trail, "1002", userAgent, NOW)];
  return { trail, suspicion: "numbers", hidden };
}

function open(source: SecuritySource, language: "uz" | "ru" | "en" = "en") {
  const app = new Hono<AppEnv>();
  app.use((context, next) => {
    context.set("page", {
      language,
      theme: "auto",
      path: "/security",
      assets: "/assets/1",
      isSecure: true,
      isSignedIn: true,
      nowMs: NOW,
      version: "1.0",
    });
    return next();
  });
  addSecurityPage(app, source);
  return app;
}

/** A button press; where it leads to. */
async function release(source: SecuritySource, address: string) {
  const answer = await open(source).request("/security/release", {
    method: "POST",
    headers: { "Content-Type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams({ source: address }).toString(),
  });
  assert.equal(answer.status, 303);
  return answer.headers.get("location");
}

Deno.test("addSecurityPage() says that no phone is banned, and who is locked out of the page", async () => {
  const answer = await open(makeSource([LOCKED])).request("/security");
  const html = await answer.text();
  assert.equal(answer.status, 200);
  assert.match(html, /bans no phone by itself/);
  assert.match(html, /<code>203\.0\.113\.9<\/code>/);
  assert.match(html, /wrong password at the sign-in/);
  assert.match(html, /aria-label="Unban 203\.0\.113\.9"/);
  assert.match(html, /1,234/);
});

Deno.test("addSecurityPage() lets an address in again, and says so where nothing kept it out", async () => {
  const bans = [LOCKED];
  const source = makeSource(bans);
  assert.equal(
    await release(source, "203.0.113.9"),
    "/security?done=released",
  );
  assert.deepEqual(bans, []);
  assert.equal(
    await release(source, "203.0.113.9"),
    "/security?done=notThere",
  );
  const html = await (await open(source).request("/security?done=released"))
    .text();
  assert.match(html, /The address may try again/);
  assert.match(html, /Nobody is locked out/);
});

Deno.test("viewSecurity() warns of an own number among the scanners, and puts it first", () => {
  const source = makeSource([], [makeScanner("203.0.113.9", "")]);
  const html = viewSecurity(source)("en", NOW)
    .find(({ id }) => id === "security-scanners")!.html;
  assert.match(html, /Numbers of yours were tried from there: 1002/);
  assert.match(html, /<strong>1002<\/strong> *\(exists here\), 100/);
  assert.match(html, /, …/);
});

Deno.test("viewSecurity() shows what the network said as text, and not all of it", () => {
  const name = `<script>alert(1)</script>\u001b[2J${"x".repeat(5000)}`;
  const bad = makeScanner("203.0.113.9", name);
  const many = Array.from({ length: 100 }, () => bad);
  const ban = { ...LOCKED, why: name, source: '"><b>', numbers: [name] };
  const fragments = viewSecurity(makeSource([ban], many))("en", NOW);
  const html = fragments.map(({ html }) => html).join("");
  assert.doesNotMatch(html, /<script|<b>|\u001b/);
  assert.match(html, /More that are not shown: 80/);
  assert.ok(html.length < 60_000, String(html.length));
});

Deno.test("viewSecurity() says that it does not know yet instead of that there is nobody", () => {
  const fragments = viewSecurity(makeSource([], null))("en", NOW);
  const html = fragments.map(({ html }) => html).join("");
  assert.match(html, /appears in a moment/);
  assert.doesNotMatch(html, /No address looks like a scanner/);
});

Deno.test("viewSecurity() gives the parts that the page has, each with its id", async () => {
  const source = makeSource([LOCKED], [makeScanner("203.0.113.9", "x")]);
  for (const language of LANGUAGES) {
    const page = await (await open(source, language).request("/security"))
      .text();
    for (const { id, html } of viewSecurity(source)(language, NOW)) {
      assert.ok(html.startsWith(`<section class="card" id="${id}">`));
      assert.ok(page.includes(html), `${language} ${id}`);
      assert.doesNotMatch(html, /\{\w+\}|undefined/);
    }
    assert.ok(page.includes(SECURITY_WORDS[language].noBans));
  }
});

Deno.test("viewSecurity() tells of a phone when it was refused last, and with which numbers", () => {
  const trail = beginTrail("198.51.100.7", NOW - 7_200_000);
  Object.assign(trail, {
    lastAt: NOW,
    failures: 2,
    lastFailureAt: NOW - 3_600_000,
    registrations: 9,
  });
  trail.numbers.push("1002", "1003");
  trail.failedNumbers.push("1003");
  const source = makeSource([], [{ trail, suspicion: null, hidden: [] }]);
  const html = viewSecurity(source)("en", NOW)
    .find(({ id }) => id === "security-sources")!.html;
  const at = new Date(NOW - 3_600_000).toISOString();
  assert.ok(html.includes(`datetime="${at}"`), html);
  assert.match(html, /1003/);
  assert.doesNotMatch(html, /1002/);
});
