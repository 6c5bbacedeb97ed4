/**
 * The check `disk`: there is room, a file can be written, the database is sound.
 * @module
 */

import { type CheckFinding, FindingNotes, say } from "./check_finding.ts";

export interface DiskReading {
  /** The data directory, or the nearest directory above it that exists. */
  readonly directory: string;
  /** Whether the data directory is there. */
  readonly isMade: boolean;
  /** What an ordinary user may still write; -1: unknown. */
  readonly freeOctets: number;
  readonly allOctets: number;
  /** -1: unknown, or the file system has no bound. */
  readonly freeFiles: number;
  /** Milliseconds that a small file took to the disk; -1: not tried, or failed. */
  readonly writeMs: number;
  /** Why a small file could not be written; "" where it could, or was not tried. */
  readonly writeFailure: string;
  /** Whether the reason is that we may not look or write there. */
  readonly isForbidden: boolean;
  /** `ok`, or what SQLite complains of; "" where it was not looked at. */
  readonly database: string;
}

const MEBI = 1 << 20;
const LITTLE = 100 * MEBI;
const NOTHING = 10 * MEBI;
const FEW_FILES = 100;

/** Decides. `rootCommand` runs the check again with every right. */
export function judgeDisk(
  reading: DiskReading,
  dataDir: string,
  rootCommand: string,
): CheckFinding {
  const { freeOctets, allOctets, freeFiles, database } = reading;
  const notes = new FindingNotes();
  const directory = reading.directory;
  if (!reading.isMade) {
    notes.add("pass", say("disk-unmade", { directory: dataDir }));
  }
  if (freeOctets >= 0) {
    const isLittle = freeOctets < LITTLE || freeOctets * 100 < allOctets;
    if (!isLittle) notes.add("pass", say("disk-free", { freeOctets }));
    else {
      notes.add(
        freeOctets < NOTHING ? "fail" : "warn",
        say("disk-little", { freeOctets }),
        say("disk-fix-space", { directory }),
      );
    }
  }
  if (freeFiles >= 0 && freeFiles < FEW_FILES) {
    notes.add(
      freeFiles === 0 ? "fail" : "warn",
      say("disk-no-files", { count: freeFiles }),
      say("disk-fix-space", { directory }),
    );
  }
  if (reading.isForbidden) {
    return notes.add(
      "skip",
      say("disk-forbidden", { directory }),
      say("disk-fix-forbidden", { command: rootCommand }),
    ).finding;
  }
  if (reading.writeFailure !== "") {
    notes.add(
      "fail",
      say("disk-refuses", { directory, cause: reading.writeFailure }),
      say("disk-fix-refuses", { directory }),
    );
  } else if (reading.writeMs >= 0) {
    const ms = Math.round(reading.writeMs * 10) / 10;
    notes.add("pass", say("disk-write", { ms }));
  }
  if (database === "ok") notes.add("pass", say("disk-sound"));
  else if (database !== "") {
    notes.add(
      "fail",
      say("disk-damaged", { cause: database }),
      say("disk-fix-damaged", { file: `${dataDir}/pbx.db` }),
    );
  }
  return notes.finding;
}
