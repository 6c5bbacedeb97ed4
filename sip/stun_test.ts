/**
 * STUN answers, with the addresses of the test vectors of RFC 5769 §2.2 and §2.3.
 * @module
 */

import assert from "node:assert/strict";
import { Flow } from "./flow.ts";
import { octetsOfHex } from "./hex.ts";
import { Outbox } from "./outbox.ts";
import { answerStun } from "./stun.ts";

const COOKIE = "2112a442";
/** The transaction of the test vectors. */
const ID = "b7e7a701bc34d686fa87dfae";
const IPV6 = "2001:db8:1234:5678:11:2233:4455:6677";

function digitsOf(octets: Uint8Array): string {
  return Array.from(octets, (octet) => octet.toString(16).padStart(2, "0"))
    .join("");
}

function flowFrom(host: string, port = 32853): Flow {
  return new Flow("udp", 1, "192.0.2.9", 5060, host, port);
}

/** The answer in hexadecimal digits; null where there is none. */
function answer(request: string, flow: Flow): string | null {
  const outbox = new Outbox(8);
  outbox.text("before");
  const octets = octetsOfHex(`ffff${request}ffff`);
  const isAnswered = answerStun(octets, 2, octets.length - 2, flow, outbox);
  assert.equal(outbox.count, isAnswered ? 1 : 0);
  if (!isAnswered) {
    assert.equal(outbox.position, 6);
    return null;
  }
  assert.equal(outbox.starts[0], 6);
  assert.equal(outbox.ends[0], outbox.position);
  assert.equal(outbox.flows[0], flow);
  return digitsOf(outbox.bytes.subarray(6, outbox.position));
}

const REQUEST = `00010000${COOKIE}${ID}`;

Deno.test("answerStun() tells an IPv4 address as RFC 5769 §2.2 has it", () => {
  assert.equal(
    answer(REQUEST, flowFrom("192.0.2.1")),
    `0101000c${COOKIE}${ID}` + "002000080001a147e112a643",
  );
});

Deno.test("answerStun() tells an IPv6 address as RFC 5769 §2.3 has it", () => {
  assert.equal(
    answer(REQUEST, flowFrom(IPV6)),
    `01010018${COOKIE}${ID}` +
      "002000140002a1470113a9faa5d3f179bc25f4b5bed2b9d9",
  );
});

/** The address and the port that an answer carries, unmasked. */
function mappedOf(response: string): readonly [string, number] {
  const octets = octetsOfHex(response);
  const mask = octets.subarray(4, 20);
  const address = octets.subarray(28).map((octet, i) => octet ^ mask[i]!);
  const port = ((octets[26]! << 8) | octets[27]!) ^ 0x2112;
  return [digitsOf(address), port];
}

Deno.test("answerStun() puts in the zeros that an IPv6 address leaves out", () => {
  for (
    const [host, address] of [
      ["::", "00000000000000000000000000000000"],
      ["::1", "00000000000000000000000000000001"],
      ["2001:db8::", "20010db8000000000000000000000000"],
      ["2001:db8::9:1", "20010db8000000000000000000090001"],
      ["fe80::1:0:0:ffff", "fe80000000000000000100000000ffff"],
      ["1:2:3:4:5:6:7::", "00010002000300040005000600070000"],
    ] as const
  ) {
    for (const port of [1, 255, 256, 5060, 65535]) {
      const response = answer(REQUEST, flowFrom(host, port));
      assert.ok(response !== null, host);
      assert.deepEqual(mappedOf(response), [address, port], host);
    }
  }
});

Deno.test("answerStun() answers a request with attributes without looking at them", () => {
  const request = `00010008${COOKIE}${ID}8022000461626364`;
  assert.equal(
    answer(request, flowFrom("192.0.2.1")),
    answer(REQUEST, flowFrom("192.0.2.1")),
  );
});

Deno.test("answerStun() answers nothing but a Binding request of the right length", () => {
  for (
    const request of [
      `01010000${COOKIE}${ID}`, // a response
      `00110000${COOKIE}${ID}`, // an indication
      `00030000${COOKIE}${ID}`, // another method
      `00010004${COOKIE}${ID}`,
      `00010000${COOKIE}${ID}00000000`,
      `00010008${COOKIE}${ID}80220004616263`,
      `00010100${COOKIE}${ID}`,
    ]
  ) assert.equal(answer(request, flowFrom("192.0.2.1")), null, request);
});

Deno.test("answerStun() leaves a peer alone whose address it cannot tell", () => {
  for (const host of ["fe80::1%2", "::ffff:192.0.2.1", "pbx", ""]) {
    assert.equal(answer(REQUEST, flowFrom(host)), null, host);
  }
});

Deno.test("answerStun() does not amplify much", () => {
  const response = answer(REQUEST, flowFrom("192.0.2.1"));
  assert.equal(response!.length - REQUEST.length, 2 * 12);
  const longer = answer(REQUEST, flowFrom(IPV6));
  assert.equal(longer!.length - REQUEST.length, 2 * 24);
});
