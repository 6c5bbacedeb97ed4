/**
 * How to come to the page, told to who holds the token of the data directory only.
 * @module
 */

import assert from "node:assert/strict";
import { ask, assertProblem } from "./api_sample_test.ts";

const SETUP = {
  url: "http://127.0.0.1:8060/setup",
  tunnel: null,
  setupToken: "abcd-efgh-jkmn-pqrs",
};
const source = { setup: () => SETUP };

Deno.test("addSetup() tells it to who holds the token", async () => {
  const response = await ask("/api/v1/setup", { method: "POST", source });
  assert.equal(response.status, 200);
  assert.deepEqual(await response.json(), SETUP);
  assert.equal(response.headers.get("cache-control"), "no-store");
});

Deno.test("addSetup() tells nothing to a session, and nothing where it is only read", async () => {
  const path = "/api/v1/setup";
  const admin = { kind: "session", id: "0123456789abcdef" } as const;
  const response = await ask(path, { method: "POST", admin, source });
  await assertProblem(response, 403, /who holds the token/);
  await assertProblem(await ask(path, { source }), 405, /can be asked with/);
});
