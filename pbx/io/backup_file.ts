/**
 * A backup: a database of its own in one file, with everything that the database of the data
 * directory holds but the sessions of the page (an old cookie must open nothing), and with a table
 * `backup` (key, value) that says when and by which version it was made and holds the
 * configuration file.
 * @module
 */

import { DatabaseSync } from "node:sqlite";
import { pathToFileURL } from "node:url";
import { readLayout } from "../database_layout.ts";
import { NEWEST_LAYOUT } from "../migrations.ts";
import { OperatorError } from "../operator_error.ts";
import { quote } from "../quoted.ts";
import { describeSqlError, lookIntoDatabase } from "./database.ts";
import { ExtensionStore } from "./extension_store.ts";
import { readHeader } from "./newer_database.ts";

/** `pbxb` in the head of the file. */
export const APPLICATION = 0x70627862;

/** What is noted in a backup beside the data. */
export interface BackupNote {
  /** Milliseconds since 1970. */
  readonly madeAtMs: number;
  /** The version of the program that made it. */
  readonly version: string;
  /** The configuration file; null where there was none. */
  readonly config: string | null;
}

/** How much there is. */
export interface DataCounts {
  readonly extensions: number;
  /** Those that have not expired. */
  readonly registrations: number;
}

/** A backup, looked through. */
export interface BackupReading extends DataCounts {
  /** Null for a database that was kept as it was, such as the one before a restore. */
  readonly note: BackupNote | null;
  readonly layout: number;
  readonly hasPassword: boolean;
}

/** Whether a file is a backup by its head. */
export function isBackup(path: string): boolean {
  return readLayout(readHeader(path))?.application === APPLICATION;
}

/**
 * Looks through a backup and checks it.
 *
 * @throws OperatorError where it is none, is damaged, or is of a newer program.
 */
export function readBackup(path: string): BackupReading {
  const layout = checkHead(path);
  const sql = new DatabaseSync(atRest(path), { readOnly: true });
  try {
    checkWhole(sql, path, "integrity_check");
    return {
      layout,
      note: readNote(sql),
      hasPassword: hasPagePassword(sql),
      ...countData(sql),
    };
  } catch (error) {
    if (error instanceof OperatorError) throw error;
    throw noBackup(path, describeSqlError(error));
  } finally {
    sql.close();
  }
}

/** How much a database of this program or an older one holds; null where that cannot be told. */
export function countDatabase(dataDir: string): DataCounts | null {
  try {
    return lookIntoDatabase(dataDir, countData);
  } catch {
    return null;
  }
}

/** Whether the page has a password; it has none where nothing was written yet. */
export function hasPagePassword(sql: DatabaseSync): boolean {
  const table = sql.prepare(
    "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'settings'",
  );
  return table.get() !== undefined &&
    sql.prepare("SELECT 1 FROM settings WHERE key = 'admin'").get() !==
      undefined;
}

/** A file that nobody writes: SQLite makes nothing beside it. */
export function atRest(path: string): URL {
  const url = pathToFileURL(path);
  url.search = "immutable=1";
  return url;
}

function readNote(sql: DatabaseSync): BackupNote | null {
  const table = sql.prepare(
    "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'backup'",
  );
  if (table.get() === undefined) return null;
  const rows = sql.prepare("SELECT key, value FROM backup").all();
  const values = new Map(
    rows.map((row) => [String(row["key"]), String(row["value"])]),
  );
  return {
    madeAtMs: Number(values.get("made-at") ?? NaN),
    version: values.get("version") ?? "",
    config: values.get("config") ?? null,
  };
}

/** Counts what an open database holds. */
export function countData(sql: DatabaseSync): DataCounts {
  const store = new ExtensionStore({ sql, realm: "", path: "", close() {} });
  const row = sql.prepare(
    "SELECT count(*) AS n FROM extensions WHERE removed = 0",
  ).get();
  return {
    extensions: Number(row?.["n"]),
    registrations: store.bindings().length,
  };
}

/** The layout; throws where the file is none that this program can take. */
function checkHead(path: string): number {
  let header: Uint8Array;
  try {
    Deno.statSync(path);
    header = readHeader(path);
  } catch (error) {
    throw describeReadFailure(error, path);
  }
  const layout = readLayout(header);
  if (layout === null || layout.version === 0) {
    throw noBackup(path, "it is no database");
  }
  if (layout.version > NEWEST_LAYOUT) {
    throw new OperatorError(
      `${
        quote(path)
      } is of a newer pbx: its layout is ${layout.version}, and this one knows ${NEWEST_LAYOUT}`,
      "Install the newer one first: pbx upgrade",
      78,
    );
  }
  if (hasLog(path)) {
    throw new OperatorError(
      `${
        quote(path)
      } is a database in use, or a part of one: a part of its data stands in \`${path}-wal\``,
      "Give a file that was made by: pbx backup FILE",
    );
  }
  return layout.version;
}

function hasLog(path: string): boolean {
  try {
    return Deno.statSync(`${path}-wal`).size > 0;
  } catch {
    return false;
  }
}

/** Throws where the file is damaged. */
export function checkWhole(
  sql: DatabaseSync,
  path: string,
  check: "quick_check" | "integrity_check",
): void {
  const found = sql.prepare(`PRAGMA ${check}(1)`).get()?.[check];
  if (found !== "ok") throw noBackup(path, `it is damaged: ${found}`);
}

function noBackup(path: string, why: string): OperatorError {
  return new OperatorError(
    `${quote(path)} cannot be restored: ${why}`,
    "Give a file that was made by: pbx backup FILE",
  );
}

function describeReadFailure(error: unknown, path: string): OperatorError {
  if (error instanceof Deno.errors.NotFound) {
    return new OperatorError(
      `Cannot read ${quote(path)}: there is no such file`,
      "Correct the path",
    );
  }
  if (error instanceof Deno.errors.PermissionDenied) {
    return new OperatorError(
      `Cannot read ${quote(path)}: permission denied`,
      "Run it as a user that may read it, or with sudo",
    );
  }
  const cause = error instanceof Error ? error.message : String(error);
  return new OperatorError(`Cannot read ${quote(path)}: ${cause}`);
}
