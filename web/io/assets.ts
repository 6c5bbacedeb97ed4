/**
 * Reads the assets of the page, which lie beside the source, also in the compiled binary.
 * @module
 */

import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import {
  type Asset,
  type Assets,
  joinStyles,
  typeOfAsset,
} from "../page/assets_route.ts";

const FOLDER = new URL("../client/", import.meta.url);
const ENTRY = "page.css";
const HASH_DIGITS = 16;

/** Reads and compresses them all, one in each step. */
export function* readAssets(): Generator<void, Assets> {
  const names = [...Deno.readDirSync(FOLDER)].map(({ name }) => name).sort();
  const hash = createHash("sha256");
  const files = new Map<string, Asset>();
  for (const name of names) {
    const type = typeOfAsset(name);
    if (type === null) continue;
    const text = name === ENTRY
      ? joinStyles(readText(name), readText)
      : readText(name);
    const octets = new TextEncoder().encode(text);
    hash.update(`${name} ${octets.length}\n`).update(octets);
    files.set(name, { type, octets, gzip: new Uint8Array(gzipSync(octets)) });
    yield;
  }
  return { hash: hash.digest("hex").slice(0, HASH_DIGITS), files };
}

function readText(name: string): string {
  return Deno.readTextFileSync(new URL(name, FOLDER));
}
