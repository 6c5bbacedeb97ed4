/**
 * Which message came before.
 * @module
 */

import assert from "node:assert/strict";
import {
  sampleAnswer,
  sampleMessage,
  sampleRequest,
} from "./page/ladder_sample_test.ts";
import { RepeatCounter } from "./repeat_counter.ts";
import { viewMessage } from "./trace_view.ts";

Deno.test("RepeatCounter.count() knows a message that is sent once more from its answer and from the next one", () => {
  const counter = new RepeatCounter();
  const count = (text: string, direction: "in" | "out" = "in") =>
    counter.count(viewMessage(sampleMessage(text, { direction })));
  assert.equal(count(sampleRequest("REGISTER")), 1);
  assert.equal(count(sampleRequest("REGISTER")), 2);
  assert.equal(count(sampleAnswer("401 Unauthorized", "REGISTER"), "out"), 1);
  assert.equal(count(sampleRequest("REGISTER", { cseq: 2 })), 1);
  assert.equal(count(sampleAnswer("200 OK", "REGISTER"), "out"), 1);
  assert.equal(count(sampleRequest("REGISTER"), "out"), 1);
  assert.equal(count(sampleRequest("REGISTER")), 3);
});

Deno.test("RepeatCounter.count() takes what nobody can read for no repetition", () => {
  const counter = new RepeatCounter();
  const view = viewMessage(sampleMessage("\x00\x01\x02\x03 nothing of SIP"));
  assert.deepEqual([counter.count(view), counter.count(view)], [1, 1]);
});
