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

async function read(reader: ReadableStreamDefaultReader<Uint8Array>) {
  const { value } = await reader.read();
  return new TextDecoder().decode(value);
}

Deno.test("EventHub.watch() begins with the past and goes on with what happens", async () => {
  const hub = new EventHub();
  assert.equal(hub.isWatched, false);
  const reader = hub.watch(BOTH, ["event: fact\ndata: {}\n\n"])!.getReader();
  assert.equal(await read(reader), ": pbx\n\nevent: fact\ndata: {}\n\n");
  hub.tellFact(fact(7));
  assert.match(
    await read(reader),
    /^event: fact\ndata: \{"kind":"clock-jumped"/,
  );
  await reader.cancel();
  assert.equal(hub.isWatched, false);
});

Deno.test("EventHub.tellMessage() hides secrets, unless they were asked for", async () => {
  const hub = new EventHub();
  const careful = hub.watch(BOTH, [])!.getReader();
  const curious = hub.watch({ ...BOTH, secrets: true }, [])!.getReader();
  hub.tellMessage(message("SIP/2.0 200\r\nAuthorization: Digest response=abc"));
  assert.match(await read(careful), /response=\*\*\*"/);
  assert.match(await read(curious), /response=abc"/);
});

Deno.test("EventHub.tellFact() drops the oldest for who does not read, and says how many", async () => {
  const hub = new EventHub();
  const reader = hub.watch(BOTH, [])!.getReader();
  await read(reader);
  for (let i = 0; i < 100_000; i++) hub.tellFact(fact(i));
  const text = await read(reader);
  assert.match(text, /^event: dropped\ndata: \{"count":\d+\}\n\n/);
  assert.match(text, /"at":99999/);
  assert.ok(text.length < 1.1 * (1 << 20), String(text.length));
});

Deno.test("EventHub.watch() drops nothing of a long past, in pieces", async () => {
  const hub = new EventHub();
  const past = Array.from({ length: 5000 }, (_, i) => `${i}`.padEnd(1000));
  const reader = hub.watch(BOTH, past)!.getReader();
  hub.tellFact(fact(7));
  let text = "";
  let pieces = 0;
  while (!text.includes('"at":7')) {
    text += await read(reader);
    pieces++;
  }
  assert.equal(text.indexOf("event: fact"), ": pbx\n\n".length + 5_000_000);
  assert.ok(pieces > 50, String(pieces));
});

Deno.test("EventHub.watch() refuses more than it can bear", async () => {
  const hub = new EventHub();
  const streams = Array.from({ length: 32 }, () => hub.watch(BOTH, [])!);
  assert.equal(hub.watch(BOTH, []), null);
  await streams[0]!.cancel();
  assert.notEqual(hub.watch(BOTH, []), null);
});
