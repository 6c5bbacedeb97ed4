import assert from "node:assert/strict";
import {
  growthOf,
  readCounters,
  readSnmp6Counter,
  readSnmpCounter,
} from "./kernel_counters.ts";

const SNMP =
  `Ip: Forwarding DefaultTTL ReasmTimeout ReasmReqds ReasmOKs ReasmFails FragOKs
Ip: 1 64 0 9 2 7 0
Icmp: InMsgs InErrors
Icmp: 4 0
Udp: InDatagrams NoPorts InErrors OutDatagrams RcvbufErrors SndbufErrors
Udp: 57 3 0 58 11 0
UdpLite: InDatagrams NoPorts InErrors OutDatagrams RcvbufErrors SndbufErrors
UdpLite: 0 99 0 0 99 0
`;
const SNMP6 = `Ip6ReasmFails                   \t2
Udp6InDatagrams                 \t1
Udp6NoPorts                     \t4
Udp6RcvbufErrors                \t1
UdpLite6NoPorts                 \t88
`;

Deno.test("readCounters() adds both kinds of address", () => {
  assert.deepEqual(readCounters(SNMP, SNMP6, 5, 212992), {
    udpNoPorts: 7,
    udpBufferErrors: 12,
    reassemblyFailures: 9,
    socketDrops: 5,
    receiveBufferLimit: 212992,
  });
});

Deno.test("readSnmpCounter() gives 0 for what is not there or no number", () => {
  assert.equal(readSnmpCounter("", "Udp", "NoPorts"), 0);
  assert.equal(readSnmpCounter(SNMP, "Udp", "Unheard"), 0);
  assert.equal(readSnmpCounter("Udp: NoPorts\nUdp: x\n", "Udp", "NoPorts"), 0);
  assert.equal(readSnmpCounter("Udp: NoPorts\n", "Udp", "NoPorts"), 0);
  assert.equal(readSnmp6Counter("", "Udp6NoPorts"), 0);
});

Deno.test("growthOf() gives the difference, and the count itself after a new start", () => {
  const before = readCounters(SNMP, SNMP6, 5, 212992);
  const now = {
    ...before,
    udpNoPorts: 10,
    socketDrops: 2,
    receiveBufferLimit: 4194304,
  };
  assert.deepEqual(growthOf(now, before), {
    udpNoPorts: 3,
    udpBufferErrors: 0,
    reassemblyFailures: 0,
    socketDrops: 2,
    receiveBufferLimit: 4194304,
  });
});
