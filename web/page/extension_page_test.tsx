/**
 * The page of an extension in all languages, and its live parts.
 * @module
 */

import assert from "node:assert/strict";
import { Hono } from "hono";
import { judgeOne } from "../../diag/judge.ts";
import { Traffic } from "../../diag/ledger/traffic.ts";
import type { PhoneReport } from "../../diag/phone_report.ts";
import { stageStates } from "../../diag/ranking.ts";
import { makeScene } from "../../diag/scene_make.ts";
import { StoryBook } from "../../diag/story/story_book.ts";
import { LANGUAGES } from "../../diag/verdict.ts";
import { parseStory } from "../../tests/story_file.ts";
import { openExtensionSource } from "../io/page_extension.ts";
import { ProvisionLinks } from "../phone/provision_links.ts";
import { addExtensionPage, viewExtension } from "./extension_page.tsx";
import type { ExtensionBinding, ExtensionSource } from "./extension_source.ts";
import {
  CREDENTIALS,
  sampleAnswer,
  sampleMessage,
  sampleRequest,
} from "./ladder_sample_test.ts";
import type { AppEnv } from "./page_app.ts";
import { readPageRequest } from "./page_request.ts";

const WRONG = `
who phone 198.51.100.7:40112 number=1001 agent=MicroSIP/3.21.6 via=192.168.1.20:5062
0.0 phone REGISTER
0.0 phone 401
0.1 phone REGISTER auth
0.1 phone 403 why=wrong-password
now 5
---
wrong-password auth error
`;
const RIGHT = `
who phone 198.51.100.7:40112 number=1001 agent=MicroSIP/3.21.6 via=192.168.1.20:5062
0.0 phone REGISTER
0.0 phone 401
0.1 phone REGISTER auth
0.1 phone 200 expires=300
1 phone ping
1 phone pong after=25
now 5
---
ok reachable ok
`;
const HOSTILE = "<script>alert(1)</script>";

const BINDING: ExtensionBinding & { readonly number: string } = {
  number: "1001",
  contact: "sip:1001@192.168.1.20:5060;ob",
  source: "198.51.100.7:40112",
  transport: "udp",
  expiresSeconds: 241,
  userAgent: "MicroSIP/3.21.6",
  isBehindNat: true,
  isOutbound: false,
  pingsSent: 1,
  missedPings: 0,
};

function report(text: string): PhoneReport {
  const { facts, scene: known } = parseStory(text);
  const book = new StoryBook();
  for (const fact of facts) book.add(fact);
  const [story] = book.stories();
  const scene = makeScene(known.now, known);
  const { main, also } = judgeOne(story!, scene);
  return {
    story: story!,
    main,
    also,
    stages: stageStates(story!, scene, main),
  };
}

interface Wish {
  readonly reports?: readonly PhoneReport[];
  readonly bindings?: readonly (typeof BINDING)[];
  readonly messages?: number;
  readonly name?: string;
}

function openSource(
  { reports = [], bindings = [], messages = 0, name = "" }: Wish,
): ExtensionSource {
  const traffic = new Traffic();
  for (let cseq = 1; cseq <= messages; cseq++) {
    const isIn = cseq % 2 === 1;
    const { direction, octets, flow, at } = sampleMessage(
      isIn
        ? sampleRequest("REGISTER", { cseq, headers: CREDENTIALS })
        : sampleAnswer("403 Forbidden", "REGISTER", { cseq: cseq - 1 }),
      { direction: isIn ? "in" : "out", at: cseq * 1000 },
    );
    traffic.add(direction, octets, 0, octets.length, flow, at);
  }
  const numbers = ["1001", "1002", "2000"];
  return openExtensionSource({
    extensions: {
      get: (number) => numbers.includes(number) ? { number, name } : null,
      list: () => numbers.map((number) => ({ number, name: "" })),
    },
    exchange: { listBindings: () => bindings },
    traffic,
    reports: { list: () => reports, listOf: () => reports },
    settle: () => Promise.resolve(),
    phones: {
      links: new ProvisionLinks(),
      nowMs: () => 0,
      random: (octets) => new Uint8Array(octets),
      accountOf: (number) => ({
        number,
        name,
        server: "pbx.example",
        transport: "udp",
        password: null,
      }),
      isPassword: () => false,
      outside: null,
      opening: { setting: "", file: "", port: 8060, command: "" },
    },
  });
}

async function ask(
  source: ExtensionSource,
  path: string,
  language: string,
): Promise<{ status: number; html: string }> {
  const app = new Hono<AppEnv>();
  app.use(readPageRequest({ assets: "/a", version: "1.2.3", nowMs: () => 0 }));
  app.use((context, next) => {
    context.set("admin", { kind: "token" });
    return next();
  });
  addExtensionPage(app, source);
  const answer = await app.request(
    path,
    { headers: { cookie: `pbx_lang=${language}` } },
    { peer: "127.0.0.1", isSecure: false },
  );
  return { status: answer.status, html: await answer.text() };
}

/** The levels of headings, in their order. */
function headings(html: string): number[] {
  return [...html.matchAll(/<h([1-6])[ >]/g)].map(([, level]) => Number(level));
}

const SITUATIONS: Readonly<Record<string, Wish>> = {
  "a wrong password": { reports: [report(WRONG)], messages: 4 },
  "a phone that works": {
    reports: [report(RIGHT)],
    bindings: [BINDING],
    messages: 60,
    name: "Anna",
  },
  "nothing yet": {},
  "several phones": {
    reports: [
      report(RIGHT),
      report(WRONG),
      report(RIGHT.replace("198.51.100.7", "[2001:db8::7]")),
    ],
    bindings: [BINDING, { ...BINDING, missedPings: 2, isOutbound: true }],
  },
};

for (const [situation, wish] of Object.entries(SITUATIONS)) {
  Deno.test(`addExtensionPage() shows ${situation} in every language, well-formed`, async () => {
    const pages = new Set<string>();
    for (const language of LANGUAGES) {
      const path = "/extensions/1001";
      const { status, html } = await ask(openSource(wish), path, language);
      assert.equal(status, 200);
      assert.match(html, new RegExp(`<html lang="${language}"`));
      assert.doesNotMatch(html, /\{\w+\}|undefined|NaN|\[object/, language);
      assert.doesNotMatch(html, / style=| on\w+="/);
      const levels = headings(html);
      assert.equal(levels[0], 1);
      levels.forEach((level, i) => {
        assert.ok(i === 0 || level > 1, "one heading of the first level");
        assert.ok(level <= (levels[i - 1] ?? 1) + 1, levels.join());
      });
      const ids = [...html.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id);
      assert.equal(new Set(ids).size, ids.length, ids.join());
      pages.add(html);
    }
    assert.equal(pages.size, LANGUAGES.length);
  });
}

Deno.test("addExtensionPage() says where it stops, why, and what to do", async () => {
  const source = openSource(SITUATIONS["a wrong password"]!);
  const { html } = await ask(source, "/extensions/1001", "en");
  assert.match(html, /<li class="passed"[^>]*>\s*Number/);
  assert.match(html, /<li class="stopped"[^>]*>\s*Password/);
  assert.match(html, /<li class="unknown"[^>]*>\s*Answer/);
  assert.match(html, /The password of <code>1001<\/code> is wrong/);
  assert.match(html, /What to do, in the phone/);
  assert.match(html, /Field: <strong>password</);
  assert.match(html, /403: wrong password/);
  assert.match(html, /No phone is registered/);
  assert.doesNotMatch(html, /0123456789abcdef/);
});

Deno.test("addExtensionPage() says how well a phone is reached", async () => {
  const source = openSource(SITUATIONS["a phone that works"]!);
  const { html } = await ask(source, "/extensions/1001", "en");
  assert.match(html, /<h1[^>]*>Extension 1001 · Anna<\/h1>/);
  assert.match(html, /yes: it names another address than it comes from/);
  assert.match(html, /<dd>25 ms<\/dd>/);
  assert.match(html, /in 4\u00a0min 10\u00a0s, unless it is renewed/);
  assert.match(html, /action="\/extensions\/1001\/ping"/);
});

Deno.test("addExtensionPage() shows the newest messages live, and all where they are asked for", async () => {
  const source = openSource(SITUATIONS["a phone that works"]!);
  const count = (html: string) => html.match(/<details id="message-/g)?.length;
  const { html } = await ask(source, "/extensions/1001", "en");
  assert.equal(count(html), 20);
  assert.match(html, /Show more: 60/);
  const all = await ask(source, "/extensions/1001?messages=all", "en");
  assert.equal(count(all.html), 60);
  assert.match(all.html, /id="ladder-whole"/);
});

Deno.test("addExtensionPage() tells what to do with a number that nobody has", async () => {
  const source = openSource({});
  for (const language of LANGUAGES) {
    const { status, html } = await ask(source, "/extensions/1011", language);
    assert.equal(status, 404);
    assert.match(html, /href="\/extensions\/1001"/);
    assert.match(html, /href="\/extensions\/new\?number=1011"/);
    assert.doesNotMatch(html, /\{\w+\}|href="\/extensions\/2000"/);
  }
});

Deno.test("addExtensionPage() lets nothing that came from outside become a part of the page", async () => {
  const evil = report(
    RIGHT.replace("agent=MicroSIP/3.21.6", `agent=${HOSTILE}`),
  );
  const source = openSource({
    reports: [evil, evil],
    bindings: [{
      ...BINDING,
      userAgent: HOSTILE,
      contact: `sip:${HOSTILE}@${"x".repeat(5000)}`,
    }],
    name: HOSTILE,
  });
  const { html } = await ask(source, "/extensions/1001", "ru");
  assert.match(html, /&lt;script&gt;/);
  assert.doesNotMatch(html, /<script>alert/);
  assert.doesNotMatch(html, /x{200}/);
});

Deno.test("viewExtension() gives the parts of the page as the page has them", async () => {
  for (const wish of Object.values(SITUATIONS)) {
    const source = openSource(wish);
    for (const language of LANGUAGES) {
      const { html } = await ask(source, "/extensions/1001", language);
      const fragments = viewExtension(source, "1001")!(language, 0);
      assert.equal(fragments.length, 5);
      for (const fragment of fragments) {
        assert.ok(html.includes(fragment.html), `${fragment.id} ${language}`);
        assert.match(
          fragment.html,
          new RegExp(`^<section[^>]* id="${fragment.id}"`),
        );
      }
    }
  }
});

Deno.test("viewExtension() has no view of a number that nobody has", () => {
  assert.equal(viewExtension(openSource({}), "77"), null);
});

Deno.test("addExtensionPage() leads to everything that can be changed", async () => {
  for (const wish of Object.values(SITUATIONS)) {
    for (const language of LANGUAGES) {
      const source = openSource(wish);
      const { html } = await ask(source, "/extensions/1001", language);
      for (const path of ["edit", "password", "remove"]) {
        const link = `href="/extensions/1001/${path}"`;
        assert.ok(html.includes(link), `${path} ${language}`);
      }
    }
  }
});

Deno.test("addExtensionPage() shows the phone that works, and who else was refused beside it", async () => {
  const source = openSource({
    reports: [
      report(WRONG.replace("198.51.100.7", "203.0.113.9")),
      report(RIGHT),
    ],
    bindings: [BINDING],
  });
  const { html } = await ask(source, "/extensions/1001", "en");
  const part = (id: string) =>
    new RegExp(`<section[^>]* id="${id}".*?</section>`, "s").exec(html)![0];
  assert.doesNotMatch(part("verdict"), /is wrong/);
  assert.match(part("verdict"), /pill ok/);
  assert.match(part("others"), /203\.0\.113\.9: The password of 1001 is wrong/);
  // it would put the phone out that works
  assert.doesNotMatch(part("others"), /\/password"/);
});

Deno.test("addExtensionPage() says nothing of what the phone was before, and that it is gone", async () => {
  const gone = report(
    RIGHT.replace("now 5", "3 phone unregistered why=by-phone\nnow 5"),
  );
  const source = openSource({ reports: [gone, gone] });
  const { html } = await ask(source, "/extensions/1001", "en");
  assert.match(html, /The phone is not registered any more/);
  assert.match(html, /<section id="others" hidden/);
});
