/**
 * Addresses, prefixes and ranges as packet filters write them.
 * @module
 */

import assert from "node:assert/strict";
import { AddressSet, parseIp, parseRange } from "./firewall_address.ts";

Deno.test("parseIp() reads both families and nothing else", () => {
  const table: readonly (readonly [string, bigint | null])[] = [
    ["0.0.0.1", 1n],
    ["192.0.2.20", 0xc0000214n],
    ["::1", 1n],
    ["2001:db8::2", 0x20010db8000000000000000000000002n],
    ["::ffff:192.0.2.20", 0xffffc0000214n],
    ["fe80::1%eth0", 0xfe800000000000000000000000000001n],
    ["256.0.0.1", null],
    ["1.2.3", null],
    ["1:2:3", null],
    ["1::2::3", null],
    ["1:2:3:4:5:6:7:8:9", null],
    ["example.org", null],
    ["", null],
  ];
  for (const [text, value] of table) {
    assert.equal(parseIp(text)?.value ?? null, value, text);
  }
});

Deno.test("parseRange() reads prefixes, masks and ranges", () => {
  const table: readonly (readonly [string, string, string])[] = [
    ["10.1.2.3", "10.1.2.3", "10.1.2.3"],
    ["10.1.2.3/8", "10.0.0.0", "10.255.255.255"],
    ["10.1.2.0/255.255.254.0", "10.1.2.0", "10.1.3.255"],
    ["0.0.0.0/0", "0.0.0.0", "255.255.255.255"],
    ["10.0.0.9-10.0.1.1", "10.0.0.9", "10.0.1.1"],
    ["2001:db8::/127", "2001:db8::", "2001:db8::1"],
  ];
  for (const [text, low, high] of table) {
    assert.deepEqual(
      parseRange(text)?.range,
      [parseIp(low)?.value, parseIp(high)?.value],
      text,
    );
  }
  for (
    const text of [
      "10.0.0.0/33",
      "10.0.0.0/255.0.255.0",
      "10.0.0.1-::1",
      "1/2/3",
      "a-b-c",
      "10.0.0.0/",
    ]
  ) {
    assert.equal(parseRange(text), null, text);
  }
});

Deno.test("AddressSet.has() looks into ranges that overlap and come in any order", () => {
  const ranges = ["10.0.0.8-10.0.0.20", "192.0.2.0/24", "10.0.0.1-10.0.0.9"]
    .map((text) => parseRange(text)!.range);
  const set = new AddressSet(4, ranges);
  const has = (text: string) => set.has(parseIp(text)!.value);
  assert.ok(["10.0.0.1", "10.0.0.9", "10.0.0.20", "192.0.2.255"].every(has));
  assert.ok(!["10.0.0.0", "10.0.0.21", "192.0.3.0"].some(has));
  assert.ok(!new AddressSet(4, []).has(0n));
});

Deno.test("AddressSet.isWhole() knows halves that make everything", () => {
  const of = (...list: string[]) =>
    new AddressSet(4, list.map((text) => parseRange(text)!.range)).isWhole();
  assert.ok(of("0.0.0.0/0"));
  assert.ok(of("128.0.0.0/1", "0.0.0.0/1"));
  assert.ok(!of("0.0.0.0/1"));
  assert.ok(!of());
});
