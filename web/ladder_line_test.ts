/**
 * What a line of the ladder tells of a message.
 * @module
 */

import assert from "node:assert/strict";
import { type LadderLine, LadderReader } from "./ladder_line.ts";
import {
  CREDENTIALS,
  sampleAnswer,
  sampleMessage,
  sampleRequest,
} from "./page/ladder_sample_test.ts";
import { viewMessage } from "./trace_view.ts";

function read(
  reader: LadderReader,
  text: string,
  wish: Parameters<typeof sampleMessage>[1] = {},
): LadderLine {
  return reader.read(viewMessage(sampleMessage(text, wish)));
}

Deno.test("LadderReader.read() tells a registration from its repetition", () => {
  const reader = new LadderReader();
  const contact = "Contact: <sip:1001@192.168.1.20:5062>;expires=300\r\n";
  const request = sampleRequest("REGISTER", { headers: contact });
  assert.deepEqual(read(reader, request), {
    what: "REGISTER",
    from: "",
    to: "1001",
    tone: "request",
    hints: [["no-credentials"], ["expires", 300]],
  });
  const again = read(reader, request);
  assert.deepEqual([again.tone, again.hints[0]], ["again", ["again"]]);
  const question = sampleAnswer("401 Unauthorized", "REGISTER");
  assert.equal(read(reader, question, { direction: "out" }).tone, "question");
  const signed = sampleRequest("REGISTER", {
    cseq: 2,
    headers: CREDENTIALS + contact.replace("300", "0"),
  });
  assert.deepEqual(read(reader, signed).hints, [
    ["credentials"],
    ["unregisters"],
  ]);
});

Deno.test("LadderReader.read() speaks of passwords only where a phone could give one", () => {
  const reader = new LadderReader();
  const hintsOf = (text: string, direction: "in" | "out" = "in") =>
    read(reader, text, { direction }).hints;
  const invite = (cseq: number) => sampleRequest("INVITE", { cseq });
  assert.deepEqual(hintsOf(invite(1)), [["no-credentials"]]);
  assert.deepEqual(hintsOf(invite(2), "out"), []);
  const ack = sampleRequest("ACK", { cseq: 3, headers: CREDENTIALS });
  assert.deepEqual(hintsOf(ack), []);
  const bye = sampleRequest("BYE", { cseq: 4, headers: CREDENTIALS });
  assert.deepEqual(hintsOf(bye), [["credentials"]]);
});

Deno.test("LadderReader.read() names both ends of a call, and what cannot be read", () => {
  const reader = new LadderReader();
  const busy = sampleAnswer("486 Busy Here", "INVITE", { to: "1002" });
  const { what, from, to, tone } = read(reader, busy, { transport: "tcp" });
  assert.deepEqual([what, from, to, tone], [
    "486 Busy Here INVITE",
    "1001",
    "1002",
    "failure",
  ]);
  const broken = read(reader, "\u0000\u001b[2J nothing at all");
  assert.equal(broken.what, "");
  assert.equal(broken.tone, "fault");
  assert.equal(broken.hints[0]?.[0], "fault");
});
