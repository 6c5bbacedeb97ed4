/**
 * The messages of an extension, downloaded from its page and read by Wireshark's own program.
 * @module
 */

import assert from "node:assert/strict";
import { Traffic } from "../../diag/ledger/traffic.ts";
import { Flow } from "../../sip/flow.ts";
import { findMessages } from "../../web/message_finder.ts";
import { answerCapture } from "../../web/page/capture_response.ts";
import {
  CREDENTIALS,
  sampleAnswer,
  sampleMessage,
  sampleRequest,
} from "../../web/page/ladder_sample_test.ts";
import { liveTest } from "./lab_case.ts";

const FIELDS = [
  "frame.time_epoch",
  "ip.src",
  "ipv6.src",
  "udp.srcport",
  "tcp.srcport",
  "sip.Method",
  "sip.Status-Code",
  "sip.auth.digest.response",
  "_ws.malformed",
];

async function dissect(path: string): Promise<string[][]> {
  const { success, stdout, stderr } = await new Deno.Command("tshark", {
    args: [
      ...["-r", path, "-n", "-T", "fields", "-E", "separator=|"],
      ...FIELDS.flatMap((field) => ["-e", field]),
    ],
  }).output();
  const told = new TextDecoder().decode(stderr);
  assert.ok(success, told);
  return new TextDecoder().decode(stdout).trim().split("\n")
    .map((line) => line.split("|"));
}

liveTest("tshark reads the messages that the page of an extension gives", [
  "tshark",
], async () => {
  const traffic = new Traffic();
  const add = (...wish: Parameters<typeof sampleMessage>) => {
    const { direction, octets, flow, at } = sampleMessage(...wish);
    traffic.add(direction, octets, 0, octets.length, flow, at);
  };
  const at = Date.UTC(2026, 2, 14, 9, 30, 0, 125);
  add(sampleRequest("REGISTER", { headers: CREDENTIALS }), { at });
  add(sampleAnswer("403 Forbidden", "REGISTER"), {
    at: at + 2,
    direction: "out",
  });
  add(sampleRequest("REGISTER", { from: "1002", to: "1002" }), { at: at + 3 });
  add(sampleRequest("OPTIONS", { from: "1001" }), {
    at: at + 4,
    transport: "tcp",
  });
  const octets = new TextEncoder().encode(sampleRequest("OPTIONS"));
  traffic.add(
    "in",
    octets,
    0,
    octets.length,
    new Flow("udp", 0, "2001:db8::1", 5060, "2001:db8::7", 5062),
    at + 5,
  );
  for (let cseq = 10; cseq < 110; cseq++) {
    add(sampleRequest("OPTIONS", { cseq }), { at: at + cseq });
  }

  const answer = answerCapture(
    "messages-1001",
    "0.0.0",
    findMessages("1001", traffic),
  );
  assert.match(
    answer.headers.get("content-disposition")!,
    /filename="messages-1001\.pcapng"/,
  );
  const path = await Deno.makeTempFile({ suffix: ".pcapng" });
  try {
    await Deno.writeFile(path, answer.body!);
    const stars = `"${"*".repeat(32)}"`;
    const packets = await dissect(path);
    assert.deepEqual(packets.slice(0, 4).map((packet) => packet.slice(1)), [
      ["198.51.100.7", "", "40112", "", "REGISTER", "", stars, ""],
      ["203.0.113.5", "", "5060", "", "", "403", "", ""],
      ["198.51.100.7", "", "", "40112", "OPTIONS", "", "", ""],
      ["", "2001:db8::7", "5062", "", "OPTIONS", "", "", ""],
    ]);
    assert.ok(Math.abs(Number(packets[0]![0]) * 1000 - at) < 1);
    assert.equal(packets.length, 104);
    assert.ok(packets.every((packet) => packet.at(-1) === ""));
  } finally {
    await Deno.remove(path);
  }
});
