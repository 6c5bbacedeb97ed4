/**
 * On which line of a TOML text a value stands. The parser does not tell, and a fault without a
 * line is hard to find.
 * @module
 */

/** The way to a value: keys, and positions in lists. */
export type Path = readonly (string | number)[];

/** The value at the end of a path. */
export function at(document: unknown, place: Path): unknown {
  let value = document;
  for (const step of place) {
    if (
      typeof value !== "object" || value === null || !Object.hasOwn(value, step)
    ) return undefined;
    value = (value as Record<string | number, unknown>)[step];
  }
  return value;
}

/**
 * The line of a key, or of a value in its list, counted from 1. The parser does not tell, so
 * this looks for the nearest table header or key; where it finds none, it says 1.
 */
export function findLine(text: string, place: Path, document: unknown): number {
  const names = place.filter((step) => typeof step === "string");
  const lines = text.split("\n");
  let table: readonly string[] = [];
  let best = 0;
  let depth = -1;
  for (const [i, line] of lines.entries()) {
    const header = /^\s*\[\[?([^\]]+)\]/.exec(line);
    const key =
      /^\s*((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*)\s*=/
        .exec(line);
    if (header !== null) table = splitKey(header[1]!);
    else if (key === null) continue;
    const full = header === null ? [...table, ...splitKey(key![1]!)] : table;
    if (full.length > depth && full.every((step, at) => step === names[at])) {
      best = i;
      depth = full.length;
    }
  }
  const index = place.at(-1);
  if (typeof index !== "number") return best + 1;
  const list = at(document, place.slice(0, -1)) as readonly unknown[];
  const before =
    list.slice(0, index).filter((value) => value === list[index]).length;
  return best + 1 +
    countLinesTo(lines.slice(best).join("\n"), String(list[index]), before);
}

function splitKey(text: string): readonly string[] {
  return (text.match(/[\w-]+|"[^"]*"|'[^']*'/g) ?? []).map((part) =>
    part.replace(/^["']|["']$/g, "")
  );
}

/** How many lines stand before a value, of which `before` equal ones are passed over. */
function countLinesTo(text: string, value: string, before: number): number {
  let position = 0;
  for (let i = 0; i <= before; i++) {
    const quoted = [`"${value}"`, `'${value}'`].map((form) =>
      text.indexOf(form, position)
    )
      .filter((found) => found >= 0);
    const found = quoted.length > 0
      ? Math.min(...quoted)
      : text.indexOf(value, position);
    if (found < 0) return 0;
    position = found + 1;
  }
  return text.slice(0, position).split("\n").length - 1;
}
