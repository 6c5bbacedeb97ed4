/**
 * A view is rendered once for all, and a reader gets what changed since he looked.
 * @module
 */

import assert from "node:assert/strict";
import type { Language } from "../../diag/verdict.ts";
import { FragmentStreams } from "./fragment_streams.ts";
import type { Fragment, LiveView } from "./live_view.ts";

type Reader = ReadableStreamDefaultReader<Uint8Array>;

/** A view whose parts a test sets, and that counts how often it was rendered. */
function makeView(parts: Record<string, string>) {
  const languages: Language[] = [];
  const view: LiveView = (language, nowMs) => {
    assert.ok(nowMs >= 3_600_000);
    languages.push(language);
    return Object.entries(parts).map(([id, html]) => ({ id, html }));
  };
  return { view, parts, languages };
}

function open(
  streams: FragmentStreams,
  view: LiveView,
  { name = "status", language = "en" as Language, owner = "o" } = {},
): Reader {
  return streams.open(name, language, view, owner)!.getReader();
}

/** The clock on the wall is the other one and an hour. */
function step(streams: FragmentStreams, monotonicMs: number): void {
  streams.step(monotonicMs + 3_600_000, monotonicMs);
}

/** Reads past what every stream begins with. */
async function skipBegin(...readers: Reader[]): Promise<void> {
  for (const reader of readers) {
    const { value } = await reader.read();
    assert.equal(new TextDecoder().decode(value), "retry: 2000\n\n");
  }
}

async function readNext(
  streams: FragmentStreams,
  reader: Reader,
  nowMs: number,
): Promise<Fragment[]> {
  const result = reader.read();
  await Promise.resolve();
  step(streams, nowMs);
  return parse((await result).value);
}

function parse(octets: Uint8Array | undefined): Fragment[] {
  const text = new TextDecoder().decode(octets);
  const json = /^event: fragments\ndata: (.*)\n\n$/.exec(text)?.[1];
  assert.ok(json !== undefined, text);
  return JSON.parse(json);
}

Deno.test("FragmentStreams.open() begins with everything and goes on with what changed", async () => {
  const streams = new FragmentStreams();
  const { view, parts } = makeView({ a: "<p>\n1</p>", b: "<p>2</p>" });
  const reader = open(streams, view);
  await skipBegin(reader);
  assert.deepEqual(await readNext(streams, reader, 0), [
    { id: "a", html: "<p>\n1</p>" },
    { id: "b", html: "<p>2</p>" },
  ]);
  parts["b"] = "<p>3</p>";
  assert.deepEqual(await readNext(streams, reader, 1000), [
    { id: "b", html: "<p>3</p>" },
  ]);
});

Deno.test("FragmentStreams.step() renders once a second for all who look in one language", async () => {
  const streams = new FragmentStreams();
  const { view, languages } = makeView({ a: "<p>1</p>" });
  const readers = [
    open(streams, view),
    open(streams, view),
    open(streams, view, { language: "uz" }),
  ];
  await skipBegin(...readers);
  for (let ms = 0; ms < 2000; ms += 50) step(streams, ms);
  assert.deepEqual(languages, ["en", "uz", "en", "uz"]);
});

Deno.test("FragmentStreams.step() gives the same octets to all who saw the same", async () => {
  const streams = new FragmentStreams();
  const { view } = makeView({ a: "<p>1</p>" });
  const readers = [open(streams, view), open(streams, view)];
  await skipBegin(...readers);
  const chunks = readers.map((reader) => reader.read());
  step(streams, 0);
  const [one, other] = await Promise.all(chunks);
  assert.equal(one!.value, other!.value);
});

Deno.test("FragmentStreams.step() keeps for a slow reader only the newest of each part", async () => {
  const streams = new FragmentStreams();
  const { view, parts } = makeView({ a: "0", b: "0", c: "0" });
  const reader = open(streams, view);
  await skipBegin(reader);
  await readNext(streams, reader, 0);
  for (let second = 1; second <= 100; second++) {
    parts["a"] = String(second);
    if (second === 50) parts["b"] = "50";
    step(streams, second * 1000);
  }
  assert.deepEqual(await readNext(streams, reader, 100_050), [
    { id: "a", html: "100" },
    { id: "b", html: "50" },
  ]);
});

Deno.test("FragmentStreams.step() sends a part again that was away", async () => {
  const streams = new FragmentStreams();
  const { view, parts } = makeView({ a: "1", b: "1" });
  const reader = open(streams, view);
  await skipBegin(reader);
  await readNext(streams, reader, 0);
  delete parts["b"];
  step(streams, 1000);
  parts["b"] = "1";
  assert.deepEqual(await readNext(streams, reader, 2000), [
    { id: "b", html: "1" },
  ]);
});

Deno.test("FragmentStreams.step() renders nothing where nobody looks any more", async () => {
  const told: boolean[] = [];
  const streams = new FragmentStreams({ onWatched: (is) => told.push(is) });
  const { view, languages } = makeView({ a: "1" });
  const reader = open(streams, view);
  step(streams, 0);
  await reader.cancel();
  step(streams, 5000);
  assert.equal(languages.length, 1);
  assert.equal(streams.size, 0);
  assert.deepEqual(told, [true, false]);
});

Deno.test("FragmentStreams.step() goes on with the others where a view throws", async () => {
  const faults: string[] = [];
  const streams = new FragmentStreams({
    onFault: (name, error) => faults.push(`${name}: ${error}`),
  });
  const { view, parts } = makeView({ a: "1" });
  let isBroken = true;
  const broken: LiveView = (...args) => {
    if (isBroken) throw new RangeError("no");
    return view(...args);
  };
  const hurt = open(streams, broken, { name: "calls" });
  const well = open(streams, view);
  await skipBegin(hurt, well);
  step(streams, 0);
  assert.equal((await readNext(streams, well, 50))[0]!.html, "1");
  step(streams, 1000);
  parts["a"] = "2";
  assert.equal((await readNext(streams, well, 1050))[0]!.html, "2");
  assert.deepEqual(faults, ["calls: RangeError: no"]);
  isBroken = false;
  assert.equal((await readNext(streams, hurt, 2000))[0]!.html, "2");
});

Deno.test("FragmentStreams.step() gives a sign of life to who has heard nothing", async () => {
  const streams = new FragmentStreams();
  const { view } = makeView({ a: "1" });
  const reader = open(streams, view);
  await skipBegin(reader);
  await readNext(streams, reader, 0);
  const next = reader.read();
  await Promise.resolve();
  let isThere = false;
  next.then(() => isThere = true);
  step(streams, 100);
  step(streams, 15_000);
  await Promise.resolve();
  assert.equal(isThere, false);
  step(streams, 15_100);
  assert.equal(new TextDecoder().decode((await next).value), ": alive\n\n");
});

Deno.test("FragmentStreams.step() ends a stream after a quarter of an hour", async () => {
  const streams = new FragmentStreams();
  const { view } = makeView({ a: "1" });
  const reader = open(streams, view);
  await skipBegin(reader);
  await readNext(streams, reader, 0);
  const next = reader.read();
  step(streams, 15 * 60_000);
  assert.equal((await next).done, true);
  assert.equal(streams.size, 0);
});

Deno.test("FragmentStreams.step() ends the stream of who has not read for five minutes", async () => {
  const streams = new FragmentStreams();
  const { view } = makeView({ a: "1" });
  const reader = open(streams, view);
  await skipBegin(reader);
  await readNext(streams, reader, 0);
  step(streams, 5 * 60_000 - 1);
  assert.equal(streams.size, 1);
  step(streams, 5 * 60_000);
  assert.equal(streams.size, 0);
});

Deno.test("FragmentStreams.endAll() ends the streams of one owner", async () => {
  const streams = new FragmentStreams();
  const { view } = makeView({ a: "1" });
  const gone = open(streams, view, { owner: "x" });
  const stays = open(streams, view, { owner: "y" });
  await skipBegin(gone, stays);
  streams.endAll("x");
  streams.endAll("x");
  assert.equal((await gone.read()).done, true);
  assert.equal(streams.size, 1);
  assert.equal((await readNext(streams, stays, 0)).length, 1);
});

Deno.test("FragmentStreams.open() refuses more than it can bear", async () => {
  const streams = new FragmentStreams();
  const { view } = makeView({ a: "1" });
  const readers = Array.from({ length: 1024 }, () => open(streams, view));
  assert.equal(streams.open("status", "en", view, "o"), null);
  await readers[0]!.cancel();
  assert.notEqual(streams.open("status", "en", view, "o"), null);
});
