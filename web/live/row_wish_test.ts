/**
 * What is typed into the two fields of the page Live.
 * @module
 */

import assert from "node:assert/strict";
import { sampleMessage, sampleRequest } from "../page/ladder_sample_test.ts";
import { viewMessage } from "../trace_view.ts";
import { makeRowFilter, readRowWish, writeWishQuery } from "./row_wish.ts";

Deno.test("readRowWish() names the field that cannot be read", () => {
  assert.deepEqual(readRowWish(" 1001 ", "198.51.100.7:5060"), {
    wish: { number: "1001", address: "198.51.100.7:5060" },
    faults: [],
  });
  assert.deepEqual(readRowWish(undefined, undefined).faults, []);
  assert.deepEqual(readRowWish("10 01", "pbx.example").faults, [
    "number",
    "address",
  ]);
  assert.deepEqual(readRowWish("192.0.2.1", "1001").faults, [
    "number",
    "address",
  ]);
});

Deno.test("makeRowFilter() wants both the number and the address", () => {
  const view = (number: string, peer: string) =>
    viewMessage(
      sampleMessage(sampleRequest("REGISTER", { from: number, to: number }), {
        peer,
      }),
    );
  const accepts = makeRowFilter({ number: "1001", address: "198.51.100.7" });
  assert.equal(accepts(view("1001", "198.51.100.7:5060")), true);
  assert.equal(accepts(view("1001", "198.51.100.8:5060")), false);
  assert.equal(accepts(view("1002", "198.51.100.7:5060")), false);
  const nothing = makeRowFilter({ number: "10 01", address: "" });
  assert.equal(nothing(view("1001", "198.51.100.7:5060")), false);
});

Deno.test("writeWishQuery() writes what readRowWish() reads", () => {
  assert.equal(writeWishQuery({ number: "", address: "" }), "");
  const wish = { number: "*43#", address: "[2001:db8::1]:5060" };
  const query = new URLSearchParams(writeWishQuery(wish));
  assert.deepEqual(
    readRowWish(query.get("number")!, query.get("address")!),
    { wish, faults: [] },
  );
});
