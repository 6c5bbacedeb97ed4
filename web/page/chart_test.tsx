/**
 * Charts: where lines run, where they have gaps, and that they say in words what they show.
 * @module
 */

import assert from "node:assert/strict";
import { Chart, type ChartSeries, roundUp } from "./chart.tsx";

function draw(...values: (readonly (number | null)[])[]): string {
  const series: ChartSeries[] = values.map((one, index) => ({
    label: `line ${index}`,
    values: one,
  }));
  return String(
    <Chart
      id="chart-x"
      title="Calls <now>"
      value="7"
      series={series}
      format={(value) => `top ${value}`}
      from="then"
      to="now"
      summary="Least: 1 & most: 9."
    />,
  );
}

/** The paths of a class, in order. */
function pathsOf(html: string, name: string): string[] {
  const form = new RegExp(`<path class="chart-${name}" d="([^"]*)"`, "g");
  return [...html.matchAll(form)].map((found) => found[1]!);
}

Deno.test("Chart() draws a line through the middle of each step", () => {
  const html = draw([0, 10, 5]);
  assert.match(html, /viewBox="0 0 3 100"/);
  assert.deepEqual(pathsOf(html, "line"), ["M0 100L0.5 100L1.5 0L2.5 50H3"]);
  assert.deepEqual(pathsOf(html, "area"), [
    "M0 100L0.5 100L1.5 0L2.5 50H3V100H0Z",
  ]);
  assert.deepEqual(pathsOf(html, "gap"), [""]);
  assert.match(html, />top 10</);
});

Deno.test("Chart() leaves gaps where nothing is known, and shows a step between two gaps", () => {
  const html = draw([null, 1, null, null, 1, 1]);
  assert.deepEqual(pathsOf(html, "line"), ["M1 0H2M4 0H6"]);
  assert.deepEqual(pathsOf(html, "gap"), [
    "M0 0H1V100H0ZM2 0H4V100H2Z",
  ]);
});

Deno.test("Chart() puts one series upon the other", () => {
  const html = draw([5, 5, 5], [5, 0, 5]);
  assert.deepEqual(pathsOf(html, "line"), [
    "M0 50H3",
    "M0 0L0.5 0L1.5 50L2.5 0H3",
  ]);
  assert.deepEqual(pathsOf(html, "area")[1], "M0 0L0.5 0L1.5 50L2.5 0H3V50H0Z");
  assert.match(html, /<li class="series-2">line 1<\/li>/);
});

Deno.test("Chart() draws what is flat as one line, however long it is", () => {
  assert.deepEqual(pathsOf(draw(Array(288).fill(3)), "line"), ["M0 40H288"]);
  assert.deepEqual(pathsOf(draw(Array(288).fill(0)), "line"), ["M0 100H288"]);
});

Deno.test("Chart() of nothing has neither a line nor an axis that could be read", () => {
  const html = draw([null, null]);
  assert.deepEqual(pathsOf(html, "line"), [""]);
  assert.doesNotMatch(html, /chart-top/);
  assert.doesNotMatch(draw([]), /NaN|undefined/);
});

Deno.test("Chart() says what it shows to those who do not see it, and needs no style of its own", () => {
  const html = draw([1, 2]);
  assert.match(html, /role="img" aria-labelledby="chart-x-title"/);
  assert.match(html, /aria-describedby="chart-x-words"/);
  assert.match(html, /<title id="chart-x-title">Calls &lt;now&gt;<\/title>/);
  assert.match(html, /id="chart-x-words">Least: 1 &amp; most: 9\.</);
  assert.doesNotMatch(html, / style=| on\w+=/);
});

Deno.test("roundUp() gives numbers that read well, also small and huge ones", () => {
  const table = [
    [0, 1],
    [-3, 1],
    [NaN, 1],
    [1, 1],
    [3, 5],
    [51, 100],
    [99, 100],
    [101, 200],
    [0.04, 0.05],
    [81_000_000, 100_000_000],
  ];
  for (const [value, top] of table) assert.equal(roundUp(value!), top);
});
