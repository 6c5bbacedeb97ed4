/**
 * Puts a backup in the place of the database. It is staged beside the database as
 * `pbx.db.restore`, whole and on disk; who holds the lock of the directory swaps it in, and the old
 * database stays as `pbx.db.before-restore`. At every moment there is a whole `pbx.db`; where the
 * process ends in between, the next one begins anew and comes to the same end:
 *
 *     pbx.db  + log   pbx.db.restore                            staged
 *     pbx.db          pbx.db.restore                            the log is folded in
 *     pbx.db          pbx.db.restore   pbx.db.before-restore    two names of one file
 *     pbx.db (new)                     pbx.db.before-restore    done
 * @module
 */

import { DatabaseSync } from "node:sqlite";
import { readLayout } from "../database_layout.ts";
import {
  handOver,
  lookAt,
  removeDataFile,
  syncDataFile,
} from "./data_owner.ts";
import { useDataDir } from "./data_use.ts";
import { BUSY_MS, DATABASE_FILE } from "./database.ts";
import { readHeader } from "./newer_database.ts";
import { workAsOwner } from "./owner_rights.ts";

/** What waits to be swapped in. */
export const STAGED_FILE = "pbx.db.restore";
/** What was there before. */
export const KEPT_FILE = "pbx.db.before-restore";

/** What SQLite keeps beside a database that another one must not find there. */
const LOGS = ["-wal", "-journal"];

/** Whether a backup waits to be swapped in. */
export function isStaged(dataDir: string): boolean {
  return isThere(`${dataDir}/${STAGED_FILE}`);
}

/**
 * Swaps the staged backup in; false where there is none. Only for who holds the lock of the
 * directory; commands that have the database open meanwhile are waited for.
 */
export function swapStaged(dataDir: string): boolean {
  if (!isStaged(dataDir)) return false;
  const use = useDataDir(dataDir, true);
  try {
    for (const end of ["", ...LOGS, "-shm"]) {
      handOver(`${dataDir}/${DATABASE_FILE}${end}`);
    }
    return workAsOwner(dataDir, () => {
      for (const _step of swapSteps(dataDir));
      return true;
    });
  } finally {
    use.release();
  }
}

/** The steps of it, each named when it is done. */
export function* swapSteps(dataDir: string): Generator<string, void> {
  const path = `${dataDir}/${DATABASE_FILE}`;
  const kept = `${dataDir}/${KEPT_FILE}`;
  if (isThere(path)) {
    foldLog(path);
    yield "the log is folded in";
    if (!isSameFile(path, kept)) {
      yield* keepOld(path, kept);
    }
    // only a damaged database still has one, which goes with it
    for (const end of LOGS) moveIfThere(path + end, kept + end);
    yield "no log is left";
  }
  for (const end of [...LOGS, "-shm"]) removeDataFile(path + end);
  Deno.renameSync(`${dataDir}/${STAGED_FILE}`, path);
  yield "the new one is in its place";
  syncDataFile(path);
}

function* keepOld(path: string, kept: string): Generator<string, void> {
  const fresh = `${kept}.new`;
  removeDataFile(fresh);
  linkOrCopy(path, fresh);
  yield "the old one has a second name";
  for (const end of [...LOGS, "-shm"]) removeDataFile(kept + end);
  Deno.renameSync(fresh, kept);
  syncDataFile(kept);
  yield "the old one is kept";
}

/** Brings what stands in the log into the file; a damaged database stays as it is. */
function foldLog(path: string): void {
  // SQLite would take it for a new one, and throw its log away
  if (readLayout(readHeader(path)) === null) return;
  try {
    const sql = new DatabaseSync(path);
    try {
      sql.exec(
        `PRAGMA busy_timeout = ${BUSY_MS}; PRAGMA journal_mode = DELETE;`,
      );
    } finally {
      sql.close();
    }
  } catch {
    // it is kept as it is, with its log
  }
}

function linkOrCopy(path: string, fresh: string): void {
  try {
    Deno.linkSync(path, fresh);
  } catch {
    // a file system that knows no second names
    Deno.copyFileSync(path, fresh);
    handOver(fresh);
    syncDataFile(fresh);
  }
}

function moveIfThere(from: string, to: string): void {
  if (isThere(from)) Deno.renameSync(from, to);
}

function isSameFile(one: string, other: string): boolean {
  const [first, second] = [lookAt(one), lookAt(other)];
  return first !== null && second !== null && first.dev === second.dev &&
    first.ino === second.ino;
}

function isThere(path: string): boolean {
  return lookAt(path) !== null;
}
