/**
 * The messages of one extension among those of others.
 * @module
 */

import assert from "node:assert/strict";
import { Traffic } from "../diag/ledger/traffic.ts";
import {
  sampleAnswer,
  sampleMessage,
  sampleRequest,
  type SampleWish,
} from "./page/ladder_sample_test.ts";
import { findMessages, MessageFinder } from "./message_finder.ts";
import type { MessageView } from "./trace_view.ts";

function add(traffic: Traffic, text: string, wish: SampleWish = {}) {
  const { direction, octets, flow, at } = sampleMessage(text, wish);
  assert.ok(traffic.add(direction, octets, 0, octets.length, flow, at));
}

function names(views: readonly MessageView[]): string[] {
  return views.map(({ isRequest, method, status, from, to }) =>
    `${isRequest ? method : status} ${from} ${to}`
  );
}

Deno.test("MessageFinder.look() finds the messages of its extension, also as they come", () => {
  const traffic = new Traffic();
  const finder = new MessageFinder("1001", 200);
  assert.deepEqual(finder.look(traffic), []);
  add(traffic, sampleRequest("REGISTER"));
  add(traffic, sampleRequest("REGISTER", { from: "11001", to: "11001" }));
  add(traffic, sampleAnswer("200 OK", "REGISTER"), { direction: "out" });
  assert.deepEqual(names(finder.look(traffic)), [
    "REGISTER 1001 1001",
    "200 1001 1001",
  ]);
  const before = finder.look(traffic);
  assert.equal(finder.look(traffic), before);
  add(traffic, sampleRequest("INVITE", { from: "1002", to: "1001" }));
  add(traffic, sampleRequest("INVITE", { from: "1002", to: "1003" }));
  assert.deepEqual(names(finder.look(traffic)).slice(2), ["INVITE 1002 1001"]);
});

Deno.test("MessageFinder.look() does not take a number in a text for one in an address", () => {
  const traffic = new Traffic();
  const subject = { from: "7", to: "8", headers: "Subject: x:1001@y\r\n" };
  add(traffic, sampleRequest("INVITE", subject));
  assert.deepEqual(new MessageFinder("1001", 9).look(traffic), []);
});

Deno.test("MessageFinder.look() keeps the newest", () => {
  const traffic = new Traffic();
  const finder = new MessageFinder("1001", 5);
  for (let cseq = 1; cseq <= 12; cseq++) {
    add(traffic, sampleRequest("REGISTER", { cseq }));
    if (cseq % 3 === 0) finder.look(traffic);
  }
  const kept = finder.look(traffic).map(({ cseq }) => cseq);
  assert.deepEqual(kept, [8, 9, 10, 11, 12]);
});

Deno.test("findMessages() gives all that is kept of an extension", () => {
  const traffic = new Traffic();
  for (let cseq = 1; cseq <= 200; cseq++) {
    add(traffic, sampleRequest("REGISTER", { cseq }));
    const other = sampleRequest("REGISTER", { from: "7", to: "7", cseq });
    add(traffic, other, { peer: "192.0.2.9:5060" });
  }
  assert.equal([...findMessages("1001", traffic)].length, 200);
});
