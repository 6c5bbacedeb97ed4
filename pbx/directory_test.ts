/**
 * Extensions in columns, and the nonce counts that were used.
 * @module
 */

import assert from "node:assert/strict";
import { hash } from "node:crypto";
import { Directory } from "./directory.ts";
import { PASSWORD, REALM, recordOf } from "./sample_test.ts";

Deno.test("Directory.set() keeps both hashes under the number", () => {
  const directory = new Directory();
  const slots = ["1001", "1002"].map((number) =>
    directory.set(recordOf(number))
  );
  assert.deepEqual(slots, [0, 1]);
  for (const [slot, number] of ["1001", "1002"].entries()) {
    const text = `${number}:${REALM}:${PASSWORD}`;
    assert.equal(directory.ha1(slot, "MD5"), hash("md5", text));
    assert.equal(directory.ha1(slot, "SHA-256"), hash("sha256", text));
    assert.equal(directory.numberOf(slot), number);
    assert.equal(directory.firstBinding(slot), -1);
  }
  assert.equal(directory.size, 2);
});

Deno.test("Directory.set() changes a password in place", () => {
  const directory = new Directory();
  const slot = directory.set(recordOf("1001"));
  directory.setFirstBinding(slot, 7);
  const other = recordOf("1001", "another");
  assert.equal(directory.isPassword(slot, other), false);
  assert.equal(directory.set(other), slot);
  assert.equal(directory.isPassword(slot, other), true);
  assert.equal(directory.firstBinding(slot), 7);
  assert.equal(directory.size, 1);
});

Deno.test("Directory.find() knows no names that every object has", () => {
  const directory = new Directory();
  directory.set(recordOf("1001"));
  const names = ["constructor", "__proto__", "toString", "hasOwnProperty", ""];
  for (const name of names) assert.equal(directory.find(name), -1, name);
});

Deno.test("Directory.remove() gives the slot to the next one, who inherits nothing", () => {
  const directory = new Directory();
  const slot = directory.set(recordOf("1001"));
  directory.set(recordOf("1002"));
  assert.equal(directory.useNonce(slot, 50, 3), true);
  for (let nonce = 51; nonce < 60; nonce++) {
    directory.useNonce(slot, nonce, 1);
  }
  directory.setFirstBinding(slot, 5);
  directory.remove("1001");
  directory.remove("9999");
  assert.equal(directory.find("1001"), -1);
  assert.equal(directory.set(recordOf("1003")), slot);
  assert.equal(directory.firstBinding(slot), -1);
  assert.equal(directory.useNonce(slot, 50, 1), true);
  assert.equal(directory.useNonce(slot, 59, 1), true);
  assert.deepEqual([...directory.numbers()].sort(), ["1002", "1003"]);
});

Deno.test("Directory.load() takes many at once, behind those that are there", () => {
  const directory = new Directory();
  directory.set(recordOf("1001"));
  const records = ["2001", "2002", "2003"].map((number) => recordOf(number));
  const hashes = new Uint8Array(3 * 48);
  for (const [i, record] of records.entries()) {
    hashes.set(record.ha1Md5, i * 48);
    hashes.set(record.ha1Sha256, i * 48 + 16);
  }
  directory.load(records.map((record) => record.number), hashes);
  for (const record of [recordOf("1001"), ...records]) {
    const slot = directory.find(record.number);
    assert.ok(slot >= 0);
    assert.equal(directory.isPassword(slot, record), true, record.number);
    assert.equal(directory.firstBinding(slot), -1);
  }
  assert.equal(directory.set(recordOf("3001")), 4);
});

Deno.test("Directory.reserve() loses nothing when the columns grow", () => {
  const directory = new Directory();
  for (let i = 0; i < 300; i++) {
    const slot = directory.set(recordOf(String(i), `password ${i}`));
    directory.setFirstBinding(slot, i);
    directory.useNonce(slot, 10, i + 1);
  }
  for (let i = 0; i < 300; i++) {
    const slot = directory.find(String(i));
    assert.ok(directory.isPassword(slot, recordOf(String(i), `password ${i}`)));
    assert.equal(directory.firstBinding(slot), i);
    assert.equal(directory.useNonce(slot, 10, i + 1), false);
    assert.equal(directory.useNonce(slot, 10, i + 2), true);
  }
});

Deno.test("Directory.useNonce() takes only counts that grow", () => {
  const directory = new Directory();
  const slot = directory.set(recordOf("1001"));
  const table: readonly (readonly [number, number, boolean])[] = [
    [5, 1, true],
    [5, 1, false],
    [5, 2, true],
    [5, 7, true], // a request of the phone was lost
    [5, 3, false],
    [6, 0xffffffff, true],
    [6, 0xffffffff, false],
    [5, 8, true],
  ];
  for (const [nonce, count, expected] of table) {
    const given = directory.useNonce(slot, nonce, count);
    assert.equal(given, expected, `nonce ${nonce}, count ${count}`);
  }
});

Deno.test("Directory.useNonce() serves four phones of an extension at the same time", () => {
  const directory = new Directory();
  const slot = directory.set(recordOf("1001"));
  for (let count = 1; count < 20; count++) {
    for (const nonce of [11, 12, 13, 14]) {
      assert.equal(directory.useNonce(slot, nonce, count), true);
    }
  }
});

Deno.test("Directory.useNonce() lets nothing be replayed, whatever the order of nonces", () => {
  let seed = 7;
  const random = (below: number) => {
    seed = (seed * 1103515245 + 12345) & 0x7fffffff;
    return (seed >> 8) % below;
  };
  const directory = new Directory();
  const slot = directory.set(recordOf("1001"));
  const highest = new Map<number, number>();
  let taken = 0;
  for (let i = 0; i < 20_000; i++) {
    const nonce = 1 + Math.floor(i / 500) + random(9);
    const count = 1 + random(6);
    if (!directory.useNonce(slot, nonce, count)) continue;
    taken++;
    assert.ok(count > (highest.get(nonce) ?? 0), `replay of ${nonce}/${count}`);
    highest.set(nonce, count);
  }
  assert.ok(taken > 50, `${taken} taken`);
});
