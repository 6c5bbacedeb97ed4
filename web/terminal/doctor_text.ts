/**
 * What the doctor says to a person: the strip of stages while it watches, and in the end the
 * verdict with evidence and remedy.
 * @module
 */

import type { Check } from "../../diag/check.ts";
import type { StageState, Verdict } from "../../diag/verdict.ts";
import type { Paint } from "./paint.ts";
import type { Words } from "./words.ts";

/** The document of `pbx doctor --json`; the shape is part of the contract. */
export interface DoctorResult {
  readonly verdict: Verdict;
  readonly stages: readonly StageState[];
  readonly checks: readonly Check[];
  readonly also: readonly Verdict[];
}

const STAGES_A_LINE = 5;
const MARKS = { passed: "✓", stopped: "✗", unknown: "–" };

/** Every stage with its mark, in lines that fit into 80 columns. */
export function formatStages(
  stages: readonly StageState[],
  paint: Paint,
): string[] {
  const lines: string[] = [];
  for (let first = 0; first < stages.length; first += STAGES_A_LINE) {
    const line = stages.slice(first, first + STAGES_A_LINE).map((one) =>
      paintStage(one, `${MARKS[one.state]} ${one.stage.padEnd(10)}`, paint)
    ).join(" ");
    lines.push(`  ${line.trimEnd()}`);
  }
  return lines;
}

/** One short line while the watch goes on: a mark for each stage, and the last one passed. */
export function formatStrip(
  stages: readonly StageState[],
  secondsLeft: number,
  paint: Paint,
): string {
  const marks = stages.map((one) => paintStage(one, MARKS[one.state], paint));
  const last = stages.findLast(({ state }) => state !== "unknown");
  const name = last === undefined ? "" : paintStage(last, last.stage, paint);
  return `${marks.join("")}  ${name}  ${paint.dim(`${secondsLeft} s`)}`;
}

function paintStage(
  { state }: StageState,
  text: string,
  paint: Paint,
): string {
  if (state === "passed") return paint.green(text);
  return state === "stopped" ? paint.red(text) : paint.dim(text);
}

/** The whole answer. */
export function formatResult(
  { verdict, stages, checks, also }: DoctorResult,
  words: Words,
  paint: Paint,
): string {
  const lines = [
    ...formatVerdict(verdict, words, paint),
    "",
    paint.bold(words.stages),
    ...formatStages(stages, paint),
  ];
  if (also.length > 0) {
    lines.push("", paint.bold(words.also));
    for (const { severity, title, remedy } of also) {
      lines.push(`  ${mark(severity, paint)} ${title}`);
      lines.push(...wrap(remedy.text, 6));
      if (remedy.command) lines.push(`      $ ${remedy.command}`);
    }
  }
  const failed = checks.filter(({ state }) =>
    state === "fail" || state === "warn"
  );
  if (failed.length > 0) {
    lines.push("", paint.bold(words.checks));
    for (const { state, title, detail, remedy } of failed) {
      const severity = state === "fail" ? "error" : "warning";
      lines.push(`  ${mark(severity, paint)} ${title}: ${detail}`);
      for (const text of remedy?.split("\n") ?? []) {
        lines.push(...wrap(text, 6));
      }
    }
  }
  return lines.join("\n") + "\n";
}

/** One verdict with its evidence and remedy, as lines. */
export function formatVerdict(
  verdict: Verdict,
  words: Words,
  paint: Paint,
): string[] {
  const { severity, title, code, stage, evidence, remedy } = verdict;
  const about = [verdict.extension, verdict.source, verdict.phone]
    .filter((text) => text !== "");
  const lines = [
    `${mark(severity, paint)} ${paint.bold(title)}`,
    paint.dim(`  ${[...about, `${code} (${stage})`].join(" · ")}`),
  ];
  if (evidence.length > 0) {
    lines.push("", paint.bold(words.evidence));
    for (const { at, what } of evidence) {
      lines.push(`  ${paint.dim(formatTime(at))}  ${what}`);
    }
  }
  if (remedy.text !== "" || remedy.command) {
    lines.push("", paint.bold(words.remedyAt[remedy.where]));
    if (remedy.text !== "") lines.push(...wrap(remedy.text, 2));
    if (remedy.command) lines.push(`  $ ${paint.bold(remedy.command)}`);
  }
  return lines;
}

function mark(severity: Verdict["severity"], paint: Paint): string {
  switch (severity) {
    case "ok":
      return paint.green("✓");
    case "error":
      return paint.red("✗");
    case "warning":
      return paint.yellow("!");
    case "info":
      return paint.dim("–");
  }
}

/** The local time of day; `at` by RFC 3339. */
function formatTime(at: string): string {
  const time = new Date(at);
  return [time.getHours(), time.getMinutes(), time.getSeconds()]
    .map((part) => String(part).padStart(2, "0")).join(":");
}

/** Lines of at most 78 letters, cut between words only. */
function wrap(text: string, indent: number): string[] {
  const space = " ".repeat(indent);
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && indent + line.length + 1 + word.length > 78) {
      lines.push(space + line);
      line = word;
    } else {
      line = line === "" ? word : `${line} ${word}`;
    }
  }
  return line === "" ? lines : [...lines, space + line];
}
