/**
 * Which phones of a number are called, and that none is called by itself.
 * @module
 */

import assert from "node:assert/strict";
import type { Binding } from "../binding.ts";
import { BindingTable } from "../binding_table.ts";
import { flowFrom, makeBinding } from "../sample_test.ts";
import { listTargets } from "./targets.ts";

const FLOW = flowFrom("198.51.100.7", 40000);
const PATH = "<sip:198.51.100.7:40000;lr>";

/** The contacts that are called, of bindings that came in that order. */
function contactsOf(
  rows: readonly Partial<Binding>[],
  contact: string,
  missed: readonly number[] = [],
): string[] {
  const bindings = new BindingTable();
  const slots = rows.map((row, index) => {
    const slot = bindings.add(0, -1, makeBinding(row));
    bindings.missedPings[slot] = missed[index] ?? 0;
    return slot;
  });
  return listTargets(bindings, slots, { flow: FLOW, contact }, 100_000)
    .map(({ slot }) => bindings.get(slot).contact);
}

Deno.test("listTargets() leaves out the phone that calls, wherever its Contact points", () => {
  const contact = "sip:1001@10.0.0.7:5062";
  for (const calling of [contact, "sip:1001@198.51.100.7:40000;ob", ""]) {
    assert.deepEqual(contactsOf([{ contact }], calling), []);
  }
  const other = { contact, port: 40001 };
  assert.deepEqual(contactsOf([other], contact), [contact]);
});

Deno.test("listTargets() tells phones behind one proxy apart by their Contacts", () => {
  const table: readonly (readonly [string, string, boolean])[] = [
    ["sip:1001@10.0.0.7:5062", "sip:1001@10.0.0.7:5062", false],
    ["sip:1001@10.0.0.7", "sip:1001@10.0.0.7:5060;transport=udp", false],
    ["sip:1001@10.0.0.7:5062", "sip:1001@10.0.0.8:5062", true],
    ["sip:1001@10.0.0.7:5062", "sip:1001@10.0.0.7:5063", true],
    // two homes with the same private address
    ["sip:1001@10.0.0.7:5062", "sip:1002@10.0.0.7:5062", true],
    ["sip:1001@10.0.0.7:5062", "", true],
    ["sip:1001@10.0.0.7:5062", "tel:+998", true],
  ];
  for (const [contact, calling, isCalled] of table) {
    const called = contactsOf([{ contact, path: PATH }], calling);
    assert.deepEqual(called, isCalled ? [contact] : [], calling);
  }
});

Deno.test("listTargets() orders by q, and calls a silent phone only where no other is", () => {
  const [first, second, third] = [
    "sip:a@10.0.0.1",
    "sip:b@10.0.0.2",
    "sip:c@10.0.0.3",
  ];
  const rows = [
    { contact: first!, q: 500, port: 1 },
    { contact: second!, q: 1000, port: 2 },
    { contact: third!, q: 700, port: 3, expiresAtMs: 99_999 },
  ];
  assert.deepEqual(contactsOf(rows, ""), [second, first]);
  assert.deepEqual(contactsOf(rows, "", [0, 2]), [first]);
  assert.deepEqual(contactsOf(rows, "", [2, 2]), [second, first]);
});
