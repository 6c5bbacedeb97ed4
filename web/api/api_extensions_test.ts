/**
 * The routes for extensions, on a desk that is none.
 * @module
 */

import assert from "node:assert/strict";
import type { DeskAnswer, ExtensionDesk } from "../extension_desk.ts";
import {
  ask,
  assertProblem,
  EXTENSIONS,
  type Question,
} from "./api_sample_test.ts";

const DONE: DeskAnswer = { isDone: true, password: null };
const PATH = "/api/v1/extensions";

/** Asks, and gives what the desk was asked. */
async function work(
  path: string,
  question: Question,
  answer: DeskAnswer = DONE,
): Promise<{ response: Response; asked: unknown[][] }> {
  const asked: unknown[][] = [];
  const note = (...what: unknown[]) => {
    asked.push(what);
    return answer;
  };
  const desk: ExtensionDesk = {
    add: (wish) => note("add", wish),
    rename: (number, name) => note("rename", number, name),
    setPassword: (number, password) => note("password", number, password),
    remove: (number) => note("remove", number),
  };
  return {
    response: await ask(path, { ...question, source: { desk } }),
    asked,
  };
}

Deno.test("addExtensions() shows extensions, and the nearest numbers for one that is none", async () => {
  assert.deepEqual(await (await ask(PATH)).json(), EXTENSIONS);
  assert.deepEqual(await (await ask(`${PATH}/1001`)).json(), EXTENSIONS[0]);
  const response = await ask(`${PATH}/1003`);
  await assertProblem(response, 404, /nearest: 1001, 1002/);
});

Deno.test("addExtensions() adds one, and tells the password that was made", async () => {
  const { response, asked } = await work(
    PATH,
    { method: "POST", json: { number: "1005" } },
    { isDone: true, password: "made-here" },
  );
  assert.equal(response.status, 201);
  assert.equal(response.headers.get("location"), `${PATH}/1005`);
  assert.deepEqual(await response.json(), {
    number: "1005",
    password: "made-here",
  });
  const wish = { number: "1005", name: "", password: null };
  assert.deepEqual(asked, [["add", wish]]);
});

Deno.test("addExtensions() repeats no password that was given", async () => {
  const json = { number: "1005", name: "Дилноза", password: "it is mine" };
  const { response, asked } = await work(PATH, { method: "POST", json });
  assert.deepEqual(await response.json(), { number: "1005" });
  assert.deepEqual(asked, [["add", json]]);
});

Deno.test("addExtensions() gives names and passwords, and removes", async () => {
  const rename = await work(`${PATH}/1001`, {
    method: "PATCH",
    json: { name: "Bob" },
  });
  assert.deepEqual(await rename.response.json(), { number: "1001" });
  assert.deepEqual(rename.asked, [["rename", "1001", "Bob"]]);
  const made = { isDone: true, password: "made-here" } as const;
  for (const question of [{}, { json: {} }]) {
    const { response, asked } = await work(
      `${PATH}/1001/password`,
      { method: "POST", ...question },
      made,
    );
    assert.equal((await response.json()).password, "made-here");
    assert.deepEqual(asked, [["password", "1001", null]]);
  }
  const given = { method: "POST", json: { password: "abc" } };
  const { asked } = await work(`${PATH}/1001/password`, given);
  assert.deepEqual(asked, [["password", "1001", "abc"]]);
  const gone = await work(`${PATH}/1001`, { method: "DELETE" });
  assert.equal(gone.response.status, 204);
  assert.deepEqual(gone.asked, [["remove", "1001"]]);
});

Deno.test("addExtensions() says why the desk refused", async () => {
  const cases = [
    ["number-taken", 409, /because/],
    [
      "no-such-number",
      404,
      /No extension has this number; nearest: 1001, 1002/,
    ],
    ["wrong-name", 400, /because/],
    ["store-failed", 503, /because/],
  ] as const;
  for (const [why, status, detail] of cases) {
    const refusal = { isDone: false, why, detail: "because" } as const;
    const questions: [string, Question][] = [
      [PATH, { method: "POST", json: { number: "10021" } }],
      [`${PATH}/10021`, { method: "PATCH", json: { name: "" } }],
      [`${PATH}/10021/password`, { method: "POST" }],
      [`${PATH}/10021`, { method: "DELETE" }],
    ];
    for (const [path, question] of questions) {
      const { response } = await work(path, question, refusal);
      await assertProblem(response, status, detail);
    }
  }
});

Deno.test("addExtensions() names each fault of a body, and repeats no password", async () => {
  const cases: [unknown, RegExp][] = [
    [{}, /^`number` is missing$/],
    [[], /^The body must be an object$/],
    [null, /^The body must be an object$/],
    ["1001", /^The body must be an object$/],
    [{ number: 1001 }, /^`number` must be a text$/],
    [
      { number: "10 01" },
      /^`number` must have 1 to 15 digits, and nothing else$/,
    ],
    [{ number: "1", nmae: "x" }, /^`nmae` is not known here$/],
    [
      { number: "1", name: "a\nb" },
      /^`name` must not have control characters$/,
    ],
    [{ number: "1", name: "x".repeat(101) }, /^`name` must not be longer/],
    [
      { number: "", password: "" },
      /^`number` .*; `password` must not be empty$/,
    ],
    [
      { number: "1", password: "secret\u0000" },
      /^`password` must not have control characters$/,
    ],
    [{ number: "1", password: ["secret"] }, /^`password` must be a text$/],
  ];
  for (const [json, detail] of cases) {
    const { response, asked } = await work(PATH, { method: "POST", json });
    assert.deepEqual(asked, [], JSON.stringify(json));
    const { detail: told } = await response.clone().json();
    assert.doesNotMatch(told, /secret/);
    await assertProblem(response, 400, detail);
  }
});

Deno.test("addExtensions() takes JSON only, and not too much", async () => {
  const post = (body: string, type = "application/json") =>
    work(PATH, {
      method: "POST",
      body,
      headers: { "Content-Type": type },
    }).then(({ response }) => response);
  await assertProblem(await post("{"), 400, /not JSON/);
  const text = '{"number":"1001"}';
  await assertProblem(await post(text, "text/plain"), 415, /Content-Type/);
  const isForm = await post("number=1001", "application/x-www-form-urlencoded");
  await assertProblem(isForm, 415, /Content-Type/);
  assert.equal(
    (await post(text, "application/json; charset=utf-8")).status,
    201,
  );
  const large = JSON.stringify({ number: "1001", name: "x".repeat(65_536) });
  await assertProblem(await post(large), 413, /65536 octets/);
  const stream = new ReadableStream({
    start(controller) {
      controller.enqueue(new TextEncoder().encode(large));
      controller.close();
    },
  });
  const { response } = await work(PATH, {
    method: "POST",
    body: stream,
    headers: { "Content-Type": "application/json" },
  });
  await assertProblem(response, 413, /65536 octets/);
});
