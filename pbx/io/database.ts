/**
 * The database file: made with the data directory, readable by nobody else, and brought forward
 * to the newest layout. Old programs refuse newer layouts; there is no way back.
 *
 *     settings    key, value: the realm, and the revision of the newest change to an extension
 *     extensions  number, name, HA1 for MD5 and SHA-256 in hexadecimal digits, revision, removed
 *     journal     one row for each commit: its lines (see `journal_line.ts`) and how many there are
 *     attempts    number, time in milliseconds since 1970, the facts of its last attempts as JSON
 *     calls       one row a call, see `call/call_record.ts`; times in milliseconds since 1970, 0
 *                 where that did not happen; `seen` is when the row was last written
 *     sessions    who is signed in to the page: SHA-256 of the cookie, times in milliseconds since
 *                 1970, from where and with which browser
 *     samples     one row a reading of the history: its step in seconds, when the step began, and
 *                 the reading as JSON
 * @module
 */

import { DatabaseSync } from "node:sqlite";
import { OperatorError } from "../operator_error.ts";

const FILE = "pbx.db";
const DEFAULT_REALM = "pbx";
/** How long the command line waits for a lock that the server, or another command, holds. */
const BUSY_MS = 5000;

/** Each entry brings the layout one version forward; none is ever changed. */
const MIGRATIONS: readonly string[] = [
  `CREATE TABLE settings (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
   CREATE TABLE extensions (
     number TEXT PRIMARY KEY,
     name TEXT NOT NULL,
     ha1_md5 TEXT NOT NULL,
     ha1_sha256 TEXT NOT NULL,
     revision INTEGER NOT NULL,
     removed INTEGER NOT NULL DEFAULT 0
   ) STRICT, WITHOUT ROWID;
   CREATE INDEX extensions_revision ON extensions (revision);
   CREATE TABLE journal (
     seq INTEGER PRIMARY KEY,
     entries INTEGER NOT NULL,
     lines TEXT NOT NULL
   ) STRICT;
   INSERT INTO settings VALUES ('revision', '0');`,
  `CREATE TABLE attempts (
     number TEXT PRIMARY KEY,
     at INTEGER NOT NULL,
     facts TEXT NOT NULL
   ) STRICT;
   CREATE INDEX attempts_at ON attempts (at);`,
  `CREATE TABLE calls (
     id TEXT PRIMARY KEY,
     started INTEGER NOT NULL,
     dialled TEXT NOT NULL,
     state TEXT NOT NULL,
     ringing INTEGER NOT NULL,
     answered INTEGER NOT NULL,
     ended INTEGER NOT NULL,
     ended_by TEXT NOT NULL,
     why TEXT NOT NULL,
     status INTEGER NOT NULL,
     codec TEXT NOT NULL,
     seen INTEGER NOT NULL,
     caller TEXT NOT NULL,
     caller_source TEXT NOT NULL,
     caller_transport TEXT NOT NULL,
     caller_agent TEXT NOT NULL,
     caller_through TEXT NOT NULL,
     caller_packets INTEGER NOT NULL,
     caller_octets INTEGER NOT NULL,
     caller_lost INTEGER NOT NULL,
     caller_jitter_ms REAL NOT NULL,
     callee TEXT NOT NULL,
     callee_source TEXT NOT NULL,
     callee_transport TEXT NOT NULL,
     callee_agent TEXT NOT NULL,
     callee_through TEXT NOT NULL,
     callee_packets INTEGER NOT NULL,
     callee_octets INTEGER NOT NULL,
     callee_lost INTEGER NOT NULL,
     callee_jitter_ms REAL NOT NULL
   ) STRICT, WITHOUT ROWID;
   CREATE INDEX calls_started ON calls (started, id, caller, callee, dialled, state);`,
  `CREATE TABLE sessions (
     hash TEXT PRIMARY KEY,
     made INTEGER NOT NULL,
     seen INTEGER NOT NULL,
     expires INTEGER NOT NULL,
     source TEXT NOT NULL,
     browser TEXT NOT NULL
   ) STRICT, WITHOUT ROWID;
   CREATE TABLE samples (
     scale INTEGER NOT NULL,
     at INTEGER NOT NULL,
     reading TEXT NOT NULL,
     PRIMARY KEY (scale, at)
   ) STRICT, WITHOUT ROWID;`,
];

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
  const path = `${dataDir}/${FILE}`;
  try {
    if (options.create) makeFile(dataDir, path);
    else Deno.statSync(path);
    const sql = new DatabaseSync(path);
    sql.exec(
      `PRAGMA busy_timeout = ${BUSY_MS}; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;`,
    );
    migrate(sql, path);
    return {
      sql,
      path,
      realm: readRealm(sql, options.domains),
      close: () => sql.close(),
    };
  } catch (error) {
    throw describeFailure(error, path);
  }
}

function makeFile(dataDir: string, path: string): void {
  Deno.mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  // SQLite gives its other files the mode of this one
  Deno.openSync(path, { create: true, read: true, write: true, mode: 0o600 })
    .close();
}

function migrate(sql: DatabaseSync, path: string): void {
  if (versionOf(sql) === MIGRATIONS.length) return;
  sql.exec("BEGIN IMMEDIATE");
  try {
    // another process may have done it while this one waited for the lock
    const version = versionOf(sql);
    if (version > MIGRATIONS.length) {
      throw new OperatorError(
        `database \`${path}\` was made by a newer pbx`,
        "install that version again, or name another directory with --data",
      );
    }
    for (const step of MIGRATIONS.slice(version)) sql.exec(step);
    sql.exec(`PRAGMA user_version = ${MIGRATIONS.length}`);
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
      "run it as the user that owns the directory, or name another one with --data",
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
  if (/full/i.test(message)) return "disk full";
  if (/locked|busy/i.test(message)) return "database locked by another program";
  if (/readonly|read-only/i.test(message)) return "database is read-only";
  if (/not a database|malformed/i.test(message)) {
    return "file is damaged or no database";
  }
  return message;
}
