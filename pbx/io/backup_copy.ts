/**
 * Copies of the database, each whole and on disk before it gets its name: a backup while the server
 * runs, and a backup that is staged for its next start.
 * @module
 */

import { DatabaseSync } from "node:sqlite";
import { pathToFileURL } from "node:url";
import { OperatorError } from "../operator_error.ts";
import {
  APPLICATION,
  atRest,
  type BackupNote,
  checkWhole,
  countData,
  type DataCounts,
} from "./backup_file.ts";
import {
  folderOf,
  makeDataFileAnew,
  removeDataFile,
  syncDataFile,
} from "./data_owner.ts";
import { useDataDir } from "./data_use.ts";
import {
  DATABASE_FILE,
  describeFailure,
  describeSqlError,
} from "./database.ts";
import { refuseNewer } from "./newer_database.ts";
import { STAGED_FILE } from "./restore_swap.ts";

const BUSY_MS = 5000;

/**
 * Writes a backup into a file that must not be there yet, or is replaced; whole or not at all. A
 * server that runs meanwhile goes on writing.
 *
 * @throws OperatorError
 */
export function writeBackup(
  dataDir: string,
  target: string,
  note: BackupNote,
): DataCounts {
  const path = `${dataDir}/${DATABASE_FILE}`;
  const part = `${target}.${Deno.pid}.part`;
  try {
    refuseAbsent(path);
    refuseNewer(path);
  } catch (error) {
    throw describeFailure(error, path);
  }
  try {
    const use = useDataDir(dataDir, false);
    try {
      copyDatabase(pathToFileURL(path), part);
    } finally {
      use.release();
    }
    const counts = writeNote(part, note);
    syncDataFile(part);
    Deno.renameSync(part, target);
    syncDataFile(target);
    return counts;
  } catch (error) {
    removeParts(part);
    throw describeCopyFailure(error, [path, target], "The backup is not made");
  }
}

/** Puts a backup that was looked through beside the database, for the next start of the server. */
export function stageBackup(path: string, dataDir: string): void {
  const target = `${dataDir}/${STAGED_FILE}`;
  const part = `${target}.part`;
  try {
    copyDatabase(atRest(path), part);
    const sql = openPart(part);
    try {
      sql.exec("DROP TABLE IF EXISTS backup; PRAGMA application_id = 0;");
      checkWhole(sql, part, "quick_check");
    } finally {
      sql.close();
    }
    syncDataFile(part);
    Deno.renameSync(part, target);
    syncDataFile(target);
  } catch (error) {
    removeParts(part);
    throw describeCopyFailure(error, [path, target], "Nothing is restored");
  }
}

function refuseAbsent(path: string): void {
  if (Deno.statSync(path).size > 0) return;
  throw new Deno.errors.NotFound();
}

/** Copies a database as it is at one moment; nobody who writes is kept waiting. */
function copyDatabase(from: URL, part: string): void {
  makeDataFileAnew(part);
  const sql = new DatabaseSync(from, from.search === "" ? {} : READ_ONLY);
  try {
    sql.exec(`PRAGMA busy_timeout = ${BUSY_MS}`);
    sql.prepare("VACUUM INTO ?").run(part);
  } finally {
    sql.close();
  }
}

const READ_ONLY = { readOnly: true };

/** Opens a copy that is not in its place yet; without sessions from here on. */
function openPart(part: string): DatabaseSync {
  const sql = new DatabaseSync(part);
  sql.exec(
    "PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF; PRAGMA secure_delete = ON;",
  );
  const sessions = sql.prepare(
    "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'sessions'",
  );
  if (sessions.get() !== undefined) sql.exec("DELETE FROM sessions");
  return sql;
}

function writeNote(
  part: string,
  { madeAtMs, version, config }: BackupNote,
): DataCounts {
  const sql = openPart(part);
  try {
    sql.exec(
      `DROP TABLE IF EXISTS backup;
       CREATE TABLE backup (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
       PRAGMA application_id = ${APPLICATION};`,
    );
    const insert = sql.prepare("INSERT INTO backup VALUES (?, ?)");
    insert.run("made-at", String(madeAtMs));
    insert.run("version", version);
    if (config !== null) insert.run("config", config);
    checkWhole(sql, part, "quick_check");
    return countData(sql);
  } finally {
    sql.close();
  }
}

/** What went wrong while a copy was made; the cause may lie at either end. */
function describeCopyFailure(
  error: unknown,
  [from, to]: readonly [string, string],
  what: string,
): Error {
  if (error instanceof OperatorError) return error;
  const folder = folderOf(to);
  const cause = error instanceof Deno.errors.PermissionDenied
    ? `no permission to write \`${to}\``
    : error instanceof Deno.errors.NotFound
    ? `there is no directory \`${folder}\``
    : describeSqlError(error);
  return new OperatorError(
    `${what}: ${cause}`,
    `See: ls -la ${folderOf(from)} ${folder}; df -h ${folder}`,
  );
}

function removeParts(part: string): void {
  for (const end of ["", "-journal"]) {
    try {
      removeDataFile(part + end);
    } catch {
      // the folder is not there, or not for us
    }
  }
}
