/**
 * Rows from the messages that are kept to those who watch: each row once, in order, the newest
 * where somebody is too slow.
 * @module
 */

import assert from "node:assert/strict";
import { Traffic } from "../../diag/ledger/traffic.ts";
import {
  CREDENTIALS,
  sampleMessage,
  sampleRequest,
} from "../page/ladder_sample_test.ts";
import { RowBook } from "./row_book.ts";
import { RowStreams } from "./row_streams.ts";
import type { TraceRow } from "./trace_row.ts";

const ALL = { number: "", address: "" };

/** A traffic with what reads it and carries it. */
class Trace {
  readonly traffic = new Traffic();
  readonly book = new RowBook(this.traffic);
  readonly streams = new RowStreams({
    run: "r1-a",
    past: () => this.book.rows,
    skipped: () => this.traffic.skipped + this.book.missed,
  });
  nowMs = 0;
  #count = 0;

  /** So many REGISTER requests, each of another host, that come and are read. */
  put(count: number, number = "1001"): void {
    for (let i = 0; i < count; i++) {
      const host = `198.51.${this.#count >> 7 & 127}.${this.#count & 127}`;
      const text = sampleRequest("REGISTER", {
        from: number,
        to: number,
        cseq: ++this.#count,
        headers: CREDENTIALS,
      });
      const { octets, flow } = sampleMessage(text, { peer: `${host}:5060` });
      this.traffic.add("in", octets, 0, octets.length, flow, this.#count);
    }
    this.streams.offer(this.book.readOn(Infinity));
  }

  step(): void {
    this.nowMs += 250;
    this.streams.step(this.nowMs);
  }
}

/** Reads a stream as a browser does. */
class Reader {
  readonly rows: TraceRow[] = [];
  readonly counts: Record<string, number> = {};
  last = "";
  isOver = false;
  #octets = 0;

  constructor(stream: ReadableStream<Uint8Array>) {
    this.reader = stream.getReader();
  }

  readonly reader: ReadableStreamDefaultReader<Uint8Array>;

  /** One chunk. */
  async read(): Promise<void> {
    const { done, value } = await this.reader.read();
    this.isOver = done;
    if (value === undefined) return;
    this.#octets += value.length;
    for (const event of new TextDecoder().decode(value).split("\n\n")) {
      const field = (name: string) =>
        new RegExp(`^${name}: (.*)$`, "m").exec(event)?.[1] ?? "";
      this.last = field("id") || this.last;
      const name = field("event");
      if (name === "rows") this.rows.push(...JSON.parse(field("data")));
      else if (name !== "run" && name !== "") {
        this.counts[name] = (this.counts[name] ?? 0) + Number(field("data"));
      }
    }
  }

  /** Until it has so many rows. */
  async take(trace: Trace, count: number): Promise<void> {
    while (this.rows.length < count) {
      const read = this.read();
      trace.step();
      await read;
    }
  }

  get ids(): number[] {
    return this.rows.map(({ id }) => id);
  }
}

function open(trace: Trace, wish = ALL, last?: string, owner = "s"): Reader {
  const stream = trace.streams.watch(wish, last, owner);
  assert.ok(stream !== null);
  return new Reader(stream);
}

function count(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}

Deno.test("RowStreams.watch() gives the past, then what comes, each row once and in order", async () => {
  const trace = new Trace();
  trace.put(700);
  const reader = open(trace);
  await reader.take(trace, 700);
  trace.put(5);
  await reader.take(trace, 705);
  assert.deepEqual(reader.ids, count(1, 705));
  assert.deepEqual(reader.counts, {});
  const { what, to, tone, hints, peer } = reader.rows[0]!;
  assert.deepEqual([what, to, tone, peer], [
    "REGISTER",
    "1001",
    "request",
    "198.51.0.0:5060",
  ]);
  assert.deepEqual(hints, [["credentials"], ["asks-contacts"]]);
  await reader.reader.cancel();
  assert.equal(trace.streams.size, 0);
});

Deno.test("RowStreams.watch() lets only through what is wanted", async () => {
  const trace = new Trace();
  trace.put(10);
  trace.put(10, "1002");
  const reader = open(trace, { number: "1002", address: "" });
  await reader.take(trace, 10);
  trace.put(3);
  trace.put(2, "1002");
  await reader.take(trace, 12);
  assert.deepEqual(reader.ids, [...count(11, 20), 24, 25]);
});

Deno.test("RowStreams.watch() goes on behind the last event of this run", async () => {
  const trace = new Trace();
  trace.put(20);
  const reader = open(trace);
  await reader.take(trace, 20);
  await reader.reader.cancel();
  assert.equal(reader.last, "r1-a-20");
  trace.put(3);
  const next = open(trace, ALL, reader.last);
  await next.take(trace, 3);
  assert.deepEqual(next.ids, [21, 22, 23]);
  const other = open(trace, ALL, "r0-a-20");
  await other.take(trace, 23);
  assert.equal(other.ids[0], 1);
});

Deno.test("RowStreams.watch() drops the oldest for who is slow, and tells him how many", async () => {
  const trace = new Trace();
  trace.put(1);
  const slow = open(trace);
  await slow.take(trace, 1);
  for (let i = 0; i < 20; i++) {
    trace.put(1000);
    trace.step();
  }
  const before = slow.rows.length;
  trace.put(1);
  while (slow.ids.at(-1) !== 20_002) {
    const read = slow.read();
    trace.step();
    await read;
  }
  const dropped = slow.counts["dropped"] ?? 0;
  assert.ok(dropped > 10_000, String(dropped));
  assert.equal(slow.rows.length + dropped, 20_002);
  assert.ok(slow.rows.length - before <= 8192);
});

Deno.test("RowStreams.watch() tells of messages that were not kept", async () => {
  const trace = new Trace();
  const reader = open(trace);
  const { octets, flow } = sampleMessage(sampleRequest("OPTIONS"));
  for (let i = 0; i < 300; i++) {
    trace.traffic.add("in", octets, 0, octets.length, flow, 0);
  }
  trace.put(0);
  await reader.take(trace, 256);
  assert.deepEqual(reader.counts, { skipped: 44 });
  assert.equal(reader.rows[255]?.tone, "again");
});

Deno.test("RowStreams.watch() refuses the 257th, and a 65th filter", async () => {
  const trace = new Trace();
  const readers = Array.from(
    { length: 64 },
    (_, i) => open(trace, { number: String(1000 + i), address: "" }),
  );
  assert.equal(trace.streams.watch(ALL, undefined, "s"), null);
  for (let i = 0; i < 192; i++) {
    readers.push(open(trace, { number: "1000", address: "" }));
  }
  const wish = { number: "1000", address: "" };
  assert.equal(trace.streams.watch(wish, undefined, "s"), null);
  await readers[0]!.reader.cancel();
  assert.ok(trace.streams.watch(wish, undefined, "s") !== null);
});

Deno.test("RowStreams.endAll() ends the streams of one who signs out", async () => {
  const trace = new Trace();
  const [mine, other] = [open(trace), open(trace, ALL, undefined, "t")];
  await mine.read();
  trace.streams.endAll("s");
  await mine.read();
  assert.ok(mine.isOver);
  trace.put(1);
  await other.take(trace, 1);
});

Deno.test("a row holds no secret, and no text without a bound", () => {
  const trace = new Trace();
  const text = sampleRequest("REGISTER", {
    from: "9".repeat(5000),
    headers: CREDENTIALS + `User-Agent: ${"a".repeat(5000)}\r\n`,
  });
  const { octets, flow } = sampleMessage(text);
  trace.traffic.add("in", octets, 0, octets.length, flow, 0);
  const [row] = trace.book.readOn(10);
  assert.ok(row !== undefined && row.json.length < 1000, row?.json);
  assert.doesNotMatch(row.json, /0123456789abcdef/);
  assert.equal(row.view.message.octets.length, 0);
});
