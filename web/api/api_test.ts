/**
 * The HTTP interface, asked without a socket. Who may ask is decided elsewhere.
 * @module
 */

import assert from "node:assert/strict";
import { Flow } from "../../sip/flow.ts";
import type { ApiSource } from "./api.ts";
import { ask, assertProblem, STATUS } from "./api_sample_test.ts";

Deno.test("addApi() tells that the process lives", async () => {
  const response = await ask("/healthz");
  assert.equal(response.status, 200);
  assert.equal(await response.text(), "ok\n");
});

Deno.test("addApi() is ready only while phones are served", async () => {
  assert.equal((await ask("/readyz")).status, 200);
  const response = await ask("/readyz", { source: { isReady: () => false } });
  await assertProblem(response, 503, /not running/);
});

Deno.test("addApi() gives the status, which nobody may keep", async () => {
  const response = await ask("/api/v1/status");
  assert.equal(response.status, 200);
  assert.deepEqual(await response.json(), STATUS);
  assert.equal(response.headers.get("cache-control"), "no-store");
  assert.equal(response.headers.get("x-content-type-options"), "nosniff");
});

Deno.test("addApi() answers with a problem where nothing is", async () => {
  for (
    const path of ["/api", "/api/", "/api/v1", "/api/v1/nothing", "/api/v2/x"]
  ) {
    await assertProblem(await ask(path), 404, /nothing at this path/);
  }
});

Deno.test("addApi() names the methods of a path that was asked with another one", async () => {
  const cases: [string, string, string][] = [
    ["PUT", "/api/v1/extensions/1001", "GET, HEAD, PATCH, DELETE"],
    ["DELETE", "/api/v1/status", "GET, HEAD"],
    ["GET", "/api/v1/extensions/1001/ping", "POST"],
    ["POST", "/api/v1/calls", "GET, HEAD"],
  ];
  for (const [method, path, allowed] of cases) {
    const response = await ask(path, { method });
    assert.equal(response.headers.get("allow"), allowed, `${method} ${path}`);
    await assertProblem(response, 405, /can be asked with/);
  }
});

Deno.test("addApi() answers HEAD as GET, without the body", async () => {
  const response = await ask("/api/v1/status", { method: "HEAD" });
  assert.equal(response.status, 200);
  assert.equal(await response.text(), "");
});

Deno.test("addApi() answers with a problem where all fails", async () => {
  const status = () => {
    throw new Error("the disk is on fire");
  };
  const response = await ask("/api/v1/status", { source: { status } });
  await assertProblem(response, 500, /the disk is on fire/);
  const verdicts = () => Promise.reject(new Error("the judge is ill"));
  const later = await ask("/api/v1/verdicts", { source: { verdicts } });
  await assertProblem(later, 500, /the judge is ill/);
});

Deno.test("addApi() lists calls, and ends none that is not there", async () => {
  assert.deepEqual(await (await ask("/api/v1/calls")).json(), []);
  const response = await ask("/api/v1/calls/c1", { method: "DELETE" });
  await assertProblem(response, 404, /No call that lives/);
});

const FLOW = new Flow("udp", 0, "192.0.2.1", 5060, "198.51.100.7", 40000);
const MESSAGES: Partial<ApiSource> = {
  messages: () => [{
    at: 15,
    direction: "in",
    flow: FLOW,
    octets: new TextEncoder().encode("Authorization: Digest response=abc"),
  }],
};

Deno.test("addApi() shows facts and messages since a time, messages without their secrets", async () => {
  const source: Partial<ApiSource> = {
    ...MESSAGES,
    facts: () =>
      [10, 20].map((at) => ({
        seq: at,
        fact: { kind: "clock-jumped", at, stage: "process", detail: "" },
      })),
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

Deno.test("addApi() shows credentials to no session of the page", async () => {
  const admin = { kind: "session", id: "0123456789abcdef" } as const;
  const question = { admin, source: MESSAGES };
  for (const path of ["messages?", "events?messages=1&since=0&"]) {
    const response = await ask(`/api/v1/${path}secrets=1`, question);
    await assertProblem(response, 403, /token only/);
  }
  const [message] = await (await ask("/api/v1/messages", question)).json();
  assert.doesNotMatch(message.text, /abc/);
});

Deno.test("addApi() streams events, beginning with those since a time", async () => {
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

Deno.test("addApi() makes and forgets a test extension, and asks phones", async () => {
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

Deno.test("addApi() shows the history of a range, with empty steps", async () => {
  const reading = {
    at: 1_700_000_000_000,
    seconds: 30,
    registrations: 2,
    calls: 1,
    refused: { auth: 3 },
    datagrams: { sip: 9 },
    cpuSeconds: 0.5,
    memoryBytes: 1000,
  };
  const source: Partial<ApiSource> = {
    history: (range) => ({
      stepMs: range === "hour" ? 30_000 : 300_000,
      fromMs: 1_700_000_000_000,
      toMs: 1_700_000_060_000,
      readings: [reading, null],
    }),
  };
  const hour = await (await ask("/api/v1/history", { source })).json();
  assert.deepEqual(hour, {
    range: "hour",
    stepSeconds: 30,
    from: "2023-11-14T22:13:20.000Z",
    to: "2023-11-14T22:14:20.000Z",
    steps: [{ ...reading, at: "2023-11-14T22:13:20.000Z" }, null],
  });
  const day = await (await ask("/api/v1/history?range=day", { source })).json();
  assert.equal(day.stepSeconds, 300);
  const none = await ask("/api/v1/history?range=year", { source });
  await assertProblem(none, 400, /hour, day/);
});
