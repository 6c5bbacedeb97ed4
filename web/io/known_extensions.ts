/**
 * The extensions of this machine's own office, only read, to judge a capture of its server by.
 * @module
 */

import { DatabaseSync } from "node:sqlite";
import { pathToFileURL } from "node:url";
import type { ReplayDirectory } from "../../diag/replay/replay_answer.ts";

export interface KnownExtensions {
  readonly directory: ReplayDirectory;
  readonly numbers: readonly string[];
}

/** Null where there is no database, or it cannot be read. */
export function readKnownExtensions(dataDir: string): KnownExtensions | null {
  const path = `${dataDir}/pbx.db`;
  try {
    Deno.statSync(path);
    const url = pathToFileURL(path);
    // without a journal beside it nobody writes, and SQLite need not make one to read
    url.search = isThere(`${path}-wal`) ? "" : "immutable=1";
    const database = new DatabaseSync(url, { readOnly: true });
    try {
      database.exec("PRAGMA busy_timeout = 500");
      return readAll(database);
    } finally {
      database.close();
    }
  } catch {
    return null;
  }
}

function readAll(database: DatabaseSync): KnownExtensions {
  const setting = database.prepare(
    "SELECT value FROM settings WHERE key = 'realm'",
  ).get();
  const rows = database.prepare(
    "SELECT number, ha1_md5, ha1_sha256 FROM extensions WHERE removed = 0 ORDER BY length(number), number",
  ).all();
  const hashes = new Map(rows.map((row) => [
    String(row["number"]),
    {
      ha1Md5: String(row["ha1_md5"]),
      ha1Sha256: String(row["ha1_sha256"]),
    },
  ]));
  return {
    directory: {
      realm: String(setting?.["value"] ?? ""),
      lookUp: (number) => hashes.get(number) ?? null,
    },
    numbers: [...hashes.keys()],
  };
}

function isThere(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch {
    return false;
  }
}
