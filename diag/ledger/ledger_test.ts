/**
 * Which facts are kept, and whose give way.
 * @module
 */

import assert from "node:assert/strict";
import type { Fact } from "../../pbx/fact.ts";
import { Flow } from "../../sip/flow.ts";
import { Ledger } from "./ledger.ts";

function flowFrom(host: string): Flow {
  return new Flow("udp", 1, "192.0.2.1", 5060, host, 5062);
}

function datagram(
  host: string,
  kind: "garbage" | "keepalive" = "garbage",
): Fact {
  return {
    kind: "datagram-seen",
    at: 0,
    flow: flowFrom(host),
    stage: "transport",
    class: kind,
    octets: 4,
    head: "",
  };
}

function registered(host: string): Fact {
  return {
    kind: "registered",
    at: 0,
    flow: flowFrom(host),
    stage: "reply",
    number: "1001",
    contact: "sip:1001@10.0.0.7",
    change: "added",
    callId: "a",
    expiresSeconds: 300,
    userAgent: "",
    isBehindNat: true,
  };
}

function media(host: string, callId: string, packets: number): Fact {
  return {
    kind: "media-seen",
    at: packets,
    flow: flowFrom(host),
    stage: "media",
    number: "1001",
    callId,
    side: "caller",
    packets,
    lost: 0,
    jitterMs: 0,
    silentMs: 0,
    isExpected: true,
  };
}

/** Facts of which the ledger keeps no request, each with a long text of a stranger. */
function longTexts(text: string): Fact[] {
  const seen = { at: 0, flow: flowFrom("203.0.113.66") };
  const ids = { method: "REGISTER", callId: text, cseq: 1 };
  return [
    {
      ...seen,
      kind: "malformed-seen",
      stage: "parse",
      what: text,
      position: 1,
      rfc: "",
      status: 400,
      method: "REGISTER",
      userAgent: text,
    },
    {
      ...seen,
      ...ids,
      kind: "retransmission-seen",
      stage: "reply",
      branch: text,
    },
    {
      ...seen,
      ...ids,
      kind: "response-seen",
      stage: "parse",
      status: 200,
      isExpected: false,
    },
  ];
}

const SMALL = { hosts: 3, facts: 4, octets: 1 << 20 };

Deno.test("Ledger.add() lets a busy host push out its own facts only", () => {
  const ledger = new Ledger(SMALL, SMALL);
  ledger.add(datagram("198.51.100.7"));
  for (let i = 0; i < 1000; i++) ledger.add(datagram("203.0.113.66"));
  assert.equal(ledger.entriesOf("198.51.100.7").length, 1);
  assert.deepEqual(
    ledger.entriesOf("203.0.113.66").map(({ seq }) => seq),
    [998, 999, 1000, 1001],
  );
});

Deno.test("Ledger.add() keeps a phone whatever many strangers do, and a stranger whatever phones do", () => {
  const ledger = new Ledger(SMALL, SMALL);
  ledger.add(registered("198.51.100.7"));
  for (let i = 0; i < 50; i++) ledger.add(datagram(`203.0.113.${i}`));
  assert.equal(ledger.entriesOf("198.51.100.7").length, 1);
  assert.equal(ledger.entriesOf("203.0.113.49").length, 1);
  assert.equal(ledger.entriesOf("203.0.113.1").length, 0);
  for (let i = 0; i < 50; i++) ledger.add(registered(`192.0.2.${i}`));
  assert.equal(ledger.entriesOf("203.0.113.49").length, 1);
  assert.equal(ledger.entriesOf("198.51.100.7").length, 0);
});

Deno.test("Ledger.add() moves a host with all its facts when its phone registers", () => {
  const ledger = new Ledger(SMALL, SMALL);
  ledger.add(datagram("198.51.100.7"));
  ledger.add(registered("198.51.100.7"));
  for (let i = 0; i < 50; i++) ledger.add(datagram(`203.0.113.${i}`));
  assert.deepEqual(
    ledger.entriesOf("198.51.100.7").map(({ fact }) => fact.kind),
    ["datagram-seen", "registered"],
  );
});

Deno.test("Ledger.add() stays within its octets", () => {
  const ledger = new Ledger({ hosts: 1000, facts: 4, octets: 2400 }, SMALL);
  for (let i = 0; i < 100; i++) ledger.add(datagram(`203.0.113.${i}`));
  assert.equal(ledger.entries().length, 10);
  assert.equal(ledger.entriesOf("203.0.113.99").length, 1);
});

Deno.test("Ledger.add() keeps one of the signs of life that follow each other", () => {
  const ledger = new Ledger(SMALL, SMALL);
  const sign = datagram("198.51.100.7", "keepalive");
  for (let i = 0; i < 10; i++) ledger.add({ ...sign, at: i } as Fact);
  const kept = ledger.entriesOf("198.51.100.7");
  assert.deepEqual(kept.map(({ fact }) => fact.at), [9]);
});

Deno.test("Ledger.entries() gives facts about the server too, in the order of all", () => {
  const ledger = new Ledger(SMALL, SMALL);
  ledger.add({ kind: "server-started", at: 0, stage: "process", detail: "" });
  ledger.add(registered("198.51.100.7"));
  ledger.add({ kind: "clock-jumped", at: 1, stage: "process", detail: "9 s" });
  assert.deepEqual(
    ledger.entries().map(({ fact }) => fact.kind),
    ["server-started", "registered", "clock-jumped"],
  );
});

Deno.test("Ledger.add() keeps no long text whose message it does not count", () => {
  const ledger = new Ledger();
  for (const fact of longTexts("x".repeat(60_000))) ledger.add(fact);
  const entries = ledger.entries();
  assert.equal(entries.length, 3);
  assert.ok(JSON.stringify(entries).length < 3000);
});

Deno.test("Ledger.add() keeps the last word about the sound of each call", () => {
  const ledger = new Ledger();
  const host = "198.51.100.7";
  ledger.add(registered(host));
  for (let second = 1; second <= 100; second++) {
    for (const callId of ["a", "b"]) ledger.add(media(host, callId, second));
  }
  const kept = ledger.entriesOf(host).map(({ fact }) => fact);
  assert.deepEqual(
    kept.map((fact) => fact.kind === "media-seen" ? fact.packets : fact.kind),
    ["registered", 100, 100],
  );
});

Deno.test("Ledger.add() lets a thousand calls push out no registration, and stays bounded", () => {
  const ledger = new Ledger();
  const host = "198.51.100.7";
  ledger.add(registered(host));
  for (let second = 1; second <= 20; second++) {
    for (let call = 0; call < 1000; call++) {
      ledger.add(media(host, `${call}`, second));
      if (second > 1) continue;
      ledger.add({
        ...media(host, `${call}`, 0),
        kind: "call-ended",
        by: "caller",
        why: "hung-up",
        answeredSeconds: 1,
      } as Fact);
    }
  }
  const kept = ledger.entriesOf(host).map(({ fact }) => fact.kind);
  assert.equal(kept[0], "registered");
  assert.ok(kept.length <= 513, String(kept.length));
  const sounds = kept.filter((kind) => kind === "media-seen").length;
  assert.ok(sounds > 0 && sounds <= 128, String(sounds));
});

Deno.test("Ledger.add() has the last word about sound, wherever the ring stands", () => {
  const ledger = new Ledger(SMALL, SMALL, { ...SMALL, facts: 8 });
  const host = "198.51.100.7";
  ledger.add(registered(host));
  for (let round = 1; round <= 50; round++) {
    ledger.add(media(host, "a", round));
    for (let i = 0; i < round % 4; i++) {
      ledger.add({
        kind: "call-acknowledged",
        at: 0,
        flow: flowFrom(host),
        stage: "answer",
        number: "1001",
        callId: "a",
        side: "caller",
      });
    }
    const kept = ledger.entriesOf(host).map(({ fact }) => fact);
    const sound = kept.findLast(({ kind }) => kind === "media-seen");
    assert.equal(sound?.at, round);
    assert.ok(kept.length <= 9, String(kept.length));
  }
});
