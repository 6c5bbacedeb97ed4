/**
 * Answers that leave when the octets of their request are gone.
 * @module
 */

import assert from "node:assert/strict";
import { Outbox } from "./outbox.ts";
import {
  type Changes,
  PHONE,
  readWell,
  requestText,
  writtenText,
} from "./sample_test.ts";
import {
  keepResponseHead,
  recordRoutes,
  writeKeptResponse,
} from "./response_head.ts";
import { writeResponse } from "./serialize.ts";

function write(
  head: Uint8Array,
  ...how: [number, string, string, { type: string; text: string }?]
): string {
  const outbox = new Outbox(16);
  outbox.text("before");
  writeKeptResponse(outbox, head, ...how);
  assert.equal(outbox.count, 0, "the caller ends it");
  return writtenText(outbox, 6);
}

Deno.test("writeKeptResponse() writes what writeResponse() would have written at once", () => {
  for (
    const changes of [
      {},
      { "To": "<sip:pbx.example>;tag=theirs" },
      { "Via": "SIP/2.0/UDP a\r\nVia: SIP/2.0/UDP b;branch=z9hG4bK2" },
      { "From": "Caller\r\n <sip:1001@pbx.example>;tag=f" },
    ] satisfies Changes[]
  ) {
    const text = requestText(changes, "INVITE");
    const message = readWell(text);
    const head = keepResponseHead(message, PHONE, "ours");
    const outbox = new Outbox();
    const headers = "Contact: <sip:pbx>\r\n";
    writeResponse(outbox, message, PHONE, 486, "Busy Here", "ours", headers);
    message.bytes.fill(0);
    keepResponseHead(readWell(requestText({ "Call-ID": "x" })), PHONE, "y");
    assert.equal(write(head, 486, "Busy Here", headers), writtenText(outbox));
  }
});

Deno.test("writeKeptResponse() writes a body with its type and its length in octets", () => {
  const head = keepResponseHead(readWell(requestText({}, "INVITE")), PHONE, "");
  const body = { type: "application/sdp", text: "v=0\r\ns=\xc3\xa9\r\n" };
  const text = write(head, 200, "OK", "", body);
  assert.match(
    text,
    /\r\nContent-Type: application\/sdp\r\nContent-Length: 11\r\n\r\nv=0\r\n/,
  );
  const answer = readWell(text);
  assert.equal(answer.status, 200);
  assert.equal(answer.bodyEnd - answer.bodyStart, 11);
});

Deno.test("keepResponseHead() keeps no more octets than the head has", () => {
  const sdp = "v".repeat(5000);
  const text = requestText({}, "INVITE", "sip:1002@pbx", sdp);
  const head = keepResponseHead(readWell(text), PHONE, "ours");
  assert.equal(head.buffer.byteLength, head.length);
  assert.ok(head.length < 400);
});

Deno.test("recordRoutes() repeats the lines in their order (RFC 3261 §12.1.1)", () => {
  const routes = (value: string | null) =>
    recordRoutes(readWell(requestText({ "Record-Route": value }, "INVITE")));
  assert.equal(routes(null), "");
  assert.equal(
    routes("<sip:a;lr>, <sip:b;lr>;x=1\r\nRecord-Route: <sip:c;lr>"),
    "Record-Route: <sip:a;lr>, <sip:b;lr>;x=1\r\nRecord-Route: <sip:c;lr>\r\n",
  );
  assert.equal(routes("<sip:a\r\n ;lr>"), "Record-Route: <sip:a ;lr>\r\n");
});

Deno.test("recordRoutes() is bounded as the routes of a dialog are", () => {
  const routes = (value: string) =>
    recordRoutes(readWell(requestText({ "Record-Route": value }, "INVITE")));
  const padded = (length: number) => `<sip:${"a".repeat(length - 9)};lr>`;
  assert.equal(routes(padded(2048)).length, 2048 + 16);
  assert.equal(routes(padded(2049)), "");
  const lines = (count: number) =>
    new Array(count).fill("<sip:a;lr>").join("\r\nRecord-Route: ");
  assert.equal(routes(lines(8)).split("\r\n").length, 9);
  assert.equal(routes(lines(9)), "");
});
