/**
 * Frames of all link layers, with and without what may stand before the payload.
 * @module
 */

import assert from "node:assert/strict";
import { toOctets } from "../../sip/octet.ts";
import { FrameMaker } from "./ip_frame.ts";
import { decodeFrame, decodeSegment, type Frame, LINK } from "./packet.ts";
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

const PAYLOAD = toOctets("hello");
const V4 = datagram(PAYLOAD);
const V6 = datagram(PAYLOAD, { source: "fe80::7", destination: "2001:db8::1" });
const MAC = [2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2];

function decode(frame: Frame) {
  const packet = decodeFrame(frame);
  return packet === null ? null : decodeSegment(packet);
}

Deno.test("decodeFrame() finds the packet behind every link layer", () => {
  const cooked = [0, 0, 0, 1, 0, 6, 2, 0, 0, 0, 0, 1, 0, 0];
  const cooked2 = [0, 0, 0, 0, 0, 2, 0, 1, 0, 6, 2, 0, 0, 0, 0, 1, 0, 0];
  const table: readonly (readonly [string, number, readonly number[]])[] = [
    ["Ethernet", LINK.ethernet, [...MAC, 0x08, 0x00]],
    ["VLAN", LINK.ethernet, [...MAC, 0x81, 0x00, 0, 5, 0x08, 0x00]],
    [
      "VLAN in VLAN",
      LINK.ethernet,
      [...MAC, 0x88, 0xa8, 0, 9, 0x81, 0x00, 0, 5, 0x08, 0x00],
    ],
    ["cooked", LINK.cooked, [...cooked, 0x08, 0x00]],
    ["cooked VLAN", LINK.cooked, [...cooked, 0x81, 0x00, 0, 5, 0x08, 0x00]],
    ["cooked, version 2", LINK.cooked2, [0x08, 0x00, ...cooked2]],
    ["loopback of this machine's order", LINK.null, [2, 0, 0, 0]],
    ["loopback of network order", LINK.loop, [0, 0, 0, 2]],
    ["raw", LINK.raw, []],
    ["raw of BSD", LINK.rawBsd, []],
    ["raw of OpenBSD", LINK.rawOpenBsd, []],
    ["IPv4", LINK.ipv4, []],
  ];
  for (const [name, linkType, header] of table) {
    const read = decode(frameOf(join(header, V4), 0, linkType));
    assert.equal(read?.source, PHONE, name);
    assert.deepEqual(read.payload, PAYLOAD, name);
  }
  const six = join([...MAC, 0x86, 0xdd], V6);
  assert.equal(decode(frameOf(six, 0, LINK.ethernet))?.source, "fe80::7");
  assert.equal(decode(frameOf(V6, 0, LINK.ipv6))?.destination, "2001:db8::1");
  const arp = join([...MAC, 0x08, 0x06], V4);
  assert.equal(decodeFrame(frameOf(arp, 0, LINK.ethernet)), null);
  assert.equal(decodeFrame(frameOf(V4, 0, 147)), null);
});

Deno.test("decodeFrame() gives a link-local address its interface", () => {
  const read = decode({ ...frameOf(V6), interfaceIndex: 3 });
  assert.equal(read?.source, "fe80::7%3");
  assert.equal(read.destination, "2001:db8::1");
});

Deno.test("decodeSegment() reads ports, lengths and what the capture cut", () => {
  const whole = decode(frameOf(V4));
  assert.deepEqual({ ...whole }, {
    transport: "udp",
    source: PHONE,
    sourcePort: 40000,
    destination: SERVER,
    destinationPort: 5060,
    payload: PAYLOAD,
    octets: 5,
    sequence: 0,
    flags: 0,
  });
  const cut = decode(frameOf(V4.subarray(0, V4.length - 2)));
  assert.deepEqual(cut?.payload, toOctets("hel"));
  assert.equal(cut.octets, 5);
  // Ethernet fills short frames up
  const filled = decode(frameOf(join(V4, [0, 0, 0, 0])));
  assert.deepEqual(filled?.payload, PAYLOAD);
  const tcp = decode(frameOf(segment(0xfffffffe, PAYLOAD, 0x02)));
  assert.equal(tcp?.transport, "tcp");
  assert.equal(tcp.sequence, 0xfffffffe);
  assert.equal(tcp.flags, 0x02);
  assert.deepEqual(tcp.payload, PAYLOAD);
});

Deno.test("decodeFrame() passes IPv4 options and IPv6 extension headers", () => {
  const options = join(V4.subarray(0, 20), [1, 1, 1, 0], V4.subarray(20));
  options[0] = 0x46;
  options[3]! += 4;
  assert.deepEqual(decode(frameOf(options))?.payload, PAYLOAD);
  for (const next of [0, 43, 60]) {
    const header = [17, 0, 1, 4, 0, 0, 0, 0];
    const extended = join(V6.subarray(0, 40), header, V6.subarray(40));
    extended[6] = next;
    extended[5]! += 8;
    assert.deepEqual(decode(frameOf(extended))?.payload, PAYLOAD, `${next}`);
  }
  const atomic = [17, 0, 0, 0, 0, 0, 0, 9];
  const alone = join(V6.subarray(0, 40), atomic, V6.subarray(40));
  alone[6] = 44;
  alone[5]! += 8;
  assert.deepEqual(decode(frameOf(alone))?.payload, PAYLOAD);
});

Deno.test("decodeFrame() tells fragments", () => {
  const parts = fragmentsOf(datagram(message({ lines: 40 })), 800);
  const fragments = parts.map((part) => decodeFrame(frameOf(part))?.fragment);
  assert.deepEqual(fragments[0], { id: 1, offset: 0, isLast: false });
  assert.deepEqual(fragments.at(-1), {
    id: 1,
    offset: (parts.length - 1) * 800,
    isLast: true,
  });
});

Deno.test("decodeFrame() bears every cut and any damage", () => {
  const vlan = join([...MAC, 0x81, 0, 0, 1, 0x86, 0xdd], V6);
  const tcp = new FrameMaker().wrap({
    transport: "tcp",
    source: "::1",
    sourcePort: 1,
    destination: "::1",
    destinationPort: 2,
    octets: PAYLOAD,
  })[0]!;
  const samples = [V4, V6, vlan, tcp, segment(1, PAYLOAD)];
  const next = chance(1);
  let read = 0;
  for (const linkType of Object.values(LINK)) {
    for (const sample of samples) {
      for (let length = 0; length <= sample.length; length++) {
        decode(frameOf(sample.subarray(0, length), 0, linkType));
      }
      for (let i = 0; i < 200; i++) {
        const damaged = sample.slice();
        damaged[next.next().value % damaged.length] = next.next().value & 255;
        damaged[next.next().value % 8] = next.next().value & 255;
        const segment = decode(frameOf(damaged, 0, linkType));
        if (segment === null) continue;
        read++;
        assert.ok(segment.octets >= 0);
        assert.ok(segment.payload.length <= segment.octets);
      }
    }
  }
  assert.ok(read > 1000, `${read}`);
});
