/**
 * Which descriptors are handed over.
 * @module
 */

import assert from "node:assert/strict";
import { listDescriptors } from "./listen_fds.ts";

const CASES: readonly (readonly [
  pid: string | undefined,
  fds: string | undefined,
  number[],
])[] = [
  ["42", "1", [3]],
  ["42", "3", [3, 4, 5]],
  ["43", "1", []],
  ["4", "1", []],
  ["420", "1", []],
  [undefined, "1", []],
  ["42", undefined, []],
  ["", "1", []],
  ["42", "", []],
  ["42", "0", []],
  ["42", "-1", []],
  ["42", "1.5", []],
  ["42", "1e1", []],
  ["42", "0x2", []],
  ["42", " 2", []],
  ["042", "2", []],
  ["42 ", "2", []],
  ["42", "2x", []],
  ["42", "65", []],
  ["42", "4294967297", []],
  ["42", "99999999999999999999", []],
  ["NaN", "2", []],
];

Deno.test("listDescriptors() gives what is meant for this process, and nothing else", () => {
  for (const [pid, fds, descriptors] of CASES) {
    const environment = { LISTEN_PID: pid, LISTEN_FDS: fds };
    assert.deepEqual(
      listDescriptors(environment, 42),
      descriptors,
      JSON.stringify(environment),
    );
  }
});

Deno.test("listDescriptors() gives at most 64", () => {
  const environment = { LISTEN_PID: "42", LISTEN_FDS: "64" };
  const descriptors = listDescriptors(environment, 42);
  assert.equal(descriptors.length, 64);
  assert.equal(descriptors.at(-1), 66);
});

Deno.test("listDescriptors() gives nothing where nothing was handed over", () => {
  assert.deepEqual(listDescriptors({}, 42), []);
});
