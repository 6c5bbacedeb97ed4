/**
 * The whole office: each extension with what is known of its own phones.
 * @module
 */

import assert from "node:assert/strict";
import { callRoll } from "./office_roll.ts";
import {
  entryOfNumber,
  NOW_MS,
  reportOf,
  rollOf,
} from "./status_sample_test.ts";

Deno.test("callRoll() gives each extension its own reports, in the order of the extensions", () => {
  const entries = ["1001", "1002", "1003"].map((number, index) =>
    entryOfNumber(number, index % 2, `Name ${index}`)
  );
  const { lines, strangers, scene } = rollOf(entries, [
    reportOf("1003", "wrong-domain"),
    reportOf("9999", "unknown-extension"),
    reportOf("1002", "ok", { answered: 1 }),
  ]);
  assert.deepEqual(
    lines.map(({ number, name, standing }) => [number, name, standing]),
    [
      ["1001", "Name 0", "absent"],
      ["1002", "Name 1", "answering"],
      ["1003", "Name 2", "refused"],
    ],
  );
  assert.deepEqual(strangers.map(({ fault }) => fault.number), ["9999"]);
  assert.deepEqual(
    ["1001", "1002", "9999"].map((number) => [
      scene.isExtension(number),
      scene.countPhones(number),
    ]),
    [[true, 0], [true, 1], [false, 0]],
  );
});

Deno.test("callRoll() looks at a few extensions in a step", () => {
  const entries = Array.from(
    { length: 1000 },
    (_, i) => entryOfNumber(String(2000 + i), 1),
  );
  let asked = 0;
  let most = 0;
  const steps = callRoll({
    extensions: () => entries,
    bindings: () => {
      asked++;
      return [];
    },
    reports: () => [],
  }, NOW_MS);
  for (let result = steps.next(); result.done !== true;) {
    asked = 0;
    result = steps.next();
    most = Math.max(most, asked);
    if (result.done === true) assert.equal(result.value.lines.length, 1000);
  }
  assert.equal(most, 64);
});
