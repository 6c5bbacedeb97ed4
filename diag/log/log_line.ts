/**
 * How one line of the log is written: as JSON for programs, or for a person at a terminal; with
 * the priority that journald reads from the start of a line (sd-daemon(3)).
 * @module
 */

import { escapeText } from "../../pbx/quoted.ts";
import type { FactLevel } from "./fact_text.ts";

export interface LogLine {
  readonly level: FactLevel;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly message: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

export type FormatLine = (line: LogLine) => string;

const PRIORITIES = { error: "<3>", warning: "<4>", info: "<6>", debug: "<7>" };
/** What JSON leaves as it is, and a terminal obeys. */
const OBEYED = /[\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g;
const SET_COLOUR = {
  error: "\u001b[31m",
  warning: "\u001b[33m",
  info: "",
  debug: "\u001b[2m",
};
const RESET = "\u001b[0m";

/** Puts the priority before whatever `format` writes. */
export function withPriority(format: FormatLine): FormatLine {
  return (line) => PRIORITIES[line.level] + format(line);
}

/** One JSON object: `time`, `level`, `message`, then the properties. */
export function formatJson(
  { level, at, message, properties }: LogLine,
): string {
  const head = `{"time":"${spellTime(at)}","level":"${level}","message":${
    JSON.stringify(message)
  }`;
  const body = isPlain(properties)
    ? JSON.stringify(properties)
    : stringify(makePlain(properties));
  const text = body === "{}" ? `${head}}` : `${head},${body.slice(1)}`;
  return text.replace(OBEYED, escapeJson) + "\n";
}

/** Whether the properties can be written as they are; those of all facts can. */
function isPlain(properties: LogLine["properties"]): boolean {
  for (const name in properties) {
    const type = typeof properties[name];
    if (type !== "string" && type !== "number" && type !== "boolean") {
      return false;
    }
    if (name === "time" || name === "level" || name === "message") return false;
  }
  return true;
}

function makePlain(properties: LogLine["properties"]): LogLine["properties"] {
  const entries = Object.entries(properties)
    .filter(([name]) =>
      name !== "time" && name !== "level" && name !== "message"
    )
    .map(([name, value]) => [name, toPlain(value)]);
  return Object.fromEntries(entries);
}

/** Time of day, level, message, and the properties that the message does not show. */
export function formatPretty(
  { level, at, message, properties }: LogLine,
  hasColours: boolean,
): string {
  const rest = Object.entries(properties)
    .filter(([name, value]) =>
      name !== "kind" && name !== "stage" && !isShown(message, value)
    )
    .map(([name, value]) => ` ${name}=${stringify(toPlain(value))}`).join("");
  const time = new Date(at);
  const clock = [time.getHours(), time.getMinutes(), time.getSeconds()]
    .map((part) => String(part).padStart(2, "0")).join(":");
  const [colour, dim, reset] = hasColours
    ? [SET_COLOUR[level], "\u001b[2m", RESET]
    : ["", "", ""];
  const word = level.padEnd(7);
  const text = escapeText(message);
  const tail = rest === "" ? "" : dim + escapeText(rest) + reset;
  return `${dim}${clock}${reset} ${colour}${word} ${text}${reset}${tail}\n`;
}

function isShown(message: string, value: unknown): boolean {
  return value === "" || message.includes("`" + String(value) + "`");
}

function spellTime(at: number): string {
  return Number.isFinite(at) && Math.abs(at) <= 8.64e15
    ? new Date(at).toISOString()
    : String(at);
}

function toPlain(value: unknown): unknown {
  if (value instanceof Error) {
    return { name: value.name, message: value.message, stack: value.stack };
  }
  return typeof value === "bigint" ? String(value) : value;
}

/** JSON of anything; of what JSON cannot hold, its text. */
function stringify(value: unknown): string {
  try {
    return JSON.stringify(value) ?? "null";
  } catch {
    if (typeof value !== "object" || value === null) {
      return JSON.stringify(String(value));
    }
    const texts = Object.entries(value).map((
      [name, part],
    ) => [name, String(part)]);
    return JSON.stringify(Object.fromEntries(texts));
  }
}

function escapeJson(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
