/**
 * The password and the sessions on disk, and the hash of the password.
 * @module
 */

import assert from "node:assert/strict";
import { openDatabase } from "../../pbx/io/database.ts";
import { MOST_SESSIONS, type Session } from "../../web/access/session.ts";
import { AccessStore } from "../../web/io/access_store.ts";
import { SCRYPT } from "../../web/io/password_hash.ts";
import type { Lab } from "./lab.ts";
import { liveTest } from "./lab_case.ts";

/** Two programs on one database. */
function openTwo(lab: Lab): readonly [AccessStore, AccessStore] {
  const open = () => {
    const options = { domains: [], create: true };
    const database = openDatabase(`${lab.directory}/data`, options);
    lab.onClose(() => database.close());
    return new AccessStore(database);
  };
  return [open(), open()];
}

function sessionAt(madeMs: number, digit = "a"): Session {
  return {
    hash: digit.repeat(8) + String(madeMs).padStart(56, "0"),
    madeMs,
    seenMs: madeMs,
    expiresMs: madeMs + 1000,
    source: "192.0.2.7",
    browser: "Firefox 140, Linux",
  };
}

liveTest(
  "AccessStore keeps one password, seen by others at once",
  [],
  (lab) => {
    const [one, other] = openTwo(lab);
    assert.equal(one.password(), null);
    assert.equal(one.setFirst("first"), true);
    assert.equal(other.setFirst("second"), false);
    assert.equal(other.password(), "first");
    assert.equal(other.replace("wrong", "second"), false);
    assert.equal(other.replace("first", "second"), true);
    assert.equal(one.password(), "second");
    return Promise.resolve();
  },
);

liveTest("AccessStore keeps sessions as they are, and ends them", [], (lab) => {
  const [one, other] = openTwo(lab);
  one.set("record");
  const [first, second] = [sessionAt(10, "a"), sessionAt(20, "b")];
  assert.equal(one.addSession(first, "record"), true);
  assert.equal(one.addSession(second, "another record"), false);
  assert.equal(other.addSession(second, "record"), true);
  assert.deepEqual(one.findSession(second.hash), second);
  assert.deepEqual(one.listSessions(500), [second, first]);
  assert.deepEqual(one.listSessions(1010), [second]);
  const seen = { ...first, seenMs: 700, expiresMs: 1700 };
  one.noteSession(seen);
  assert.deepEqual(other.listSessions(1010), [seen, second]);
  const id = second.hash.slice(0, 16);
  assert.equal(other.hasSession(id, 500), true);
  assert.equal(other.hasSession(id, 1020), false);
  one.endSession(id);
  assert.equal(other.hasSession(id, 500), false);
  assert.notEqual(other.findSession(first.hash), null);
  assert.equal(one.set("new record"), 1);
  assert.equal(other.findSession(first.hash), null);
  return Promise.resolve();
});

liveTest(
  "AccessStore keeps so many sessions, and none that is over",
  [],
  (lab) => {
    const [store] = openTwo(lab);
    store.set("record");
    for (let ms = 1; ms <= 100; ms++) store.addSession(sessionAt(ms), "record");
    const kept = store.listSessions(0).map(({ madeMs }) => madeMs);
    assert.equal(kept.length, MOST_SESSIONS);
    assert.deepEqual([kept[0], kept.at(-1)], [100, 37]);
    store.addSession(sessionAt(1080), "record");
    assert.deepEqual(
      store.listSessions(0).map(({ madeMs }) => madeMs).slice(0, 2),
      [1080, 100],
    );
    assert.equal(store.listSessions(0).length, 21);
    return Promise.resolve();
  },
);

Deno.test("SCRYPT tells right passwords from wrong ones", async () => {
  const record = await SCRYPT.hash("seven green lamps");
  assert.match(
    record,
    /^\$scrypt\$ln=15,r=8,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/,
  );
  assert.notEqual(await SCRYPT.hash("seven green lamps"), record);
  assert.equal(await SCRYPT.verify("seven green lamps", record), true);
  assert.equal(await SCRYPT.verify("seven green lamp", record), false);
  for (const damaged of ["", "x", record.slice(0, 40), `${record}$`]) {
    assert.equal(await SCRYPT.verify("seven green lamps", damaged), false);
  }
  // RFC 7914 §12
  const vector =
    "$scrypt$ln=14,r=8,p=1$U29kaXVtQ2hsb3JpZGU$cCO9yzr9c0hGHAbNgf046/2o+7qQT44+qbVD9lRdofLVQylVYT8Pz2LUlwUkKpr55h6F3A1lHkDfzwF7RVdYhw";
  assert.equal(await SCRYPT.verify("pleaseletmein", vector), true);
});

Deno.test("SCRYPT lets the thread that serves phones go on", async () => {
  let ticks = 0;
  const timer = setInterval(() => ticks++, 2);
  try {
    await Promise.all([SCRYPT.hash("seven green"), SCRYPT.hash("eight blue")]);
  } finally {
    clearInterval(timer);
  }
  // one that blocked would let none through before it is done
  assert.ok(ticks >= 5, `${ticks} ticks`);
});
