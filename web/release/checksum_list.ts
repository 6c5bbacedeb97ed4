/**
 * The list of checksums of a release, `SHA256SUMS`, as `sha256sum` writes it: a line for each
 * file, `HEX  NAME` or `HEX *NAME`. Only plain names are taken, so that a list cannot point to
 * a file elsewhere, and each of them once.
 * @module
 */

export interface ChecksumFault {
  /** From 1; 0 for the list as a whole. */
  readonly line: number;
  readonly what: string;
}

/** SHA-256 in lower-case hexadecimal digits, by the name of the file. */
export type ChecksumList = ReadonlyMap<string, string>;

const MOST_LINES = 1000;
const LINE = /^([0-9a-f]{64}) [ *](.+)$/;
const NAME = /^[A-Za-z0-9_][A-Za-z0-9._+-]{0,127}$/;

/**
 * Reads a list.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { parseChecksums } from "./checksum_list.ts";
 * const list = parseChecksums(`${"0".repeat(64)}  install.sh\n`);
 * assert.ok(list instanceof Map);
 * assert.deepEqual([...list.keys()], ["install.sh"]);
 * ```
 */
export function parseChecksums(text: string): ChecksumList | ChecksumFault {
  if (text === "") return { line: 0, what: "it is empty" };
  if (!text.endsWith("\n")) return { line: 0, what: "its last line is cut" };
  const lines = text.slice(0, -1).split("\n");
  if (lines.length > MOST_LINES) return { line: 0, what: "it is too long" };
  const list = new Map<string, string>();
  for (const [index, line] of lines.entries()) {
    const [, hash, name] = LINE.exec(line) ?? [];
    const fault = (what: string) => ({ line: index + 1, what });
    if (hash === undefined || name === undefined) {
      return fault("it is no checksum and name");
    }
    if (!NAME.test(name)) return fault("its name is no plain file name");
    if (list.has(name)) return fault("its name stands there twice");
    list.set(name, hash);
  }
  return list;
}

/** Writes a list, sorted by name. */
export function formatChecksums(list: ChecksumList): string {
  return [...list].sort(([a], [b]) => a < b ? -1 : 1)
    .map(([name, hash]) => `${hash}  ${name}\n`).join("");
}
