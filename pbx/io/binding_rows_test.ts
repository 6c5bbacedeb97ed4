/**
 * Bindings as the page is told of them.
 * @module
 */

import assert from "node:assert/strict";
import { BindingTable } from "../binding_table.ts";
import { Directory } from "../directory.ts";
import { makeBinding } from "../sample_test.ts";
import { listBindings } from "./binding_rows.ts";

const NOW_MS = 100_000;

function openOffice() {
  const directory = new Directory();
  const bindings = new BindingTable();
  const add = (number: string, changes: Parameters<typeof makeBinding>[0]) => {
    const extension = directory.find(number);
    const first = directory.firstBinding(extension);
    const slot = bindings.add(
      extension,
      first,
      makeBinding({
        expiresAtMs: NOW_MS + 300_000,
        ...changes,
      }),
    );
    directory.setFirstBinding(extension, slot);
    return slot;
  };
  for (const number of ["1001", "1002"]) {
    directory.set({
      number,
      ha1Md5: new Uint8Array(16),
      ha1Sha256: new Uint8Array(32),
    });
  }
  return { directory, bindings, add };
}

Deno.test("listBindings() gives those of one extension, the newest first, and none that is over", () => {
  const { directory, bindings, add } = openOffice();
  add("1001", { contact: "sip:1001:secret@10.0.0.7" });
  add("1002", { contact: "sip:1002@10.0.0.8" });
  add("1001", { contact: "sip:old@10.0.0.7", expiresAtMs: NOW_MS });
  const newest = add("1001", {
    contact: "sip:1001@10.0.0.9",
    isBehindNat: false,
    isOutbound: true,
  });
  bindings.pingsSent[newest] = 3;
  bindings.missedPings[newest] = 2;

  const rows = listBindings(directory, bindings, NOW_MS, "1001");
  assert.deepEqual(
    rows.map(({ contact }) => contact),
    [
      "sip:1001@10.0.0.9",
      "sip:1001:***@10.0.0.7",
    ].map((contact) => contact),
  );
  assert.deepEqual(rows[0], {
    number: "1001",
    contact: "sip:1001@10.0.0.9",
    source: "198.51.100.7:40000",
    transport: "udp",
    expiresSeconds: 300,
    userAgent: "MicroSIP/3.21.6",
    isBehindNat: false,
    isOutbound: true,
    pingsSent: 3,
    missedPings: 2,
  });
  const all = listBindings(directory, bindings, NOW_MS);
  assert.deepEqual(all.map(({ number }) => number).sort(), [
    "1001",
    "1001",
    "1002",
  ]);
  assert.deepEqual(listBindings(directory, bindings, NOW_MS, "77"), []);
});
