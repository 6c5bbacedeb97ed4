/**
 * Capture files on disk: read whole and unpacked, and written one complete block after the other,
 * so that a file opens whenever the writing ends.
 * @module
 */

import { constants, gunzipSync } from "node:zlib";
import { OperatorError } from "../../pbx/operator_error.ts";
import { quote } from "../../pbx/quoted.ts";

const MOST_OCTETS = 512 << 20;
const PIECE = 1 << 20;
const LONGEST_PATH = 4096;

/**
 * Reads a file, and unpacks it if it is packed with gzip; a packed file that is cut gives what is
 * there. Throws OperatorError where it cannot be read or is larger than `mostOctets`.
 */
export async function readCaptureFile(
  path: string,
  mostOctets = MOST_OCTETS,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = await readBounded(path, mostOctets);
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    const unpacked = gunzipSync(bytes, {
      maxOutputLength: mostOctets,
      finishFlush: constants.Z_SYNC_FLUSH,
    });
    return new Uint8Array(
      unpacked.buffer as ArrayBuffer,
      unpacked.byteOffset,
      unpacked.byteLength,
    );
  } catch (error) {
    if (error instanceof RangeError) throw tooLarge(path, mostOctets);
    throw new OperatorError(`Cannot unpack ${name(path)}: ${reasonOf(error)}`);
  }
}

/** A file that is written to from its beginning; blocks are as `pcapng_write.ts` makes them. */
export class CaptureFile {
  readonly #path: string;
  readonly #file: Deno.FsFile;
  #length = 0;

  /** Makes the file, or empties it; nobody else may read a new one. Throws OperatorError. */
  constructor(path: string) {
    this.#path = path;
    try {
      this.#file = Deno.openSync(path, {
        write: true,
        create: true,
        truncate: true,
        mode: 0o600,
      });
    } catch (error) {
      throw new OperatorError(`Cannot write ${name(path)}: ${reasonOf(error)}`);
    }
  }

  /** Writes whole blocks; throws OperatorError, and leaves the file as it was before. */
  write(blocks: Uint8Array): void {
    try {
      for (let at = 0; at < blocks.length;) {
        at += this.#file.writeSync(blocks.subarray(at));
      }
      this.#length += blocks.length;
    } catch (error) {
      this.#forget();
      throw new OperatorError(
        `Cannot write ${name(this.#path)}: ${reasonOf(error)}`,
      );
    }
  }

  close(): void {
    this.#file.close();
  }

  /** Cuts off what was written of a block that has no end. */
  #forget(): void {
    try {
      this.#file.truncateSync(this.#length);
      this.#file.seekSync(this.#length, Deno.SeekMode.Start);
    } catch {
      // A pipe cannot be cut; whoever reads it sees the end of what came.
    }
  }
}

/** Also from a pipe, of which nobody knows the length. */
async function readBounded(
  path: string,
  mostOctets: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const pieces: Uint8Array[] = [];
  let total = 0;
  try {
    using file = await Deno.open(path);
    for (;;) {
      const piece = new Uint8Array(PIECE);
      const count = await file.read(piece);
      if (count === null) break;
      total += count;
      if (total > mostOctets) throw tooLarge(path, mostOctets);
      pieces.push(piece.subarray(0, count));
    }
  } catch (error) {
    if (error instanceof OperatorError) throw error;
    throw new OperatorError(`Cannot read ${name(path)}: ${reasonOf(error)}`);
  }
  const bytes = new Uint8Array(total);
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}

function tooLarge(path: string, mostOctets: number): OperatorError {
  const mebibytes = Math.floor(mostOctets / (1 << 20));
  return new OperatorError(
    `${name(path)} is larger than \`${mebibytes}\` MiB`,
    `editcap -i 60 '${path}' part.pcapng`,
  );
}

/** The path in back-ticks: a file that somebody sent may be called anything. */
function name(path: string): string {
  return quote(path, LONGEST_PATH);
}

function reasonOf(error: unknown): string {
  if (error instanceof Deno.errors.NotFound) return "there is no such file";
  if (error instanceof Deno.errors.PermissionDenied) return "permission denied";
  if (error instanceof Deno.errors.IsADirectory) return "it is a directory";
  return error instanceof Error ? error.message : String(error);
}
