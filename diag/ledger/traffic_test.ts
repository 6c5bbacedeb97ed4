/**
 * The last messages, in their order and as they were.
 * @module
 */

import assert from "node:assert/strict";
import { Flow } from "../../sip/flow.ts";
import { Traffic } from "./traffic.ts";

function flowFrom(host: string): Flow {
  return new Flow("udp", 1, "192.0.2.1", 5060, host, 5062);
}

function add(traffic: Traffic, text: string, host = "198.51.100.7", at = 0) {
  const bytes = new TextEncoder().encode(text);
  return traffic.add("in", bytes, 0, bytes.length, flowFrom(host), at);
}

function texts(traffic: Traffic): string[] {
  return traffic.entries().map(({ octets }) =>
    new TextDecoder().decode(octets)
  );
}

Deno.test("Traffic.add() keeps the newest messages, whole and in order, whatever their lengths", () => {
  const traffic = new Traffic(1000);
  const sent: string[] = [];
  for (let i = 0; i < 500; i++) {
    const text = `${i} `.padEnd(8 + i * 37 % 190, "x");
    sent.push(text);
    assert.ok(add(traffic, text, "198.51.100.7", i * 1000));
    const kept = texts(traffic);
    assert.deepEqual(kept, sent.slice(-kept.length));
    if (i > 50) assert.ok(kept.length >= 3, String(kept.length));
  }
});

Deno.test("Traffic.add() copies: the memory of the message may be used again", () => {
  const traffic = new Traffic();
  const bytes = new TextEncoder().encode("OPTIONS sip:a");
  traffic.add("out", bytes, 0, bytes.length, flowFrom("192.0.2.9"), 5);
  bytes.fill(0);
  const [entry] = traffic.entries();
  assert.equal(new TextDecoder().decode(entry!.octets), "OPTIONS sip:a");
  assert.deepEqual([entry!.direction, entry!.at], ["out", 5]);
});

Deno.test("Traffic.add() lets no host push out the messages of others", () => {
  const traffic = new Traffic();
  add(traffic, "REGISTER sip:pbx", "198.51.100.7");
  for (let i = 0; i < 100_000; i++) {
    add(traffic, "OPTIONS sip:100@pbx".padEnd(600), "203.0.113.66", i);
  }
  assert.equal(texts(traffic)[0], "REGISTER sip:pbx");
});

Deno.test("Traffic.add() keeps no signs of life", () => {
  const traffic = new Traffic();
  add(traffic, "first message");
  add(traffic, "\r\n\r\n");
  assert.deepEqual(texts(traffic), ["first message"]);
});

Deno.test("Traffic.find() gives the newest messages with a text, and none of what is not theirs", () => {
  const traffic = new Traffic();
  add(traffic, "REGISTER To: <sip:1001@pbx>");
  add(traffic, "REGISTER To: <sip:11001@pbx>");
  add(traffic, "OPTIONS sip:1002");
  add(traffic, "@pbx INVITE sip:1002 From: <sip:1001@a>");
  add(traffic, "OPTIONS sip:1001");
  const find = (text: string, from = 0, most = 9) =>
    traffic.find(text, from, most)
      .map(({ octets }) => new TextDecoder().decode(octets));
  const [first, fourth] = [
    "REGISTER To: <sip:1001@pbx>",
    "@pbx INVITE sip:1002 From: <sip:1001@a>",
  ];
  assert.deepEqual(find(":1001@"), [first, fourth]);
  assert.deepEqual(find(":1001@", 2), [fourth]);
  assert.deepEqual(find(":1001@", 5), []);
  assert.deepEqual(find(":1001@", 0, 1), [fourth]);
  assert.deepEqual(find("1002@"), []);
  assert.deepEqual(find("@"), [
    first,
    "REGISTER To: <sip:11001@pbx>",
    fourth,
  ]);
});

Deno.test("Traffic.find() knows the numbers of messages when the oldest are gone", () => {
  const traffic = new Traffic(1000);
  for (let i = 1; i <= 300; i++) {
    add(traffic, `message ${i}!`.padEnd(90), "192.0.2.9", i * 1000);
  }
  const found = traffic.find("message 299!", 0, 9);
  assert.deepEqual(found.map(({ at }) => at), [299_000]);
  assert.equal(traffic.find("message 299!", 300, 9).length, 0);
  assert.equal(traffic.find("message 1!", 0, 9).length, 0);
  const all = traffic.find("message", 0, 999);
  assert.equal(all.length, traffic.last - traffic.first + 1);
});
