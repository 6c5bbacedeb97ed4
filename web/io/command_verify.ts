/**
 * `pbx verify`: whether files are those of a release, by the signed list of their checksums.
 * `install.sh` asks a new program for this before it takes over, and so can everybody else.
 * @module
 */

import { basename } from "node:path";
import { OperatorError } from "../../pbx/operator_error.ts";
import { quote } from "../../pbx/quoted.ts";
import { parseChecksums } from "../release/checksum_list.ts";
import { judgeSignature } from "../release/ssh_signature.ts";
import {
  type CheckedFile,
  formatVerification,
  type Verification,
} from "../terminal/verify_text.ts";
import { hashFile } from "./file_hash.ts";
import { printJson, type Shell } from "./shell.ts";

export interface VerifyOptions {
  /** The list of checksums. */
  readonly sums: string;
  /** The signature of the list. */
  readonly signature: string;
  readonly json?: true | undefined;
}

/** A list or a signature that is longer is none. */
const LONGEST_OCTETS = 256 * 1024;

/**
 * Gives the exit code: 0 where the list is signed by `signer` and has every file as it is.
 * Throws OperatorError where the list or the signature cannot be read.
 */
export function verifyFiles(
  shell: Shell,
  signer: string,
  files: readonly string[],
  options: VerifyOptions,
): number {
  const sums = readShort(options.sums);
  const armored = new TextDecoder().decode(readShort(options.signature));
  const verification = verify({ sums, armored, signer, files });
  if (options.json) printJson(shell, verification);
  else if (verification.ok) shell.print(formatVerification(verification));
  else shell.tell(formatVerification(verification));
  return verification.ok ? 0 : 1;
}

function verify(
  { sums, armored, signer, files }: {
    readonly sums: Uint8Array;
    readonly armored: string;
    readonly signer: string;
    readonly files: readonly string[];
  },
): Verification {
  // Nothing of the list is looked at before its signature is right.
  const fault = judgeSignature(sums, armored, signer);
  if (fault !== null) return { ok: false, fault, files: [] };
  const list = parseChecksums(new TextDecoder().decode(sums));
  if ("what" in list) {
    const where = list.line === 0 ? "" : ` (line ${list.line})`;
    const what = `${list.what}${where}`;
    return { ok: false, fault: { code: "list", what }, files: [] };
  }
  const checked = files.map((file) =>
    checkFile(file, list.get(basename(file)) ?? null)
  );
  const ok = checked.every(({ state }) => state === "same");
  return { ok, fault: null, files: checked };
}

function checkFile(file: string, expected: string | null): CheckedFile {
  if (expected === null) return { file, state: "unlisted" };
  try {
    if (!Deno.statSync(file).isFile) {
      return { file, state: "unreadable", why: "it is no file" };
    }
    const sha256 = hashFile(file);
    return sha256 === expected
      ? { file, state: "same", sha256 }
      : { file, state: "different", sha256, expected };
  } catch (error) {
    return { file, state: "unreadable", why: explain(error) };
  }
}

function readShort(path: string): Uint8Array {
  try {
    if (!Deno.statSync(path).isFile) throw new Error("it is no file");
    using file = Deno.openSync(path);
    const octets = new Uint8Array(LONGEST_OCTETS + 1);
    let length = 0;
    for (;;) {
      const read = file.readSync(octets.subarray(length));
      if (read === null) return octets.subarray(0, length);
      length += read;
      if (length > LONGEST_OCTETS) throw new Error("it is too long");
    }
  } catch (error) {
    throw new OperatorError(
      `${quote(path)} cannot be read: ${explain(error)}`,
      "Name the SHA256SUMS and the SHA256SUMS.sig of the release",
      1,
    );
  }
}

function explain(error: unknown): string {
  if (error instanceof Deno.errors.NotFound) return "it is not there";
  if (error instanceof Deno.errors.PermissionDenied) {
    return "permission denied";
  }
  return error instanceof Error ? error.message : String(error);
}
