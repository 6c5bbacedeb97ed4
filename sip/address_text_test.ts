/**
 * IP addresses as text and as octets; `io/sockaddr_test.ts` has the table of all forms.
 * @module
 */

import assert from "node:assert/strict";
import { formatIp, parseIp } from "./address_text.ts";

Deno.test("formatIp() writes what parseIp() read, from the middle of a buffer", () => {
  const table = [
    ["192.0.2.1", "192.0.2.1"],
    ["2001:DB8:0::1", "2001:db8::1"],
    ["fe80::1%3", "fe80::1%3"],
    ["::ffff:192.0.2.1", "::ffff:c000:201"],
  ] as const;
  for (const [text, expected] of table) {
    const { octets, scope } = parseIp(text)!;
    const buffer = new Uint8Array(40).fill(0xee);
    buffer.set(octets, 5);
    const length = octets.length === 4 ? 4 : 16;
    assert.equal(formatIp(buffer, 5, length, scope), expected);
  }
});

Deno.test("parseIp() refuses names, brackets and octal numbers", () => {
  for (const text of ["pbx", "[::1]", "010.0.0.1", "1::2::3", "1.2.3.4%1"]) {
    assert.equal(parseIp(text), null, text);
  }
});
