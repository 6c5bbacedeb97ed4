/**
 * Who has the database of a data directory open, says so by a lock on the directory that he shares
 * with others. Who puts another database in its place needs the lock alone: else somebody who has
 * opened the old one a moment before would write its journal beside the new one.
 * @module
 */

import { EAGAIN, openLibc } from "../../sip/io/libc.ts";
import { OperatorError } from "../operator_error.ts";

const O_CLOEXEC = 0x80000;
const LOCK_SH = 1;
const LOCK_EX = 2;
const LOCK_NB = 4;
const WAIT_MS = 5000;
const EVERY_MS = 10;

/** A lock that ends with its `release()` or with the process. */
export interface DirectoryLock {
  release(): void;
}

const NO_LOCK: DirectoryLock = { release: () => {} };

/**
 * Takes the lock, waiting some seconds for others; where there is no C library, or a file system
 * that knows no locks, there is none to be had and none needed.
 *
 * @throws OperatorError where others hold it for longer.
 */
export function useDataDir(dataDir: string, isAlone: boolean): DirectoryLock {
  const libc = openLibc(["open", "flock", "close"]);
  if (libc === null) return NO_LOCK;
  const path = new TextEncoder().encode(dataDir + "\0");
  const descriptor = libc.call.open(path, O_CLOEXEC, 0);
  const release = () => {
    if (descriptor >= 0) libc.call.close(descriptor);
    libc.close();
  };
  const how = (isAlone ? LOCK_EX : LOCK_SH) | LOCK_NB;
  const endMs = performance.now() + WAIT_MS;
  while (descriptor >= 0 && libc.call.flock(descriptor, how) !== 0) {
    if (libc.errno() !== EAGAIN) break;
    if (performance.now() > endMs) {
      release();
      throw new OperatorError(
        `another command works on \`${dataDir}\``,
        "wait until it has ended, and try again",
      );
    }
    waitMs(EVERY_MS);
  }
  return { release };
}

function waitMs(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
