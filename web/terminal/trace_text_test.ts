/**
 * Whole messages as text and as JSON.
 * @module
 */

import assert from "node:assert/strict";
import { Flow } from "../../sip/flow.ts";
import { toOctets } from "../../sip/octet.ts";
import { writeJsonLine, writeWhole } from "./trace_text.ts";
import { viewMessage } from "../trace_view.ts";

Deno.test("writeWhole() indents lines and escapes what a terminal would obey", () => {
  assert.equal(
    writeWhole(toOctets("A: \x1b[2J\r\nB: \xd0\x96\r\n\r\nbody\r\n")),
    "    A: \\x1b[2J\n    B: Ж\n\n    body\n\n",
  );
  assert.equal(writeWhole(toOctets("\xff")), "    \ufffd\n\n");
});

Deno.test("writeJsonLine() has the fields of the contract on one line", () => {
  const text =
    "REGISTER sip:pbx SIP/2.0\r\nCall-ID: a\r\nCSeq: 1 REGISTER\r\n" +
    "X: \x1b\xc2\x9b\r\n\r\n";
  const flow = new Flow("udp", 0, "192.0.2.1", 5060, "192.0.2.20", 5062);
  const octets = toOctets(text);
  const message = { at: 1.5, direction: "in", flow, octets } as const;
  const line = writeJsonLine(viewMessage(message));
  assert.doesNotMatch(line.slice(0, -1), /[\x00-\x1f\x7f-\x9f]/);
  assert.deepEqual(JSON.parse(line), {
    at: "1970-01-01T00:00:00.001Z",
    direction: "in",
    transport: "udp",
    from: "192.0.2.20:5062",
    to: "192.0.2.1:5060",
    method: "REGISTER",
    status: 0,
    callId: "a",
    text: text.replace("\xc2\x9b", "\x9b"),
  });
  const out = writeJsonLine(viewMessage({ ...message, direction: "out" }));
  assert.equal(JSON.parse(out).from, "192.0.2.1:5060");
});
