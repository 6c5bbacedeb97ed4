/**
 * What is gathered in steps is what would be gathered at once.
 * @module
 */

import assert from "node:assert/strict";
import { FactCrowd } from "../../tests/fact_crowd.ts";
import { Flow } from "../../sip/flow.ts";
import { toOctets } from "../../sip/octet.ts";
import { collectFacts, collectMessages } from "./collect_facts.ts";
import { Recorder } from "./recorder.ts";

function finish<T>(steps: Generator<void, T>): { value: T; count: number } {
  for (let count = 0;; count++) {
    const { done, value } = steps.next();
    if (done === true) return { value, count };
  }
}

Deno.test("collectFacts() gives every fact once, in the order of time", () => {
  const recorder = new Recorder();
  const crowd = new FactCrowd({
    seed: 5,
    phones: 60,
    phoneHosts: 40,
    strangers: 30,
  });
  for (let i = 0; i < 3000; i++) {
    for (const fact of crowd.next()) recorder.add(fact);
  }
  const { value, count } = finish(collectFacts(recorder.ledger));
  assert.ok(count > 40, String(count));
  assert.equal(value.length, recorder.ledger.entries().length);
  assert.deepEqual(value, recorder.facts());
});

Deno.test("collectMessages() gives every message that is still kept", () => {
  const { traffic } = new Recorder();
  for (let i = 0; i < 5000; i++) {
    const octets = toOctets(`OPTIONS sip:${i}`);
    const flow = new Flow(
      "udp",
      0,
      "192.0.2.1",
      5060,
      `198.51.100.${i % 200}`,
      1,
    );
    traffic.add("in", octets, 0, octets.length, flow, i);
  }
  const { value, count } = finish(collectMessages(traffic));
  assert.ok(count > 40, String(count));
  assert.deepEqual(value, traffic.entries());
});

Deno.test("Traffic.get() knows messages by their numbers", () => {
  const { traffic } = new Recorder();
  assert.deepEqual([traffic.first, traffic.last], [1, 0]);
  assert.equal(traffic.get(0), null);
  assert.equal(traffic.get(1), null);
  const flow = new Flow("udp", 0, "192.0.2.1", 5060, "198.51.100.7", 1);
  for (let i = 1; i <= 6000; i++) {
    const octets = toOctets(`OPTIONS sip:${i}`);
    assert.ok(traffic.add("out", octets, 0, octets.length, flow, i * 1000));
    if (i % 997 > 0) continue;
    const { first, last } = traffic;
    assert.equal(last, i);
    assert.equal(traffic.get(first - 1), null);
    assert.equal(traffic.get(first)?.at, first * 1000);
    assert.equal(traffic.get(last)?.at, last * 1000);
    assert.equal(traffic.get(last + 1), null);
  }
  const octets = toOctets("OPTIONS sip:x");
  let kept = 0;
  for (let i = 0; i < 1000; i++) {
    if (traffic.add("in", octets, 0, octets.length, flow, 6e6)) kept++;
  }
  assert.equal(traffic.skipped, 1000 - kept);
  assert.ok(kept < 1000);
});
