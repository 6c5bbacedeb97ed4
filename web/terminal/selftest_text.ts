/**
 * What `pbx selftest` shows on a terminal: one line a check with a mark, what was seen, and below
 * it what mends it.
 * @module
 */

import {
  type Check,
  CHECK_IDS,
  type CheckId,
  type CheckState,
  type SelfTest,
} from "../../diag/check.ts";
import {
  CHECK_TEXTS,
  say,
  writePhrase,
} from "../../diag/machine/check_finding.ts";
import type { Language } from "../../diag/verdict.ts";
import type { Paint } from "./paint.ts";

const MARKS: Readonly<Record<CheckState, string>> = {
  pass: "✓",
  fail: "✗",
  warn: "!",
  skip: "–",
};
const ID_WIDTH = Math.max(...CHECK_IDS.map((id) => id.length));
/** Narrow enough for any terminal, because a line that wraps cannot be rewritten. */
const PROGRESS_WIDTH = 78;

/** Writes one check with its remedies. */
export function formatCheck(check: Check, paint: Paint): string {
  const { id, state, title, detail, remedy } = check;
  const mark = paintState(state, MARKS[state], paint);
  const head = `${mark} ${id.padEnd(ID_WIDTH)}  ${
    paint.bold(title)
  }: ${detail}\n`;
  const indent = " ".repeat(ID_WIDTH + 4);
  const lines = remedy === undefined ? [] : remedy.split("\n");
  return head + lines.map((line) => `${indent}→ ${line}\n`).join("");
}

/** The last line: how it went in all. */
export function formatSummary(
  { checks }: SelfTest,
  language: Language,
  paint: Paint,
): string {
  const texts = CHECK_TEXTS[language];
  const count = (state: CheckState) =>
    checks.filter((check) => check.state === state).length;
  const failed = count("fail");
  const warned = count("warn");
  if (failed > 0) {
    const phrase = say("summary-failed", { count: failed, all: checks.length });
    return `\n${paint.red(writePhrase(phrase, texts))}\n`;
  }
  return warned > 0
    ? `\n${
      paint.yellow(writePhrase(say("summary-warned", { count: warned }), texts))
    }\n`
    : `\n${paint.green(writePhrase(say("summary-fine"), texts))}\n`;
}

/** What is still under way, on one line without its end. */
export function formatProgress(
  all: readonly CheckId[],
  done: ReadonlySet<CheckId>,
  language: Language,
): string {
  const names = all.filter((id) => !done.has(id)).join(", ");
  const phrase = say("progress", { done: done.size, all: all.length, names });
  return writePhrase(phrase, CHECK_TEXTS[language]).slice(0, PROGRESS_WIDTH);
}

/** The checks that were named, in their own order; those that nobody knows come back as faults. */
export function readCheckIds(
  names: readonly string[],
): { readonly ids: readonly CheckId[]; readonly unknown: readonly string[] } {
  const known: readonly string[] = CHECK_IDS;
  const unknown = names.filter((name) => !known.includes(name));
  const ids = names.length === 0
    ? CHECK_IDS
    : CHECK_IDS.filter((id) => names.includes(id));
  return { ids, unknown };
}

function paintState(state: CheckState, text: string, paint: Paint): string {
  switch (state) {
    case "pass":
      return paint.green(text);
    case "fail":
      return paint.red(text);
    case "warn":
      return paint.yellow(text);
    case "skip":
      return paint.dim(text);
  }
}
