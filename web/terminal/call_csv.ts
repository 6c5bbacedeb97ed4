/**
 * Calls as a table for spreadsheets and scripts (RFC 4180 §2): one header line, CRLF line ends,
 * times as in RFC 3339.
 * @module
 */

import type { CallParty } from "../../pbx/call/call_record.ts";
import type { CallEntry, SoundEntry } from "../call_entry.ts";

const LINE_END = "\r\n";
/** What makes a spreadsheet take a text for a formula. */
const FORMULA = /^[=+\-@\t\r]/;

/** Writes the table. */
export function formatCallCsv(entries: readonly CallEntry[]): string {
  return formatCallHeader() + formatCallRows(entries);
}

/** Its first line. */
export function formatCallHeader(): string {
  return formatLines([[
    ...["id", "state", "started", "ringing", "answered", "ended"],
    ...["duration_seconds", "ended_by", "why", "status", "dialled", "codec"],
    ...headPhone("caller"),
    ...headPhone("callee"),
  ]]);
}

/** The other lines. */
export function formatCallRows(entries: readonly CallEntry[]): string {
  return formatLines(entries.map((entry) => [
    entry.id,
    entry.state,
    entry.startedAt,
    entry.ringingAt ?? "",
    entry.answeredAt ?? "",
    entry.endedAt ?? "",
    entry.durationSeconds,
    entry.endedBy ?? "",
    entry.why ?? "",
    entry.status,
    entry.dialled,
    entry.codec,
    ...listPhone(entry.caller, entry.callerSound),
    ...listPhone(entry.callee, entry.calleeSound),
  ]));
}

function formatLines(
  rows: readonly (readonly (string | number)[])[],
): string {
  return rows.map((row) => row.map(spellField).join(",") + LINE_END).join("");
}

function headPhone(side: string): string[] {
  return [
    side,
    ...["source", "transport", "agent", "through"],
    ...["packets", "octets", "lost", "loss_percent", "jitter_ms"],
  ].map((name, i) => i === 0 ? name : `${side}_${name}`);
}

function listPhone(
  { number, source, transport, userAgent, through }: CallParty,
  { packets, octets, lost, lossPercent, jitterMs }: SoundEntry,
): (string | number)[] {
  return [
    ...[number, source, transport, userAgent, through],
    ...[packets, octets, lost, lossPercent, jitterMs],
  ];
}

/**
 * One field. A text that a spreadsheet would take for a formula gets an apostrophe in front, as
 * a person would type it there: what a phone calls itself must not run in an office.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { spellField } from "./call_csv.ts";
 * assert.equal(spellField("=1+1"), "'=1+1");
 * assert.equal(spellField('a "b", c'), '"a ""b"", c"');
 * assert.equal(spellField(-1), "-1");
 * ```
 */
export function spellField(value: string | number): string {
  if (typeof value === "number") return String(value);
  const text = FORMULA.test(value) ? `'${value}` : value;
  return /[",;\r\n]|^\s|\s$/.test(text)
    ? `"${text.replaceAll('"', '""')}"`
    : text;
}
