/**
 * The archive of a help bundle, made in small steps.
 * @module
 */

import { Zip, ZipDeflate } from "fflate";
import type { BundleEntry, Steps } from "./bundle.ts";
import { OctetPile } from "./octet_pile.ts";

/** So much is packed at once; some milliseconds. */
const PIECE = 1 << 14;

/** Packs the files; `madeAt` is milliseconds since 1970. */
export function* zipInSteps(
  entries: readonly BundleEntry[],
  madeAt: number,
): Steps<Uint8Array<ArrayBuffer>> {
  const pile = new OctetPile();
  let fault: Error | null = null;
  const archive = new Zip((error, piece) => {
    fault = error;
    if (error === null) pile.addOctets(piece);
  });
  for (const { name, octets } of entries) {
    const file = new ZipDeflate(name, { level: 6 });
    file.mtime = new Date(madeAt);
    archive.add(file);
    let at = 0;
    do {
      const end = at + PIECE;
      file.push(octets.subarray(at, end), end >= octets.length);
      at = end;
      yield;
    } while (at < octets.length);
  }
  archive.end();
  if (fault !== null) throw fault;
  return pile.take();
}
