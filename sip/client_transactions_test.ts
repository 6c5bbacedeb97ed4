/**
 * The client's transactions by a clock moved by hand: repeats, answers, and the end without one.
 * @module
 */

import assert from "node:assert/strict";
import {
  type ClientOutcome,
  ClientTransactions,
} from "./client_transactions.ts";
import type { Flow } from "./flow.ts";
import { Outbox } from "./outbox.ts";
import {
  messagesOf,
  PHONE,
  readWell,
  requestText,
  STREAM,
} from "./sample_test.ts";

/** A client whose requests are text with their branch in it. */
class Client {
  readonly transactions: ClientTransactions<string>;
  /** When something was sent again, and what. */
  readonly sent: (readonly [number, string])[] = [];
  readonly failed: ClientOutcome<string>[] = [];

  constructor(transactions = 100) {
    this.transactions = new ClientTransactions({ transactions });
  }

  open(branch: string, nowMs: number, flow: Flow = PHONE): void {
    const outbox = new Outbox(8);
    outbox.text("another message");
    const start = outbox.position;
    outbox.text(`ping ${branch}`);
    this.transactions.open(branch, flow, branch, nowMs, outbox, start);
    outbox.bytes.fill(0); // it is used again for the next batch
  }

  receive(
    branch: string,
    status: number,
    nowMs: number,
  ): ReturnType<ClientTransactions<string>["receive"]> {
    const via = `SIP/2.0/UDP 192.0.2.1:5060;branch=${branch};rport=5060`;
    const text = requestText({ "Via": via })
      .replace(/^.*/, `SIP/2.0 ${status} Why`);
    const outbox = new Outbox();
    const result = this.transactions.receive(readWell(text), nowMs, outbox);
    assert.equal(outbox.count, 0);
    return result;
  }

  run(fromMs: number, toMs: number, stepMs = 10): number[] {
    const before = this.sent.length;
    for (let nowMs = fromMs; nowMs <= toMs; nowMs += stepMs) {
      const outbox = new Outbox();
      this.failed.push(...this.transactions.wake(nowMs, outbox));
      for (const text of messagesOf(outbox)) this.sent.push([nowMs, text]);
      for (let i = 0; i < outbox.count; i++) {
        assert.equal(outbox.flows[i]!.host, PHONE.host);
      }
    }
    return this.sent.slice(before).map(([nowMs]) => nowMs);
  }
}

Deno.test("ClientTransactions.wake() repeats at 0.5, 1, 2, 4, 4 s … and gives up at 32 s", () => {
  const client = new Client();
  client.open("z9hG4bK1", 1000);
  assert.deepEqual(
    client.run(1000, 32_990),
    [
      1500,
      2500,
      4500,
      8500,
      12_500,
      16_500,
      20_500,
      24_500,
      28_500,
      32_500,
    ],
  );
  assert.deepEqual(client.failed, []);
  assert.ok(client.sent.every(([, text]) => text === "ping z9hG4bK1"));
  assert.deepEqual(client.run(33_000, 33_000), []);
  assert.deepEqual(client.failed, [
    { about: "z9hG4bK1", flow: PHONE, status: 0, afterMs: 32_000 },
  ]);
  assert.deepEqual(client.run(33_000, 90_000), []);
  assert.equal(client.failed.length, 1, "it fails once");
  assert.equal(client.receive("z9hG4bK1", 200, 90_000), null);
});

Deno.test("ClientTransactions.wake() repeats slowly after a provisional answer", () => {
  const client = new Client();
  client.open("z9hG4bK1", 0);
  assert.deepEqual(client.run(0, 500), [500]);
  assert.equal(client.receive("z9hG4bK1", 100, 600), "absorbed");
  assert.deepEqual(client.run(600, 12_000), [1500, 5500, 9500]);
  assert.equal(client.receive("z9hG4bK1", 180, 12_000), "absorbed");
  client.run(12_000, 32_000);
  assert.equal(client.failed.length, 1);
});

Deno.test("ClientTransactions.receive() gives the first final answer, and absorbs late ones", () => {
  for (const status of [200, 302, 404, 481, 503, 603]) {
    const client = new Client();
    client.open("z9hG4bK1", 1000);
    client.run(1000, 1500);
    assert.deepEqual(client.receive("z9hG4bK1", status, 1600), {
      about: "z9hG4bK1",
      flow: PHONE,
      status,
      afterMs: 600,
    });
    assert.equal(client.receive("z9hG4bK1", status, 1700), "absorbed");
    assert.equal(client.receive("z9hG4bK1", 200, 1700), "absorbed");
    assert.equal(client.receive("z9hG4bK1", 100, 1700), "absorbed");
    assert.deepEqual(client.run(1700, 6590), [], "no repeats any more");
    assert.equal(client.receive("z9hG4bK1", 200, 6590), "absorbed");
    client.run(6600, 6600);
    assert.equal(client.receive("z9hG4bK1", 200, 6700), null);
    assert.deepEqual(client.run(6700, 60_000), []);
    assert.deepEqual(client.failed, []);
  }
});

Deno.test("ClientTransactions.receive() gives the final answer after a provisional one", () => {
  const client = new Client();
  client.open("z9hG4bK1", 0);
  assert.equal(client.receive("z9hG4bK1", 199, 10), "absorbed");
  const outcome = client.receive("z9hG4bK1", 200, 20);
  assert.ok(outcome !== null && outcome !== "absorbed");
  assert.equal(outcome.status, 200);
});

Deno.test("ClientTransactions.receive() knows its answers by their branch", () => {
  const client = new Client();
  client.open("z9hG4bK1", 0);
  client.open("z9hG4bK2", 100);
  assert.equal(client.receive("z9hG4bK3", 200, 200), null);
  assert.equal(client.receive("z9hg4bk1", 200, 200), null);
  const outcome = client.receive("z9hG4bK2", 200, 250);
  assert.ok(outcome !== null && outcome !== "absorbed");
  assert.equal(outcome.about, "z9hG4bK2");
  assert.equal(outcome.afterMs, 150);
  client.run(250, 600);
  assert.deepEqual(client.sent, [[500, "ping z9hG4bK1"]]);
});

Deno.test("ClientTransactions repeats nothing on a connection, and gives up all the same", () => {
  const client = new Client();
  client.open("z9hG4bK1", 0, STREAM);
  client.open("z9hG4bK2", 0, STREAM);
  const outcome = client.receive("z9hG4bK2", 200, 10);
  assert.ok(outcome !== null && outcome !== "absorbed");
  assert.equal(client.receive("z9hG4bK2", 200, 20), null, "forgotten at once");
  assert.deepEqual(client.run(0, 32_000), []);
  assert.deepEqual(client.failed, [
    { about: "z9hG4bK1", flow: STREAM, status: 0, afterMs: 32_000 },
  ]);
});

Deno.test("ClientTransactions.isFull says when there is no room, and when there is again", () => {
  const client = new Client(3);
  for (const branch of ["z9hG4bK1", "z9hG4bK2", "z9hG4bK3"]) {
    assert.equal(client.transactions.isFull, false);
    client.open(branch, 0);
  }
  assert.equal(client.transactions.isFull, true);
  client.receive("z9hG4bK1", 200, 10);
  assert.equal(client.transactions.isFull, true, "it absorbs late answers");
  client.run(5010, 5010);
  assert.equal(client.transactions.isFull, false);
  client.run(32_000, 32_000);
  assert.equal(client.failed.length, 2);
});

Deno.test("ClientTransactions.wake() makes up for a clock that was held up, with one repeat", () => {
  const client = new Client();
  client.open("z9hG4bK1", 0);
  assert.deepEqual(client.run(3000, 3000), [3000]);
  assert.deepEqual(client.run(3010, 8000), [4000, 6000]);
});

Deno.test("ClientTransactions.failFlow() fails what waits on that connection only", () => {
  const client = new Client();
  client.open("z9hG4bK1", 0, STREAM);
  client.open("z9hG4bK2", 0, STREAM);
  client.open("z9hG4bK3", 0, PHONE);
  client.receive("z9hG4bK2", 100, 10);
  const failed = client.transactions.failFlow(STREAM);
  const names = failed.map(({ about, status }) => [about, status]);
  assert.deepEqual(names, [["z9hG4bK1", 0], ["z9hG4bK2", 0]]);
  assert.deepEqual(client.transactions.failFlow(STREAM), []);
  client.run(10, 40_000);
  assert.deepEqual(client.failed.map(({ about }) => about), ["z9hG4bK3"]);
});
