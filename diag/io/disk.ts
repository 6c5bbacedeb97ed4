/**
 * The disk of the data directory: what is free, whether it takes a file, and whether the database
 * is sound. Leaves nothing behind, and changes nothing that is there.
 * @module
 */

import { statfs } from "node:fs/promises";
import { DatabaseSync } from "node:sqlite";
import { pathToFileURL } from "node:url";
import { readLayoutOf } from "../../pbx/io/newer_database.ts";
import { NEWEST_LAYOUT } from "../../pbx/migrations.ts";
import type { DiskReading } from "../machine/check_disk.ts";

/** A larger database would take seconds to look through. */
const MOST_OCTETS = 128 << 20;
/** Looking through a database holds everything else up: in a server it has to be a small one. */
const MOST_OCTETS_BESIDE = 4 << 20;
const PROBE_OCTETS = 4096;

/** Looks at the disk; never throws. `isServing`: whether phones wait meanwhile. */
export async function readDisk(
  dataDir: string,
  isServing = false,
): Promise<DiskReading> {
  const directory = findDirectory(dataDir);
  const isMade = directory === dataDir;
  const space = await readSpace(directory);
  const probe = isMade ? await probeWrite(dataDir) : NOT_TRIED;
  const database = isMade && !probe.isForbidden
    ? checkDatabase(dataDir, isServing)
    : "";
  return { directory, isMade, ...space, ...probe, database };
}

const NOT_TRIED = { writeMs: -1, writeFailure: "", isForbidden: false };

function findDirectory(path: string): string {
  for (let at = path.replace(/(?<=.)\/+$/, "");;) {
    try {
      if (Deno.statSync(at).isDirectory) return at === path ? path : at;
    } catch {
      // Not there, or not for us: look above.
    }
    const slash = at.lastIndexOf("/");
    if (slash < 0) return ".";
    if (slash === 0) return "/";
    at = at.slice(0, slash);
  }
}

async function readSpace(
  directory: string,
): Promise<Pick<DiskReading, "freeOctets" | "allOctets" | "freeFiles">> {
  try {
    const { bavail, blocks, bsize, ffree, files } = await statfs(directory);
    return {
      freeOctets: bavail * bsize,
      allOctets: blocks * bsize,
      freeFiles: files > 0 ? ffree : -1,
    };
  } catch {
    return { freeOctets: -1, allOctets: -1, freeFiles: -1 };
  }
}

async function probeWrite(
  dataDir: string,
): Promise<Pick<DiskReading, "writeMs" | "writeFailure" | "isForbidden">> {
  const path = `${dataDir}/.selftest-${Deno.pid}`;
  const startMs = performance.now();
  let isMade = false;
  try {
    const file = await Deno.open(path, {
      write: true,
      createNew: true,
      mode: 0o600,
    });
    isMade = true;
    try {
      await file.write(new Uint8Array(PROBE_OCTETS).fill(0x2e));
      await file.sync();
    } finally {
      file.close();
    }
    const writeMs = performance.now() - startMs;
    return { writeMs, writeFailure: "", isForbidden: false };
  } catch (error) {
    return {
      writeMs: -1,
      writeFailure: error instanceof Error ? error.message : String(error),
      isForbidden: error instanceof Deno.errors.PermissionDenied,
    };
  } finally {
    if (isMade) await Deno.remove(path).catch(() => {});
  }
}

/** Looks through the database without writing a single octet. */
function checkDatabase(dataDir: string, isServing: boolean): string {
  const path = `${dataDir}/pbx.db`;
  try {
    const { size } = Deno.statSync(path);
    if (size > (isServing ? MOST_OCTETS_BESIDE : MOST_OCTETS)) return "";
    // what a newer program has made is left alone; a server has refused it before
    if (!isServing && readLayoutOf(path) > NEWEST_LAYOUT) return "";
    // Without a journal beside it nobody writes, and SQLite need not make one to read.
    const isAtRest = !exists(`${path}-wal`);
    const url = pathToFileURL(path);
    url.search = isAtRest ? "immutable=1" : "";
    const database = new DatabaseSync(url, { readOnly: true });
    try {
      database.exec("PRAGMA busy_timeout = 500");
      const row = database.prepare("PRAGMA quick_check(1)").get();
      return String(row?.["quick_check"]);
    } finally {
      database.close();
    }
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "";
    return error instanceof Error ? error.message : String(error);
  }
}

function exists(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch {
    return false;
  }
}
