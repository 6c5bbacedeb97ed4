/**
 * Under which address each phone reaches us.
 * @module
 */

import assert from "node:assert/strict";
import { Flow } from "../../sip/flow.ts";
import { escapeUser, OwnAddress } from "./own_address.ts";

function flowOf(
  localHost: string,
  host: string,
  localPort = 5060,
  transport: "udp" | "tcp" = "udp",
): Flow {
  return new Flow(transport, 1, localHost, localPort, host, 5062);
}

Deno.test("OwnAddress.hostFor() names the address that the phone wrote to", () => {
  const own = new OwnAddress("203.0.113.9");
  const table = [
    // behind a router, and the phone is not
    ["192.168.1.2", "198.51.100.7", "203.0.113.9"],
    ["192.168.1.2", "192.168.1.7", "192.168.1.2"],
    ["10.0.0.2", "192.168.1.7", "10.0.0.2"],
    ["192.0.2.1", "198.51.100.7", "192.0.2.1"],
    ["127.0.0.1", "127.0.0.1", "127.0.0.1"],
    ["fe80::1%eth0", "fe80::2%eth0", "fe80::1"],
  ];
  for (const [localHost, host, told] of table) {
    assert.equal(own.hostFor(flowOf(localHost!, host!)), told);
  }
  const none = new OwnAddress(null);
  const flow = flowOf("192.168.1.2", "198.51.100.7");
  assert.equal(none.hostFor(flow), "192.168.1.2");
});

Deno.test("OwnAddress.uriFor() writes a URI that leads back to us", () => {
  const own = new OwnAddress(null);
  const table: readonly (readonly [string, Flow, string])[] = [
    ["1002", flowOf("192.0.2.1", "198.51.100.7"), "sip:1002@192.0.2.1"],
    ["", flowOf("192.0.2.1", "198.51.100.7"), "sip:192.0.2.1"],
    ["1", flowOf("192.0.2.1", "198.51.100.7", 5070), "sip:1@192.0.2.1:5070"],
    ["1", flowOf("2001:db8::1", "2001:db8::2"), "sip:1@[2001:db8::1]"],
    [
      "*43",
      flowOf("2001:db8::1", "2001:db8::2", 5061, "tcp"),
      "sip:*43@[2001:db8::1]:5061;transport=tcp",
    ],
    ["a b@c", flowOf("192.0.2.1", "198.51.100.7"), "sip:a%20b%40c@192.0.2.1"],
  ];
  for (const [number, flow, uri] of table) {
    assert.equal(own.uriFor(number, flow), uri);
  }
});

Deno.test("escapeUser() leaves nothing that would end the user part", () => {
  assert.equal(escapeUser("1002"), "1002");
  const octets = String.fromCharCode(
    ...Array.from({ length: 256 }, (_, i) => i),
  );
  const escaped = escapeUser(octets);
  assert.doesNotMatch(escaped, /[\s@<>"\x7f-\xff]|:/);
  const back = escaped.replace(
    /%([0-9A-F]{2})/g,
    (_, hex) => String.fromCharCode(parseInt(hex, 16)),
  );
  assert.equal(back, octets);
});
