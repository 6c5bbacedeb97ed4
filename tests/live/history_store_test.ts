/**
 * The history on a real file: it outlasts kill -9 and a restart, stays small, trusts nothing that
 * it reads, and a disk that is full hurts nobody.
 * @module
 */

import assert from "node:assert/strict";
import { Counters } from "../../diag/counters.ts";
import { type HistoryRow, SCALES } from "../../diag/history/history.ts";
import type { Reading } from "../../diag/history/reading.ts";
import { HistoryStore } from "../../diag/io/history_store.ts";
import { type Database, openDatabase } from "../../pbx/io/database.ts";
import { HistoryClock } from "../../web/io/history_clock.ts";
import { liveTest } from "./lab_case.ts";
import { until } from "./lab_process.ts";

const STEP_MS = 30_000;
const START = 1_800_000_000_000;

function readingAt(at: number, changes: Partial<Reading> = {}): Reading {
  return {
    at,
    seconds: 30,
    registrations: 8,
    calls: 1,
    refused: { auth: 2 },
    datagrams: { sip: 100 },
    cpuSeconds: 0.5,
    memoryBytes: 80e6,
    ...changes,
  };
}

/** A database that is gone after the test. */
class Shelf {
  readonly dataDir = Deno.makeTempDirSync();
  readonly troubles: string[] = [];
  database: Database;
  store: HistoryStore;

  constructor() {
    [this.database, this.store] = this.#open();
  }

  reopen(): void {
    this.database.close();
    [this.database, this.store] = this.#open();
  }

  count(): number {
    const row = this.database.sql.prepare("SELECT count(*) AS n FROM samples")
      .get();
    return Number(row?.["n"]);
  }

  #open(): [Database, HistoryStore] {
    const options = { domains: [], create: true };
    const database = openDatabase(this.dataDir, options);
    const store = new HistoryStore(
      database,
      (cause) => this.troubles.push(cause),
    );
    return [database, store];
  }

  [Symbol.dispose](): void {
    this.database.close();
    Deno.removeSync(this.dataDir, { recursive: true });
  }
}

Deno.test("HistoryStore gives back what it was given, and each step once", () => {
  using shelf = new Shelf();
  const rows: HistoryRow[] = [
    { scale: 30, reading: readingAt(START + STEP_MS) },
    { scale: 30, reading: readingAt(START) },
    { scale: 300, reading: readingAt(START) },
  ];
  assert.ok(shelf.store.save(rows, []));
  const last = readingAt(START, { calls: 5, seconds: 60 });
  assert.ok(shelf.store.save([{ scale: 300, reading: last }], []));
  shelf.reopen();
  assert.deepEqual(shelf.store.load(), [
    rows[0],
    rows[1],
    { scale: 300, reading: last },
  ]);
  assert.deepEqual(shelf.troubles, []);
});

Deno.test("HistoryStore.save() deletes what is out of reach, also what a wrong clock has left", () => {
  using shelf = new Shelf();
  const kept = { scale: 30, firstMs: START, lastMs: START + STEP_MS };
  const ats = [START - STEP_MS, START, START + STEP_MS, START + 1e12];
  const rows = ats.map((at) => ({ scale: 30, reading: readingAt(at) }));
  const other = { scale: 300, reading: readingAt(START - 300_000) };
  shelf.store.save([...rows, other], [kept]);
  assert.deepEqual(
    shelf.store.load().map(({ scale, reading }) => [scale, reading.at]),
    [[30, START + STEP_MS], [30, START], [300, START - 300_000]],
  );
});

Deno.test("HistoryStore.load() leaves out what is no reading", () => {
  using shelf = new Shelf();
  const put = shelf.database.sql.prepare(
    "INSERT INTO samples VALUES (?, ?, ?)",
  );
  shelf.store.save([{ scale: 30, reading: readingAt(START) }], []);
  put.run(30, START + 1, "{");
  put.run(30, START + 2, '{"seconds":-1}');
  put.run(30, -5, "[]");
  put.run(30, START + 3, " ".repeat(1_000_000));
  put.run(7, START, "{}");
  assert.equal(shelf.store.load().length, 1);
  for (let step = 0; step < 2000; step++) put.run(300, step, "{}");
  assert.equal(shelf.store.load().length, 1);
});

Deno.test("HistoryStore tells of a full disk, throws nothing, and goes on when there is room", () => {
  using shelf = new Shelf();
  const { sql } = shelf.database;
  const pages = Number(sql.prepare("PRAGMA page_count").get()?.["page_count"]);
  sql.exec(`PRAGMA max_page_count = ${pages}`);
  const save = (from: number) =>
    shelf.store.save(
      Array.from({ length: 200 }, (_, step) => ({
        scale: 30,
        reading: readingAt(START + (from + step) * STEP_MS),
      })),
      [],
    );
  assert.equal(save(0), false);
  assert.deepEqual(shelf.troubles, ["disk full"]);
  assert.equal(shelf.count(), 0, "all or nothing");
  sql.exec("PRAGMA max_page_count = 1000000");
  assert.ok(save(0));
  assert.equal(shelf.count(), 200);
});

Deno.test("HistoryStore tells where there is no database any more", () => {
  const shelf = new Shelf();
  shelf[Symbol.dispose]();
  assert.equal(
    shelf.store.save([{ scale: 30, reading: readingAt(START) }], []),
    false,
  );
  assert.deepEqual(shelf.store.load(), []);
  assert.equal(shelf.troubles.length, 2);
});

liveTest(
  "HistoryStore loses no step that was written before kill -9",
  [],
  async (lab) => {
    using shelf = new Shelf();
    const child = new URL("./history_child.ts", import.meta.url).pathname;
    const writer = lab.spawn(null, {
      command: [
        Deno.execPath(),
        "run",
        "-A",
        child,
        shelf.dataDir,
        String(START),
      ],
    });
    await until(
      "150 steps",
      () => writer.printed.includes("step 150;"),
      20_000,
    );
    Deno.kill(writer.pid, "SIGKILL");
    await writer.exited;
    const written = Number(/.*step (\d+);/s.exec(writer.printed)?.[1]);
    shelf.reopen();
    const rows = shelf.store.load();
    const newest = rows[0]!.reading.registrations;
    // the last one may have been written and not told any more
    assert.ok(newest === written || newest === written + 1, `${newest}`);
    assert.equal(rows.length, SCALES.hour.steps + 1, "old rows are deleted");
    assert.equal(shelf.count(), rows.length);
  },
);

Deno.test("HistoryClock takes a sample behind the end of each step, and the rest when it stops", async () => {
  using shelf = new Shelf();
  const counters = new Counters();
  const clock = { wallMs: START + 7 * STEP_MS - 40, monotonicMs: 1000 };
  const live = new HistoryClock({
    store: shelf.store,
    counters: () => counters.snapshot(),
    status: () => ({ registrations: 3, calls: 1 }),
    wallMs: () => clock.wallMs,
    monotonicMs: () => clock.monotonicMs,
  });
  shelf.store.save([{ scale: 30, reading: readingAt(START) }], []);
  live.start();
  clock.wallMs += 60;
  clock.monotonicMs += 60;
  await until("the sample", () => shelf.count() === 3, 5000);
  clock.wallMs += 10_000;
  clock.monotonicMs += 10_000;
  live.stop();
  shelf.reopen();
  const hour = shelf.store.load().filter(({ scale }) => scale === 30);
  assert.deepEqual(
    hour.map(({ reading }) => [
      (reading.at - START) / STEP_MS,
      reading.seconds,
      reading.registrations,
    ]),
    [[7, 10, 3], [6, 0.06, 3], [0, 30, 8]],
  );
  const shown = live.history.window("hour", START + 7 * STEP_MS);
  assert.ok(shown.readings.at(-1)!.memoryBytes > 1e6);
  assert.ok(shown.readings.at(-1)!.cpuSeconds >= 0);
  assert.equal(shown.readings.at(-7)?.registrations, 8);
});
