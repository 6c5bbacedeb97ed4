import assert from "node:assert/strict";
import type { PhoneReport } from "../../diag/phone_report.ts";
import { LANGUAGES } from "../../diag/verdict.ts";
import type { BindingEntry } from "../extension_entry.ts";
import { askApp, makeSampleApp, PAGE } from "../phone/sample_phone_test.ts";
import {
  addExtensionsPage,
  type ExtensionsSource,
  findExtensionsView,
} from "./extensions_page.tsx";
import { EXTENSIONS_WORDS } from "./words/extensions_words.ts";

const BINDING: BindingEntry = {
  contact: "sip:1001@192.168.1.20:5062",
  source: "198.51.100.7:5062",
  transport: "udp",
  expiresSeconds: 300,
  userAgent: "<script>MicroSIP/3.21.6",
};

function makeSource(
  extensions = [
    { number: "1001", name: "Али" },
    { number: "1002", name: "Vali" },
    { number: "2001", name: "" },
  ],
): ExtensionsSource {
  const report = {
    story: { number: "1002" },
    main: { code: "wrong-password", at: 0, values: { number: "1002" } },
  } as unknown as PhoneReport;
  return {
    reports: { list: () => [report], listOf: () => [report] },
    extensions: () => extensions,
    bindings: (number) => number === "1001" ? [BINDING, BINDING] : [],
    phoneCount: () => 2,
  };
}

function openApp(source = makeSource(), page = PAGE) {
  const app = makeSampleApp(page);
  addExtensionsPage(app, source);
  return app;
}

async function readRows(path: string, source = makeSource()) {
  const html = await (await askApp(openApp(source), path)).text();
  return [...html.matchAll(/<tr><th scope="row".*?<\/tr>/g)]
    .map(([row]) => row);
}

Deno.test("the list shows who has a phone, and what keeps the others from it", async () => {
  const [first, second, third, ...others] = await readRows("/extensions");
  assert.equal(others.length, 0);
  assert.match(
    first!,
    /pill ok.*Registered.*&lt;script&gt;MicroSIP.*and 1 more/,
  );
  assert.match(first!, /198\.51\.100\.7:5062/);
  assert.match(
    second!,
    /pill error.*The password of <code>1002<\/code> is wrong/,
  );
  assert.match(third!, /pill muted.*No phone/);
});

Deno.test("the list is searched by number and name, in whatever case", async () => {
  const numbersOf = async (query: string) =>
    (await readRows(`/extensions?q=${encodeURIComponent(query)}`)).map((row) =>
      /\/extensions\/(\d+)"/.exec(row)?.[1]
    );
  assert.deepEqual(await numbersOf("100"), ["1001", "1002"]);
  assert.deepEqual(await numbersOf(" аЛИ "), ["1001"]);
  assert.deepEqual(await numbersOf("zz"), []);
});

Deno.test("the list shows the first 200 of many, and says so", async () => {
  const many = Array.from({ length: 1000 }, (_, i) => ({
    number: String(1000 + i),
    name: `N${i}`,
  }));
  const source = makeSource(many);
  assert.equal((await readRows("/extensions", source)).length, 200);
  const html = await (await askApp(openApp(source), "/extensions")).text();
  assert.ok(html.includes("Shown: 200 of 1000"));
});

Deno.test("findExtensionsView() renders the same parts as the page", async () => {
  const source = makeSource();
  const html = await (await askApp(openApp(source), "/extensions?q=100"))
    .text();
  const name = /data-live="\/stream\/([^"]+)"/.exec(html)?.[1];
  assert.equal(name, "extensions/100");
  const fragments = findExtensionsView(source, name!)!("en", 0);
  for (const { id, html: part } of fragments) {
    assert.ok(part.includes(`id="${id}"`));
    assert.ok(html.includes(part), id);
  }
  assert.equal(fragments.length, 11);
  assert.equal(findExtensionsView(source, "calls"), null);
  assert.equal(findExtensionsView(source, "extensions/%"), null);
});

Deno.test("an office without extensions is told what to do", async () => {
  for (const language of LANGUAGES) {
    const app = openApp(makeSource([]), { ...PAGE, language });
    const html = await (await askApp(app, "/extensions")).text();
    assert.ok(html.includes(EXTENSIONS_WORDS[language].noneYet));
    assert.ok(!html.includes("<table"));
    assert.doesNotMatch(html, /\{\w+\}/);
  }
});
