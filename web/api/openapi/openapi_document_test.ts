/**
 * The document says what the routes are and what they answer, no more and no less.
 * @module
 */

import assert from "node:assert/strict";
import * as v from "valibot";
import { makeLive, makeRecord } from "../../../pbx/call/record_sample_test.ts";
import { Flow } from "../../../sip/flow.ts";
import { addMetrics } from "../../metrics/metrics_route.ts";
import { addApi, type ApiSource } from "../api.ts";
import { ask, makeApp, makeSource } from "../api_sample_test.ts";
import type { Operation } from "./operation.ts";
import { makeDocument } from "./openapi_document.ts";
import { OPERATIONS } from "./operations.ts";
import { SCHEMAS } from "./schemas.ts";

/** The routes that are served, as `GET /path`. */
function listRoutes(): { method: string; path: string }[] {
  const app = makeApp();
  addApi(app, makeSource());
  addMetrics(app, { read: () => assert.fail("nobody asked") });
  return app.routes.filter(({ method }) => method !== "ALL");
}

function nameOf(route: { method: string; path: string }): string {
  return `${route.method} ${route.path}`;
}

/** Every value under a key, however deep. */
function* find(value: unknown, key: string): Generator<unknown> {
  if (typeof value !== "object" || value === null) return;
  for (const [name, inner] of Object.entries(value)) {
    if (name === key) yield inner;
    yield* find(inner, key);
  }
}

Deno.test("makeDocument() describes each route, and nothing else", () => {
  const routes = listRoutes();
  assert.deepEqual(
    routes.map(nameOf).toSorted(),
    Object.keys(OPERATIONS).toSorted(),
  );
  const { paths } = makeDocument("0.1.0", routes);
  const described = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) =>
      `${method.toUpperCase()} ${path.replace(/\{(\w+)\}/g, ":$1")}`
    )
  );
  assert.deepEqual(described.toSorted(), Object.keys(OPERATIONS).toSorted());
});

Deno.test("makeDocument() leaves out what is not served", () => {
  const routes = [
    { method: "GET", path: "/api/v1/status" },
    { method: "GET", path: "/extensions" },
    { method: "ALL", path: "/api/*" },
  ];
  const { paths } = makeDocument("0.1.0", routes);
  assert.deepEqual(Object.keys(paths), ["/api/v1/status"]);
});

Deno.test("makeDocument() names only what is there", () => {
  const document = makeDocument("0.1.0", listRoutes());
  const { schemas } = document["components"] as { schemas: object };
  assert.deepEqual(Object.keys(schemas), Object.keys(SCHEMAS));
  const references = [...find(document, "$ref")].map(String);
  assert.ok(references.length > 50);
  const named = new Set(references);
  for (const name of Object.keys(schemas)) {
    assert.ok(
      named.delete(`#/components/schemas/${name}`),
      `${name} is unused`,
    );
  }
  assert.deepEqual([...named], []);
});

Deno.test("makeDocument() gives each operation what it needs", () => {
  const document = makeDocument("0.1.0", listRoutes());
  const ids = [...find(document.paths, "operationId")];
  assert.equal(new Set(ids).size, ids.length);
  for (const [path, methods] of Object.entries(document.paths)) {
    for (const operation of Object.values(methods)) {
      const { summary, responses, parameters = [] } = operation as {
        summary: string;
        responses: Record<string, unknown>;
        parameters?: { name: string; in: string; description: string }[];
      };
      assert.match(summary, /^[A-Z].*[a-z0-9]$/, path);
      assert.ok(Object.keys(responses).some((status) => /^2/.test(status)));
      assert.ok("default" in responses, path);
      const inPath = parameters.filter((one) => one.in === "path");
      assert.deepEqual(
        inPath.map(({ name }) => `{${name}}`),
        path.match(/\{\w+\}/g) ?? [],
        path,
      );
      assert.ok(parameters.every(({ description }) => description.length > 5));
    }
  }
});

Deno.test("addOpenapi() serves the document of the whole app", async () => {
  const response = await ask("/api/v1/openapi.json");
  assert.equal(response.headers.get("content-type"), "application/json");
  const document = await response.json();
  assert.equal(document.openapi, "3.1.1");
  assert.equal(document.info.version, "0.1.0");
  assert.ok("/healthz" in document.paths);
  assert.ok("/api/v1/extensions/{number}" in document.paths);
});

const FLOW = new Flow("udp", 0, "192.0.2.1", 5060, "198.51.100.7", 40000);
const BINDING = {
  contact: "<sip:1001@10.0.0.7:5062>",
  source: "198.51.100.7:40000",
  transport: "udp",
  expiresSeconds: 300,
  userAgent: "MicroSIP/3.21.6",
};

/** A server of which there is something to tell everywhere. */
const RICH: Partial<ApiSource> = {
  extensions: () => [
    { number: "1001", name: "Ann", registered: true, bindings: [BINDING] },
  ],
  calls: {
    nowMs: () => 1_700_000_000_000,
    listLive: () => [makeLive("c4", "answered")],
    listKept: () => [makeRecord("c1")],
    getKept: () => null,
    hangUp: () => true,
  },
  history: () => ({
    stepMs: 30_000,
    fromMs: 0,
    toMs: 60_000,
    readings: [null, {
      at: 30_000,
      seconds: 30.01,
      registrations: 1,
      calls: 0,
      refused: { auth: 1 },
      datagrams: { sip: 5, garbage: 1 },
      cpuSeconds: 0.25,
      memoryBytes: 1,
    }],
  }),
  facts: () => [
    {
      seq: 1,
      fact: {
        kind: "unregistered",
        at: 10,
        stage: "policy",
        flow: FLOW,
        number: "1001",
        contact: BINDING.contact,
        why: "expired",
      },
    },
    {
      seq: 2,
      fact: {
        kind: "call-invited",
        at: 11,
        stage: "route",
        flow: FLOW,
        number: "1001",
        callId: "a",
        side: "caller",
        callee: "1002",
        octets: 900,
        offer: { codecs: ["PCMA/8000"], isSrtp: false, hasIce: true },
      },
    },
    {
      seq: 3,
      fact: { kind: "clock-jumped", at: 12, stage: "process", detail: "9 s" },
    },
  ],
  messages: () => [
    { at: 1, direction: "in", flow: FLOW, octets: new Uint8Array([65]) },
  ],
  verdicts: () =>
    Promise.resolve([{
      code: "wrong-password",
      stage: "auth",
      severity: "error",
      extension: "1001",
      source: BINDING.source,
      phone: "MicroSIP",
      title: "The password is wrong",
      evidence: [{ at: "2026-01-01T00:00:00.000Z", what: "a refusal" }],
      remedy: {
        where: "phone",
        field: "password",
        text: "Type it anew",
        command: null,
      },
      lang: "en",
    }]),
  checks: () =>
    Promise.resolve({
      ok: false,
      checks: [
        { id: "dns", state: "pass", title: "a", detail: "b", durationMs: 1.5 },
        {
          id: "disk",
          state: "warn",
          title: "a",
          detail: "b",
          remedy: "c",
          durationMs: 0,
        },
      ],
    }),
  setup: () => ({
    url: "http://127.0.0.1:8060/setup",
    tunnel: "ssh -L 8060:127.0.0.1:8060 root@SERVER",
    setupToken: "abcd-efgh-jkmn-pqrs",
  }),
  addTestExtension: () => ({ number: "t", password: "p", realm: "pbx" }),
  desk: {
    add: () => ({ isDone: true, password: "made" }),
    rename: () => ({ isDone: true, password: null }),
    setPassword: () => ({ isDone: true, password: "made" }),
    remove: () => ({ isDone: true, password: null }),
  },
};

const BODIES: Readonly<Record<string, unknown>> = {
  NewExtension: { number: "1005" },
  ExtensionName: { name: "Bob" },
  NewPassword: {},
};

/** Asks what an operation describes, and holds the answer against what it says. */
async function tryOperation(name: string, operation: Operation): Promise<void> {
  const [method = "", pattern = ""] = name.split(" ");
  const path = pattern.replace(":number", "1001").replace(":id", "c4");
  const { body, answer } = operation;
  const json = body && BODIES[body.schema];
  const response = await ask(path, {
    method,
    source: RICH,
    ...(json !== undefined && { json }),
  });
  assert.equal(response.status, answer.status, name);
  const { content } = answer;
  if (content === undefined) {
    assert.equal(await response.text(), "", name);
    return;
  }
  const type = response.headers.get("content-type")?.replace(/;.*/, "");
  const isText = "text" in content;
  assert.equal(type, isText ? content.text : "application/json", name);
  for (const header of Object.keys(answer.headers ?? {})) {
    assert.ok(response.headers.has(header), `${name}: ${header}`);
  }
  if (isText) {
    await response.body?.cancel();
    return;
  }
  const told = await response.json();
  const schema = "json" in content
    ? SCHEMAS[content.json]
    : v.array(SCHEMAS[content.list] as v.GenericSchema);
  // what is not in the schema is left out of what it gives
  assert.deepEqual(v.parse(schema, told), told, name);
  if ("list" in content) assert.ok(told.length > 0, name);
}

Deno.test("every answer is what the document says of it", async () => {
  for (const [name, operation] of Object.entries(OPERATIONS)) {
    if (name === "GET /metrics") continue;
    await tryOperation(name, operation);
  }
});

Deno.test("every problem is what the document says of it", async () => {
  const response = await ask("/api/v1/nothing");
  const told = await response.json();
  assert.deepEqual(v.parse(SCHEMAS.Problem, told), told);
});
