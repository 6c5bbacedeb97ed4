/**
 * What the page Security is told of the sign-in and of the counters.
 * @module
 */

import assert from "node:assert/strict";
import { Counters } from "../../diag/counters.ts";
import { LoginLimiter } from "../access/login_limiter.ts";
import { openSecuritySource } from "./page_security.ts";

Deno.test("openSecuritySource() shows who is locked out of the page, and lets him in", () => {
  const logins = new LoginLimiter();
  const counters = new Counters();
  let isFresh = false;
  const source = openSecuritySource({
    logins,
    reports: {
      get isFresh() {
        return isFresh;
      },
      sources: () => [],
    },
    exchange: { isExtension: (number) => number === "1001" },
    startedMs: 1000,
    counters: () => counters.snapshot(),
  });
  try {
    const nowMs = 1_000_000;
    while (logins.take("203.0.113.9", "password", nowMs) === null);
    const [ban] = source.bans.list(nowMs);
    assert.equal(ban?.source, "203.0.113.9");
    assert.equal(ban.kind, "page");
    assert.equal(ban.why, "password");
    assert.equal(ban.since, nowMs);
    assert.ok(ban.until > nowMs);
    assert.equal(source.bans.release("203.0.113.10"), false);
    assert.equal(source.bans.release("203.0.113.9"), true);
    assert.deepEqual(source.bans.list(nowMs), []);
    assert.equal(source.sources(), null, "not known yet");
    isFresh = true;
    assert.deepEqual(source.sources(), []);
    assert.equal(source.refusals(nowMs).hourMs, 1000);
    assert.equal(source.isExtension("1001"), true);
  } finally {
    source.stop();
  }
});
