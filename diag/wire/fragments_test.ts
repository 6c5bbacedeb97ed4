/**
 * Datagrams that come in pieces.
 * @module
 */

import assert from "node:assert/strict";
import { toOctets } from "../../sip/octet.ts";
import { FragmentTable } from "./fragments.ts";
import { decodeFrame, decodeSegment, type IpPacket } from "./packet.ts";
import {
  chance,
  datagram,
  fragmentsOf,
  frameOf,
  join,
  message,
  PHONE,
  SERVER,
} from "./sample_test.ts";

const MESSAGE = message({ lines: 40 });

function read(bytes: Uint8Array): IpPacket {
  const packet = decodeFrame(frameOf(bytes));
  assert.ok(packet);
  return packet;
}

function pieces(octets = MESSAGE, size = 800): IpPacket[] {
  return fragmentsOf(datagram(octets), size).map(read);
}

/** The payloads that became whole. */
function takeAll(
  table: FragmentTable,
  packets: readonly IpPacket[],
  at = 0,
): Uint8Array[] {
  return packets.flatMap((packet) => {
    const whole = table.take(packet, at);
    const segment = whole === null ? null : decodeSegment(whole);
    return segment === null ? [] : [segment.payload];
  });
}

Deno.test("take() puts a datagram together in any order, once", () => {
  const orders = [[0, 1, 2], [2, 1, 0], [1, 0, 2], [0, 0, 1, 1, 2, 2, 0, 1]];
  for (const order of orders) {
    const parts = pieces(MESSAGE, 1000);
    assert.equal(parts.length, 3);
    const whole = takeAll(
      new FragmentTable(),
      order.map((i) => parts[i]!),
    );
    assert.deepEqual(whole, [MESSAGE], order.join());
  }
});

Deno.test("take() puts IPv6 fragments together", () => {
  const packet = datagram(MESSAGE, {
    source: "2001:db8::7",
    destination: "2001:db8::1",
  });
  const parts = [0, 1200].map((offset, i) => {
    const part = packet.subarray(40 + offset, i === 0 ? 1240 : undefined);
    const header = [17, 0, offset >> 8, offset & 255 | (1 - i), 1, 2, 3, 4];
    const fragment = join(packet.subarray(0, 40), header, part);
    fragment[6] = 44;
    new DataView(fragment.buffer).setUint16(4, part.length + 8);
    return read(fragment);
  });
  assert.deepEqual(takeAll(new FragmentTable(), parts), [MESSAGE]);
});

Deno.test("take() refuses fragments that overlap, and tells the loss", () => {
  const parts = pieces();
  const [first, second] = parts;
  const lying = {
    ...second!,
    fragment: { ...second!.fragment!, offset: 792 },
  };
  const table = new FragmentTable();
  assert.deepEqual(takeAll(table, [first!, lying, ...parts]), []);
  table.take(read(datagram(toOctets("x"))), 30_000);
  assert.deepEqual(table.takeLost(), [{ source: PHONE, destination: SERVER }]);
  assert.deepEqual(table.takeLost(), []);
});

Deno.test("takeLost() tells after 30 s, and only of SIP that began", () => {
  const table = new FragmentTable();
  const [first, second] = pieces();
  const [other] = pieces(new Uint8Array(2000).fill(7));
  table.take({ ...second!, fragment: { ...second!.fragment!, id: 5 } }, 0);
  table.take({ ...other!, fragment: { ...other!.fragment!, id: 6 } }, 0);
  table.take(first!, 1000);
  table.take(read(datagram(toOctets("x"))), 30_999);
  assert.deepEqual(table.takeLost(), []);
  table.take(read(datagram(toOctets("x"))), 31_000);
  assert.deepEqual(table.takeLost(), [{ source: PHONE, destination: SERVER }]);
});

Deno.test("end() gives up what waited for a second, not what just began", () => {
  const [first] = pieces();
  const young = new FragmentTable();
  young.take(first!, 1000);
  young.end(1999);
  assert.deepEqual(young.takeLost(), []);
  young.end(2000);
  assert.equal(young.takeLost().length, 1);
});

Deno.test("take() gives what the capture kept of a datagram, up to the cut", () => {
  const parts = fragmentsOf(datagram(MESSAGE), 1000)
    .map((part) => read(part.subarray(0, 96)));
  const [whole] = takeAll(new FragmentTable(), parts);
  assert.deepEqual(whole, MESSAGE.subarray(0, 96 - 28));
});

Deno.test("take() stays bounded under fragments that lead nowhere", () => {
  const table = new FragmentTable();
  const [first, second] = pieces();
  const next = chance(7);
  for (let i = 0; i < 20_000; i++) {
    const id = next.next().value & 0xffff;
    const offset = (next.next().value & 0x1fff) * 8;
    const isLast = (next.next().value & 7) === 0;
    table.take({ ...second!, fragment: { id, offset, isLast } }, i / 1000);
    const begun = { id: i, offset: 0, isLast: false };
    table.take({ ...first!, fragment: begun }, i / 1000);
  }
  // all but the newest were given up although their time was not over
  assert.ok(table.takeLost().length > 18_000);
  assert.deepEqual(takeAll(table, pieces(), 20), [MESSAGE]);
});
