/**
 * From frames to facts.
 * @module
 */

import assert from "node:assert/strict";
import { toOctets } from "../../sip/octet.ts";
import { type Dissected, Dissector } from "./dissect.ts";
import type { PacketSeen } from "./packet_fact.ts";
import { type Frame, TCP_FLAG } from "./packet.ts";
import {
  chance,
  datagram,
  fragmentsOf,
  frameOf,
  join,
  message,
  PHONE,
  segment,
  SERVER,
} from "./sample_test.ts";

const ENDS = { hosts: new Set([SERVER]), ports: new Set([5060]) };
const NOTHING = new Uint8Array(0);

function dissect(frames: readonly Frame[]): Dissected[] {
  const dissector = new Dissector(ENDS);
  return frames.flatMap((frame) => dissector.take(frame));
}

function packets(frames: readonly Frame[]): PacketSeen[] {
  return dissect(frames).map(({ fact }) => {
    assert.ok(fact.kind === "packet-seen");
    return fact;
  });
}

Deno.test("take() tells what a request says, and keeps its octets", () => {
  const octets = message();
  const [found] = dissect([frameOf(datagram(octets), 1234.5)]);
  assert.deepEqual(found, {
    fact: {
      kind: "packet-seen",
      stage: "nic",
      at: 1234.5,
      direction: "in",
      transport: "udp",
      host: PHONE,
      port: 40000,
      localHost: SERVER,
      localPort: 5060,
      class: "sip",
      octets: octets.length,
      method: "REGISTER",
      status: 0,
      number: "1002",
      callId: "call-1",
      cseq: 7,
      hasCredentials: false,
      userAgent: "MicroSIP/3.21.6",
    },
    message: octets,
  });
});

Deno.test("take() tells an answer with the phone as the other end", () => {
  const octets = message({ method: "INVITE", status: "486 Busy Here" });
  const packet = datagram(octets, {
    source: SERVER,
    sourcePort: 5060,
    destination: PHONE,
    destinationPort: 40000,
  });
  const [fact] = packets([frameOf(packet)]);
  assert.equal(fact?.direction, "out");
  assert.deepEqual([fact.host, fact.port], [PHONE, 40000]);
  assert.deepEqual([fact.localHost, fact.localPort], [SERVER, 5060]);
  assert.deepEqual([fact.method, fact.status, fact.number], [
    "INVITE",
    486,
    "1001",
  ]);
});

Deno.test("take() knows datagrams by their first octets and their port", () => {
  const rtp = join([0x80, 0x08], new Uint8Array(170));
  const table: readonly (readonly [string, Uint8Array, number, string])[] = [
    ["CRLF", toOctets("\r\n"), 5060, "keepalive"],
    ["nothing", NOTHING, 5060, "keepalive"],
    [
      "STUN",
      toOctets("\x00\x01\x00\x00\x21\x12\xa4\x42............"),
      5060,
      "stun",
    ],
    ["RTP", rtp, 10000, "rtp"],
    ["RTP with an odd length", join(rtp, [0]), 10000, "rtp"],
    ["RTCP", join([0x80, 200], new Uint8Array(26)), 10001, "rtp"],
    ["RTP on the SIP port", rtp, 5060, "other"],
    ["RTP too short", rtp.subarray(0, 11), 10000, "other"],
    ["version 1", join([0x40, 0x08], new Uint8Array(170)), 10000, "other"],
    ["text", toOctets("hello"), 5060, "other"],
  ];
  for (const [name, octets, destinationPort, expected] of table) {
    const [fact] = packets([frameOf(datagram(octets, { destinationPort }))]);
    assert.equal(fact?.class, expected, name);
    assert.equal(fact.octets, octets.length, name);
    assert.equal(fact.method, "", name);
  }
});

Deno.test("take() tells requests for connections, refusals, TLS and messages of TCP", () => {
  const hello = join([0x16, 0x03, 0x01, 0x02, 0x00]);
  const octets = message({ lines: 20 });
  const frames = [
    segment(0, NOTHING, TCP_FLAG.syn),
    segment(0, NOTHING, TCP_FLAG.syn | TCP_FLAG.ack),
    segment(1, octets.subarray(0, 500)),
    segment(501, octets.subarray(500)),
    segment(501, octets.subarray(500)),
    segment(0, NOTHING, TCP_FLAG.rst | TCP_FLAG.ack),
    segment(0, NOTHING, TCP_FLAG.syn),
    segment(1, hello),
  ].map((packet, i) => frameOf(packet, i));
  const found = packets(frames);
  assert.deepEqual(found.map((fact) => [fact.at, fact.class]), [
    [0, "syn"],
    [3, "sip"],
    [5, "reset"],
    [6, "syn"],
    [7, "tls"],
  ]);
  assert.equal(found[1]?.octets, octets.length);
  assert.equal(found[1].number, "1002");
});

Deno.test("take() reads what it can of a broken message", () => {
  const octets = toOctets(
    "REGISTER sip:pbx SIP/2.0\r\nTo: <sip:1002@pbx>\r\nCall-ID: a\r\nbroken\r\n",
  );
  const [fact] = packets([frameOf(datagram(octets))]);
  assert.equal(fact?.class, "sip");
  assert.deepEqual([fact.method, fact.number, fact.callId, fact.cseq], [
    "REGISTER",
    "1002",
    "a",
    0,
  ]);
});

Deno.test("take() gives the message of fragments, and tells those that were lost", () => {
  const octets = message({ lines: 40 });
  const parts = fragmentsOf(datagram(octets), 1000);
  const [fact] = packets(parts.map((part, i) => frameOf(part, i)));
  assert.equal(fact?.octets, octets.length);
  assert.equal(fact.at, parts.length - 1);
  const late = frameOf(datagram(toOctets("\r\n")), 40_000);
  const found = dissect([frameOf(parts[0]!, 5000), late]);
  assert.deepEqual(found.map(({ fact }) => fact.kind), [
    "fragments-lost",
    "packet-seen",
  ]);
  assert.deepEqual(found[0]?.fact, {
    kind: "fragments-lost",
    stage: "socket",
    at: 40_000,
    host: PHONE,
    localHost: SERVER,
  });
  const dissector = new Dissector(ENDS);
  dissector.take(frameOf(parts[0]!, 5000));
  assert.equal(dissector.end(7000).length, 1);
});

Deno.test("take() passes over copies that other interfaces saw, not what a phone repeats", () => {
  const packet = datagram(message());
  const other = datagram(message({ callId: "call-2" }));
  const times = [[packet, 0], [packet, 1], [other, 1], [packet, 500]] as const;
  const found = packets(times.map(([bytes, at]) => frameOf(bytes, at)));
  assert.deepEqual(found.map(({ at, callId }) => [at, callId]), [
    [0, "call-1"],
    [1, "call-2"],
    [500, "call-1"],
  ]);
});

Deno.test("take() says nothing of others' packets", () => {
  const packet = datagram(message(), { destination: "203.0.113.9" });
  assert.deepEqual(dissect([frameOf(packet)]), []);
});

Deno.test("take() bears any damage to a conversation", () => {
  const octets = message({ lines: 40 });
  const samples = [
    datagram(octets),
    ...fragmentsOf(datagram(octets), 800),
    segment(0, NOTHING, TCP_FLAG.syn),
    segment(1, octets.subarray(0, 700)),
    segment(701, octets.subarray(700)),
  ];
  const dissector = new Dissector(ENDS);
  const next = chance(5);
  const random = (below: number) => next.next().value % below;
  let seen = 0;
  for (let i = 0; i < 20_000; i++) {
    const packet = samples[random(samples.length)]!.slice();
    for (let j = random(4); j > 0; j--) {
      packet[random(random(2) === 0 ? 48 : packet.length)] = random(256);
    }
    const length = random(3) === 0 ? random(packet.length) : packet.length;
    const frame = frameOf(packet.subarray(0, length), i * 10);
    for (const { fact } of dissector.take(frame)) {
      seen++;
      if (fact.kind === "packet-seen") assert.ok(fact.octets >= 0);
    }
  }
  assert.ok(seen > 1000, `${seen}`);
});
