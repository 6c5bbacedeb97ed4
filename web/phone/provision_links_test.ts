import assert from "node:assert/strict";
import { ProvisionLinks } from "./provision_links.ts";

const PHONE = "198.51.100.7";
const OTHER = "203.0.113.9";
const MINUTE = 60_000;

/** Random octets that are other ones each time. */
function makeRandom(): () => Uint8Array {
  let count = 0;
  return () => new Uint8Array(16).fill(++count);
}

function makeLink(links = new ProvisionLinks()) {
  links.keep("1001", "secret", 0);
  const token = links.make("1001", "linphone", makeRandom()(), 0)!;
  const take = (peer: string, nowMs: number, isLook = false) =>
    links.take(token, "linphone.xml", peer, isLook, nowMs);
  return { links, token, take };
}

Deno.test("take() gives the password once, from one address within a minute", () => {
  const { take } = makeLink();
  const given = { number: "1001", file: "linphone", password: "secret" };
  assert.deepEqual(take(PHONE, 1000), given);
  assert.deepEqual(take(PHONE, 31_000), given);
  assert.equal(take(OTHER, 2000), null);
  assert.equal(take(PHONE, 61_000), null);
});

Deno.test("take() uses nothing up where only the head is wanted", () => {
  const { take } = makeLink();
  assert.notEqual(take(OTHER, 0, true), null);
  assert.notEqual(take(PHONE, 2 * MINUTE), null);
  assert.equal(take(OTHER, 2 * MINUTE, true), null);
});

Deno.test("take() gives nothing after fifteen minutes, nor to another name", () => {
  const { links, token, take } = makeLink();
  assert.equal(links.take(token, "cfg.xml", PHONE, false, 0), null);
  assert.notEqual(take(PHONE, 15 * MINUTE - 1), null);
  const late = makeLink();
  assert.equal(late.take(PHONE, 15 * MINUTE), null);
  assert.equal(late.links.find("1001", 15 * MINUTE), null);
});

Deno.test("take() gives nothing of a password that was changed, or an extension that is gone", () => {
  const changed = makeLink();
  changed.links.keep("1001", "other", 1000);
  assert.equal(changed.take(PHONE, 2000), null);
  const gone = makeLink();
  gone.links.forget("1001");
  assert.equal(gone.take(PHONE, 2000), null);
});

Deno.test("take() closes the door to an address that guesses, and to no other", () => {
  const { links, take } = makeLink();
  for (let i = 0; i < 20; i++) {
    assert.equal(links.take(`${i}`, "linphone.xml", OTHER, false, i), null);
  }
  assert.equal(take(OTHER, 100), null);
  assert.notEqual(take(PHONE, 100), null);
  const again = makeLink(links);
  assert.notEqual(again.take(OTHER, MINUTE + 1), null);
});

Deno.test("make() is bounded, and the newest links count", () => {
  const links = new ProvisionLinks();
  const random = makeRandom();
  links.keep("1001", "secret", 0);
  const tokens = Array.from(
    { length: 70 },
    () => links.make("1001", "microsip", random(), 0)!,
  );
  const take = (token: string) =>
    links.take(token, "MicroSIP.ini", PHONE, false, 0);
  assert.equal(take(tokens[5]!), null);
  assert.notEqual(take(tokens[6]!), null);
  assert.equal(new Set(tokens).size, 70);
  assert.match(tokens[0]!, /^[0-9a-f]{32}$/);
});

Deno.test("keep() holds so many passwords, and forgets the oldest", () => {
  const links = new ProvisionLinks();
  for (let i = 0; i < 65; i++) links.keep(String(1000 + i), "secret", i);
  assert.equal(links.find("1000", 65), null);
  assert.equal(links.find("1001", 65)?.password, "secret");
  assert.equal(links.make("2000", "microsip", new Uint8Array(16), 65), null);
});

Deno.test("standing() tells what became of the newest link", () => {
  const links = new ProvisionLinks();
  const random = (seed: number) => new Uint8Array(16).fill(seed);
  const standing = (nowMs: number) => links.standing("1001", "linphone", nowMs);
  assert.equal(standing(0), null);
  links.keep("1001", "secret", 0);
  const first = links.make("1001", "linphone", random(1), 0)!;
  assert.deepEqual(standing(1), { state: "fresh" });
  links.take(first, "linphone.xml", "192.0.2.1", true, 2);
  assert.deepEqual(standing(3), { state: "fresh" });
  links.take(first, "linphone.xml", "192.0.2.1", false, 4);
  const used = { state: "used", peer: "192.0.2.1", atMs: 4 };
  assert.deepEqual(standing(5), used);
  // also when it has ended
  assert.deepEqual(standing(120_000), used);
  links.make("1001", "linphone", random(2), 120_001);
  assert.deepEqual(standing(120_002), { state: "fresh" });
  assert.equal(links.standing("1001", "yealink", 120_002), null);
  assert.deepEqual(standing(15 * 60_000), { state: "ended" });
  links.keep("1001", "other", 16 * 60_000);
  links.make("1001", "linphone", random(3), 16 * 60_000);
  links.forget("1001");
  assert.deepEqual(standing(16 * 60_000), { state: "ended" });
});

Deno.test("make() refuses less chance than it needs", () => {
  const links = new ProvisionLinks();
  assert.throws(
    () => links.make("1001", "microsip", new Uint8Array(8), 0),
    RangeError,
  );
});
