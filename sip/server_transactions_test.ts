/**
 * The server's transactions by a clock moved by hand: repeats, ACKs, merged requests, bounds.
 * @module
 */

import assert from "node:assert/strict";
import { Flow } from "./flow.ts";
import { Outbox } from "./outbox.ts";
import {
  type Changes,
  messagesOf,
  PHONE,
  readWell,
  requestText,
  STREAM,
} from "./sample_test.ts";
import { writeResponse } from "./serialize.ts";
import {
  mergeKeyOf,
  ServerTransactions,
  transactionKey,
} from "./server_transactions.ts";

/** A server that gives each request that it processes an answer of its own. */
class Server {
  readonly transactions: ServerTransactions;
  processed = 0;
  #outbox = new Outbox();

  constructor(transactions = 100, octets = 100_000) {
    this.transactions = new ServerTransactions({ octets, transactions });
  }

  /** Takes a request; returns what is sent for it: nothing yet where the status is 0. */
  receive(text: string, nowMs: number, flow = PHONE, status = 200): string[] {
    this.#outbox = new Outbox();
    const message = readWell(text);
    const key = transactionKey(message, flow);
    const known = this.transactions.match(key);
    if (known !== undefined) {
      const event = message.method === "ACK" ? "ack" : "request";
      this.transactions.receive(known, event, nowMs, this.#outbox);
      return messagesOf(this.#outbox);
    }
    if (message.method === "ACK") return [];
    this.processed++;
    const transaction = this.transactions.open(key, message, flow);
    if (status >= 200) this.respond(transaction, text, status, nowMs, flow);
    return messagesOf(this.#outbox);
  }

  respond(
    transaction: ReturnType<ServerTransactions["open"]>,
    text: string,
    status: number,
    nowMs: number,
    flow = PHONE,
  ): string[] {
    const outbox = this.#outbox;
    const start = outbox.position;
    const tag = `tag-${this.processed}-${outbox.count}`;
    writeResponse(outbox, readWell(text), flow, status, "Why", tag, "");
    this.transactions.respond(transaction, status, nowMs, outbox, start);
    outbox.end(start, flow);
    return messagesOf(outbox);
  }

  wake(nowMs: number): string[] {
    const outbox = new Outbox();
    this.transactions.wake(nowMs, outbox);
    return messagesOf(outbox);
  }

  /** Moves the clock in small steps; returns when something was sent. */
  run(fromMs: number, toMs: number, seen: string[] = []): number[] {
    const times: number[] = [];
    for (let nowMs = fromMs; nowMs <= toMs; nowMs += 10) {
      for (const text of this.wake(nowMs)) {
        times.push(nowMs);
        seen.push(text);
      }
    }
    return times;
  }
}

const OPTIONS = requestText();
const INVITE = requestText({}, "INVITE");
const ACK = requestText({ "CSeq": "1 ACK" }, "ACK");

/** The same request with another branch or other header fields. */
function branched(branch: string, method = "OPTIONS", changes: Changes = {}) {
  const via = `SIP/2.0/UDP 10.0.0.7:5062;branch=${branch};rport`;
  return requestText({ "Via": via, ...changes }, method);
}

Deno.test("ServerTransactions.receive() answers a repeat with the very same octets, unprocessed", () => {
  const server = new Server();
  const first = server.receive(OPTIONS, 0);
  assert.equal(first.length, 1);
  for (const nowMs of [500, 1500, 3500, 31_999]) {
    assert.deepEqual(server.receive(OPTIONS, nowMs), first);
  }
  assert.equal(server.processed, 1);
});

Deno.test("ServerTransactions.receive() says nothing to a repeat before there is an answer", () => {
  const server = new Server();
  assert.deepEqual(server.receive(OPTIONS, 0, PHONE, 0), []);
  assert.deepEqual(server.receive(OPTIONS, 500), []);
  assert.equal(server.processed, 1);
  const transaction = server.transactions.match(
    transactionKey(readWell(OPTIONS), PHONE),
  )!;
  const [answer] = server.respond(transaction, OPTIONS, 200, 700);
  assert.deepEqual(server.receive(OPTIONS, 1500), [answer]);
});

Deno.test("ServerTransactions.receive() repeats the provisional answer, then the final one", () => {
  const server = new Server();
  server.receive(INVITE, 0, PHONE, 0);
  const transaction = server.transactions.match(
    transactionKey(readWell(INVITE), PHONE),
  )!;
  const trying = server.respond(transaction, INVITE, 100, 10).at(-1)!;
  assert.deepEqual(server.receive(INVITE, 500), [trying]);
  const ringing = server.respond(transaction, INVITE, 180, 600).at(-1)!;
  assert.deepEqual(server.receive(INVITE, 1500), [ringing]);
  const busy = server.respond(transaction, INVITE, 486, 1600).at(-1)!;
  assert.match(busy, /^SIP\/2\.0 486 /);
  assert.deepEqual(server.receive(INVITE, 1700), [busy]);
});

Deno.test("ServerTransactions.receive() leaves the 2xx of an INVITE to its user", () => {
  const server = new Server();
  const [answer] = server.receive(INVITE, 0, PHONE, 200);
  assert.match(answer!, /^SIP\/2\.0 200 /);
  assert.deepEqual(server.receive(INVITE, 500), [], "absorbed");
  assert.deepEqual(server.run(0, 31_990), []);
  assert.equal(server.transactions.size, 1);
  server.wake(32_000);
  assert.equal(server.transactions.size, 0);
});

Deno.test("ServerTransactions.resend() sends a 2xx again as long as it is known", () => {
  const server = new Server();
  const transaction = server.transactions.open("key", readWell(INVITE), PHONE);
  const outbox = new Outbox();
  server.transactions.resend(transaction, outbox);
  const [late] = server.respond(transaction, INVITE, 200, 90_000);
  server.transactions.resend(transaction, outbox);
  server.wake(90_000 + 32_000);
  server.transactions.resend(transaction, outbox);
  assert.deepEqual(messagesOf(outbox), [late]);
});

Deno.test("ServerTransactions.wake() repeats the failure of an INVITE until 32 s without an ACK", () => {
  const server = new Server();
  const [failure] = server.receive(INVITE, 0, PHONE, 486);
  const seen: string[] = [];
  assert.deepEqual(
    server.run(0, 100_000, seen),
    [500, 1500, 3500, 7500, 11_500, 15_500, 19_500, 23_500, 27_500, 31_500],
  );
  assert.deepEqual(new Set(seen), new Set([failure]));
  assert.equal(server.transactions.size, 0);
});

Deno.test("ServerTransactions.respond() takes everything from 300 on for a failure of an INVITE", () => {
  for (
    const [status, times] of [[299, []], [300, [500]], [699, [500]]] as const
  ) {
    const server = new Server();
    server.receive(INVITE, 0, PHONE, status);
    assert.deepEqual(server.run(0, 600), times, `${status}`);
  }
});

Deno.test("ServerTransactions.wake() repeats nothing after the ACK, which is not answered", () => {
  const server = new Server();
  server.receive(INVITE, 0, PHONE, 486);
  assert.deepEqual(server.run(0, 1600), [500, 1500]);
  assert.deepEqual(server.receive(ACK, 1600), []);
  assert.deepEqual(server.receive(ACK, 1700), []);
  assert.deepEqual(server.receive(INVITE, 1800), [], "a late repeat of it");
  assert.equal(server.processed, 1);
  assert.deepEqual(server.run(1600, 6590), []);
  assert.equal(server.transactions.size, 1);
  server.wake(6600);
  assert.equal(server.transactions.size, 0);
  assert.deepEqual(server.run(6600, 50_000), []);
});

Deno.test("ServerTransactions.wake() repeats no failure on a connection", () => {
  const server = new Server();
  server.receive(INVITE, 0, STREAM, 486);
  assert.deepEqual(server.run(0, 31_990), []);
  assert.equal(server.transactions.size, 1);
  server.receive(ACK, 31_990, STREAM);
  assert.equal(server.transactions.size, 0);
});

Deno.test("ServerTransactions.wake() ends a transaction 32 s after its answer", () => {
  const server = new Server();
  server.receive(OPTIONS, 1000);
  server.wake(32_999);
  assert.equal(server.transactions.size, 1);
  server.wake(33_000);
  assert.equal(server.transactions.size, 0);
  server.receive(OPTIONS, 33_001);
  assert.equal(server.processed, 2);
});

Deno.test("ServerTransactions.respond() ends a transaction on a connection at once", () => {
  const server = new Server();
  server.receive(OPTIONS, 0, STREAM);
  assert.equal(server.transactions.size, 0);
});

Deno.test("ServerTransactions.replace() puts another answer in the place of the first", () => {
  const server = new Server();
  server.receive(OPTIONS, 0);
  const transaction = server.transactions.match(
    transactionKey(readWell(OPTIONS), PHONE),
  )!;
  const outbox = new Outbox();
  outbox.text("before");
  const start = outbox.position;
  outbox.text("SIP/2.0 503");
  server.transactions.replace(transaction, outbox, start);
  assert.deepEqual(server.receive(OPTIONS, 500), ["SIP/2.0 503"]);
});

const NEAR = new Flow("udp", 1, "192.0.2.1", 5060, "198.51.100.8", 40000);
const PORT = new Flow("udp", 1, "192.0.2.1", 5060, "198.51.100.7", 40001);

Deno.test("transactionKey() tells requests apart by branch, sent-by, method and sender", () => {
  const key = (text: string, flow = PHONE) =>
    transactionKey(readWell(text), flow);
  const first = key(branched("z9hG4bK1"));
  assert.equal(key(branched("z9hG4bK1", "OPTIONS", { "Call-ID": "x" })), first);
  const others = [
    key(branched("z9hG4bK2")),
    key(branched("z9hG4bK1", "INVITE")),
    key(branched("z9hG4bK1", "CANCEL")),
    key(branched("z9hG4bK1").replace("10.0.0.7", "10.0.0.8")),
    key(branched("z9hG4bK1").replace(":5062", ":5063")),
    key(branched("z9hG4bK1").replace(":5062", "")),
    key(branched("z9hG4bK1"), NEAR),
    key(branched("z9hG4bK1"), PORT),
  ];
  assert.equal(new Set([first, ...others]).size, others.length + 1);
});

Deno.test("transactionKey() gives the ACK of a failure the key of its INVITE", () => {
  const key = (text: string) => transactionKey(readWell(text), PHONE);
  assert.equal(key(ACK), key(INVITE));
  for (const branch of ["1", "", "z9hG4bK"]) {
    const via = branch === ""
      ? {}
      : { "Via": `SIP/2.0/UDP h;branch=${branch}` };
    const old = { "Via": "SIP/2.0/UDP h", ...via };
    assert.equal(
      key(requestText({ ...old, "To": "<sip:pbx.example>;tag=x" }, "ACK")),
      key(requestText(old, "INVITE")),
    );
  }
});

Deno.test("transactionKey() goes by the request itself where the branch is of RFC 2543", () => {
  for (
    const branch of ["", ";branch=1", ";branch=z9hG4bK", ";branch=Z9HG4BK1"]
  ) {
    const key = (changes: Changes, uri = "sip:a@h") => {
      const old = { "Via": `SIP/2.0/UDP h${branch}` };
      const text = requestText({ ...old, ...changes }, "OPTIONS", uri);
      return transactionKey(readWell(text), PHONE);
    };
    const first = key({});
    assert.equal(key({ "Subject": "x", "Max-Forwards": "9" }), first);
    const others = [
      key({}, "sip:b@h"),
      key({ "Call-ID": "other" }),
      key({ "CSeq": "2 OPTIONS" }),
      key({ "From": "<sip:1001@pbx.example>;tag=other" }),
      key({ "Via": "SIP/2.0/UDP i" }),
    ];
    assert.equal(new Set([first, ...others]).size, others.length + 1, branch);
  }
});

Deno.test("ServerTransactions.isMerged() knows a request that came on another way", () => {
  const server = new Server();
  const isMerged = (text: string) =>
    server.transactions.isMerged(mergeKeyOf(readWell(text)));
  assert.ok(!isMerged(OPTIONS));
  server.receive(OPTIONS, 0);
  assert.ok(isMerged(branched("z9hG4bKother")));
  for (
    const changes of [
      { "CSeq": "2 OPTIONS" },
      { "Call-ID": "other" },
      { "From": "<sip:1001@pbx.example>;tag=other" },
      { "To": "<sip:pbx.example>;tag=dialog" },
    ]
  ) assert.ok(!isMerged(branched("z9hG4bKother", "OPTIONS", changes)));
  assert.ok(!isMerged(branched("z9hG4bKother", "MESSAGE")));
  server.wake(32_000);
  assert.ok(!isMerged(branched("z9hG4bKother")), "its transaction is over");
});

Deno.test("ServerTransactions.isMerged() leaves REGISTER, ACK and CANCEL alone", () => {
  for (const method of ["REGISTER", "CANCEL"]) {
    const server = new Server();
    server.receive(requestText({}, method), 0);
    const other = readWell(branched("z9hG4bKother", method));
    assert.ok(!server.transactions.isMerged(mergeKeyOf(other)), method);
  }
  const server = new Server();
  server.receive(INVITE, 0, PHONE, 486);
  const ack = readWell(branched("z9hG4bKother", "ACK"));
  assert.ok(!server.transactions.isMerged(mergeKeyOf(ack)));
  const invite = readWell(branched("z9hG4bKother", "INVITE"));
  assert.ok(server.transactions.isMerged(mergeKeyOf(invite)));
});

function numbered(i: number, method = "OPTIONS"): string {
  return branched(`z9hG4bK${i}`, method, { "Call-ID": `call-${i}` });
}

Deno.test("ServerTransactions.open() bounds their number, and the oldest goes first", () => {
  const server = new Server(10);
  for (let i = 0; i < 25; i++) {
    server.receive(numbered(i), i);
    assert.equal(server.transactions.size, Math.min(i + 1, 10));
  }
  for (let i = 24; i >= 15; i--) server.receive(numbered(i), 25);
  assert.equal(server.processed, 25);
  server.receive(numbered(14), 26);
  assert.equal(server.processed, 26);
});

Deno.test("ServerTransactions.open() gives up one that is answered before one that is not", () => {
  const server = new Server(3);
  server.receive(numbered(0), 0, PHONE, 0);
  server.receive(numbered(1), 1);
  server.receive(numbered(2), 2);
  server.receive(numbered(3), 3);
  assert.equal(server.transactions.size, 3);
  const isKnown = (i: number) =>
    server.transactions.match(transactionKey(readWell(numbered(i)), PHONE)) !==
      undefined;
  assert.deepEqual([0, 1, 2, 3].map(isKnown), [true, false, true, true]);
});

Deno.test("ServerTransactions.open() gives up the oldest of all where none only waits for repeats", () => {
  const server = new Server(3);
  for (let i = 0; i < 5; i++) {
    server.receive(numbered(i, "INVITE"), i, PHONE, 486);
  }
  assert.equal(server.transactions.size, 3);
  const seen: string[] = [];
  assert.deepEqual(server.run(500, 600, seen), [510, 510, 510]);
  const calls = seen.map((text) => readWell(text).callId);
  assert.deepEqual(calls.sort(), ["call-2", "call-3", "call-4"]);
});

Deno.test("ServerTransactions.open() gives up no INVITE whose caller waits", () => {
  const server = new Server(2);
  for (let i = 0; i < 4; i++) {
    server.receive(numbered(i, "INVITE"), i, PHONE, i === 2 ? 486 : 0);
  }
  // a repeat of what is known is not processed
  for (const i of [0, 1, 3, 2]) server.receive(numbered(i, "INVITE"), 10);
  assert.equal(server.processed, 5);
});

Deno.test("ServerTransactions holds thousands through their whole life", () => {
  const server = new Server(5000, 4_000_000);
  for (let round = 0; round < 3; round++) {
    const startMs = round * 40_000;
    for (let i = 0; i < 4000; i++) {
      server.receive(numbered(10_000 * round + i), startMs + i);
    }
    assert.equal(server.transactions.size, 4000);
    server.wake(startMs + 32_000 + 1999);
    assert.equal(server.transactions.size, 2000);
    server.wake(startMs + 36_000);
    assert.equal(server.transactions.size, 0);
  }
});

Deno.test("ServerTransactions.receive() is silent where the answer was given up for others", () => {
  const server = new Server(100, 4000);
  const first = server.receive(numbered(0), 0);
  assert.deepEqual(server.receive(numbered(0), 1), first);
  for (let i = 1; i < 50; i++) server.receive(numbered(i), i);
  assert.deepEqual(server.receive(numbered(0), 60), []);
  assert.equal(server.processed, 50, "and does not process it again");
});
