import assert from "node:assert/strict";
import { Flow } from "../../sip/flow.ts";
import { Outbox } from "../../sip/outbox.ts";
import { answerStun } from "../../sip/stun.ts";
import { readMappedAddress, writeBindingRequest } from "./stun_question.ts";

const octets = (hex: string) => Uint8Array.fromHex(hex.replaceAll(" ", ""));

/** RFC 5769 §2.2 and §2.3: sample responses. */
const ID = octets("b7 e7 a7 01 bc 34 d6 86 fa 87 df ae");
const RESPONSE_4 = octets(
  "01 01 00 3c 21 12 a4 42 b7 e7 a7 01 bc 34 d6 86 fa 87 df ae " +
    "80 22 00 0b 74 65 73 74 20 76 65 63 74 6f 72 20 " +
    "00 20 00 08 00 01 a1 47 e1 12 a6 43 " +
    "00 08 00 14 2b 91 f5 99 fd 9e 90 c3 8c 74 89 f9 2a f9 ba 53 f0 6b e7 d7 " +
    "80 28 00 04 c0 7d 4c 96",
);
const RESPONSE_6 = octets(
  "01 01 00 48 21 12 a4 42 b7 e7 a7 01 bc 34 d6 86 fa 87 df ae " +
    "80 22 00 0b 74 65 73 74 20 76 65 63 74 6f 72 20 " +
    "00 20 00 14 00 02 a1 47 01 13 a9 fa a5 d3 f1 79 bc 25 f4 b5 be d2 b9 d9 " +
    "00 08 00 14 a3 82 95 4e 4b e6 7b f1 17 84 c9 7c 82 92 c2 75 bf e3 ed 41 " +
    "80 28 00 04 c8 fb 0b 4c",
);

Deno.test("readMappedAddress() reads the samples of RFC 5769", () => {
  assert.deepEqual(readMappedAddress(RESPONSE_4, ID), {
    host: "192.0.2.1",
    port: 32853,
  });
  assert.deepEqual(readMappedAddress(RESPONSE_6, ID), {
    host: "2001:db8:1234:5678:11:2233:4455:6677",
    port: 32853,
  });
});

Deno.test("readMappedAddress() takes the plain address of an old server", () => {
  const response = Uint8Array.from([
    ...[1, 1, 0, 12, 0x21, 0x12, 0xa4, 0x42],
    ...ID,
    ...[0, 1, 0, 8, 0, 1, 0x13, 0xc4, 203, 0, 113, 5],
  ]);
  assert.deepEqual(readMappedAddress(response, ID), {
    host: "203.0.113.5",
    port: 5060,
  });
});

Deno.test("readMappedAddress() refuses answers to somebody else and broken ones", () => {
  assert.equal(readMappedAddress(RESPONSE_4, ID.toReversed()), null);
  for (let length = 0; length < RESPONSE_4.length; length++) {
    assert.equal(readMappedAddress(RESPONSE_4.subarray(0, length), ID), null);
  }
  const refusal = Uint8Array.from(RESPONSE_4);
  refusal[1] = 0x11;
  assert.equal(readMappedAddress(refusal, ID), null);
});

Deno.test("readMappedAddress() understands what our own server answers to writeBindingRequest()", () => {
  const request = writeBindingRequest(ID);
  const outbox = new Outbox();
  const flow = new Flow("udp", 0, "192.0.2.1", 5060, "2001:db8::7", 40000);
  assert.ok(answerStun(request, 0, request.length, flow, outbox));
  const answer = outbox.bytes.subarray(outbox.starts[0], outbox.ends[0]);
  assert.deepEqual(readMappedAddress(answer, ID), {
    host: "2001:db8::7",
    port: 40000,
  });
});
