/**
 * The layout of a database, read from the octets of its files as they lie, without opening it: who
 * finds a newer one than he knows leaves it untouched. SQLite keeps the number (`user_version`) in
 * the first page of the file, and newer copies of that page in the write-ahead log beside it.
 *
 *     file   "SQLite format 3\0" … at 60: user_version, at 68: application_id (big endian)
 *     log    magic, version, page size at 8, …, salts at 16 and 20; then frames: page number,
 *            pages in the database (0: the transaction goes on), the same salts, checksums; the page
 * @module
 */

/** How many octets of the file are needed. */
export const HEADER_OCTETS = 100;

const MAGIC = new TextEncoder().encode("SQLite format 3\0");
const LOG_MAGIC = 0x377f0682;
const LOG_HEADER = 32;
const FRAME_HEADER = 24;
const VERSION_AT = 60;
const APPLICATION_AT = 68;

/** What stands in the first page. */
export interface Layout {
  readonly version: number;
  readonly application: number;
}

/** Reads the head of the file; null where it is no database. */
export function readLayout(header: Uint8Array): Layout | null {
  if (header.length < HEADER_OCTETS) return null;
  if (MAGIC.some((octet, at) => header[at] !== octet)) return null;
  const view = viewOf(header);
  return {
    version: view.getUint32(VERSION_AT),
    application: view.getUint32(APPLICATION_AT),
  };
}

/** The version by the newest first page that a log has committed; null where it has none. */
export function readLoggedVersion(log: Uint8Array): number | null {
  if (log.length < LOG_HEADER) return null;
  const view = viewOf(log);
  // the last bit says in which order the checksums are
  if ((view.getUint32(0) & ~1) >>> 0 !== LOG_MAGIC) return null;
  const pageSize = view.getUint32(8);
  if (pageSize < 512 || pageSize > 65536) return null;
  const frame = FRAME_HEADER + pageSize;
  let open: number | null = null;
  let committed: number | null = null;
  for (let at = LOG_HEADER; at + frame <= log.length; at += frame) {
    // what an earlier round of the log has left behind
    const isOld = view.getUint32(at + 8) !== view.getUint32(16) ||
      view.getUint32(at + 12) !== view.getUint32(20);
    if (isOld) break;
    if (view.getUint32(at) === 1) {
      open = view.getUint32(at + FRAME_HEADER + VERSION_AT);
    }
    if (view.getUint32(at + 4) !== 0) committed = open;
  }
  return committed;
}

function viewOf(octets: Uint8Array): DataView {
  return new DataView(octets.buffer, octets.byteOffset, octets.byteLength);
}
