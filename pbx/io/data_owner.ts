/**
 * Whose the files of a data directory are. The service runs as a user of its own, and the
 * administrator runs commands as root: what root makes there is handed over to the owner of the
 * directory at once, or the service could neither read nor write it. SQLite does the same with the
 * files that it makes beside a database.
 *
 * The owner of the directory could put links into it to have root make or give away other files, so
 * nothing is made through a link, and only a file of root's that has one name is handed over.
 * @module
 */

import { closeSync, fchownSync, fstatSync, openSync } from "node:fs";
import { OperatorError } from "../operator_error.ts";

const PRIVATE = 0o600;

/** Makes the directory where there is none, for its owner only. */
export function makeDataDir(dataDir: string): void {
  Deno.mkdirSync(dataDir, { recursive: true, mode: 0o700 });
}

/** Makes an empty file for the owner of its directory only; one that is there stays as it is. */
export function makeDataFile(path: string): void {
  try {
    Deno.openSync(path, { createNew: true, write: true, mode: PRIVATE })
      .close();
  } catch (error) {
    if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
    refuseLink(path);
  }
  handOver(path);
}

/** The same with a content, where another file of the name goes first. */
export function makeDataFileAnew(path: string, text: string = ""): void {
  removeDataFile(path);
  Deno.writeTextFileSync(path, text, { createNew: true, mode: PRIVATE });
  handOver(path);
}

/** Removes a file; false where there is none. */
export function removeDataFile(path: string): boolean {
  try {
    Deno.removeSync(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** Gives a file of root's to the owner of its directory; nothing where there is no such file. */
export function handOver(path: string): void {
  if (Deno.uid() !== 0) return;
  const { uid, gid } = Deno.statSync(folderOf(path));
  if (uid === null || uid === 0) return;
  const seen = lookAt(path);
  if (seen === null || !seen.isFile || seen.uid !== 0) return;
  const descriptor = openSync(path, "r");
  try {
    const { dev, ino, nlink } = fstatSync(descriptor);
    if (dev !== seen.dev || ino !== seen.ino || nlink !== 1) return;
    fchownSync(descriptor, uid, gid ?? uid);
  } finally {
    closeSync(descriptor);
  }
}

/** Makes sure that a file, and the entry of its name, are on disk. */
export function syncDataFile(path: string): void {
  for (const name of [path, folderOf(path)]) {
    using file = Deno.openSync(name, { read: true });
    file.syncSync();
  }
}

/** The directory that a file is in. */
export function folderOf(path: string): string {
  const slash = path.lastIndexOf("/");
  return slash < 0 ? "." : path.slice(0, slash) || "/";
}

function refuseLink(path: string): void {
  if (lookAt(path)?.isSymlink !== true) return;
  throw new OperatorError(
    `\`${path}\` is a link, and must be a file`,
    `see where it leads: ls -la ${path}`,
  );
}

/** What a name stands for, links not followed; null for nothing. */
export function lookAt(path: string): Deno.FileInfo | null {
  try {
    return Deno.lstatSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}
