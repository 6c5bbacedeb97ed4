/**
 * The history of calls on a real file: it gives back what it was given, page by page, and a call
 * that a crash cut off gets an end.
 * @module
 */

import assert from "node:assert/strict";
import type { CallRecord } from "../../pbx/call/call_record.ts";
import {
  makeLive,
  makeRecord,
  STARTED_AT,
} from "../../pbx/call/record_sample_test.ts";
import { CallStore } from "../../pbx/io/call_store.ts";
import { type Database, openDatabase } from "../../pbx/io/database.ts";

/** A database that is gone after the test, and a clock that the test moves. */
class Shelf {
  readonly dataDir = Deno.makeTempDirSync();
  readonly database: Database;
  readonly store: CallStore;
  nowMs = STARTED_AT;

  constructor() {
    const options = { domains: [], create: true };
    this.database = openDatabase(this.dataDir, options);
    this.store = new CallStore(this.database, () => this.nowMs);
  }

  ids(query: Partial<Parameters<CallStore["list"]>[0]> = {}): string {
    const found = this.store.list({ limit: 100, ...query });
    return found.map(({ id }) => id).join(" ");
  }

  [Symbol.dispose](): void {
    this.database.close();
    Deno.removeSync(this.dataDir, { recursive: true });
  }
}

/** One second after another. */
function makeCalls(ids: readonly string[]): CallRecord[] {
  return ids.map((id, i) =>
    makeRecord(id, { startedAt: STARTED_AT + i * 1000 })
  );
}

Deno.test("CallStore gives back what it was given", () => {
  using shelf = new Shelf();
  const records = [
    makeRecord("c3", { dialled: "Ж'; DROP TABLE calls; --", codec: "" }),
    makeLive("c2", "ringing", { startedAt: STARTED_AT - 1000 }),
    makeLive("c1", "answered", { startedAt: STARTED_AT - 2000 }),
  ];
  shelf.store.save(records);
  assert.deepEqual(shelf.store.list({ limit: 10 }), records);
  assert.deepEqual(shelf.store.get("c1"), records[2]);
  assert.equal(shelf.store.get("c9"), null);
});

Deno.test("CallStore.save() writes a call anew as it goes on", () => {
  using shelf = new Shelf();
  shelf.store.save([makeLive("c1", "ringing")]);
  const callee = { ...makeRecord("c1").callee, number: "1003" };
  const ended = makeRecord("c1", { callee });
  shelf.store.save([ended]);
  shelf.store.save([]);
  assert.deepEqual(shelf.store.list({ limit: 10 }), [ended]);
  assert.equal(shelf.ids({ number: "1003" }), "c1");
});

Deno.test("CallStore.save() takes numbers that are none and texts that have no end", () => {
  using shelf = new Shelf();
  const sound = { packets: NaN, octets: 1.6, lost: -1, jitterMs: Infinity };
  const record = makeRecord("c1", {
    startedAt: STARTED_AT + 0.4,
    callerSound: sound,
    dialled: "9".repeat(100_000),
  });
  shelf.store.save([record]);
  const [read] = shelf.store.list({ limit: 1 });
  assert.equal(read?.startedAt, STARTED_AT);
  assert.equal(read.dialled.length, 256);
  assert.deepEqual(read.callerSound, {
    packets: 0,
    octets: 2,
    lost: -1,
    jitterMs: 0,
  });
});

Deno.test("CallStore.save() writes all or nothing, and works again after a failure", () => {
  using shelf = new Shelf();
  const broken = { ...makeRecord("c2"), state: null as unknown as "ended" };
  assert.throws(() => shelf.store.save([makeRecord("c1"), broken]));
  assert.equal(shelf.ids(), "");
  shelf.store.save([makeRecord("c1")]);
  assert.equal(shelf.ids(), "c1");
});

Deno.test("CallStore.list() gives the newest first, page by page", () => {
  using shelf = new Shelf();
  const names = ["c1", "c2", "c3", "c4", "c5", "c6"];
  const calls = makeCalls(names);
  // two that began in the same millisecond
  calls[3] = { ...calls[3]!, startedAt: calls[2]!.startedAt };
  shelf.store.save(calls);
  assert.equal(shelf.ids(), "c6 c5 c4 c3 c2 c1");
  assert.equal(shelf.ids({ limit: 2 }), "c6 c5");
  assert.equal(shelf.ids({ limit: 2, before: "c5" }), "c4 c3");
  assert.equal(shelf.ids({ limit: 9, before: "c4" }), "c3 c2 c1");
  assert.equal(shelf.ids({ before: "c1" }), "");
  assert.equal(shelf.ids({ before: "gone" }), "");
  const except = new Set(["c6", "c4", "c1"]);
  assert.equal(shelf.ids({ limit: 2, except }), "c5 c3");
});

Deno.test("CallStore.list() finds a number on either side and as it was dialled", () => {
  using shelf = new Shelf();
  const [c1, c2, c3, c4] = makeCalls(["c1", "c2", "c3", "c4"]);
  const ann = { ...c1!.caller, number: "1009" };
  shelf.store.save([
    { ...c1!, caller: ann },
    { ...c2!, callee: ann },
    { ...c3!, dialled: "1009" },
    c4!,
  ]);
  assert.equal(shelf.ids({ number: "1009" }), "c3 c2 c1");
  assert.equal(shelf.ids({ number: "1009", before: "c3", limit: 1 }), "c2");
  assert.equal(shelf.ids({ number: "100%" }), "");
});

Deno.test("CallStore.closeOpen() ends calls at the time when they were last written", () => {
  using shelf = new Shelf();
  const over = makeRecord("c1");
  const talking = makeLive("c2", "answered");
  const ringing = makeLive("c3", "ringing");
  shelf.nowMs = STARTED_AT + 60_000;
  shelf.store.save([over, talking]);
  shelf.nowMs = STARTED_AT - 5000;
  shelf.store.save([ringing]);
  const restartMs = STARTED_AT + 3_600_000;
  assert.equal(shelf.store.closeOpen(restartMs), 2);
  assert.deepEqual(shelf.store.get("c1"), over);
  const end = { state: "ended", why: "server-stopped", endedBy: "exchange" };
  assert.deepEqual(shelf.store.get("c2"), {
    ...talking,
    ...end,
    endedAt: STARTED_AT + 60_000,
  });
  // a clock that was set back does not end a call before it rang
  assert.deepEqual(shelf.store.get("c3"), {
    ...ringing,
    ...end,
    endedAt: ringing.ringingAt,
  });
  assert.equal(shelf.store.closeOpen(restartMs), 0);
});

Deno.test("CallStore.closeOpen() ends no call after now", () => {
  using shelf = new Shelf();
  shelf.nowMs = STARTED_AT + 86_400_000;
  shelf.store.save([makeLive("c1", "answered")]);
  shelf.store.closeOpen(STARTED_AT + 10_000);
  assert.equal(shelf.store.get("c1")?.endedAt, STARTED_AT + 10_000);
});

Deno.test("CallStore.prune() deletes what is older, never a call that lives", () => {
  using shelf = new Shelf();
  const old = makeLive("c0", "answered", { startedAt: STARTED_AT - 1000 });
  shelf.store.save([old, ...makeCalls(["c1", "c2", "c3"])]);
  assert.equal(shelf.store.prune(STARTED_AT + 2000), 2);
  assert.equal(shelf.ids(), "c3 c0");
  assert.equal(shelf.store.prune(STARTED_AT + 2000), 0);
});

Deno.test("openDatabase() adds the tables of calls and of the page to a database of version 2", () => {
  const dataDir = Deno.makeTempDirSync();
  try {
    const options = { domains: [], create: true };
    const old = openDatabase(dataDir, options);
    old.sql.exec(
      "DROP TABLE calls; DROP TABLE sessions; DROP TABLE samples; PRAGMA user_version = 2",
    );
    old.close();
    const database = openDatabase(dataDir, { domains: [], create: false });
    const store = new CallStore(database);
    store.save([makeRecord("c1")]);
    assert.equal(store.list({ limit: 1 })[0]?.id, "c1");
    for (const table of ["sessions", "samples"]) {
      const count = database.sql.prepare(`SELECT count(*) AS n FROM ${table}`);
      assert.equal(count.get()?.["n"], 0);
    }
    database.close();
  } finally {
    Deno.removeSync(dataDir, { recursive: true });
  }
});
