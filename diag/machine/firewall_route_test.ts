/**
 * The card that leads to an address, by the tables of the kernel.
 * @module
 */

import assert from "node:assert/strict";
import { parseIp } from "./firewall_address.ts";
import { findInterface, readRoutes4, readRoutes6 } from "./firewall_route.ts";

const ROUTES4 =
  `Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT
eth1\t00000000\t017100CB\t0003\t0\t0\t200\t00000000\t0\t0\t0
eth0\t00000000\t017100CB\t0003\t0\t0\t100\t00000000\t0\t0\t0
lan0\t0001A8C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0
nowhere\t0002A8C0\t00000000\t0201\t0\t0\t0\t00FFFFFF\t0\t0\t0
`;
const ROUTES6 =
  `20010db8000000000000000000000000 40 00000000000000000000000000000000 00 00000000000000000000000000000000 00000100 00000001 00000000 00000001      lan
00000000000000000000000000000000 00 00000000000000000000000000000000 00 fe800000000000000000000000000001 00000400 00000001 00000000 00000003     eth0
00000000000000000000000000000000 00 00000000000000000000000000000000 00 00000000000000000000000000000000 ffffffff 00000001 00000000 00200200       lo
`;

Deno.test("findInterface() takes the longest prefix, then the smallest metric", () => {
  const routes = [...readRoutes4(ROUTES4), ...readRoutes6(ROUTES6)];
  const to = (text: string) => {
    const { family, value } = parseIp(text)!;
    return findInterface(routes, family, value);
  };
  assert.equal(to("192.168.1.20"), "lan0");
  assert.equal(to("192.168.2.20"), "eth0");
  assert.equal(to("2001:db8::20"), "lan");
  assert.equal(to("2001:db9::20"), "eth0");
  assert.equal(findInterface(routes, 4, null), "eth0");
  assert.equal(findInterface(readRoutes4(ROUTES4), 6, null), "");
});

Deno.test("readRoutes4() and readRoutes6() skip what is no route", () => {
  for (const text of ["", "x", "a b c d e f g h i j\n".repeat(3)]) {
    assert.deepEqual(readRoutes4(`head\n${text}`), []);
    assert.deepEqual(readRoutes6(text), []);
  }
});
