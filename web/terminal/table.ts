/**
 * Rows in columns, for people.
 * @module
 */

/** One cell: its text, and what paints it once its width is known. */
export interface Cell {
  readonly text: string;
  readonly paint?: (text: string) => string;
}

/**
 * Sets cells into columns, two blanks apart; the last column is not padded.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { formatTable } from "./table.ts";
 * assert.equal(formatTable([["a", "b"], ["long", "c"]]), "a     b\nlong  c\n");
 * ```
 */
export function formatTable(
  rows: readonly (readonly (string | Cell)[])[],
  indent: string = "",
): string {
  const cells = rows.map((row) =>
    row.map((cell) => typeof cell === "string" ? { text: cell } : cell)
  );
  const widths: number[] = [];
  for (const row of cells) {
    row.forEach((cell, column) => {
      widths[column] = Math.max(widths[column] ?? 0, widthOf(cell.text));
    });
  }
  let out = "";
  for (const row of cells) {
    const line = row.map((cell: Cell, column) => {
      const shown = cell.paint ? cell.paint(cell.text) : cell.text;
      if (column === row.length - 1) return shown;
      return shown + " ".repeat(widths[column]! - widthOf(cell.text) + 2);
    }).join("");
    out += (indent + line).trimEnd() + "\n";
  }
  return out;
}

function widthOf(text: string): number {
  return [...text].length;
}
