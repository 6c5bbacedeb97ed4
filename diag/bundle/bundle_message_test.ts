/**
 * Messages from JSON and into a capture file.
 * @module
 */

import assert from "node:assert/strict";
import { readText, toOctets } from "../../sip/octet.ts";
import { readMessage, writeCapture } from "./bundle_message.ts";
import { Dissector } from "../wire/dissect.ts";
import { endsOf } from "../wire/ends.ts";
import { CaptureReader } from "../wire/pcap_read.ts";

const FLOW = {
  transport: "udp",
  id: 3,
  localHost: "192.0.2.1",
  localPort: 5060,
  host: "192.0.2.20",
  port: 5062,
};
const JSON_MESSAGE = { at: 1e12, direction: "in", flow: FLOW, text: "A\xff" };

Deno.test("readMessage() reads what the server writes", () => {
  const message = readMessage(JSON_MESSAGE);
  assert.equal(message?.flow.peer, "192.0.2.20:5062");
  assert.deepEqual(message?.octets, toOctets("A\xff"));
});

Deno.test("readMessage() refuses anything else", () => {
  const broken: readonly unknown[] = [
    null,
    7,
    {},
    { ...JSON_MESSAGE, at: Infinity },
    { ...JSON_MESSAGE, at: 1e300 },
    { ...JSON_MESSAGE, direction: "up" },
    { ...JSON_MESSAGE, text: 7 },
    { ...JSON_MESSAGE, flow: null },
    { ...JSON_MESSAGE, flow: { ...FLOW, port: 70_000 } },
    { ...JSON_MESSAGE, flow: { ...FLOW, host: "x".repeat(100) } },
  ];
  for (const value of broken) assert.equal(readMessage(value), null);
});

Deno.test("writeCapture() makes a file that gives the messages back", () => {
  const text = "OPTIONS sip:pbx SIP/2.0\r\nCall-ID: a\r\n\r\n";
  const file = writeCapture("1.2.3", [
    readMessage({ ...JSON_MESSAGE, text })!,
    readMessage({ ...JSON_MESSAGE, at: 1e12 + 5, direction: "out", text })!,
  ]);
  const dissector = new Dissector(endsOf([{ host: "192.0.2.1", port: 5060 }]));
  const found = [...new CaptureReader(file)].flatMap((frame) =>
    dissector.take(frame)
  );
  assert.deepEqual(
    found.map(({ fact, message }) => [
      fact.at,
      fact.kind === "packet-seen" && fact.direction,
      message && readText(message, 0, message.length),
    ]),
    [[1e12, "in", text], [1e12 + 5, "out", text]],
  );
});
