/**
 * The HTTP interface for tests, asked without a socket by somebody who was let in.
 * @module
 */

import assert from "node:assert/strict";
import { Hono } from "hono";
import type { Admin } from "../access/admin.ts";
import type { ExtensionDesk } from "../extension_desk.ts";
import type { App, AppEnv } from "../page/page_app.ts";
import type { ServerStatus } from "../server_status.ts";
import { addApi, type ApiSource } from "./api.ts";
import type { CallSource } from "./api_calls.ts";
import { PROBLEM_TYPE } from "./api_problem.ts";
import { EventHub } from "./event_hub.ts";

export const STATUS: ServerStatus = {
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

export const EXTENSIONS = [
  { number: "1001", name: "Ann", registered: false, bindings: [] },
  { number: "1002", name: "", registered: false, bindings: [] },
];

const NO_CALLS: CallSource = {
  nowMs: () => 0,
  listLive: () => [],
  listKept: () => [],
  getKept: () => null,
  hangUp: () => false,
};

function refuse(): never {
  throw new TypeError("nobody asked for it");
}

const NO_DESK: ExtensionDesk = {
  add: refuse,
  rename: refuse,
  setPassword: refuse,
  remove: refuse,
};

/** A source that knows nothing but what is given. */
export function makeSource(given: Partial<ApiSource> = {}): ApiSource {
  return {
    version: "0.1.0",
    isReady: () => true,
    status: () => STATUS,
    extensions: () => EXTENSIONS,
    desk: NO_DESK,
    calls: NO_CALLS,
    history: () => ({ stepMs: 1000, fromMs: 0, toMs: 0, readings: [] }),
    hub: new EventHub(),
    facts: () => [],
    messages: () => [],
    verdicts: () => Promise.resolve([]),
    checks: () => Promise.resolve({ ok: true, checks: [] }),
    setup: refuse,
    addTestExtension: refuse,
    removeTestExtension: () => {},
    ping: () => 0,
    ...given,
  };
}

/** An app that lets everybody in, as this admin. */
export function makeApp(admin: Admin = { kind: "token" }): App {
  const app: App = new Hono<AppEnv>();
  app.use((context, next) => {
    context.set("admin", admin);
    return next();
  });
  return app;
}

export interface Question {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  /** Sent as JSON. */
  readonly json?: unknown;
  /** Sent as it is. */
  readonly body?: BodyInit;
  readonly admin?: Admin;
  readonly source?: Partial<ApiSource>;
}

/** Asks an interface that is made for this question. */
export async function ask(
  path: string,
  question: Question = {},
): Promise<Response> {
  const app = makeApp(question.admin);
  addApi(app, makeSource(question.source));
  const { method = "GET", json } = question;
  const body = json === undefined ? question.body : JSON.stringify(json);
  const headers = {
    ...(json !== undefined && { "Content-Type": "application/json" }),
    ...question.headers,
  };
  const request = new Request(`http://127.0.0.1:8060${path}`, {
    method,
    headers,
    ...(body !== undefined && { body }),
  });
  return await app.fetch(request, { peer: "127.0.0.1", isSecure: false });
}

export async function assertProblem(
  response: Response,
  status: number,
  detail: RegExp,
): Promise<void> {
  assert.equal(response.status, status);
  assert.equal(response.headers.get("content-type"), PROBLEM_TYPE);
  const problem = await response.json();
  assert.equal(problem.status, status);
  assert.notEqual(problem.title, undefined);
  assert.match(problem.detail, detail);
}
