/**
 * The text format, letter by letter.
 * @module
 */

import assert from "node:assert/strict";
import { Exposition } from "./exposition.ts";

Deno.test("Exposition writes help, type and samples of each family", () => {
  const text = new Exposition()
    .addCounter("a_total", "How many", 3)
    .addCounters("b_total", "By kind", "kind", { one: 1, "two-three": 0 })
    .addGauge("c_bytes", "How much", 1.5)
    .toString();
  assert.equal(
    text,
    "# HELP a_total How many\n# TYPE a_total counter\na_total 3\n" +
      "# HELP b_total By kind\n# TYPE b_total counter\n" +
      'b_total{kind="one"} 1\nb_total{kind="two-three"} 0\n' +
      "# HELP c_bytes How much\n# TYPE c_bytes gauge\nc_bytes 1.5\n",
  );
});

Deno.test("Exposition.addHistogram() adds the buckets up", () => {
  const text = new Exposition().addHistogram("t_seconds", "Time", {
    bounds: [0.1, 1],
    counts: [2, 0, 1],
    sum: 5.25,
  }).toString();
  assert.deepEqual(text.split("\n").slice(2), [
    't_seconds_bucket{le="0.1"} 2',
    't_seconds_bucket{le="1"} 2',
    't_seconds_bucket{le="+Inf"} 3',
    "t_seconds_sum 5.25",
    "t_seconds_count 3",
    "",
  ]);
});

Deno.test("Exposition lets no text out of its place", () => {
  const text = new Exposition().addInfo("i", "a\\b\nc", "v", 'x"} 2\n\\')
    .toString();
  assert.equal(
    text,
    '# HELP i a\\\\b\\nc\n# TYPE i gauge\ni{v="x\\"} 2\\n\\\\"} 1\n',
  );
});
