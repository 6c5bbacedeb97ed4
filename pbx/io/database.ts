/**
 * The database file: made with the data directory, readable by nobody else, and brought forward
 * to the newest layout. Old programs refuse newer layouts before they touch anything; there is no
 * way back but a backup. Its tables are described in `migrations.ts`.
 * @module
 */

import { DatabaseSync } from "node:sqlite";
import project from "../../deno.json" with { type: "json" };
import { MAKER, MIGRATIONS, NEWEST_LAYOUT } from "../migrations.ts";
import { OperatorError } from "../operator_error.ts";
import { handOver, makeDataDir, makeDataFile } from "./data_owner.ts";
import { useDataDir } from "./data_use.ts";
import { describeNewer, refuseNewer } from "./newer_database.ts";
import { workAsOwner } from "./owner_rights.ts";

/** The name of the file in the data directory. */
export const DATABASE_FILE = "pbx.db";
const DEFAULT_REALM = "pbx";
/** How long the command line waits for a lock that the server, or another command, holds. */
export const BUSY_MS = 5000;

export interface Database {
  readonly sql: DatabaseSync;
  readonly realm: string;
  readonly path: string;
  close(): void;
}

/**
 * Opens the database of a data directory.
 *
 * @param options.domains the first one becomes the realm when the directory is made.
 * @throws OperatorError where it cannot be opened, or is not there and may not be made.
 */
export function openDatabase(
  dataDir: string,
  options: { readonly domains: readonly string[]; readonly create: boolean },
): Database {
  const path = `${dataDir}/${DATABASE_FILE}`;
  try {
    if (options.create) makeDataDir(dataDir);
    else Deno.statSync(path);
    const use = useDataDir(dataDir, false);
    try {
      refuseNewer(path);
      // SQLite gives its other files the mode and the owner of this one
      makeDataFile(path);
      for (const end of ["-wal", "-shm"]) handOver(path + end);
      const [sql, realm] = workAsOwner(dataDir, () => {
        const sql = openFile(path);
        return [sql, readRealm(sql, options.domains)];
      });
      return {
        sql,
        path,
        realm,
        close: () => {
          sql.close();
          use.release();
        },
      };
    } catch (error) {
      use.release();
      throw error;
    }
  } catch (error) {
    throw describeFailure(error, path);
  }
}

/**
 * Looks into the database of a data directory as it is: one that an older program made, and may be
 * using, keeps its layout.
 *
 * @throws OperatorError where there is none, it cannot be read, or it is of a newer program.
 */
export function lookIntoDatabase<Result>(
  dataDir: string,
  look: (sql: DatabaseSync) => Result,
): Result {
  const path = `${dataDir}/${DATABASE_FILE}`;
  try {
    Deno.statSync(path);
    const use = useDataDir(dataDir, false);
    try {
      refuseNewer(path);
      return workAsOwner(dataDir, () => {
        const sql = new DatabaseSync(path);
        try {
          sql.exec(`PRAGMA busy_timeout = ${BUSY_MS}`);
          return look(sql);
        } finally {
          sql.close();
        }
      });
    } finally {
      use.release();
    }
  } catch (error) {
    throw describeFailure(error, path);
  }
}

function openFile(path: string): DatabaseSync {
  const sql = new DatabaseSync(path);
  try {
    sql.exec(
      `PRAGMA busy_timeout = ${BUSY_MS}; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;`,
    );
    migrate(sql, path);
    return sql;
  } catch (error) {
    sql.close();
    throw error;
  }
}

function migrate(sql: DatabaseSync, path: string): void {
  if (versionOf(sql) === NEWEST_LAYOUT) return;
  sql.exec("BEGIN IMMEDIATE");
  try {
    // another process may have done it while this one waited for the lock
    const version = versionOf(sql);
    if (version > NEWEST_LAYOUT) throw describeNewer(path, version);
    for (const step of MIGRATIONS.slice(version)) sql.exec(step);
    sql.exec(`PRAGMA user_version = ${NEWEST_LAYOUT}`);
    sql.prepare(
      `INSERT INTO settings VALUES (?, ?)
       ON CONFLICT (key) DO UPDATE SET value = excluded.value`,
    ).run(MAKER, project.version);
    sql.exec("COMMIT");
  } catch (error) {
    sql.exec("ROLLBACK");
    throw error;
  }
}

function versionOf(sql: DatabaseSync): number {
  return Number(
    sql.prepare("PRAGMA user_version").get()?.["user_version"] ?? 0,
  );
}

function readRealm(sql: DatabaseSync, domains: readonly string[]): string {
  const find = sql.prepare("SELECT value FROM settings WHERE key = 'realm'");
  const found = find.get()?.["value"];
  if (typeof found === "string") return found;
  sql.prepare("INSERT INTO settings VALUES ('realm', ?) ON CONFLICT DO NOTHING")
    .run(domains[0] ?? DEFAULT_REALM);
  return String(find.get()?.["value"]);
}

/** What went wrong with a database file, with what mends it. */
export function describeFailure(error: unknown, path: string): Error {
  const dataDir = path.slice(0, path.lastIndexOf("/"));
  if (error instanceof OperatorError) return error;
  if (error instanceof Deno.errors.NotFound) {
    return new OperatorError(
      `no database in \`${dataDir}\``,
      "start the server once (pbx serve), or name its directory with --data",
    );
  }
  if (error instanceof Deno.errors.PermissionDenied) {
    return new OperatorError(
      `no permission for \`${dataDir}\``,
      "run it with sudo, or as the user that owns the directory, or name another one with --data",
    );
  }
  const cause = describeSqlError(error);
  return new OperatorError(
    `cannot open \`${path}\`: ${cause}`,
    `see: ls -la ${dataDir}; df -h ${dataDir}`,
  );
}

/** What SQLite says, in the words of an administrator. */
export function describeSqlError(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  if (/full|no space/i.test(message)) return "disk full";
  if (/locked|busy/i.test(message)) return "database locked by another program";
  if (/readonly|read-only/i.test(message)) return "database is read-only";
  if (/not a database|malformed/i.test(message)) {
    return "file is damaged or no database";
  }
  return message;
}
