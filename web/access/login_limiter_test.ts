/**
 * How often an address may guess.
 * @module
 */

import assert from "node:assert/strict";
import { LoginLimiter } from "./login_limiter.ts";
import { networkOf } from "./source_network.ts";

const START_MS = 1_750_000_000_000;
const MINUTE_MS = 60_000;

/** How many tries an address gets at a moment. */
function takeAll(
  limiter: LoginLimiter,
  address: string,
  nowMs: number,
): number {
  let taken = 0;
  while (limiter.take(address, "password", nowMs) === null) taken++;
  return taken;
}

Deno.test("LoginLimiter gives five tries, and one back each minute", () => {
  const limiter = new LoginLimiter();
  assert.equal(takeAll(limiter, "192.0.2.7", START_MS), 5);
  assert.deepEqual(limiter.take("192.0.2.7", "password", START_MS), {
    untilMs: START_MS + MINUTE_MS,
  });
  assert.equal(takeAll(limiter, "192.0.2.7", START_MS + MINUTE_MS - 1), 0);
  assert.equal(takeAll(limiter, "192.0.2.7", START_MS + MINUTE_MS), 1);
  assert.equal(takeAll(limiter, "192.0.2.7", START_MS + 100 * MINUTE_MS), 5);
  assert.equal(takeAll(limiter, "192.0.2.8", START_MS), 5);
});

Deno.test("LoginLimiter counts a /64 of IPv6 as one, and mapped IPv4 as IPv4", () => {
  const limiter = new LoginLimiter();
  assert.equal(takeAll(limiter, "2001:db8:1:2::7", START_MS), 5);
  assert.equal(takeAll(limiter, "2001:DB8:1:2:ffff:1:2:3", START_MS), 0);
  assert.equal(takeAll(limiter, "2001:db8:1:3::7", START_MS), 5);
  assert.equal(takeAll(limiter, "192.0.2.7", START_MS), 5);
  assert.equal(takeAll(limiter, "::ffff:192.0.2.7", START_MS), 0);
  assert.equal(networkOf("::1"), "0:0:0:0::/64");
  assert.equal(networkOf("fe80::1%eth0"), "fe80:0:0:0::/64");
});

Deno.test("LoginLimiter lists who is locked out, and releases", () => {
  const limiter = new LoginLimiter();
  takeAll(limiter, "192.0.2.7", START_MS);
  limiter.take("192.0.2.9", "password", START_MS);
  for (let i = 0; i < 5; i++) {
    limiter.take("2001:db8::1", "token", START_MS + 5);
  }
  assert.equal(limiter.triesLeft("192.0.2.7", START_MS + 9), 0);
  assert.equal(limiter.triesLeft("192.0.2.9", START_MS + 9), 4);
  assert.deepEqual(limiter.list(START_MS + 9), [{
    source: "2001:db8:0:0::/64",
    why: "token",
    sinceMs: START_MS + 5,
    untilMs: START_MS + 5 + MINUTE_MS,
  }, {
    source: "192.0.2.7",
    why: "password",
    sinceMs: START_MS,
    untilMs: START_MS + MINUTE_MS,
  }]);
  // as the list names them
  assert.equal(limiter.release("2001:db8:0:0::/64"), true);
  assert.equal(limiter.release("192.0.2.7"), true);
  assert.equal(limiter.release("192.0.2.77"), false);
  assert.deepEqual(limiter.list(START_MS + 9), []);
  assert.equal(takeAll(limiter, "2001:db8::1", START_MS + 9), 5);
});

Deno.test("LoginLimiter says how many tries are left, and takes none by it", () => {
  const limiter = new LoginLimiter();
  for (let left = 5; left > 0; left--) {
    assert.equal(limiter.triesLeft("192.0.2.7", START_MS), left);
    assert.equal(limiter.take("192.0.2.7", "password", START_MS), null);
  }
  assert.equal(limiter.triesLeft("::ffff:192.0.2.7", START_MS), 0);
  assert.equal(limiter.triesLeft("192.0.2.7", START_MS + MINUTE_MS), 1);
  assert.equal(limiter.triesLeft("192.0.2.8", START_MS), 5);
  limiter.releaseAll();
  assert.equal(limiter.triesLeft("192.0.2.7", START_MS), 5);
});

Deno.test("LoginLimiter asks whoever is locked out again without making it longer", () => {
  const limiter = new LoginLimiter();
  takeAll(limiter, "192.0.2.7", START_MS);
  for (let ms = 0; ms < MINUTE_MS; ms += 500) {
    assert.equal(takeAll(limiter, "192.0.2.7", START_MS + ms), 0);
  }
  assert.equal(takeAll(limiter, "192.0.2.7", START_MS + MINUTE_MS), 1);
});

Deno.test("LoginLimiter gives nothing for a clock that was put back", () => {
  const limiter = new LoginLimiter();
  takeAll(limiter, "192.0.2.7", START_MS);
  assert.equal(takeAll(limiter, "192.0.2.7", START_MS - 3_600_000), 0);
  assert.equal(takeAll(limiter, "192.0.2.7", START_MS - 3_540_000), 1);
});

Deno.test("LoginLimiter remembers so many addresses, and who keeps guessing longest", () => {
  const limiter = new LoginLimiter();
  takeAll(limiter, "192.0.2.7", START_MS);
  for (let i = 0; i < 10_000; i++) {
    limiter.take(`10.0.${i >> 8}.${i & 255}`, "password", START_MS + 1);
    assert.equal(takeAll(limiter, "192.0.2.7", START_MS + 1), 0);
  }
  // the first of the others were forgotten, the last were not
  assert.equal(takeAll(limiter, "10.0.0.0", START_MS + 1), 5);
  assert.equal(takeAll(limiter, "10.0.39.15", START_MS + 1), 4);
});
