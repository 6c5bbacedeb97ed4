/**
 * One server for one data directory: a lock that the kernel takes back when its process ends,
 * however it ends.
 * @module
 */

import { tryLockFile } from "../../sip/io/libc.ts";
import { OperatorError } from "../operator_error.ts";

const FILE = "pbx.lock";

/**
 * Takes the lock.
 *
 * @throws OperatorError with the pid of the server that holds it.
 */
export function lockDataDir(dataDir: string): { release(): void } {
  const path = `${dataDir}/${FILE}`;
  const lock = tryLockFile(path);
  if (lock === null) {
    const pid = readPid(path);
    throw new OperatorError(
      `another server runs on \`${dataDir}\`${
        pid === "" ? "" : `: pid ${pid}`
      }`,
      pid === ""
        ? "end it, or name another directory with --data"
        : `end it (kill ${pid}), or name another directory with --data`,
    );
  }
  Deno.writeTextFileSync(path, `${Deno.pid}\n`);
  return lock;
}

function readPid(path: string): string {
  try {
    return /^[0-9]+/.exec(Deno.readTextFileSync(path))?.[0] ?? "";
  } catch {
    return "";
  }
}
