/**
 * The SHA-256 of a file, read in pieces: a program is a hundred megabytes.
 * @module
 */

import { createHash } from "node:crypto";

const PIECE_OCTETS = 1024 * 1024;

/** In hexadecimal digits; throws where the file cannot be read. */
export function hashFile(path: string): string {
  using file = Deno.openSync(path);
  const hash = createHash("sha256");
  const piece = new Uint8Array(PIECE_OCTETS);
  for (;;) {
    const octets = file.readSync(piece);
    if (octets === null) return hash.digest("hex");
    hash.update(piece.subarray(0, octets));
  }
}
