/**
 * The door: signing in, the first visit, sessions and their end.
 * @module
 */

import assert from "node:assert/strict";
import { hashCookie } from "./session_cookie.ts";
import { PASSWORD, SampleDoor } from "./sample_access_test.ts";
import { isSetupToken } from "./setup_token.ts";

const VISITOR = { source: "192.0.2.7", userAgent: "curl/8" };
const FRESH = { password: "eight blue boats", again: "eight blue boats" };
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

Deno.test("Access lets in who knows the password, and keeps no cookie", async () => {
  const door = new SampleDoor();
  const cookie = await door.signIn();
  assert.match(cookie, /^[0-9a-f]{64}$/);
  const session = door.access.findSession(cookie)!;
  assert.equal(session.source, "192.0.2.7");
  assert.doesNotMatch(
    JSON.stringify([...door.keeper.sessions]),
    new RegExp(cookie),
  );
  assert.notEqual(await door.signIn(), cookie);
  assert.deepEqual(door.events, [
    { kind: "signed-in", source: "192.0.2.7" },
    { kind: "signed-in", source: "192.0.2.7" },
  ]);
});

Deno.test("Access refuses wrong passwords, and after five of them every one", async () => {
  const door = new SampleDoor();
  const attempt = (password: string) =>
    door.access.signIn(password, VISITOR, null);
  for (let i = 0; i < 5; i++) {
    const refused = { kind: "wrong", triesLeft: 4 - i };
    assert.deepEqual(await attempt("wrong password"), refused);
  }
  assert.deepEqual(await attempt(PASSWORD), {
    kind: "locked",
    untilMs: door.nowMs + 60_000,
    waitSeconds: 60,
  });
  assert.equal(door.hasher.verified, 5);
  assert.equal(door.access.listLockouts().length, 1);
  const kinds = door.events.map(({ kind }) => kind);
  assert.deepEqual(kinds.slice(-2), ["wrong-password", "locked-out"]);
  assert.equal(kinds.filter((kind) => kind === "locked-out").length, 1);
  // somebody else is not concerned
  await door.signIn("192.0.2.8");
  assert.equal(door.access.releaseLockout("192.0.2.7"), true);
  assert.equal((await attempt(PASSWORD)).kind, "in");
});

Deno.test("Access counts who reads the metrics apart from who signs in", async () => {
  const door = new SampleDoor();
  const { source } = VISITOR;
  const scrape = (password: string) =>
    door.access.checkPassword(password, source);
  const last = await Promise.all(
    Array.from({ length: 9 }, () => scrape("an old password")),
  );
  assert.deepEqual(last.map(({ kind }) => kind), [
    ...Array(5).fill("wrong"),
    ...Array(4).fill("locked"),
  ]);
  assert.equal((await scrape(PASSWORD)).kind, "locked");
  const kinds = door.events.map(({ kind }) => kind);
  assert.deepEqual(
    new Set(kinds),
    new Set(["wrong-metrics-password", "metrics-locked-out"]),
  );
  // the page has all its tries, and uses them up without harm to the metrics
  await door.signIn(source);
  door.access.releaseLockout(source);
  assert.equal((await scrape(PASSWORD)).kind, "right");
  for (let i = 0; i < 6; i++) {
    await door.access.signIn("wrong password", VISITOR, null);
  }
  assert.equal((await scrape(PASSWORD)).kind, "right");
  for (let i = 0; i < 5; i++) await scrape("an old password");
  const locked = door.access.listLockouts().map(({ why }) => why);
  assert.deepEqual(locked.sort(), ["metrics", "password"]);
  // a button lifts both
  assert.equal(door.access.releaseLockout(source), true);
  assert.deepEqual(door.access.listLockouts(), []);
  assert.equal(door.access.releaseLockout(source), false);
});

Deno.test("Access lifts every lock-out when the password was set by another way", async () => {
  const door = new SampleDoor();
  const { source } = VISITOR;
  for (let i = 0; i < 5; i++) {
    await door.access.signIn("wrong password", VISITOR, null);
    await door.access.checkPassword("wrong password", source);
  }
  assert.equal((await door.access.signIn("x", VISITOR, null)).kind, "locked");
  assert.equal(door.access.listLockouts().length, 2);
  door.keeper.record = "hash of nine red rivers";
  const refused = await door.access.signIn(PASSWORD, VISITOR, null);
  assert.deepEqual(refused, { kind: "wrong", triesLeft: 4 });
  assert.deepEqual(door.access.listLockouts(), []);
  const entry = await door.access.signIn("nine red rivers", VISITOR, null);
  assert.equal(entry.kind, "in");
  // once: what is guessed from then on counts as ever
  for (let i = 0; i < 5; i++) await door.access.signIn("x", VISITOR, null);
  assert.equal((await door.access.signIn("x", VISITOR, null)).kind, "locked");
});

Deno.test("Access tells two different passwords before what is wrong with one", async () => {
  const door = new SampleDoor(false);
  const token = door.access.makeSetupToken()!;
  const slip = { password: "password123", again: "password132" };
  const differs = await door.access.setUp(token, slip, VISITOR);
  assert.deepEqual(differs, { kind: "differs" });
  const same = { password: "password123", again: "password123" };
  const unfit = await door.access.setUp(token, same, VISITOR);
  assert.deepEqual(unfit, { kind: "unfit", fault: "obvious" });
});

Deno.test("Access gives all tries back for a right password", async () => {
  const door = new SampleDoor();
  for (let round = 0; round < 3; round++) {
    for (let i = 0; i < 4; i++) {
      await door.access.signIn("wrong password", VISITOR, null);
    }
    await door.signIn();
  }
});

Deno.test("Access takes a try before it looks, so many at once are no way around", async () => {
  const door = new SampleDoor();
  const guesses = Array.from(
    { length: 50 },
    (_, i) => door.access.signIn(`guess ${i}`, VISITOR, null),
  );
  const kinds = (await Promise.all(guesses)).map(({ kind }) => kind);
  assert.equal(kinds.filter((kind) => kind === "wrong").length, 5);
  assert.equal(door.hasher.verified, 5);
});

Deno.test("Access hashes for so many at once, and takes no try from the rest", async () => {
  const door = new SampleDoor();
  const { promise, resolve } = Promise.withResolvers<void>();
  door.hasher.gate = promise;
  const guesses = Array.from({ length: 30 }, (_, i) => {
    const visitor = { ...VISITOR, source: `192.0.2.${i}` };
    return door.access.signIn("wrong password", visitor, null);
  });
  assert.equal(door.hasher.verified, 2);
  resolve();
  const kinds = (await Promise.all(guesses)).map(({ kind }) => kind);
  assert.equal(kinds.filter((kind) => kind === "busy").length, 20);
  assert.equal(door.hasher.verified, 10);
  await door.signIn("192.0.2.29");
});

Deno.test("Access lets in who signed in from there before, however many guess from elsewhere", async () => {
  const door = new SampleDoor();
  await door.signIn("2001:db8:1:2::7");
  const { promise, resolve } = Promise.withResolvers<void>();
  door.hasher.gate = promise;
  const signIn = (password: string, source: string) =>
    door.access.signIn(password, { ...VISITOR, source }, null);
  const guesses = Array.from(
    { length: 30 },
    (_, i) => signIn("wrong password", `192.0.2.${i}`),
  );
  const known = signIn(PASSWORD, "2001:db8:1:2::8");
  const own = signIn(PASSWORD, "127.0.0.1");
  const stranger = signIn(PASSWORD, "198.51.100.1");
  resolve();
  assert.equal((await known).kind, "in");
  assert.equal((await own).kind, "in");
  assert.equal((await stranger).kind, "busy");
  await Promise.all(guesses);
});

Deno.test("Access refuses endless passwords unhashed", async () => {
  const door = new SampleDoor();
  const result = await door.access.signIn("x".repeat(16_000), VISITOR, null);
  assert.equal(result.kind, "wrong");
  assert.equal(door.hasher.verified, 0);
});

Deno.test("Access compares passwords as NFC", async () => {
  const door = new SampleDoor(false);
  const token = door.access.makeSetupToken()!;
  const decomposed = "cafe\u0301 au lait";
  const fresh = { password: decomposed, again: decomposed };
  assert.equal((await door.access.setUp(token, fresh, VISITOR)).kind, "in");
  const composed = await door.access.signIn("caf\u00e9 au lait", VISITOR, null);
  assert.equal(composed.kind, "in");
});

Deno.test("Access sets the first password for the token, once", async () => {
  const door = new SampleDoor(false);
  const token = door.access.makeSetupToken()!;
  const setUp = (given: string, fresh = FRESH) =>
    door.access.setUp(given, fresh, VISITOR);
  const refused = { kind: "wrong", triesLeft: 4 };
  assert.deepEqual(await setUp("aaaa-bbbb-cccc-dddd"), refused);
  const short = { password: "short", again: "short" };
  assert.deepEqual(await setUp(token, short), {
    kind: "unfit",
    fault: "short",
  });
  const typo = { ...FRESH, again: "eight blue goats" };
  assert.deepEqual(await setUp(token, typo), { kind: "differs" });
  assert.equal(door.access.hasPassword(), false);
  const result = await setUp(` ${token.toUpperCase().replaceAll("-", " ")}`);
  assert.equal(result.kind, "in");
  assert.equal(door.access.hasPassword(), true);
  assert.deepEqual(await setUp(token), { kind: "gone" });
  assert.equal(door.access.makeSetupToken(), null);
  assert.doesNotMatch(JSON.stringify(door.events), new RegExp(token));
});

Deno.test("Access counts wrong tokens, and a right one comes too late then", async () => {
  const door = new SampleDoor(false);
  const token = door.access.makeSetupToken()!;
  for (let i = 0; i < 5; i++) await door.access.setUp("aaaa", FRESH, VISITOR);
  const result = await door.access.setUp(token, FRESH, VISITOR);
  assert.equal(result.kind, "locked");
  assert.equal(door.access.listLockouts()[0]?.why, "token");
});

Deno.test("Access forgets the setup where the password was set otherwise", async () => {
  const door = new SampleDoor(false);
  const token = door.access.makeSetupToken()!;
  door.keeper.record = `hash of ${PASSWORD}`;
  const result = await door.access.setUp(token, FRESH, VISITOR);
  assert.deepEqual(result, { kind: "gone" });
  assert.equal(door.keeper.record, `hash of ${PASSWORD}`);
});

Deno.test("Access lets only the first of two through that have the token", async () => {
  const door = new SampleDoor(false);
  const token = door.access.makeSetupToken()!;
  const other = { password: "nine red rivers", again: "nine red rivers" };
  const both = await Promise.all([
    door.access.setUp(token, FRESH, VISITOR),
    door.access.setUp(token, other, VISITOR),
  ]);
  assert.deepEqual(both.map(({ kind }) => kind), ["in", "gone"]);
  assert.equal(door.keeper.record, "hash of eight blue boats");
});

Deno.test("Access ends a session 30 days after it was seen, and 90 after it was made", async () => {
  const door = new SampleDoor();
  const cookie = await door.signIn();
  door.nowMs += 30 * DAY_MS - 1;
  assert.notEqual(door.access.findSession(cookie), null);
  door.nowMs += 29 * DAY_MS;
  assert.notEqual(door.access.findSession(cookie), null);
  door.nowMs += 29 * DAY_MS;
  assert.notEqual(door.access.findSession(cookie), null);
  door.nowMs += 2 * DAY_MS + 1;
  assert.equal(door.access.findSession(cookie), null);
  const idle = await door.signIn();
  door.nowMs += 30 * DAY_MS;
  assert.equal(door.access.findSession(idle), null);
});

Deno.test("Access writes at most once an hour that a session was seen", async () => {
  const door = new SampleDoor();
  const cookie = await door.signIn();
  for (let i = 0; i < 120; i++) {
    door.nowMs += 60_000;
    door.access.findSession(cookie);
  }
  assert.equal(door.keeper.notes, 2);
});

Deno.test("Access changes the password for who knows it, and ends all sessions but a new one", async () => {
  const door = new SampleDoor();
  const old = await door.signIn();
  const other = await door.signIn("192.0.2.8");
  const wrong = await door.access.changePassword("guess guess", FRESH, VISITOR);
  assert.deepEqual(wrong, { kind: "wrong", triesLeft: 4 });
  const unfit = await door.access.changePassword(PASSWORD, {
    password: "password123",
    again: "password123",
  }, VISITOR);
  assert.deepEqual(unfit, { kind: "unfit", fault: "obvious" });
  assert.notEqual(door.access.findSession(old), null);
  const result = await door.access.changePassword(PASSWORD, FRESH, VISITOR);
  assert.equal(result.kind, "in");
  assert.equal(door.access.findSession(old), null);
  assert.equal(door.access.findSession(other), null);
  const cookie = result.kind === "in" ? result.cookie : "";
  assert.notEqual(door.access.findSession(cookie), null);
});

Deno.test("Access lets nobody in with a password that changes while it is looked at", async () => {
  const door = new SampleDoor();
  const { promise, resolve } = Promise.withResolvers<void>();
  door.hasher.gate = promise;
  const entering = door.access.signIn(PASSWORD, VISITOR, null);
  const changing = door.access.changePassword(PASSWORD, FRESH, VISITOR);
  door.keeper.replace(door.keeper.record!, "hash of nine red rivers");
  resolve();
  assert.equal((await entering).kind, "wrong");
  assert.equal((await changing).kind, "wrong");
  assert.equal(door.keeper.sessions.size, 0);
  assert.equal(door.keeper.record, "hash of nine red rivers");
});

Deno.test("Access ends one session, one by its name, or all", async () => {
  const door = new SampleDoor();
  const [one, two, three] = [
    await door.signIn(),
    await door.signIn(),
    await door.signIn(),
  ];
  door.access.signOut(one);
  assert.equal(door.access.findSession(one), null);
  const id = hashCookie(two).slice(0, 16);
  assert.equal(door.access.isStillIn({ kind: "session", id }), true);
  for (const wrong of ["", "%", id.slice(1), `${id}0`, "g".repeat(16)]) {
    door.access.endSession(wrong);
  }
  assert.equal(door.keeper.sessions.size, 2);
  door.access.endSession(id);
  assert.equal(door.access.findSession(two), null);
  assert.equal(door.access.isStillIn({ kind: "session", id }), false);
  assert.equal(door.access.isStillIn({ kind: "token" }), true);
  door.access.signOutEverywhere();
  assert.equal(door.access.findSession(three), null);
});

Deno.test("Access replaces the session that a browser came with", async () => {
  const door = new SampleDoor();
  const old = await door.signIn();
  const other = await door.signIn();
  await door.access.signIn(PASSWORD, VISITOR, old);
  assert.equal(door.access.findSession(old), null);
  assert.notEqual(door.access.findSession(other), null);
});

Deno.test("Access tells the same setup token again until a password is set", async () => {
  const door = new SampleDoor(false);
  const token = door.access.makeSetupToken()!;
  assert.equal(door.access.makeSetupToken(), token);
  await door.access.setUp("aaaa", FRESH, VISITOR);
  assert.equal(door.access.makeSetupToken(), token);
  await door.access.setUp(token, FRESH, VISITOR);
  assert.equal(door.access.makeSetupToken(), null);
});

Deno.test("isSetupToken() takes no empty and no other token", () => {
  const door = new SampleDoor(false);
  door.access.makeSetupToken();
  for (const text of ["", "-", "aaaa-aaaa-aaaa-aaaa"]) {
    assert.equal(isSetupToken(text, "abcd-efgh-jkmn-pqrs"), false, text);
  }
});
