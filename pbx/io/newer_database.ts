/**
 * Finds out that a database is of a newer program than this one, and touches nothing to do so.
 *
 * These files must not be read in this way while this process has the database open: the locks that
 * a process has on a file end when it closes that file, however often it opened it.
 * @module
 */

import { DatabaseSync } from "node:sqlite";
import { pathToFileURL } from "node:url";
import project from "../../deno.json" with { type: "json" };
import {
  HEADER_OCTETS,
  readLayout,
  readLoggedVersion,
} from "../database_layout.ts";
import { MAKER, NEWEST_LAYOUT } from "../migrations.ts";
import { OperatorError } from "../operator_error.ts";

/** A log that is longer is not looked through for a newer layout; SQLite does it when it opens. */
const LONGEST_LOG = 64 << 20;

/**
 * Refuses a database whose layout is newer than this program knows, and touches nothing.
 *
 * @throws OperatorError with exit code 78.
 */
export function refuseNewer(path: string): void {
  const layout = readLayoutOf(path);
  if (layout > NEWEST_LAYOUT) throw describeNewer(path, layout);
}

/** The layout of a database, from its octets; 0 where there is none, or where it is damaged. */
export function readLayoutOf(path: string): number {
  const layout = readLayout(readHeader(path));
  if (layout === null) return 0;
  const logged = readLoggedVersion(readShort(`${path}-wal`));
  return Math.max(layout.version, logged ?? 0);
}

/** The first octets of a file, fewer where it is shorter; none where there is no such file. */
export function readHeader(path: string): Uint8Array {
  const header = new Uint8Array(HEADER_OCTETS);
  try {
    using file = Deno.openSync(path, { read: true });
    return header.subarray(0, file.readSync(header) ?? 0);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return new Uint8Array();
    throw error;
  }
}

function readShort(path: string): Uint8Array {
  try {
    const { size } = Deno.statSync(path);
    return size > LONGEST_LOG ? new Uint8Array() : Deno.readFileSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return new Uint8Array();
    throw error;
  }
}

export function describeNewer(path: string, layout: number): OperatorError {
  const maker = readMaker(path);
  const by = maker === null ? "a newer pbx" : `a newer pbx (${maker})`;
  return new OperatorError(
    `database \`${path}\` was made by ${by}: its layout is ${layout}, and pbx ${project.version} knows ${NEWEST_LAYOUT}`,
    `install ${
      maker === null
        ? "that version again (pbx upgrade)"
        : `it again (pbx upgrade ${maker})`
    }, go back to a backup of an older one (pbx restore FILE), or name another directory with --data`,
    78,
  );
}

/** Which version made the layout; null where that cannot be told without touching anything. */
function readMaker(path: string): string | null {
  try {
    const url = pathToFileURL(path);
    url.search = "immutable=1";
    const sql = new DatabaseSync(url, { readOnly: true });
    try {
      const row = sql.prepare("SELECT value FROM settings WHERE key = ?")
        .get(MAKER);
      const maker = row?.["value"];
      return typeof maker === "string" && /^[\w.+-]{1,40}$/.test(maker)
        ? maker
        : null;
    } finally {
      sql.close();
    }
  } catch {
    return null;
  }
}
