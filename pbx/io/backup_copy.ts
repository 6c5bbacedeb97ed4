/**
 * Copies of the database, each whole and on disk before it gets its name: a backup while the server
 * runs, and a backup that is staged for its next start.
 * @module
 */

import { DatabaseSync } from "node:sqlite";
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
  BUSY_MS,
  DATABASE_FILE,
  describeFailure,
  describeSqlError,
} from "./database.ts";
import { refuseNewer } from "./newer_database.ts";
import { workAsOwner } from "./owner_rights.ts";
import { STAGED_FILE } from "./restore_swap.ts";

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
    const folder = folderOf(target);
    try {
      const sql = workAsOwner(dataDir, () => openSource(path));
      try {
        workAsOwner(folder, () => copyDatabase(sql, part));
      } finally {
        sql.close();
      }
    } finally {
      use.release();
    }
    return workAsOwner(folder, () => {
      const counts = writeNote(part, note);
      putInPlace(part, target);
      return counts;
    });
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
    const source = new DatabaseSync(atRest(path), { readOnly: true });
    try {
      workAsOwner(dataDir, () => stage(source, part, target));
    } finally {
      source.close();
    }
  } catch (error) {
    removeParts(part);
    throw describeCopyFailure(error, [path, target], "Nothing is restored");
  }
}

function refuseAbsent(path: string): void {
  if (Deno.statSync(path).size > 0) return;
  throw new Deno.errors.NotFound();
}

function stage(source: DatabaseSync, part: string, target: string): void {
  copyDatabase(source, part);
  const sql = openPart(part);
  try {
    sql.exec("DROP TABLE IF EXISTS backup; PRAGMA application_id = 0;");
    checkWhole(sql, part, "quick_check");
  } finally {
    sql.close();
  }
  putInPlace(part, target);
}

/**
 * Opens the database of a data directory so far that what is done with it looks for no other file:
 * that of a rollback journal may come from whoever owns the directory.
 */
function openSource(path: string): DatabaseSync {
  const sql = new DatabaseSync(path);
  try {
    sql.exec(`PRAGMA busy_timeout = ${BUSY_MS}; PRAGMA journal_mode = WAL;`);
    sql.prepare("SELECT count(*) FROM sqlite_schema").get();
    return sql;
  } catch (error) {
    sql.close();
    throw error;
  }
}

/** Copies a database as it is at one moment; nobody who writes is kept waiting. */
function copyDatabase(sql: DatabaseSync, part: string): void {
  makeDataFileAnew(part);
  sql.prepare("VACUUM INTO ?").run(part);
}

function putInPlace(part: string, target: string): void {
  syncDataFile(part);
  Deno.renameSync(part, target);
  syncDataFile(target);
}

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
