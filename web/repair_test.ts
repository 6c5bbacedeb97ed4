/**
 * Which repairs are offered: only those that can do something.
 * @module
 */

import assert from "node:assert/strict";
import { CODES } from "../diag/catalogue.ts";
import { CHECK_IDS } from "../diag/check.ts";
import { repairsOf, repairsOfCheck, repairsOfTrouble } from "./repair.ts";
import { findingOf } from "./status_sample_test.ts";

const PHONES: Readonly<Record<string, number>> = {
  "1001": 1,
  "1002": 2,
  "1003": 0,
};
const SCENE = {
  isExtension: (number: string) => number in PHONES,
  countPhones: (number: string) => PHONES[number] ?? 0,
};

function offer(code: (typeof CODES)[number], number: string): string {
  const finding = findingOf(code, { values: { callee: "1002" } });
  return repairsOf(finding, number, SCENE).map(({ method, path }) =>
    `${method} ${path}`
  ).join(", ");
}

Deno.test("repairsOf() offers what mends a verdict", () => {
  const table = [
    ["unknown-extension", "1020", "get /extensions/new?number=1020"],
    ["unknown-extension", "1001", ""],
    ["unknown-extension", "ali&x=1", ""],
    ["unknown-extension", "", ""],
    ["wrong-password", "1003", "get /extensions/1003/password"],
    ["wrong-password", "1020", ""],
    ["wrong-realm", "1003", "get /extensions/1003/password"],
    // a phone works with the password that there is
    ["wrong-password", "1001", ""],
    ["too-many-phones", "1002", "post /extensions/1002/forget"],
    ["nat-mapping-expired", "1001", "post /extensions/1001/ping"],
    [
      "nat-mapping-expired",
      "1002",
      "post /extensions/1002/ping, post /extensions/1002/forget",
    ],
    // nobody is registered any more
    ["nat-mapping-expired", "1003", ""],
    ["callee-silent", "1001", "post /extensions/1002/ping"],
    ["banned", "1001", "get /security"],
    ["store-failed", "1001", "post /store/retry"],
    ["ok", "1001", ""],
  ] as const;
  for (const [code, number, wanted] of table) {
    assert.equal(offer(code, number), wanted, `${code} ${number}`);
  }
});

Deno.test("repairsOf() leads nowhere but to a path of this server, whatever a phone says", () => {
  const hostile = ["../x", "1/../../y", "1 2", "%2e", "//evil.example", "'\"<"];
  for (const code of CODES) {
    for (const number of hostile) {
      const all = { isExtension: () => false, countPhones: () => 9 };
      const finding = findingOf(code, { values: { callee: number } });
      for (const { path } of repairsOf(finding, number, all)) {
        assert.match(path, /^\/[a-z]+(?:\/[a-z]+)?$/);
      }
    }
  }
});

Deno.test("repairsOfCheck() offers a new try where one can help, and only where something is wrong", () => {
  const offered = CHECK_IDS.filter((id) =>
    repairsOfCheck(id, "fail").length > 0
  );
  assert.deepEqual(offered, ["loopback", "register", "media"]);
  for (const state of ["pass", "skip"] as const) {
    assert.deepEqual(repairsOfCheck("register", state), []);
  }
});

Deno.test("repairsOfTrouble() offers to write again, and no restart that it cannot make", () => {
  const at = 0;
  const detail = "";
  assert.equal(
    repairsOfTrouble({ kind: "store-failed", at, detail })[0]?.path,
    "/store/retry",
  );
  assert.deepEqual(repairsOfTrouble({ kind: "relay-failed", at, detail }), []);
});
