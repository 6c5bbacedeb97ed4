/**
 * Bindings in columns.
 * @module
 */

import assert from "node:assert/strict";
import { type Binding, joinTexts, splitTexts } from "./binding.ts";
import { BindingTable } from "./binding_table.ts";
import { makeBinding } from "./sample_test.ts";

const VARIANTS: readonly Partial<Binding>[] = [
  {},
  { contact: "sip:1@[2001:db8::7]:5062;ob;transport=udp", isOutbound: true },
  { callId: "c".repeat(512), cseq: 0x7fffffff },
  { expiresAtMs: 1e12 + 0.5, grantedSeconds: 7200 },
  { q: 0 },
  { q: 500, isBehindNat: false },
  { userAgent: "", instance: "<urn:uuid:1>", regId: 0x7fffffff },
  { path: "<sip:p1;lr>, <sip:p2;lr>" },
  { transport: "tcp", flowId: 0xffffffff, port: 65535 },
  { host: "2001:db8::7", localHost: "2001:db8::1", localPort: 5070 },
  { userAgent: "Agent \xc3\xa9" },
];

Deno.test("BindingTable.get() returns what was put in, whatever was read meanwhile", () => {
  const table = new BindingTable();
  const bindings = VARIANTS.map((variant) => makeBinding(variant));
  const slots = bindings.map((binding, i) => table.add(i, -1, binding));
  assert.equal(new Set(slots).size, bindings.length);
  for (let round = 0; round < 2; round++) {
    for (const [i, slot] of slots.entries()) {
      assert.deepEqual(table.get(slot), bindings[i]);
      assert.equal(table.isBehindNat(slot), bindings[i]!.isBehindNat);
      assert.equal(table.extension[slot], i);
    }
  }
  assert.equal(table.live, bindings.length);
});

Deno.test("BindingTable.update() replaces every field, shorter and longer", () => {
  const table = new BindingTable();
  const slot = table.add(3, -1, makeBinding());
  const other = table.add(4, slot, makeBinding({ contact: "sip:other@h" }));
  for (const variant of [...VARIANTS, ...[...VARIANTS].reverse()]) {
    table.update(slot, makeBinding(variant));
    assert.equal(table.get(other).contact, "sip:other@h");
    assert.deepEqual(table.get(slot), makeBinding(variant));
  }
  assert.equal(table.live, 2);
  assert.equal(table.next[other], slot);
});

Deno.test("BindingTable.update() sees a change that keeps the length of all texts", () => {
  const table = new BindingTable();
  const slot = table.add(
    0,
    -1,
    makeBinding({ contact: "sip:a@h", callId: "bc" }),
  );
  table.add(0, slot, makeBinding());
  const moved = makeBinding({ contact: "sip:a@hb", callId: "c" });
  table.update(slot, moved);
  table.get(1);
  assert.deepEqual(table.get(slot), moved);
  assert.equal(table.isContact(slot, "sip:a@hb"), true);
  assert.equal(table.isContact(slot, "sip:a@h"), false);
});

Deno.test("BindingTable.isContact() compares letter by letter", () => {
  const table = new BindingTable();
  const slot = table.add(0, -1, makeBinding({ contact: "sip:1001@h" }));
  assert.equal(table.isContact(slot, "sip:1001@h"), true);
  for (const other of ["sip:1001@H", "sip:1001@", "sip:1001@h;ob", ""]) {
    assert.equal(table.isContact(slot, other), false, other);
  }
});

Deno.test("BindingTable.remove() frees a slot, and the next one starts clean", () => {
  const table = new BindingTable();
  const slot = table.add(0, -1, makeBinding());
  table.missedPings[slot] = 9;
  table.pingsSent[slot] = 5;
  table.pingAtMs[slot] = 123;
  table.remove(slot);
  assert.equal(table.isLive(slot), false);
  assert.equal(table.live, 0);
  const next = makeBinding({ contact: "sip:next@h" });
  assert.equal(table.add(1, -1, next), slot);
  assert.deepEqual(
    [table.missedPings[slot], table.pingsSent[slot], table.pingAtMs[slot]],
    [0, 0, 0],
  );
  assert.deepEqual(table.get(slot), next);
});

Deno.test("BindingTable.put() fills slots by number, collectFree() finds the gaps", () => {
  const table = new BindingTable();
  const texts = joinTexts(makeBinding({ contact: "sip:seventy@h" }));
  table.put(70, 1, makeBinding(), texts);
  table.put(2, 1, makeBinding(), texts.replace("seventy", "two"));
  assert.equal(table.used, 71);
  assert.equal(table.isLive(0), false);
  assert.equal(table.isLive(200), false);
  table.collectFree();
  const slots = Array.from(
    { length: 70 },
    () => table.add(1, -1, makeBinding()),
  );
  assert.equal(new Set(slots).size, 70);
  assert.ok(!slots.includes(2) && !slots.includes(70));
  assert.ok(slots.includes(0) && slots.includes(71));
  assert.equal(table.get(70).contact, "sip:seventy@h");
});

Deno.test("BindingTable.flowOf() leads back to where the phone wrote from", () => {
  const table = new BindingTable();
  const slot = table.add(0, -1, makeBinding({ flowId: 4, localPort: 5070 }));
  const { transport, id, localHost, localPort, host, port } = table.flowOf(
    slot,
  );
  assert.deepEqual(
    [transport, id, localHost, localPort, host, port],
    ["udp", 4, "192.0.2.1", 5070, "198.51.100.7", 40000],
  );
});

Deno.test("BindingTable.add() refuses texts that do not fit rather than cut them", () => {
  const table = new BindingTable();
  const path = "x".repeat(5000);
  assert.throws(() => table.add(0, -1, makeBinding({ path })), RangeError);
});

Deno.test("splitTexts() takes apart what joinTexts() made, and nothing else", () => {
  const { contact, callId, userAgent, instance, path, host } = makeBinding({
    userAgent: "",
    path: "<sip:p;lr>",
  });
  const texts = { contact, callId, userAgent, instance, path, host };
  const joined = joinTexts(texts);
  assert.deepEqual(splitTexts(joined), texts);
  for (const wrong of ["", "a\tb", `${joined}\tmore`]) {
    assert.equal(splitTexts(wrong), null, wrong);
  }
});
