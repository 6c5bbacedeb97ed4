/**
 * The kernel's filter program, run by a small interpreter.
 * @module
 */

import assert from "node:assert/strict";
import { toOctets } from "../../sip/octet.ts";
import { FrameMaker } from "./ip_frame.ts";
import {
  buildFilter,
  ETHERTYPE_PLACE,
  INDEX_IMMEDIATE,
  INDEX_IPV4_HEADER,
  type Instruction,
  JUMP_EQUAL,
  JUMP_GREATER,
  JUMP_NOT_LESS,
  JUMP_SET,
  LOAD_BYTE,
  LOAD_SHORT,
  LOAD_SHORT_INDEXED,
  RETURN,
} from "./packet_filter.ts";
import { datagram, fragmentsOf, join, message } from "./sample_test.ts";

/** How many octets the program keeps; 0: the packet is not wanted. */
function run(
  program: readonly Instruction[],
  packet: Uint8Array,
  ethertype = packet[0]! >> 4 === 4 ? 0x0800 : 0x86dd,
): number {
  let a = 0;
  let x = 0;
  for (let at = 0; at < program.length; at++) {
    const { code, jt, jf, k } = program[at]!;
    const jump = (holds: boolean) => at += holds ? jt : jf;
    const short = (place: number) => packet[place]! << 8 | packet[place + 1]!;
    const isMissing = (place: number, length: number) =>
      place + length > packet.length;
    switch (code) {
      case LOAD_BYTE:
        if (isMissing(k, 1)) return 0;
        a = packet[k]!;
        break;
      case LOAD_SHORT:
        if (k !== ETHERTYPE_PLACE && isMissing(k, 2)) return 0;
        a = k === ETHERTYPE_PLACE ? ethertype : short(k);
        break;
      case LOAD_SHORT_INDEXED:
        if (isMissing(x + k, 2)) return 0;
        a = short(x + k);
        break;
      case INDEX_IMMEDIATE:
        x = k;
        break;
      case INDEX_IPV4_HEADER:
        if (isMissing(k, 1)) return 0;
        x = (packet[k]! & 15) * 4;
        break;
      case JUMP_EQUAL:
        jump(a === k);
        break;
      case JUMP_GREATER:
        jump(a > k);
        break;
      case JUMP_NOT_LESS:
        jump(a >= k);
        break;
      case JUMP_SET:
        jump((a & k) !== 0);
        break;
      case RETURN:
        return k;
      default:
        assert.fail(`unknown instruction ${code}`);
    }
  }
  assert.fail("ran out of the program");
}

const SIP = [{ first: 5060, last: 5070 }, { first: 5080, last: 5080 }];
const PROGRAM = buildFilter({ sip: SIP, rtp: { first: 10000, last: 19999 } });
const WHOLE = 0x40000;
const HOSTS = [["192.0.2.1", "192.0.2.7"], ["2001:db8::1", "fe80::7"]] as const;

function packets(
  transport: "udp" | "tcp",
  sourcePort: number,
  destinationPort: number,
): Uint8Array[] {
  return HOSTS.map(([source, destination]) =>
    new FrameMaker().wrap({
      transport,
      source,
      sourcePort,
      destination,
      destinationPort,
      octets: toOctets("hello"),
    })[0]!
  );
}

Deno.test("buildFilter() takes both directions of each port, and no other", () => {
  const table = [
    [40000, 5060, WHOLE],
    [40000, 5070, WHOLE],
    [5080, 40000, WHOLE],
    [5060, 5060, WHOLE],
    [40000, 5059, 0],
    [40000, 5071, 0],
    [5079, 5081, 0],
    [65535, 0, 0],
    [9999, 20000, 0],
    [40000, 10000, 128],
    [19999, 40000, 128],
    [10000, 5060, WHOLE],
  ] as const;
  for (const transport of ["udp", "tcp"] as const) {
    for (const [from, to, expected] of table) {
      for (const packet of packets(transport, from, to)) {
        assert.equal(run(PROGRAM, packet), expected, `${from} ${to}`);
      }
    }
  }
});

Deno.test("buildFilter() without RTP leaves RTP out", () => {
  const program = buildFilter({ sip: SIP, rtp: null });
  for (const packet of packets("udp", 40000, 10000)) {
    assert.equal(run(program, packet), 0);
  }
  for (const packet of packets("udp", 40000, 5060)) {
    assert.equal(run(program, packet), WHOLE);
  }
});

Deno.test("buildFilter() takes later fragments of UDP, and first ones by their port", () => {
  const parts = fragmentsOf(datagram(message({ lines: 40 })), 800);
  for (const part of parts) assert.equal(run(PROGRAM, part), WHOLE);
  const options = { destinationPort: 53 };
  const others = fragmentsOf(datagram(message({ lines: 40 }), options), 800);
  assert.deepEqual(others.map((part) => run(PROGRAM, part)), [
    0,
    ...others.slice(1).map(() => WHOLE),
  ]);
  const [six] = packets("udp", 40000, 5060).slice(1);
  for (const [offset, expected] of [[0, 0], [1480, WHOLE]] as const) {
    const header = [17, 0, offset >> 8, offset & 255, 0, 0, 0, 1];
    const fragment = join(six!.subarray(0, 40), header, six!.subarray(40));
    fragment[6] = 44;
    assert.equal(run(PROGRAM, fragment), WHOLE);
    fragment[50] = 0;
    fragment[51] = 53;
    assert.equal(run(PROGRAM, fragment), offset === 0 ? expected : WHOLE);
    fragment[40] = 6;
    assert.equal(run(PROGRAM, fragment), 0);
  }
});

Deno.test("buildFilter() passes IPv4 options and leaves other protocols out", () => {
  const [packet] = packets("udp", 40000, 5060);
  const options = join(
    packet!.subarray(0, 20),
    [1, 1, 1, 0],
    packet!.subarray(20),
  );
  options[0] = 0x46;
  assert.equal(run(PROGRAM, options), WHOLE);
  const icmp = packet!.slice();
  icmp[9] = 1;
  assert.equal(run(PROGRAM, icmp), 0);
  assert.equal(run(PROGRAM, packet!, 0x0806), 0);
  for (let length = 0; length < 24; length++) {
    assert.equal(run(PROGRAM, packet!.subarray(0, length), 0x0800), 0);
  }
});

Deno.test("buildFilter() has room for 24 ranges", () => {
  const ranges = Array.from(
    { length: 24 },
    (_, i) => ({ first: 6000 + 10 * i, last: 6001 + 10 * i }),
  );
  const rtp = { first: 10000, last: 19999 };
  const program = buildFilter({ sip: ranges, rtp });
  for (const packet of packets("udp", 40000, 6230)) {
    assert.equal(run(program, packet), WHOLE);
  }
  for (const packet of packets("udp", 40000, 6232)) {
    assert.equal(run(program, packet), 0);
  }
  const more = [...ranges, { first: 1, last: 1 }];
  assert.throws(() => buildFilter({ sip: more, rtp }), RangeError);
});
