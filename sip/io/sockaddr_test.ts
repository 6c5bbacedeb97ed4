/**
 * Addresses as text and as memory.
 * @module
 */

import assert from "node:assert/strict";
import {
  AF_INET,
  AF_INET6,
  formatIpv4,
  formatIpv6,
  isUnspecified,
  parseAddress,
  readSockaddr,
  SOCKADDR_ROOM,
  writeSockaddr,
} from "./sockaddr.ts";

function canonical(text: string): string | null {
  const address = parseAddress(text);
  if (address === null) return null;
  return address.family === AF_INET
    ? formatIpv4(address.words[0]!)
    : formatIpv6(address.words, 0, address.scope);
}

Deno.test("parseAddress() and the format functions agree on the canonical text", () => {
  const table: readonly (readonly [string, string])[] = [
    ["0.0.0.0", "0.0.0.0"],
    ["127.0.0.1", "127.0.0.1"],
    ["255.254.253.252", "255.254.253.252"],
    ["::", "::"],
    ["::1", "::1"],
    ["1::", "1::"],
    ["2001:db8::1", "2001:db8::1"],
    ["2001:0DB8:0:0:0:0:0:1", "2001:db8::1"],
    ["2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"],
    ["2001:0:0:1:0:0:0:1", "2001:0:0:1::1"],
    ["2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"],
    ["1:2:3:4:5:6:0:0", "1:2:3:4:5:6::"],
    ["0:0:3:4:5:6:7:8", "::3:4:5:6:7:8"],
    ["1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"],
    ["fe80::1%2", "fe80::1%2"],
    ["64:ff9b::192.0.2.33", "64:ff9b::c000:221"],
  ];
  for (const [text, expected] of table) {
    assert.equal(canonical(text), expected, text);
  }
});

Deno.test("parseAddress() refuses what is no address", () => {
  const table = [
    "",
    "localhost",
    "1.2.3",
    "1.2.3.4.5",
    "1.2.3.256",
    "01.2.3.4",
    "1.2.3.4%1",
    ":",
    ":::",
    "1::2::3",
    "1:2:3:4:5:6:7",
    "1:2:3:4:5:6:7:8:9",
    "1:2:3:4:5:6:7:8::",
    "12345::",
    "::g",
    "1.2.3.4::",
    "fe80::1%eth0",
    "fe80::1%1%2",
    "[::1]",
  ];
  for (const text of table) assert.equal(parseAddress(text), null, text);
});

Deno.test("isUnspecified() knows both forms of every address", () => {
  assert.equal(isUnspecified(parseAddress("0.0.0.0")!), true);
  assert.equal(isUnspecified(parseAddress("::")!), true);
  assert.equal(isUnspecified(parseAddress("::1")!), false);
});

Deno.test("writeSockaddr() lays out both structs over dirty memory", () => {
  const bytes = new Uint8Array(SOCKADDR_ROOM).fill(255);
  assert.equal(writeSockaddr(bytes, 0, parseAddress("127.0.0.2")!, 5060), 16);
  assert.deepEqual(
    [...bytes.subarray(0, 16)],
    [AF_INET, 0, 0x13, 0xc4, 127, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0],
  );
  bytes.fill(255);
  assert.equal(writeSockaddr(bytes, 0, parseAddress("fe80::1%2")!, 5060), 28);
  assert.deepEqual(
    [...bytes.subarray(0, 28)],
    [
      AF_INET6,
      0,
      0x13,
      0xc4,
      0,
      0,
      0,
      0,
      0xfe,
      0x80,
      ...Array(13).fill(0),
      1,
      2,
      0,
      0,
      0,
    ],
  );
});

Deno.test("readSockaddr() reads what writeSockaddr() wrote", () => {
  const bytes = new Uint8Array(SOCKADDR_ROOM).fill(0xee);
  const table: readonly (readonly [string, string])[] = [
    ["192.0.2.1", "192.0.2.1"],
    ["0.0.0.0", "0.0.0.0"],
    ["::", "::"],
    ["2001:db8::5060", "2001:db8::5060"],
    ["fe80::1%2", "fe80::1%2"],
    ["::ffff:192.0.2.1", "192.0.2.1"],
  ];
  for (const [written, hostname] of table) {
    writeSockaddr(bytes, 0, parseAddress(written)!, 5061);
    assert.deepEqual(readSockaddr(bytes), { hostname, port: 5061 });
  }
  bytes[0] = 1;
  assert.equal(readSockaddr(bytes), null);
});
