/**
 * The HTTP interface, asked without a socket.
 * @module
 */

import assert from "node:assert/strict";
import { Flow } from "../../sip/flow.ts";
import { type ApiSource, createApi, isOwnHost } from "./api.ts";
import { EventHub } from "./event_hub.ts";
import type { ServerStatus } from "../server_status.ts";

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
  readonly method?: string;
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
    calls: {
      nowMs: () => 0,
      listLive: () => [],
      listKept: () => [],
      getKept: () => null,
      hangUp: () => false,
    },
    hub: new EventHub(),
    facts: () => [],
    messages: () => [],
    verdicts: () => Promise.resolve([]),
    checks: () => Promise.resolve({ ok: true, checks: [] }),
    addTestExtension: () => {
      throw new TypeError("nobody asked for one");
    },
    removeTestExtension: () => {},
    ping: () => 0,
    ...question.source,
  });
  const headers = {
    "Host": "127.0.0.1:8060",
    "Authorization": `Bearer ${TOKEN}`,
    ...question.headers,
  };
  const method = question.method ?? "GET";
  const url = `http://127.0.0.1:8060${path}`;
  const request = new Request(url, { headers, method });
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
  const names = ["status", "extensions", "calls", "calls/c1", "none"];
  for (const path of names.map((name) => `/api/v1/${name}`)) {
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

Deno.test("createApi() lists calls to who holds the token, and ends none for others", async () => {
  assert.deepEqual(await (await ask("/api/v1/calls")).json(), []);
  const response = await ask("/api/v1/calls/c1", {
    method: "DELETE",
    headers: { "Authorization": "" },
  });
  await assertProblem(response, 401, /api-token/);
});

Deno.test("createApi() answers with a problem where nothing is or all fails", async () => {
  await assertProblem(await ask("/nothing"), 404, /nothing at this path/);
  const status = () => {
    throw new Error("the disk is on fire");
  };
  const response = await ask("/api/v1/status", { source: { status } });
  await assertProblem(response, 500, /the disk is on fire/);
});

const FLOW = new Flow("udp", 0, "192.0.2.1", 5060, "198.51.100.7", 40000);

Deno.test("createApi() shows facts and messages since a time, messages without their secrets", async () => {
  const source: Partial<ApiSource> = {
    facts: () =>
      [10, 20].map((at) => ({
        seq: at,
        fact: { kind: "clock-jumped", at, stage: "process", detail: "" },
      })),
    messages: () => [{
      at: 15,
      direction: "in",
      flow: FLOW,
      octets: new TextEncoder().encode("Authorization: Digest response=abc"),
    }],
  };
  const facts = await (await ask("/api/v1/facts?since=15", { source })).json();
  assert.deepEqual(facts.map(({ at }: { at: number }) => at), [20]);
  const [message] = await (await ask("/api/v1/messages", { source })).json();
  assert.equal(message.text, "Authorization: Digest response=***");
  assert.equal(message.flow.host, "198.51.100.7");
  const [open] = await (await ask("/api/v1/messages?secrets=1", { source }))
    .json();
  assert.match(open.text, /response=abc/);
});

Deno.test("createApi() streams events, beginning with those since a time", async () => {
  const source: Partial<ApiSource> = {
    facts: () => [{
      seq: 1,
      fact: { kind: "clock-jumped", at: 10, stage: "process", detail: "9 s" },
    }],
  };
  const response = await ask("/api/v1/events?facts=1&since=5", { source });
  assert.equal(response.headers.get("content-type"), "text/event-stream");
  const reader = response.body!.getReader();
  const text = new TextDecoder().decode((await reader.read()).value);
  assert.match(text, /event: fact\ndata: \{"kind":"clock-jumped"/);
  await reader.cancel();
});

Deno.test("createApi() makes and forgets a test extension, and asks phones", async () => {
  const asked: string[] = [];
  const source: Partial<ApiSource> = {
    addTestExtension: () => ({ number: "t1", password: "p", realm: "pbx" }),
    removeTestExtension: (number) => asked.push(`remove ${number}`),
    ping: (number) => asked.push(`ping ${number}`),
  };
  const made = await ask("/api/v1/test-extensions", { source, method: "POST" });
  assert.equal(made.status, 201);
  assert.equal((await made.json()).number, "t1");
  const path = "/api/v1/test-extensions/t1";
  const gone = await ask(path, { source, method: "DELETE" });
  assert.equal(gone.status, 204);
  const ping = "/api/v1/extensions/1001/ping";
  assert.equal((await ask(ping, { source, method: "POST" })).status, 200);
  assert.deepEqual(asked, ["remove t1", "ping 1001"]);
});

Deno.test("createApi() shows nothing of the diagnosis to who has no token", async () => {
  for (const path of ["verdicts", "checks", "facts", "messages", "events"]) {
    const headers = { Authorization: "Bearer guess" };
    const response = await ask(`/api/v1/${path}`, { headers });
    assert.equal(response.status, 401, path);
    await response.body?.cancel();
  }
});
