/**
 * The routes for calls, asked without a socket.
 * @module
 */

import assert from "node:assert/strict";
import type { CallRecord } from "../../pbx/call/call_record.ts";
import {
  makeLive,
  makeRecord,
  STARTED_AT,
} from "../../pbx/call/record_sample_test.ts";
import { addCalls, type KeptQuery } from "./api_calls.ts";
import { assertProblem, makeApp } from "./api_sample_test.ts";
import type { CallEntry } from "../call_entry.ts";

/** What lives, what was kept (which has the live ones too), and what was asked of them. */
class Calls {
  /** The oldest first. */
  readonly live: readonly CallRecord[];
  /** The newest first. */
  readonly kept: readonly CallRecord[];
  readonly queries: KeptQuery[] = [];
  readonly ended: string[] = [];

  constructor(live: readonly CallRecord[], ended: readonly CallRecord[]) {
    this.live = live;
    this.kept = [...live.toReversed(), ...ended];
  }

  async ask(path: string, method: string = "GET"): Promise<Response> {
    const app = makeApp();
    addCalls(app, {
      nowMs: () => STARTED_AT + 10_000,
      listLive: () => this.live,
      listKept: (query) => {
        this.queries.push(query);
        const from = this.kept.findIndex(({ id }) => id === query.before) + 1;
        return this.kept.slice(from).filter(({ id, caller }) =>
          !query.except.has(id) &&
          (query.number === undefined || caller.number === query.number)
        ).slice(0, query.limit);
      },
      getKept: (id) => this.kept.find((call) => call.id === id) ?? null,
      hangUp: (id) => {
        this.ended.push(id);
        return this.live.some((call) => call.id === id);
      },
    });
    return await app.request(`http://127.0.0.1${path}`, { method });
  }

  async list(query: string): Promise<string[]> {
    const response = await this.ask(`/api/v1/calls${query}`);
    assert.equal(response.status, 200);
    const calls = await response.json() as CallEntry[];
    return calls.map(({ id }) => id);
  }
}

function makeCalls(): Calls {
  const other = { ...makeRecord("").caller, number: "1005" };
  const live = [
    makeLive("c4", "answered"),
    makeLive("c5", "answered", { caller: other }),
    makeLive("c6", "ringing"),
  ];
  const ended = [
    makeRecord("c3"),
    makeRecord("c2", { caller: other }),
    makeRecord("c1"),
  ];
  return new Calls(live, ended);
}

Deno.test("addCalls() lists those that live, then the others, no call twice", async () => {
  const calls = makeCalls();
  assert.deepEqual(await calls.list(""), ["c6", "c5", "c4", "c3", "c2", "c1"]);
  assert.equal(calls.queries[0]?.limit, 97);
  assert.deepEqual(await calls.list("?limit=4"), ["c6", "c5", "c4", "c3"]);
  assert.deepEqual(await calls.list("?limit=2"), ["c6", "c5"]);
  assert.deepEqual(await calls.list("?live=1"), ["c6", "c5", "c4"]);
});

Deno.test("addCalls() goes on where the page before ended", async () => {
  for (const limit of [1, 2, 3, 4, 5]) {
    const calls = makeCalls();
    const seen: string[] = [];
    for (let page = await calls.list(`?limit=${limit}`); page.length > 0;) {
      seen.push(...page);
      page = await calls.list(`?limit=${limit}&before=${page.at(-1)}`);
    }
    assert.deepEqual(seen, ["c6", "c5", "c4", "c3", "c2", "c1"], `${limit}`);
  }
});

Deno.test("addCalls() lists the calls of one number, whoever called", async () => {
  const calls = makeCalls();
  assert.deepEqual(await calls.list("?number=1005"), ["c5", "c2"]);
  assert.deepEqual(await calls.list("?number=1002&live=1"), ["c6", "c5", "c4"]);
  assert.deepEqual(await calls.list("?number=1005&before=c5"), ["c2"]);
  assert.equal((await calls.list("?number=")).length, 6);
});

Deno.test("addCalls() refuses a limit that is none", async () => {
  for (const limit of ["0", "1001", "-1", "ten", "1e2", ""]) {
    const response = await makeCalls().ask(`/api/v1/calls?limit=${limit}`);
    await assertProblem(response, 400, /from 1 to 1000/);
  }
});

Deno.test("addCalls() shows one call, also one that lives", async () => {
  const calls = makeCalls();
  const live = await (await calls.ask("/api/v1/calls/c4")).json();
  assert.equal(live.state, "answered");
  assert.equal(live.durationSeconds, 6);
  const ended = await (await calls.ask("/api/v1/calls/c1")).json();
  assert.equal(ended.why, "hung-up");
  const nothing = await calls.ask("/api/v1/calls/c9");
  await assertProblem(nothing, 404, /No call has this identifier/);
});

Deno.test("addCalls() ends a call that lives, and only such a one", async () => {
  const calls = makeCalls();
  const response = await calls.ask("/api/v1/calls/c4", "DELETE");
  assert.equal(response.status, 204);
  assert.equal(await response.text(), "");
  const over = await calls.ask("/api/v1/calls/c1", "DELETE");
  await assertProblem(over, 404, /No call that lives/);
  assert.deepEqual(calls.ended, ["c4", "c1"]);
});
