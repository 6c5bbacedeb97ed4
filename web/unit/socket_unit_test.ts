/**
 * The text of the socket unit.
 * @module
 */

import assert from "node:assert/strict";
import { writeSocketUnit } from "./socket_unit.ts";
import { sampleModel, valuesOf } from "./unit_sample_test.ts";

Deno.test("writeSocketUnit() holds every address for UDP and TCP", () => {
  const sip = [
    { host: "0.0.0.0", port: 5060 },
    { host: "::", port: 5060 },
    { host: "192.0.2.7", port: 0 },
  ];
  const unit = writeSocketUnit(sampleModel({ sip }))!;
  const addresses = ["0.0.0.0:5060", "[::]:5060"];
  assert.deepEqual(valuesOf(unit, "ListenDatagram"), addresses);
  assert.deepEqual(valuesOf(unit, "ListenStream"), addresses);
  assert.deepEqual(valuesOf(unit, "BindIPv6Only"), ["ipv6-only"]);
  assert.deepEqual(valuesOf(unit, "TriggerLimitIntervalSec"), ["0"]);
  assert.deepEqual(valuesOf(unit, "WantedBy"), ["sockets.target"]);
});

Deno.test("writeSocketUnit() has nothing to hold where the system chooses the port", () => {
  const sip = [{ host: "0.0.0.0", port: 0 }];
  assert.equal(writeSocketUnit(sampleModel({ sip })), null);
});
