/**
 * Extensions as a table: `number,password,name` (RFC 4180, and what spreadsheets make of it:
 * a byte order mark, `;` as separator, empty rows and columns at the end).
 *
 * ```text
 * row   = number sep password [sep name *sep] line-end
 * field = *plain / DQUOTE *(any / 2DQUOTE) DQUOTE
 * ```
 * @module
 */

import { quote } from "./quoted.ts";

export interface ExtensionRow {
  readonly number: string;
  readonly name: string;
  /** "" where one is to be made. */
  readonly password: string;
}

/** A row that cannot be taken; lines count from 1. */
export interface CsvFault {
  readonly line: number;
  readonly what: string;
}

export type ExtensionCsv =
  | { readonly rows: readonly ExtensionRow[] }
  | { readonly faults: readonly CsvFault[] };

const HEADER = "number,password,name";
const MOST_FAULTS = 20;
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/;

/** One row on its way through the reader. */
interface Cells {
  readonly line: number;
  readonly cells: readonly string[];
  /** Whether the password stood in quotes, so that blanks around it are meant. */
  readonly isPasswordQuoted: boolean;
}

/**
 * Reads a whole table, all rows or none. `checkNumber` gives null for a number that can be
 * used, else what is wrong with it. Faults never show a password.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { parseExtensionCsv } from "./csv.ts";
 * assert.deepEqual(parseExtensionCsv("1002,secret,Ann\n", () => null), {
 *   rows: [{ number: "1002", password: "secret", name: "Ann" }],
 * });
 * ```
 */
export function parseExtensionCsv(
  text: string,
  checkNumber: (number: string) => string | null,
): ExtensionCsv {
  const reader = new Reader(text.startsWith("\ufeff") ? text.slice(1) : text);
  const rows: ExtensionRow[] = [];
  const faults: CsvFault[] = [];
  const lines = new Map<string, number>();
  let isFirst = true;
  for (let row = reader.next(); row !== null; row = reader.next()) {
    if (typeof row === "string") {
      faults.push({ line: reader.line, what: row });
      break;
    }
    if (row.cells.every((cell) => cell.trim() === "")) continue;
    const header = isFirst ? readHeader(row) : null;
    isFirst = false;
    if (header === "header") continue;
    if (header !== null) return { faults: [{ line: row.line, what: header }] };
    const what = takeRow(row, rows, lines, checkNumber);
    if (what !== null) faults.push({ line: row.line, what });
  }
  if (faults.length === 0) return { rows };
  if (faults.length <= MOST_FAULTS) return { faults };
  const line = faults[MOST_FAULTS]!.line;
  const what = `and ${faults.length - MOST_FAULTS} more`;
  return { faults: [...faults.slice(0, MOST_FAULTS), { line, what }] };
}

/**
 * Writes the table. The passwords stay empty, because only hashes of them are kept; whoever reads
 * the table again makes new ones.
 */
export function formatExtensionCsv(
  rows: readonly { readonly number: string; readonly name: string }[],
): string {
  const lines = rows.map(({ number, name }) =>
    `${spellCell(number)},,${spellCell(name)}\n`
  );
  return `${HEADER}\n${lines.join("")}`;
}

function spellCell(text: string): string {
  return /[",;\r\n]|^\s|\s$/.test(text)
    ? `"${text.replaceAll('"', '""')}"`
    : text;
}

/** `header`, null for a row of data, or what is wrong with a header. */
function readHeader({ cells }: Cells): string | null {
  const names = cells.map((cell) => cell.trim().toLowerCase());
  if (names[0] !== "number" && !names.includes("password")) return null;
  while (names.length > 3 && names.at(-1) === "") names.pop();
  const isUsual = names.join(",") === HEADER ||
    names.join(",") === "number,password";
  return isUsual
    ? "header"
    : `the columns are ${quote(names.join(","))}, not ${quote(HEADER)}`;
}

/** Adds a row, or says what is wrong with it. */
function takeRow(
  { line, cells, isPasswordQuoted }: Cells,
  rows: ExtensionRow[],
  lines: Map<string, number>,
  checkNumber: (number: string) => string | null,
): string | null {
  const number = cells[0]!.trim();
  const password = cells[1] ?? "";
  const name = (cells[2] ?? "").trim();
  const wrong = checkNumber(number);
  if (wrong !== null) return wrong;
  const earlier = lines.get(number);
  if (earlier !== undefined) {
    return `number ${quote(number)} stands on line ${earlier} already`;
  }
  lines.set(number, line);
  const of = `of ${quote(number)}`;
  if (cells.length > 3 && cells.slice(3).some((cell) => cell.trim() !== "")) {
    return `the row ${of} has more than three columns: put a text with a separator into quotes`;
  }
  if (isPasswordQuoted && password !== "" && password.trim() === "") {
    return `the password ${of} is nothing but blanks`;
  }
  const isGiven = password.trim() !== "";
  if (isGiven && !isPasswordQuoted && password.trim() !== password) {
    return `the password ${of} begins or ends with a blank: put it into quotes if that is meant`;
  }
  if (CONTROL.test(password)) {
    return `the password ${of} has a control character`;
  }
  if (CONTROL.test(name)) return `the name ${of} has a control character`;
  if (password.includes("\ufffd") || name.includes("\ufffd")) {
    return `the row ${of} is not in UTF-8: save the table as \`CSV UTF-8\``;
  }
  rows.push({ number, name, password: isGiven ? password : "" });
  return null;
}

/** Takes a text apart, row by row. */
class Reader {
  readonly #text: string;
  #position = 0;
  #separator = "";
  #nextLine = 1;
  /** The line on which the last row began. */
  line = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** The next row, null at the end, or what is wrong with the quotes. */
  next(): Cells | string | null {
    const text = this.#text;
    if (this.#position >= text.length) return null;
    const start = this.#position;
    let end = text.indexOf("\n", start);
    if (end < 0) end = text.length;
    this.line = this.#nextLine;
    let line = text.slice(start, end);
    if (line.endsWith("\r")) line = line.slice(0, -1);
    if (this.#separator === "" && line.trim() !== "") {
      this.#separator = /[,;]/.exec(line)?.[0] ?? ",";
    }
    if (line.includes('"')) return this.#readQuoted();
    this.#position = end + 1;
    this.#nextLine++;
    const cells = line.split(this.#separator || ",");
    return { line: this.line, cells, isPasswordQuoted: false };
  }

  /** A row that has quotes somewhere, so that it may go over several lines. */
  #readQuoted(): Cells | string {
    const text = this.#text;
    const cells: string[] = [];
    let isPasswordQuoted = false;
    let at = this.#position;
    while (true) {
      let cell: string;
      if (text[at] === '"') {
        const start = at + 1;
        at = start;
        while (true) {
          at = text.indexOf('"', at);
          if (at < 0) return "a quote is opened and not closed";
          if (text[at + 1] !== '"') break;
          at += 2;
        }
        cell = text.slice(start, at).replaceAll('""', '"');
        at++;
        if (cells.length === 1) isPasswordQuoted = true;
        if (at < text.length && !this.#endsCell(at)) {
          return "text follows a closing quote: write a quote within quotes twice";
        }
      } else {
        const start = at;
        while (at < text.length && !this.#endsCell(at)) at++;
        cell = text.slice(start, at);
        if (cell.includes('"') && cell.trimStart().startsWith('"')) {
          return "a blank stands before an opening quote";
        }
      }
      cells.push(cell);
      if (text[at] !== this.#separator) break;
      at++;
    }
    if (text[at] === "\r") at++;
    const row = text.slice(this.#position, at);
    for (let i = row.indexOf("\n"); i >= 0; i = row.indexOf("\n", i + 1)) {
      this.#nextLine++;
    }
    this.#nextLine++;
    this.#position = at + 1;
    return { line: this.line, cells, isPasswordQuoted };
  }

  #endsCell(at: number): boolean {
    const unit = this.#text[at];
    return unit === this.#separator || unit === "\n" ||
      unit === "\r" &&
        (this.#text[at + 1] === "\n" || at + 1 === this.#text.length);
  }
}
