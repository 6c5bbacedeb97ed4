/**
 * INVITEs of ours by a clock moved by hand: repeats, answers, ACKs of failures, CANCEL in every
 * order, and that nothing stays behind.
 * @module
 */

import assert from "node:assert/strict";
import { Flow } from "./flow.ts";
import {
  type InviteClient,
  InviteClientTransactions,
} from "./invite_client_transactions.ts";
import { Outbox } from "./outbox.ts";
import {
  messagesOf,
  PHONE,
  readWell,
  requestText,
  STREAM,
} from "./sample_test.ts";

const OTHER_STREAM = new Flow("tcp", 3, "192.0.2.1", 5060, "192.0.2.9", 40000);
const FIRST = "z9hG4bK1";

/** A caller whose INVITEs are told apart by their branch. */
class Caller {
  readonly transactions: InviteClientTransactions<string>;
  /** When each message left, with its method. */
  readonly sent: (readonly [number, string])[] = [];
  /** The messages themselves. */
  readonly texts: string[] = [];
  readonly failed: string[] = [];

  constructor(transactions = 100) {
    this.transactions = new InviteClientTransactions({ transactions });
  }

  open(nowMs: number, branch = FIRST, flow = PHONE): InviteClient<string> {
    const parts = {
      method: "INVITE",
      uri: "sip:1002@10.0.0.8:5062;ob",
      flow,
      branch,
      from: "<sip:1001@pbx>;tag=ours",
      to: "<sip:1002@pbx>",
      callId: "call-1",
      cseq: 7,
      headers: "Contact: <sip:pbx>\r\n",
      routes: "Route: <sip:proxy;lr>\r\n",
      maxForwards: 69,
      body: { type: "application/sdp", text: "v=0\r\n" },
    };
    return this.#note(
      nowMs,
      (outbox) => this.transactions.open(parts, branch, nowMs, outbox),
    );
  }

  cancel(transaction: InviteClient<string>, nowMs: number): void {
    this.#note(
      nowMs,
      (outbox) => this.transactions.cancel(transaction, nowMs, outbox),
    );
  }

  /** An answer comes: whether it passes, and null where it is nobody's. */
  receive(
    status: number,
    nowMs: number,
    { branch = FIRST, method = "INVITE", tag = "theirs" } = {},
  ): boolean | null {
    const text = requestText({
      "Via": `SIP/2.0/UDP 192.0.2.1:5060;branch=${branch};rport=5060`,
      "To": `<sip:1002@pbx>;tag=${tag}`,
      "CSeq": `7 ${method}`,
    }, method).replace(/^.*/, `SIP/2.0 ${status} Why`);
    const result = this.#note(
      nowMs,
      (outbox) => this.transactions.receive(readWell(text), nowMs, outbox),
    );
    if (result === null) return null;
    if (method === "INVITE") assert.equal(result.about, branch);
    return result.passes;
  }

  /** Moves the clock; gives what was sent meanwhile. */
  run(fromMs: number, toMs: number): (readonly [number, string])[] {
    const before = this.sent.length;
    for (let nowMs = fromMs; nowMs <= toMs; nowMs += 10) {
      this.#note(nowMs, (outbox) => {
        for (const about of this.transactions.wake(nowMs, outbox)) {
          this.failed.push(`${nowMs} ${about}`);
        }
      });
    }
    return this.sent.slice(before);
  }

  #note<R>(nowMs: number, act: (outbox: Outbox) => R): R {
    const outbox = new Outbox(8);
    const result = act(outbox);
    for (const text of messagesOf(outbox)) {
      this.sent.push([nowMs, readWell(text).method]);
      this.texts.push(text);
    }
    outbox.bytes.fill(0); // it is used again for the next batch
    return result;
  }
}

Deno.test("InviteClientTransactions.wake() repeats at 0.5, 1.5, 3.5 … and gives up at 32 s", () => {
  const caller = new Caller();
  const transaction = caller.open(0);
  const times = caller.run(0, 31_990).map(([nowMs]) => nowMs);
  assert.deepEqual(times, [500, 1500, 3500, 7500, 15_500, 31_500]);
  assert.equal(new Set(caller.texts).size, 1, "the very same octets");
  assert.match(caller.texts[0]!, /\r\nContent-Length: 5\r\n\r\nv=0\r\n$/);
  assert.deepEqual(caller.failed, []);
  caller.run(32_000, 90_000);
  assert.deepEqual(caller.failed, [`32000 ${FIRST}`]);
  assert.equal(transaction.state, "terminated");
  assert.equal(caller.receive(180, 90_000), null);
});

Deno.test("InviteClientTransactions repeats nothing on a connection, and gives up all the same", () => {
  const caller = new Caller();
  caller.open(0, FIRST, STREAM);
  assert.deepEqual(caller.run(0, 40_000), []);
  assert.deepEqual(caller.failed, [`32000 ${FIRST}`]);
});

Deno.test("InviteClientTransactions.receive() passes what is provisional, and waits from then on", () => {
  const caller = new Caller();
  const transaction = caller.open(0);
  assert.equal(transaction.hasProvisional, false);
  assert.notEqual(transaction.octets, null);
  for (const status of [100, 180, 180, 183]) {
    assert.equal(caller.receive(status, 100), true);
  }
  assert.equal(transaction.hasProvisional, true);
  assert.equal(transaction.octets, null);
  assert.deepEqual(caller.run(100, 300_000), []);
  assert.deepEqual(caller.failed, []);
});

Deno.test("InviteClientTransactions.receive() passes each 2xx for 32 s, and leaves the ACK to its user", () => {
  const caller = new Caller();
  const transaction = caller.open(0);
  assert.equal(caller.receive(180, 100), true);
  assert.equal(caller.receive(200, 1000), true);
  assert.equal(transaction.parts, null, "nothing is kept for an ACK");
  assert.equal(caller.receive(200, 1500), true);
  assert.equal(caller.receive(200, 1600, { tag: "fork" }), true);
  caller.run(1000, 32_990);
  assert.equal(caller.receive(200, 32_990), true);
  caller.run(33_000, 33_000);
  assert.equal(caller.receive(200, 33_010), null);
  assert.deepEqual(caller.sent, [[0, "INVITE"]]);
});

Deno.test("InviteClientTransactions.release() forgets a 2xx, and keeps nothing of it", () => {
  const caller = new Caller();
  const transaction = caller.open(0);
  caller.receive(180, 100);
  caller.transactions.release(transaction);
  assert.equal(transaction.state, "proceeding", "it waits for its answer");
  caller.receive(200, 1000);
  caller.transactions.release(transaction);
  const { about, parts, octets } = transaction;
  assert.deepEqual({ about, parts, octets }, {
    about: null,
    parts: null,
    octets: null,
  });
  assert.equal(caller.receive(200, 1500), null);
  assert.deepEqual(caller.run(1500, 90_000), []);
  assert.deepEqual(caller.failed, []);
});

Deno.test("InviteClientTransactions.receive() acknowledges each failure and passes the first", () => {
  const caller = new Caller();
  caller.open(0);
  assert.equal(caller.receive(486, 100), true);
  assert.equal(caller.receive(486, 600), false);
  assert.equal(caller.receive(180, 650), false, "too late");
  assert.deepEqual(caller.run(600, 32_000), []);
  assert.equal(caller.receive(486, 32_000), false);
  caller.run(32_100, 32_100);
  assert.equal(caller.receive(486, 32_110), null);
  const acks = caller.texts.slice(1);
  assert.equal(acks.length, 3);
  assert.equal(new Set(acks).size, 1);
  assert.equal(
    acks[0],
    "ACK sip:1002@10.0.0.8:5062;ob SIP/2.0\r\n" +
      `Via: SIP/2.0/UDP 192.0.2.1:5060;branch=${FIRST};rport\r\n` +
      "Route: <sip:proxy;lr>\r\nMax-Forwards: 69\r\n" +
      "From: <sip:1001@pbx>;tag=ours\r\nTo: <sip:1002@pbx>;tag=theirs\r\n" +
      "Call-ID: call-1\r\nCSeq: 7 ACK\r\nContent-Length: 0\r\n\r\n",
  );
});

Deno.test("InviteClientTransactions.receive() forgets a failure on a connection at once", () => {
  const caller = new Caller();
  caller.open(0, FIRST, STREAM);
  assert.equal(caller.receive(603, 100), true);
  assert.deepEqual(caller.sent, [[0, "INVITE"], [100, "ACK"]]);
  assert.equal(caller.receive(603, 110), null);
});

Deno.test("InviteClientTransactions.receive() knows its answers by branch and method", () => {
  const caller = new Caller();
  caller.open(0);
  assert.equal(caller.receive(200, 10, { branch: "z9hG4bK2" }), null);
  assert.equal(caller.receive(200, 10, { branch: "z9hg4bk1" }), null);
  for (const method of ["BYE", "OPTIONS", "CANCEL"]) {
    assert.equal(caller.receive(200, 10, { method }), null, method);
  }
  assert.deepEqual(caller.run(10, 600), [[500, "INVITE"]], "it still waits");
});

Deno.test("InviteClientTransactions.cancel() cancels at once what has a provisional answer", () => {
  const caller = new Caller();
  const transaction = caller.open(0);
  caller.receive(180, 100);
  caller.cancel(transaction, 1000);
  caller.cancel(transaction, 1001);
  assert.equal(
    caller.texts.at(-1),
    "CANCEL sip:1002@10.0.0.8:5062;ob SIP/2.0\r\n" +
      `Via: SIP/2.0/UDP 192.0.2.1:5060;branch=${FIRST};rport\r\n` +
      "Route: <sip:proxy;lr>\r\nMax-Forwards: 69\r\n" +
      "From: <sip:1001@pbx>;tag=ours\r\nTo: <sip:1002@pbx>\r\n" +
      "Call-ID: call-1\r\nCSeq: 7 CANCEL\r\nContent-Length: 0\r\n\r\n",
  );
  assert.deepEqual(caller.run(1000, 2600), [[1500, "CANCEL"], [
    2500,
    "CANCEL",
  ]]);
  assert.equal(caller.receive(200, 2600, { method: "CANCEL" }), false);
  assert.deepEqual(caller.run(2600, 4000), []);
  assert.equal(caller.receive(487, 4000), true);
  assert.deepEqual(caller.run(4000, 90_000), []);
  assert.deepEqual(caller.sent.slice(-1), [[4000, "ACK"]]);
  assert.deepEqual(caller.failed, []);
});

Deno.test("InviteClientTransactions.cancel() waits for a provisional answer (RFC 3261 §9.1)", () => {
  const caller = new Caller();
  const transaction = caller.open(0);
  caller.cancel(transaction, 100);
  assert.deepEqual(caller.run(100, 600), [[500, "INVITE"]]);
  assert.equal(transaction.isCancelled, true);
  caller.receive(100, 700);
  caller.receive(180, 800);
  assert.deepEqual(caller.sent.slice(2), [[700, "CANCEL"]]);
});

Deno.test("InviteClientTransactions.cancel() sends nothing after a final answer", () => {
  for (const status of [200, 486]) {
    const caller = new Caller();
    const transaction = caller.open(0);
    caller.receive(status, 100);
    caller.cancel(transaction, 200);
    assert.equal(caller.receive(180, 300), false, "overtaken on its way");
    caller.run(300, 90_000);
    assert.ok(!caller.sent.some(([, method]) => method === "CANCEL"));
    assert.deepEqual(caller.failed, []);
  }
});

Deno.test("InviteClientTransactions.cancel() loses against a 2xx that comes first", () => {
  const caller = new Caller();
  const transaction = caller.open(0);
  caller.cancel(transaction, 100);
  assert.equal(caller.receive(200, 200), true);
  caller.run(200, 90_000);
  assert.deepEqual(caller.sent, [[0, "INVITE"]]);
  assert.deepEqual(caller.failed, []);
});

Deno.test("InviteClientTransactions.wake() gives up 32 s after a CANCEL without a final answer", () => {
  const caller = new Caller();
  caller.cancel(caller.open(0), 0);
  const second = caller.open(0, "z9hG4bK2");
  caller.receive(180, 100);
  caller.receive(180, 100, { branch: "z9hG4bK2" });
  caller.cancel(second, 5000);
  for (const branch of [FIRST, "z9hG4bK2"]) {
    caller.receive(200, 5010, { branch, method: "CANCEL" });
  }
  caller.run(5010, 90_000);
  assert.deepEqual(caller.failed, [`32100 ${FIRST}`, "37000 z9hG4bK2"]);
  assert.equal(caller.receive(487, 90_000), null);
});

Deno.test("InviteClientTransactions.failFlow() fails what waits on that connection only", () => {
  const caller = new Caller();
  caller.open(0, "z9hG4bK1", STREAM);
  const ringing = caller.open(0, "z9hG4bK2", STREAM);
  caller.open(0, "z9hG4bK3", STREAM);
  caller.open(0, "z9hG4bK4", OTHER_STREAM);
  caller.open(0, "z9hG4bK5", PHONE);
  caller.receive(180, 10, { branch: "z9hG4bK2" });
  caller.receive(200, 10, { branch: "z9hG4bK3" });
  caller.cancel(ringing, 20);
  const failed = caller.transactions.failFlow(STREAM);
  assert.deepEqual(failed, ["z9hG4bK1", "z9hG4bK2"]);
  assert.deepEqual(caller.transactions.failFlow(STREAM), []);
  const answer = { branch: "z9hG4bK2", method: "CANCEL" };
  assert.equal(caller.receive(200, 20, answer), null, "its CANCEL is gone too");
  caller.run(20, 32_000);
  assert.deepEqual(caller.failed, ["32000 z9hG4bK4", "32000 z9hG4bK5"]);
});

Deno.test("InviteClientTransactions.open() pushes out what is answered, and nothing that waits", () => {
  const caller = new Caller(3);
  caller.open(0, "z9hG4bK0");
  caller.receive(180, 1, { branch: "z9hG4bK0" });
  for (const branch of ["z9hG4bK1", "z9hG4bK2"]) {
    caller.open(0, branch);
    caller.receive(486, 1, { branch });
  }
  caller.open(2, "z9hG4bK3");
  const receive = (i: number) =>
    caller.receive(486, 3, { branch: `z9hG4bK${i}` });
  assert.deepEqual([1, 2].map(receive), [null, false]);
  assert.deepEqual([0, 3].map(receive), [true, true]);
});
