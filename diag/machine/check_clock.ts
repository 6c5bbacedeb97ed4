/**
 * The check `clock`: the wall clock can be right, and somebody keeps it right.
 * @module
 */

import { type CheckFinding, FindingNotes, say } from "./check_finding.ts";

/** Before this program was made: the clock stands wrong. 2026-01-01, in milliseconds since 1970. */
const EARLIEST = 1_767_225_600_000;
const LATEST = EARLIEST + 50 * 365 * 86_400_000;

/** Decides. `now` in milliseconds since 1970; `isSynchronised` null: unknown. */
export function judgeClock(
  now: number,
  isSynchronised: boolean | null,
): CheckFinding {
  const notes = new FindingNotes();
  if (now < EARLIEST || now > LATEST) {
    notes.add("fail", say("clock-wrong", { dateMs: now }), say("clock-fix"));
  } else if (isSynchronised === null) {
    notes.add("pass", say("clock-unknown", { timeMs: now }));
  } else if (isSynchronised) {
    notes.add("pass", say("clock-right", { timeMs: now }));
  } else {notes.add(
      "warn",
      say("clock-alone", { timeMs: now }),
      say("clock-fix"),
    );}
  return notes.finding;
}
