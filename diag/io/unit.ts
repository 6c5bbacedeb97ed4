/**
 * The systemd unit that runs the server: which one it is, how it stands, what it complained of.
 * Where there is no systemd, nothing is known.
 * @module
 */

import { cut, escapeText } from "../../pbx/quoted.ts";
import { parseCgroup } from "../machine/cgroup.ts";
import {
  parseUnitState,
  UNIT_PROPERTIES,
  type UnitState,
} from "../machine/unit_state.ts";
import { runProgram } from "./program.ts";

/** The unit that `pbx unit` prints. */
const USUAL_UNIT = "pbx.service";
const TIMEOUT_MS = 1000;
const LONGEST_LINE = 300;

/** What is known of the server's unit. */
export interface UnitReading extends UnitState {
  /** "" where there is none. */
  readonly unit: string;
  /** The last lines with the priority of an error, oldest first; at most 20. */
  readonly errors: readonly string[];
}

/** Looks at the unit of a process, or, where `pid` is 0 or in no unit, at `pbx.service`. */
export async function readUnit(pid: number): Promise<UnitReading> {
  const own = pid > 0 ? readUnitOf(pid) : { unit: "", userId: null };
  const unit = own.unit || USUAL_UNIT;
  const scope = own.userId === null ? [] : ["--user"];
  // one after the other: to start a program takes a server some milliseconds
  const shown = await runProgram(
    "systemctl",
    [...scope, "show", unit, "-p", UNIT_PROPERTIES],
    TIMEOUT_MS,
  );
  const journal = await runProgram(
    "journalctl",
    [...scope, "-u", unit, "-n", "20", "-p", "err", "-o", "cat", "-q"],
    TIMEOUT_MS,
  );
  const state = parseUnitState(shown?.stdout ?? "");
  const isKnown = own.unit !== "" || state.state !== "";
  return {
    ...state,
    unit: isKnown ? unit : "",
    errors: isKnown ? readLines(journal?.stdout ?? "") : [],
  };
}

/** The unit that a process belongs to, and whose manager runs it; "" for none. */
export function readUnitOf(
  pid: number,
): { readonly unit: string; readonly userId: number | null } {
  try {
    return parseCgroup(Deno.readTextFileSync(`/proc/${pid}/cgroup`));
  } catch {
    return { unit: "", userId: null };
  }
}

function readLines(text: string): string[] {
  return text.split("\n")
    .filter((line) => line.trim() !== "" && !line.startsWith("-- "))
    .slice(-20)
    .map((line) => escapeText(cut(line.trim(), LONGEST_LINE)));
}
