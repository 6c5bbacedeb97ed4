/**
 * Several measurements of one thing, told as their least, middle and greatest, and the Markdown
 * tables that they stand in.
 * @module
 */

/** The middle one; of an even number, the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length >> 1;
  const upper = sorted[half] ?? NaN;
  return sorted.length % 2 === 1
    ? upper
    : ((sorted[half - 1] ?? NaN) + upper) / 2;
}

/** As `least / middle / greatest`; one value alone where there is no more; a dash for none. */
export function formatSpread(
  values: readonly number[],
  digits: number,
): string {
  if (values.length === 0) return "-";
  if (values.length === 1) return formatNumber(values[0]!, digits);
  return [Math.min(...values), median(values), Math.max(...values)]
    .map((value) => formatNumber(value, digits)).join(" / ");
}

/** With a blank between thousands, as the units of a table have it. */
export function formatNumber(value: number, digits: number): string {
  if (!Number.isFinite(value)) return "-";
  const [whole, rest] = value.toFixed(digits).split(".");
  const grouped = whole!.replace(/\B(?=(\d{3})+$)/g, " ");
  return rest === undefined ? grouped : `${grouped}.${rest}`;
}

/** A Markdown table, its columns padded as `deno fmt` does it. */
export function formatTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const widths = head.map((title, i) =>
    Math.max(3, title.length, ...rows.map((row) => row[i]?.length ?? 0))
  );
  const line = (cells: readonly string[]) =>
    `| ${
      widths.map((width, i) => (cells[i] ?? "").padEnd(width)).join(" | ")
    } |`;
  const rule = widths.map((width) => "-".repeat(width));
  return [line(head), line(rule), ...rows.map(line)].join("\n") + "\n";
}
