/**
 * The rows of the trace in a running program: read in small pieces between which others have
 * their turn, and let go when nobody asks.
 * @module
 */

import assert from "node:assert/strict";
import { Traffic } from "../../diag/ledger/traffic.ts";
import { Flow } from "../../sip/flow.ts";
import { toOctets } from "../../sip/octet.ts";
import { openLiveSource } from "../../web/io/page_live.ts";
import { TraceDesk } from "../../web/io/trace_desk.ts";

const ALL = { number: "", address: "" };
const MESSAGES = 3000;

function put(traffic: Traffic, i: number): void {
  const number = 1000 + i % 50;
  const octets = toOctets(
    `OPTIONS sip:${number}@pbx SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.9;branch=z9hG4bK${i}\r\n` +
      `From: <sip:${number}@pbx>;tag=a\r\nTo: <sip:${number}@pbx>\r\n` +
      `Call-ID: c${i % 100}\r\nCSeq: ${i} OPTIONS\r\nContent-Length: 0\r\n\r\n`,
  );
  const host = `198.51.${i >> 7}.${i & 127}`;
  const flow = new Flow("udp", 0, "192.0.2.1", 5060, host, 5060);
  assert.ok(traffic.add("in", octets, 0, octets.length, flow, i));
}

function open() {
  const traffic = new Traffic();
  for (let i = 1; i <= MESSAGES; i++) put(traffic, i);
  const clock = { nowMs: 0 };
  const desk = new TraceDesk(
    traffic,
    "r1",
    () => performance.now() + clock.nowMs,
  );
  return { traffic, desk, clock };
}

Deno.test("TraceDesk gives no row of what is hidden", async () => {
  const { traffic } = open();
  const desk = new TraceDesk(
    traffic,
    "r1",
    () => performance.now(),
    ({ to }) => to === "1007",
  );
  try {
    const rows = await desk.list(ALL);
    assert.equal(rows.length, MESSAGES - MESSAGES / 50);
    assert.ok(rows.every(({ row }) => row.to !== "1007"));
  } finally {
    desk.close();
  }
});

Deno.test("TraceDesk.list() gives every row, and others their turn meanwhile", async () => {
  const { desk } = open();
  try {
    assert.equal(desk.peek(new Set(["c1"])), null);
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    const rows = await desk.list(ALL);
    clearInterval(timer);
    assert.deepEqual(
      rows.map(({ row }) => row.id),
      Array.from({ length: MESSAGES }, (_, i) => i + 1),
    );
    assert.ok(turns > 30, String(turns));
    const some = await desk.list({ number: "1007", address: "" });
    assert.equal(some.length, MESSAGES / 50);
    assert.equal(desk.peek(new Set(["c1", "c2"]))?.length, MESSAGES / 50);
    assert.equal((await desk.find(new Set(["c1"]))).length, MESSAGES / 100);
  } finally {
    desk.close();
  }
});

Deno.test("TraceDesk.watch() carries the past and what comes while it is read", async () => {
  const { desk, traffic } = open();
  try {
    const stream = desk.watch(ALL, undefined, "s");
    assert.ok(stream !== null);
    let seen = 0;
    let text = "";
    let next = MESSAGES;
    for await (const octets of stream) {
      text += new TextDecoder().decode(octets);
      seen = text.match(/"id":\d+/g)?.length ?? 0;
      if (seen >= MESSAGES + 5) break;
      if (seen >= MESSAGES && next === MESSAGES) {
        while (next < MESSAGES + 5) put(traffic, ++next);
      }
    }
    const ids = Array.from(
      text.matchAll(/"id":(\d+)/g),
      ([, id]) => Number(id),
    );
    assert.deepEqual(ids, Array.from({ length: seen }, (_, i) => i + 1));
  } finally {
    desk.close();
  }
});

Deno.test("TraceDesk lets the rows go when nobody has asked for long", async () => {
  const { desk, clock } = open();
  await desk.list(ALL);
  clock.nowMs += 60_000;
  // its timer ends by itself, else this test would be told of it
  while (desk.isReading) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
});

Deno.test("LiveSource.messages() gives those that are still kept when they are taken", async () => {
  const { desk, traffic } = open();
  try {
    const messages = await openLiveSource(desk).messages(ALL);
    const reader = messages[Symbol.iterator]();
    assert.equal(reader.next().value?.at, 1);
    for (let i = MESSAGES + 1; i <= 2 * MESSAGES; i++) put(traffic, i);
    const next = reader.next().value!.at;
    assert.equal(next, traffic.first);
  } finally {
    desk.close();
  }
});
