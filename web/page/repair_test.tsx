/**
 * Repairs on a page: buttons that work without a script, and what the browser is told after one.
 * @module
 */

import assert from "node:assert/strict";
import { Hono } from "hono";
import { LANGUAGES } from "../../diag/verdict.ts";
import { REPAIR_IDS } from "../repair.ts";
import type { AppEnv } from "./page_app.ts";
import { RepairButtons, RepairOutcome } from "./repair.tsx";
import { addRepairs } from "./repair_actions.ts";
import { OUTCOMES } from "./words/repair_words.ts";

/** What was done, and what a browser is told. */
function openActions(phones: number, isWritable: boolean = true) {
  const done: string[] = [];
  const app = new Hono<AppEnv>();
  addRepairs(app, {
    askPhones: (number) => (done.push(`ask ${number}`), phones),
    forgetSilent: (number) => (done.push(`forget ${number}`), phones),
    retryStore: () => (done.push("retry"), isWritable),
  });
  const post = async (path: string, back?: string) => {
    const body = new URLSearchParams(back === undefined ? {} : { back });
    const response = await app.request(path, { method: "POST", body });
    return `${response.status} ${response.headers.get("location")}`;
  };
  return { done, post, app };
}

Deno.test("RepairButtons() makes a form of what does something, and a link of what leads on", () => {
  const html = String(
    <RepairButtons
      language="en"
      back="/extensions/1002"
      repairs={[
        { id: "ask-phone", method: "post", path: "/p", number: "1002" },
        { id: "new-password", method: "get", path: "/g", number: "1002" },
      ]}
    />,
  );
  assert.match(html, /<form method="post" action="\/p">/);
  assert.match(html, /name="back" value="\/extensions\/1002"/);
  assert.match(html, /<a class="button" href="\/g">New password for 1002</);
  const none = <RepairButtons language="en" repairs={[]} back="/" />;
  assert.ok([null, "", "null"].includes(none && String(none)));
});

Deno.test("RepairButtons() and RepairOutcome() have words in every language", () => {
  for (const id of REPAIR_IDS) {
    const labels = LANGUAGES.map((language) =>
      String(
        <RepairButtons
          language={language}
          back="/"
          repairs={[{ id, method: "get", path: "/", number: "1002" }]}
        />,
      )
    );
    assert.equal(new Set(labels).size, LANGUAGES.length);
    assert.doesNotMatch(labels.join(), /[{}]/);
  }
  for (const did of OUTCOMES) {
    const told = LANGUAGES.map((language) =>
      String(
        <RepairOutcome
          language={language}
          query={{ did, number: "1002", count: "3" }}
        />,
      )
    );
    assert.equal(new Set(told).size, LANGUAGES.length);
    assert.doesNotMatch(told.join(), /[{}–]/);
  }
});

Deno.test("RepairOutcome() says only what it knows, whatever the address says", () => {
  const html = String(
    <RepairOutcome
      language="en"
      query={{ did: "asked", number: "<b>1", count: "1e9" }}
    />,
  );
  assert.match(html, /Phones of – that were asked: –/);
  const other = <RepairOutcome language="en" query={{ did: "x" }} />;
  assert.ok([null, "", "null"].includes(other && String(other)));
});

Deno.test("addRepairs() does it, and sends the browser back to where it came from", async () => {
  const { done, post } = openActions(2);
  assert.equal(
    await post("/extensions/1002/ping", "/extensions/1002"),
    "303 /extensions/1002?did=asked&number=1002&count=2",
  );
  assert.equal(
    await post("/extensions/1002/forget"),
    "303 /?did=forgetting&number=1002&count=2",
  );
  assert.equal(await post("/store/retry", "/"), "303 /?did=stored");
  assert.deepEqual(done, ["ask 1002", "forget 1002", "retry"]);
  const failing = openActions(0, false);
  assert.equal(await failing.post("/store/retry"), "303 /?did=not-stored");
  assert.match(
    await failing.post("/extensions/1002/ping"),
    /did=nobody-asked/,
  );
});

Deno.test("addRepairs() leads to no other server, and takes no number that is none", async () => {
  const { done, post, app } = openActions(2);
  for (const back of ["//evil.example", "https://evil.example/", "/\\e", "x"]) {
    assert.equal(await post("/store/retry", back), "303 /?did=stored");
  }
  done.length = 0;
  assert.match(await post("/extensions/ali/ping"), /^303 \/\?did=nobody-asked/);
  assert.match(await post("/extensions/%3Cb%3E/forget"), /did=nobody-asked/);
  assert.deepEqual(done, []);
  const body = "x".repeat(10);
  const headers = { "content-type": "multipart/form-data; boundary=none" };
  const odd = await app.request("/store/retry", {
    method: "POST",
    body,
    headers,
  });
  assert.equal(odd.headers.get("location"), "/?did=stored");
});
