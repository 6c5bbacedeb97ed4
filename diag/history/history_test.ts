/**
 * The history: what a step holds, what a restart, a gap and a clock that jumps leave of it, and
 * that nothing read from a disk is trusted.
 * @module
 */

import assert from "node:assert/strict";
import { Counters } from "../counters.ts";
import { History, type HistoryRow, SCALES } from "./history.ts";
import {
  joinReadings,
  parseReading,
  type Reading,
  type Sample,
  sumCounts,
  writeReading,
} from "./reading.ts";

const STEP_MS = 30_000;
/** The beginning of a step of both scales. */
const START = 1_800_000_000_000;

/** A server with a clock, of which samples are taken. */
class FakeServer {
  readonly history = new History();
  wallMs: number;
  monotonicMs = 5000;
  registrations = 8;
  calls = 0;
  datagrams = 0;
  refused = 0;
  cpuSeconds = 1;
  rows: readonly HistoryRow[] = [];

  constructor(wallMs: number = START) {
    this.wallMs = wallMs;
    this.history.begin(this.sample());
  }

  /** Time goes by, and a sample is taken. */
  pass(ms: number = STEP_MS): Reading {
    this.wallMs += ms;
    this.monotonicMs += ms;
    this.rows = this.history.add(this.sample());
    return this.rows[0]?.reading as Reading;
  }

  hour(nowMs: number = this.wallMs): readonly (Reading | null)[] {
    return this.history.window("hour", nowMs).readings;
  }

  day(nowMs: number = this.wallMs): readonly (Reading | null)[] {
    return this.history.window("day", nowMs).readings;
  }

  sample(): Sample {
    const zero = new Counters().snapshot();
    return {
      wallMs: this.wallMs,
      monotonicMs: this.monotonicMs,
      registrations: this.registrations,
      calls: this.calls,
      counters: {
        udpDatagrams: { ...zero.udpDatagrams, sip: this.datagrams },
        refusals: { byStage: { ...zero.refusals.byStage, auth: this.refused } },
      },
      cpuSeconds: this.cpuSeconds,
      memoryBytes: 80e6,
    };
  }
}

Deno.test("History.add() gives what was counted in the step, and what was the case at its end", () => {
  const server = new FakeServer();
  server.datagrams = 40;
  server.refused = 3;
  server.cpuSeconds = 1.6;
  server.calls = 2;
  assert.deepEqual(server.pass(), {
    at: START,
    seconds: 30,
    registrations: 8,
    calls: 2,
    refused: { auth: 3 },
    datagrams: { sip: 40 },
    cpuSeconds: 1.6 - 1,
    memoryBytes: 80e6,
  });
  server.datagrams = 41;
  const next = server.pass();
  assert.equal(next.at, START + STEP_MS);
  assert.deepEqual([next.datagrams, next.refused], [{ sip: 1 }, {}]);
  assert.deepEqual(server.hour().slice(-3), [
    null,
    server.hour().at(-2),
    next,
  ]);
});

Deno.test("History.add() hits the step where the timer comes early or late", () => {
  const server = new FakeServer();
  const places = [30_020, 29_975, 30_004, 29_999, 33_000, 27_010].map((ms) =>
    (server.pass(ms).at - START) / STEP_MS
  );
  assert.deepEqual(places, [0, 1, 2, 3, 4, 5]);
});

Deno.test("History.add() joins the short steps to a long one: sums, peaks and the fewest phones", () => {
  const server = new FakeServer();
  for (let step = 0; step < 10; step++) {
    server.datagrams += 10;
    server.calls = step === 4 ? 7 : 1;
    server.registrations = step === 6 ? 3 : 8;
    server.pass();
  }
  const long = server.day().at(-1);
  assert.deepEqual(
    [long?.at, long?.seconds, long?.datagrams, long?.calls],
    [START, 300, { sip: 100 }, 7],
  );
  assert.equal(long?.registrations, 3);
  server.pass();
  assert.equal(
    server.day().at(-1),
    long,
    "a long step that goes on is no step",
  );
  assert.deepEqual(server.rows.map(({ scale }) => scale), [30, 300]);
});

Deno.test("History.restore() goes on after a restart: nothing is counted twice, the gap stays", () => {
  const first = new FakeServer();
  const disk = new Map<string, HistoryRow>();
  const write = (rows: readonly HistoryRow[]) => {
    for (const row of rows) disk.set(`${row.scale} ${row.reading.at}`, row);
  };
  first.datagrams = 500;
  first.pass();
  write(first.rows);
  first.datagrams = 510;
  first.pass(12_000);
  write(first.rows);
  // three steps later another process counts from zero
  const second = new FakeServer(START + 5 * STEP_MS + 10_000);
  second.history.restore([...disk.values()], second.wallMs);
  second.datagrams = 4;
  second.pass(20_000);
  second.pass();
  const told = second.hour().slice(-7).map((reading) =>
    reading && [reading.seconds, sumCounts(reading.datagrams)]
  );
  assert.deepEqual(told, [[30, 500], [12, 10], null, null, null, [20, 4], [
    30,
    0,
  ]]);
  second.wallMs = START + 300_000;
  const long = second.day().at(-1);
  assert.deepEqual([long?.seconds, long?.datagrams], [92, { sip: 514 }]);
});

Deno.test("History.restore() joins what is left of a step with its rest after a restart", () => {
  const first = new FakeServer();
  first.datagrams = 5;
  first.pass(10_000);
  const second = new FakeServer(START + 15_000);
  second.history.restore(first.rows, second.wallMs);
  second.datagrams = 7;
  const { seconds, datagrams } = second.pass(15_000);
  assert.deepEqual([seconds, datagrams], [25, { sip: 12 }]);
});

Deno.test("History keeps the bounds of its scales however long it runs", () => {
  const server = new FakeServer();
  for (let step = 0; step < 3500; step++) server.pass();
  assert.equal(server.hour().length, SCALES.hour.steps);
  assert.equal(server.day().length, SCALES.day.steps);
  assert.ok(server.hour().every((reading) => reading !== null));
  assert.ok(server.day().every((reading) => reading !== null));
  const { firstMs } = server.history.reach("day", server.wallMs);
  assert.ok(server.history.window("day", server.wallMs).fromMs >= firstMs);
});

Deno.test("History.add() leaves a gap where the clock jumps ahead, and shows no future where it jumps back", () => {
  const server = new FakeServer();
  server.pass();
  server.wallMs += 10 * STEP_MS;
  server.datagrams = 9;
  const ahead = server.pass();
  assert.deepEqual(
    [ahead.at, ahead.seconds, ahead.datagrams],
    [START + 11 * STEP_MS, 30, { sip: 9 }],
  );
  assert.equal(server.hour().filter((reading) => reading !== null).length, 2);
  // back by five steps: what was made later is no future
  server.wallMs -= 5 * STEP_MS;
  const back = server.pass();
  assert.equal(back.at, START + 7 * STEP_MS);
  assert.equal(server.hour().at(-1), back);
  // and over the old one again: not counted twice
  for (let step = 0; step < 4; step++) server.pass();
  assert.deepEqual(server.hour().at(-1)?.seconds, 30);
  assert.deepEqual(server.hour().at(-1)?.datagrams, {});
});

Deno.test("History forgets what a clock that was years ahead has left", () => {
  const server = new FakeServer(START + 1e12);
  server.pass();
  server.wallMs = START;
  server.pass();
  const kept = server.hour().filter((reading) => reading !== null);
  assert.equal(kept.length, 1);
  const later = server.history.window("hour", START + 1e12 + STEP_MS);
  assert.ok(later.readings.every((reading) => reading === null));
});

Deno.test("History.add() says nothing where no time has passed, or it was not begun", () => {
  const server = new FakeServer();
  server.pass();
  server.monotonicMs -= STEP_MS;
  assert.equal(server.pass(), undefined);
  assert.deepEqual(server.rows, []);
  server.history.begin(server.sample());
  const other = new History();
  assert.deepEqual(other.add(server.sample()), []);
});

Deno.test("parseReading() reads what writeReading() wrote", () => {
  const reading: Reading = {
    at: START,
    seconds: 30.0004,
    registrations: 8,
    calls: 1,
    refused: { auth: 2, domain: 1 },
    datagrams: { sip: 10, garbage: 1 },
    cpuSeconds: 0.12345,
    memoryBytes: 12_345_678,
  };
  assert.deepEqual(parseReading(START, writeReading(reading)), {
    ...reading,
    seconds: 30,
    cpuSeconds: 0.123,
  });
});

Deno.test("parseReading() takes nothing that is no reading", () => {
  const good = {
    seconds: 30,
    registrations: 8,
    calls: 1,
    refused: {},
    datagrams: {},
    cpuSeconds: 0,
    memoryBytes: 1,
  };
  const hostile: unknown[] = [
    null,
    [],
    7,
    "x",
    {},
    { ...good, seconds: -1 },
    { ...good, seconds: "30" },
    { ...good, calls: null },
    { ...good, calls: 1e300 },
    { ...good, refused: null },
    { ...good, refused: [1] },
    { ...good, refused: { auth: -2 } },
    { ...good, datagrams: { sip: "many" } },
    { ...good, memoryBytes: {} },
  ];
  for (const value of hostile) {
    assert.equal(parseReading(START, JSON.stringify(value)), null);
  }
  for (const text of ["", "{", "[", "NaN", '{"seconds":1e999}']) {
    assert.equal(parseReading(START, text), null);
  }
  for (const at of [-1, 0.5, NaN, Infinity, 9e15]) {
    assert.equal(parseReading(at, JSON.stringify(good)), null, String(at));
  }
  const more = parseReading(
    START,
    '{"seconds":30,"registrations":8,"calls":1,"refused":{"__proto__":{"x":1},"moon":4,"auth":1},"datagrams":{"toString":3},"cpuSeconds":0,"memoryBytes":1,"more":[]}',
  );
  assert.deepEqual([more?.refused, more?.datagrams], [{ auth: 1 }, {}]);
});

Deno.test("joinReadings() adds what is counted and keeps the extremes of the rest", () => {
  const one = parseReading(
    0,
    '{"seconds":10,"registrations":5,"calls":1,"refused":{"auth":1},"datagrams":{"sip":2},"cpuSeconds":1,"memoryBytes":9}',
  )!;
  const other = parseReading(
    0,
    '{"seconds":20,"registrations":6,"calls":0,"refused":{"ban":4},"datagrams":{"sip":3},"cpuSeconds":2,"memoryBytes":7}',
  )!;
  assert.deepEqual(joinReadings(one, other, 60), {
    at: 60,
    seconds: 30,
    registrations: 5,
    calls: 1,
    refused: { ban: 4, auth: 1 },
    datagrams: { sip: 5 },
    cpuSeconds: 3,
    memoryBytes: 9,
  });
});
