/**
 * One server for one data directory: a lock that the kernel takes back when its process ends,
 * however it ends.
 * @module
 */

import { tryLockFile } from "../../sip/io/libc.ts";
import { OperatorError } from "../operator_error.ts";
import { makeDataDir, makeDataFile } from "./data_owner.ts";
import { DATABASE_FILE, describeFailure } from "./database.ts";
import { refuseNewer } from "./newer_database.ts";
import { workAsOwner } from "./owner_rights.ts";
import { isStaged, swapStaged } from "./restore_swap.ts";

const FILE = "pbx.lock";

/** A lock on a data directory. */
export interface DataLock {
  release(): void;
}

/**
 * What a server does before it opens the database: takes the lock, and puts a backup that was
 * staged in the place of the database. Touches nothing where the database is of a newer program.
 *
 * @throws OperatorError with the pid of the server that holds the lock.
 */
export function claimDataDir(dataDir: string): DataLock {
  const path = `${dataDir}/${DATABASE_FILE}`;
  try {
    makeDataDir(dataDir);
    if (!isStaged(dataDir)) refuseNewer(path);
    const lock = lockDataDir(dataDir);
    try {
      swapStaged(dataDir);
      return lock;
    } catch (error) {
      lock.release();
      throw error;
    }
  } catch (error) {
    throw describeFailure(error, path);
  }
}

/**
 * Takes the lock.
 *
 * @throws OperatorError with the pid of the server that holds it.
 */
export function lockDataDir(dataDir: string): DataLock {
  const lock = tryLockDataDir(dataDir);
  if (lock !== null) return lock;
  const pid = readLockPid(dataDir);
  throw new OperatorError(
    `another server runs on \`${dataDir}\`${pid === 0 ? "" : `: pid ${pid}`}`,
    pid === 0
      ? "end it, or name another directory with --data"
      : `end it (kill ${pid}, or where it is the service: systemctl stop pbx.socket pbx.service), or name another directory with --data`,
  );
}

/** The same; null where a server holds it. */
export function tryLockDataDir(dataDir: string): DataLock | null {
  const path = `${dataDir}/${FILE}`;
  makeDataFile(path);
  return workAsOwner(dataDir, () => {
    const lock = tryLockFile(path);
    if (lock !== null) Deno.writeTextFileSync(path, `${Deno.pid}\n`);
    return lock;
  });
}

/** Who holds the lock, as he has written it there; 0 where that is not known. */
export function readLockPid(dataDir: string): number {
  try {
    const text = Deno.readTextFileSync(`${dataDir}/${FILE}`);
    return Number(/^[0-9]+/.exec(text)?.[0] ?? 0);
  } catch {
    return 0;
  }
}
