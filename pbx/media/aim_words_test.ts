/**
 * What of a phone's own word is believed.
 * @module
 */

import assert from "node:assert/strict";
import { swapPort, writeAim } from "./aim_words.ts";
import {
  AIM_FLAGS,
  HAS_HOST,
  HAS_SIGNALLED,
  IS_TRUSTED,
  IS_WANTED,
  RATES,
  RATES_LIMIT,
} from "./end_table.ts";
import { AIM_WORDS } from "./source_lock.ts";

function write(
  host: string,
  port: number,
  signalled: string,
  { isIpv4 = true, rates = new Map<number, number>() } = {},
): Uint32Array {
  const words = new Uint32Array(AIM_WORDS + 2);
  writeAim(words, 2, isIpv4, {
    host,
    port,
    rtcpPort: port + 1,
    signalled,
    rates,
  });
  return words.subarray(2);
}

Deno.test("writeAim() trusts a host only where the phone signals from it", () => {
  const both = HAS_HOST | HAS_SIGNALLED;
  const cases: [string, number, string, boolean, number][] = [
    ["192.0.2.1", 4000, "192.0.2.1", true, both | IS_WANTED | IS_TRUSTED],
    ["192.0.2.1", 4000, "192.0.2.2", true, both | IS_WANTED],
    ["192.0.2.1", 0, "192.0.2.1", true, both | IS_TRUSTED],
    ["0.0.0.0", 4000, "192.0.2.1", true, HAS_SIGNALLED],
    ["", 0, "192.0.2.1", true, HAS_SIGNALLED],
    ["phone.example", 4000, "192.0.2.1", true, HAS_SIGNALLED | IS_WANTED],
    ["2001:db8::1", 4000, "192.0.2.1", true, HAS_SIGNALLED | IS_WANTED],
    [
      "2001:DB8:0::1",
      4000,
      "2001:db8::1",
      false,
      both | IS_WANTED | IS_TRUSTED,
    ],
    ["fe80::1", 4000, "fe80::1%4", false, both | IS_WANTED | IS_TRUSTED],
    ["::", 4000, "2001:db8::1", false, HAS_SIGNALLED],
    ["255.255.255.255", 4000, "", true, HAS_HOST | IS_WANTED],
  ];
  for (const [host, port, signalled, isIpv4, flags] of cases) {
    const words = write(host, port, signalled, { isIpv4 });
    assert.equal(words[0], flags, `${host}:${port} from ${signalled}`);
  }
});

Deno.test("writeAim() keeps the clock rates that are not the usual one, and not too many", () => {
  const read = (
    rates: Map<number, number>,
  ) => [...write("", 0, "", { rates }).subarray(RATES - AIM_FLAGS)];
  const some = new Map([[0, 8000], [9, 8000], [111, 48000], [96, 16000]]);
  assert.deepEqual(read(some), [
    111 * 2 ** 24 + 48000,
    96 * 2 ** 24 + 16000,
    ...Array(RATES_LIMIT - 2).fill(0),
  ]);
  const many = new Map(Array.from({ length: 50 }, (_, i) => [i, 90000 + i]));
  assert.equal(read(many).length, RATES_LIMIT);
  assert.deepEqual(
    read(new Map([[1, 0], [2, -5], [3, NaN], [4, 1e12]])),
    Array(RATES_LIMIT).fill(0),
  );
});

Deno.test("swapPort() is its own way back", () => {
  assert.equal(swapPort(5060), 0xc413);
  for (const port of [0, 1, 255, 256, 65535]) {
    assert.equal(swapPort(swapPort(port)), port);
  }
});
