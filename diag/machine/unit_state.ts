/**
 * What `systemctl show` says of a unit: lines `Property=value`.
 * @module
 */

/** How a unit stands. */
export interface UnitState {
  /** `active`, `inactive`, `failed`, `activating`; "" where systemd does not know the unit. */
  readonly state: string;
  /** How it ended last, where not well: `exit-code`, `oom-kill`; "" where well or unknown. */
  readonly result: string;
  /** The exit code of its last run; null where it did not exit by itself. */
  readonly exitCode: number | null;
}

/** The properties that `parseUnitState` reads. */
export const UNIT_PROPERTIES =
  "LoadState,ActiveState,Result,ExecMainCode,ExecMainStatus";

/** `ExecMainCode` of a process that exited (CLD_EXITED of waitid(2)). */
const EXITED = "1";

/**
 * Reads the lines.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { parseUnitState } from "./unit_state.ts";
 * const text = "LoadState=loaded\nActiveState=failed\nResult=exit-code\nExecMainCode=1\nExecMainStatus=78\n";
 * assert.deepEqual(parseUnitState(text), { state: "failed", result: "exit-code", exitCode: 78 });
 * ```
 */
export function parseUnitState(text: string): UnitState {
  const values = new Map(
    text.split("\n").map((line) => {
      const at = line.indexOf("=");
      return [line.slice(0, at), line.slice(at + 1).trim()];
    }),
  );
  const isKnown = values.get("LoadState") === "loaded";
  const result = values.get("Result") ?? "";
  const status = values.get("ExecMainStatus") ?? "";
  const hasExited = values.get("ExecMainCode") === EXITED &&
    /^\d{1,3}$/.test(status);
  return {
    state: isKnown ? values.get("ActiveState") ?? "" : "",
    result: isKnown && result !== "success" ? result : "",
    exitCode: isKnown && hasExited ? Number(status) : null,
  };
}
