/**
 * Who watches gets what he asked for, and nobody waits for him.
 * @module
 */

import assert from "node:assert/strict";
import type { LedgerEntry } from "../../diag/ledger/ledger.ts";
import type { TrafficEntry } from "../../diag/ledger/traffic.ts";
import { Flow } from "../../sip/flow.ts";
import { toOctets } from "../../sip/octet.ts";
import { EventHub } from "./event_hub.ts";

const flow = new Flow("udp", 0, "192.0.2.1", 5060, "198.51.100.7", 40000);
const BOTH = { facts: true, messages: true, secrets: false };

function fact(seq: number): LedgerEntry {
  return {
    seq,
    fact: { kind: "clock-jumped", at: seq, stage: "process", detail: "9 s" },
  };
}

function message(text: string): TrafficEntry {
  return { at: 1, direction: "in", flow, octets: toOctets(text) };
}

type Reader = ReadableStreamDefaultReader<Uint8Array>;

async function read(reader: Reader): Promise<string> {
  const { value } = await reader.read();
  return new TextDecoder().decode(value);
}

/** Asks for what is next, lets the hub step, and gives what came. */
async function readNext(hub: EventHub, reader: Reader): Promise<string> {
  const text = read(reader);
  await Promise.resolve();
  hub.step(0);
  return await text;
}

function watch(hub: EventHub, wish = BOTH, past: string[] = []): Reader {
  return hub.watch(wish, past)!.getReader();
}

Deno.test("EventHub.watch() begins with the past and goes on with what happens", async () => {
  const told: boolean[] = [];
  const hub = new EventHub((isWatched) => told.push(isWatched));
  assert.equal(hub.isWanted("facts"), false);
  const reader = watch(hub, BOTH, ["event: fact\ndata: {}\n\n"]);
  assert.equal(await read(reader), ": pbx\n\nevent: fact\ndata: {}\n\n");
  hub.tellFact(fact(7));
  assert.match(
    await readNext(hub, reader),
    /^event: fact\ndata: \{"kind":"clock-jumped"/,
  );
  await reader.cancel();
  assert.equal(hub.isWanted("facts"), false);
  assert.deepEqual(told, [true, false]);
});

Deno.test("EventHub.watch() shows nothing twice that happened before", async () => {
  const hub = new EventHub();
  const first = watch(hub);
  await read(first);
  hub.tellFact(fact(1));
  const second = watch(hub, BOTH, ["event: fact\ndata: 1\n\n"]);
  hub.tellFact(fact(2));
  assert.equal(await read(second), ": pbx\n\nevent: fact\ndata: 1\n\n");
  const text = await readNext(hub, second);
  assert.deepEqual(text.match(/"at":\d/g), ['"at":2']);
});

Deno.test("EventHub.tellMessage() hides secrets, unless they were asked for", async () => {
  const hub = new EventHub();
  const careful = watch(hub);
  const curious = watch(hub, { ...BOTH, secrets: true });
  await Promise.all([read(careful), read(curious)]);
  hub.tellMessage(message("SIP/2.0 200\r\nAuthorization: Digest response=abc"));
  const texts = Promise.all([read(careful), read(curious)]);
  hub.step(0);
  assert.match((await texts)[0], /response=\*\*\*"/);
  assert.match((await texts)[1], /response=abc"/);
});

Deno.test("EventHub.tellFact() reaches only who wants facts", async () => {
  const hub = new EventHub();
  const reader = watch(hub, { ...BOTH, facts: false });
  await read(reader);
  hub.tellFact(fact(1));
  hub.tellMessage(message("SIP/2.0 200 OK"));
  const text = await readNext(hub, reader);
  assert.match(text, /^event: message\n/);
  assert.doesNotMatch(text, /event: fact/);
});

Deno.test("EventHub.step() gives the same octets to all who wish the same", async () => {
  const hub = new EventHub();
  const readers = [watch(hub), watch(hub)];
  for (const reader of readers) await read(reader);
  hub.step(0);
  hub.tellFact(fact(1));
  const chunks = readers.map((reader) => reader.read());
  hub.step(0);
  const [one, other] = await Promise.all(chunks);
  assert.ok(one!.value instanceof Uint8Array);
  assert.equal(one!.value, other!.value);
});

Deno.test("EventHub.step() serves so many at once, each in his turn", async () => {
  const hub = new EventHub();
  const readers = Array.from({ length: 200 }, () => watch(hub));
  let served = 0;
  for (const reader of readers) {
    await read(reader);
    reader.read().then(() => served++);
  }
  hub.step(0);
  hub.tellFact(fact(1));
  const counts: number[] = [];
  for (let i = 0; i < 4; i++) {
    hub.step(0);
    await new Promise((resolve) => setTimeout(resolve, 0));
    counts.push(served);
  }
  assert.deepEqual(counts, [64, 128, 192, 200]);
});

Deno.test("EventHub.tellFact() drops the oldest for who does not read, and says how many", async () => {
  const hub = new EventHub();
  const reader = watch(hub);
  await read(reader);
  hub.step(0);
  for (let i = 0; i < 100_000; i++) {
    hub.tellFact(fact(i));
    if (i % 200 === 0) hub.step(0);
  }
  hub.step(0);
  const lost = /^event: dropped\ndata: \{"count":(\d+)\}\n\n$/.exec(
    await readNext(hub, reader),
  )![1];
  const text = await read(reader);
  const seen = text.match(/event: fact/g)!.length;
  assert.equal(Number(lost) + seen, 100_000);
  assert.match(text, /"at":99999/);
  assert.ok(seen > 500, String(seen));
});

Deno.test("EventHub.tellFact() drops nothing of a burst, in pieces", async () => {
  const hub = new EventHub();
  const reader = watch(hub);
  await read(reader);
  hub.step(0);
  for (let i = 0; i < 4000; i++) hub.tellFact(fact(i));
  for (let i = 0; i < 16; i++) hub.step(0);
  let text = "";
  let pieces = 0;
  while (!text.includes('"at":3999,')) {
    text += await readNext(hub, reader);
    pieces++;
  }
  assert.equal(text.match(/event: fact/g)!.length, 4000);
  assert.doesNotMatch(text, /event: dropped/);
  assert.ok(pieces > 1, String(pieces));
});

Deno.test("EventHub.tellFact() drops what cannot be written in time, and says how many", async () => {
  const hub = new EventHub();
  const reader = watch(hub);
  await read(reader);
  hub.step(0);
  for (let i = 0; i < 10_000; i++) hub.tellFact(fact(i));
  const first = await readNext(hub, reader);
  assert.match(first, /^event: dropped\ndata: \{"count":5904\}\n\n/);
  assert.equal(first.match(/event: fact/g)!.length, 256);
  assert.match(await readNext(hub, reader), /^event: fact\n.*"at":6160,/);
});

Deno.test("EventHub.watch() drops nothing of a long past, in pieces", async () => {
  const hub = new EventHub();
  const past = Array.from({ length: 5000 }, (_, i) => `${i}`.padEnd(1000));
  const reader = watch(hub, BOTH, past);
  hub.step(0);
  hub.tellFact(fact(7));
  let text = "";
  let pieces = 0;
  while (!text.includes('"at":7')) {
    text += await readNext(hub, reader);
    pieces++;
  }
  assert.equal(text.indexOf("event: fact"), ": pbx\n\n".length + 5_000_000);
  assert.ok(pieces > 50, String(pieces));
});

Deno.test("EventHub.watch() refuses more than it can bear", async () => {
  const hub = new EventHub();
  const streams = Array.from({ length: 1024 }, () => hub.watch(BOTH, [])!);
  assert.equal(hub.watch(BOTH, []), null);
  await streams[0]!.cancel();
  assert.notEqual(hub.watch(BOTH, []), null);
});

Deno.test("EventHub.endAll() ends the streams of one who has signed out, and no others", async () => {
  const hub = new EventHub();
  const gone = hub.watch(BOTH, [], "abc")!.getReader();
  const other = hub.watch(BOTH, [], "def")!.getReader();
  const token = hub.watch(BOTH, [])!.getReader();
  for (const reader of [gone, other, token]) await reader.read();
  assert.deepEqual(hub.owners(), ["abc", "def", ""]);
  hub.endAll("abc");
  assert.equal((await gone.read()).done, true);
  assert.deepEqual(hub.owners(), ["def", ""]);
  assert.equal(hub.size, 2);
});
