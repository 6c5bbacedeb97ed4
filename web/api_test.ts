/**
 * The HTTP interface, asked without a socket.
 * @module
 */

import assert from "node:assert/strict";
import { type ApiSource, createApi, isOwnHost } from "./api.ts";
import type { ServerStatus } from "./status_text.ts";

const TOKEN = "t".repeat(64);
const STATUS: ServerStatus = {
  version: "0.1.0",
  pid: 42,
  uptimeSeconds: 7,
  sip: { listen: ["192.0.2.1:5060"] },
  http: { listen: "127.0.0.1:8060" },
  extensions: 2,
  registrations: 1,
  calls: 0,
  memoryBytes: 1000,
};
const EXTENSIONS = [
  { number: "1001", name: "Ann", registered: false, bindings: [] },
  { number: "1002", name: "", registered: false, bindings: [] },
];

interface Question {
  readonly headers?: Record<string, string>;
  readonly peer?: string;
  readonly source?: Partial<ApiSource>;
}

/** Asks as the command line does, unless the question says otherwise. */
async function ask(path: string, question: Question = {}): Promise<Response> {
  const api = createApi({
    token: TOKEN,
    domains: ["pbx.example"],
    isReady: () => true,
    isOwnAddress: (host) => host === "127.0.0.1",
    status: () => STATUS,
    extensions: () => EXTENSIONS,
    ...question.source,
  });
  const headers = {
    "Host": "127.0.0.1:8060",
    "Authorization": `Bearer ${TOKEN}`,
    ...question.headers,
  };
  const request = new Request(`http://127.0.0.1:8060${path}`, { headers });
  return await api.fetch(request, { peer: question.peer ?? "127.0.0.1" });
}

async function assertProblem(
  response: Response,
  status: number,
  detail: RegExp,
): Promise<void> {
  assert.equal(response.status, status);
  assert.equal(
    response.headers.get("content-type"),
    "application/problem+json",
  );
  const problem = await response.json();
  assert.equal(problem.status, status);
  assert.match(problem.detail, detail);
}

Deno.test("createApi() tells anybody that the process lives", async () => {
  const response = await ask("/healthz", {
    headers: { "Authorization": "", "Host": "elsewhere.example" },
    peer: "198.51.100.9",
  });
  assert.equal(response.status, 200);
  assert.equal(await response.text(), "ok\n");
});

Deno.test("createApi() is ready only while phones are served", async () => {
  assert.equal((await ask("/readyz")).status, 200);
  const response = await ask("/readyz", { source: { isReady: () => false } });
  await assertProblem(response, 503, /not running/);
});

Deno.test("createApi() gives the status to who holds the token", async () => {
  const response = await ask("/api/v1/status");
  assert.equal(response.status, 200);
  assert.deepEqual(await response.json(), STATUS);
  assert.equal(response.headers.get("cache-control"), "no-store");
});

Deno.test("createApi() refuses everybody else", async () => {
  const questions: Question[] = [
    { headers: { "Authorization": "" } },
    { headers: { "Authorization": "Bearer " } },
    { headers: { "Authorization": `Bearer ${TOKEN}x` } },
    { headers: { "Authorization": `Basic ${TOKEN}` } },
    { headers: { "Authorization": `Bearer ${TOKEN.slice(1)}` } },
    { peer: "198.51.100.9" },
  ];
  for (const path of ["/api/v1/status", "/api/v1/extensions", "/api/v1/none"]) {
    for (const question of questions) {
      const response = await ask(path, question);
      assert.match(response.headers.get("www-authenticate") ?? "", /^Bearer/);
      await assertProblem(response, 401, /api-token/);
    }
  }
});

Deno.test("createApi() refuses a Host that another page may have made", async () => {
  const response = await ask("/api/v1/status", {
    headers: { "Host": "rebound.example:8060" },
  });
  await assertProblem(response, 421, /Host/);
});

Deno.test("isOwnHost() takes addresses, localhost and our domains", () => {
  const cases: [string | undefined, boolean][] = [
    ["127.0.0.1", true],
    ["192.0.2.1:8060", true],
    ["[::1]:8060", true],
    ["localhost:8060", true],
    ["LOCALHOST", true],
    ["PBX.example:8060", true],
    ["pbx.example.evil", false],
    ["127.0.0.1.evil.example", false],
    ["", false],
    [undefined, false],
  ];
  for (const [header, expected] of cases) {
    assert.equal(isOwnHost(header, ["pbx.example"]), expected, `${header}`);
  }
});

Deno.test("createApi() lists extensions, one of them, or the nearest", async () => {
  assert.deepEqual(await (await ask("/api/v1/extensions")).json(), EXTENSIONS);
  assert.deepEqual(
    await (await ask("/api/v1/extensions/1001")).json(),
    EXTENSIONS[0],
  );
  await assertProblem(
    await ask("/api/v1/extensions/1003"),
    404,
    /nearest: 1001, 1002/,
  );
});

Deno.test("createApi() answers with a problem where nothing is or all fails", async () => {
  await assertProblem(await ask("/nothing"), 404, /nothing at this path/);
  const status = () => {
    throw new Error("the disk is on fire");
  };
  const response = await ask("/api/v1/status", { source: { status } });
  await assertProblem(response, 500, /the disk is on fire/);
});
