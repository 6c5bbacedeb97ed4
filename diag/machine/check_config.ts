/**
 * The check `config`: the configuration has no fault, and the server may open as many files as it
 * wants connections.
 * @module
 */

import type { ConfigFaultView } from "../scene.ts";
import { type CheckFinding, FindingNotes, say } from "./check_finding.ts";
import type { Limit } from "./process_file.ts";

export interface ConfigReading {
  /** What is wrong with the configuration; then the rest is about the defaults. */
  readonly faults: readonly ConfigFaultView[];
  /** The file that was read; "" for none. */
  readonly file: string;
  readonly dataDir: string;
  /** Open files that the server may have; null: unknown. */
  readonly files: Limit | null;
  /** How many TCP connections the configuration allows. */
  readonly connections: number;
  /** The unit that runs the server; "" for none. */
  readonly unit: string;
}

/** Files that are open besides connections. */
const OTHER_FILES = 64;

/** Decides. */
export function judgeConfig(reading: ConfigReading): CheckFinding {
  const { file, dataDir, files, connections, unit } = reading;
  const notes = new FindingNotes();
  for (const { where, path, what, hint } of reading.faults) {
    const remedy = hint === "" ? undefined : say("config-fix-fault", { hint });
    notes.add("fail", say("config-fault", { where, path, what }), remedy);
  }
  if (reading.faults.length > 0) return notes.finding;
  notes.add(
    "pass",
    file === "" ? say("config-defaults") : say("config-file", { file }),
  );
  notes.add("pass", say("config-data", { directory: dataDir }));
  if (files === null) return notes.finding;
  const { soft } = files;
  const needed = connections + OTHER_FILES;
  // The usual 1024 files are nearly what the usual 1024 connections need: not worth a word.
  if (soft * 4 >= needed * 3) {
    if (soft !== Infinity) notes.add("pass", say("config-files", { soft }));
    return notes.finding;
  }
  return notes.add(
    "warn",
    say("config-few-files", { soft, needed, connections }),
    unit === ""
      ? say("config-fix-shell", { needed })
      : say("config-fix-unit", { needed, unit }),
  ).finding;
}
