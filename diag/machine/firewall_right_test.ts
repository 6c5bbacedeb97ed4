/**
 * Who may read the rules, by what `/proc/self/status` says.
 * @module
 */

import assert from "node:assert/strict";
import { mayReadFirewall } from "./firewall_right.ts";

function status(uid: number, effective: string, ambient: string): string {
  return `Name:\tpbx\nUid:\t${uid}\t${uid}\t${uid}\t${uid}\nCapPrm:\t0\n` +
    `CapEff:\t${effective}\nCapBnd:\t000001ffffffffff\nCapAmb:\t${ambient}\n`;
}

Deno.test("mayReadFirewall() wants the right for programs that are started", () => {
  const [none, all, admin] = [
    "0000000000000000",
    "000001ffffffffff",
    "0000000000001000",
  ] as const;
  assert.ok(mayReadFirewall(status(0, all, none)));
  assert.ok(mayReadFirewall(status(990, admin, admin)));
  assert.ok(!mayReadFirewall(status(990, admin, none)));
  assert.ok(!mayReadFirewall(status(990, none, none)));
  // Root in a container without the right.
  assert.ok(!mayReadFirewall(status(0, "00000000a80425fb", none)));
  assert.ok(!mayReadFirewall(""));
});
