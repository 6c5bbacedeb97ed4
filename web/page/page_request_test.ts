/**
 * Language and theme come from the query once, from cookies then, and from the browser else.
 * @module
 */

import assert from "node:assert/strict";
import { Hono } from "hono";
import type { AppEnv } from "./page_app.ts";
import { readPageRequest, readWish } from "./page_request.ts";
import type { PageView } from "./page_view.ts";

const REMOTE = { peer: "198.51.100.7", isSecure: false };

function ask(
  path: string,
  headers: Record<string, string> = {},
  env = REMOTE,
  method = "GET",
) {
  const app = new Hono<AppEnv>();
  app.use(readPageRequest({
    assets: "/assets/abc",
    version: "1.2.3",
    nowMs: () => 42,
  }));
  app.use("/inside", (context, next) => {
    context.set("admin", { kind: "token" });
    return next();
  });
  app.all("*", (context) => context.json(context.var.page));
  return app.request(path, { headers, method }, env);
}

async function readPage(...args: Parameters<typeof ask>): Promise<PageView> {
  return await (await ask(...args)).json();
}

Deno.test("readPageRequest() tells a page what it needs", async () => {
  assert.deepEqual(await readPage("/extensions/1001?q=1"), {
    language: "en",
    theme: "auto",
    path: "/extensions/1001",
    query: "q=1",
    assets: "/assets/abc",
    isSecure: false,
    isSignedIn: false,
    nowMs: 42,
    version: "1.2.3",
  });
});

Deno.test("readPageRequest() finds out late who has signed in", async () => {
  assert.equal((await readPage("/inside")).isSignedIn, true);
});

Deno.test("readPageRequest() takes TLS and the machine itself for secure", async () => {
  const isSecure = async (env: typeof REMOTE) =>
    (await readPage("/", {}, env)).isSecure;
  assert.equal(await isSecure({ ...REMOTE, isSecure: true }), true);
  assert.equal(await isSecure({ ...REMOTE, peer: "127.0.0.1" }), true);
  assert.equal(await isSecure({ ...REMOTE, peer: "::1" }), true);
});

Deno.test("readPageRequest() remembers a query and takes it out of the address", async () => {
  const answer = await ask("/calls?lang=ru&page=2&theme=dark");
  assert.equal(answer.status, 303);
  assert.equal(answer.headers.get("location"), "/calls?page=2");
  assert.deepEqual(answer.headers.getSetCookie(), [
    "pbx_lang=ru; Max-Age=31536000; Path=/; HttpOnly; SameSite=Lax",
    "pbx_theme=dark; Max-Age=31536000; Path=/; HttpOnly; SameSite=Lax",
  ]);
});

Deno.test("readPageRequest() sends nobody to another server", async () => {
  for (const path of ["//evil.example/?lang=ru", "/\\evil.example/?lang=ru"]) {
    const answer = await ask(`http://pbx.example${path}`);
    assert.equal(answer.headers.get("location"), "/evil.example/");
  }
});

Deno.test("readPageRequest() prefers cookies to the browser's wish", async () => {
  const page = await readPage("/", {
    "cookie": "pbx_lang=uz; pbx_theme=light",
    "accept-language": "ru",
  });
  assert.equal(page.language, "uz");
  assert.equal(page.theme, "light");
});

Deno.test("readPageRequest() passes over values that are none", async () => {
  const page = await readPage("/?lang=de&theme=pink", {
    "cookie": "pbx_lang=xx; pbx_theme=<b>",
    "accept-language": "ru",
  });
  assert.equal(page.language, "ru");
  assert.equal(page.theme, "auto");
});

Deno.test("readPageRequest() leaves the queries of programs and forms alone", async () => {
  const api = await ask("/api/v1/checks?lang=uz");
  assert.equal(api.status, 200);
  assert.equal((await api.json()).language, "uz");
  const form = await ask("/extensions?lang=uz", {}, REMOTE, "POST");
  assert.equal(form.status, 200);
  assert.deepEqual(form.headers.getSetCookie(), []);
});

Deno.test("readWish() follows the weights", () => {
  const cases: [string, string][] = [
    ["", "en"],
    ["*", "en"],
    ["de, fr", "en"],
    ["uz", "uz"],
    ["uz-Latn-UZ, en", "uz"],
    ["RU-ru", "ru"],
    ["en;q=0.4, ru;q=0.6, uz;q=0.5", "ru"],
    ["uz;q=0, ru;q=0.001", "ru"],
    ["uz;q=0", "en"],
    ["uz;q=banana, ru;q=0.1", "ru"],
    ["en;q=0.8,ru", "ru"],
    [`${"x,".repeat(400)}uz`, "en"],
  ];
  for (const [header, language] of cases) {
    assert.equal(readWish(header), language, header.slice(0, 40));
  }
});
