/**
 * The layout of the database, as the steps that made it what it is.
 *
 *     settings    key, value: the realm, the revision of the newest change to an extension, and
 *                 which version of the program made the layout
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

/** Each entry brings the layout one version forward; none is ever changed. */
export const MIGRATIONS: readonly string[] = [
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

/** The layout that this program makes and knows. */
export const NEWEST_LAYOUT = MIGRATIONS.length;

/** The setting that says which version of the program made the layout. */
export const MAKER = "layout-by";
