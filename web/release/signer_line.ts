/**
 * The public key of the project stands in two files: in `install.sh`, which checks what it
 * downloads, and in `signer.ts`, which is in the program. Reads it there and puts another there.
 * @module
 */

export type SignerFile = "install.sh" | "signer.ts";

const LINES: Readonly<Record<SignerFile, RegExp>> = {
  "install.sh": /^SIGNER='([^'\n]*)'$/gm,
  "signer.ts": /^export const SIGNER\s*=\s*"([^"\n]*)";$/gm,
};

/** The key that a file names, "" where it names none yet; null where it has not one such line. */
export function readSigner(file: SignerFile, text: string): string | null {
  const found = [...text.matchAll(LINES[file])];
  return found.length === 1 ? found[0]![1]! : null;
}

/** The text of the file with this key in it; null where it has not one such line. */
export function stampSigner(
  file: SignerFile,
  text: string,
  key: string,
): string | null {
  if (readSigner(file, text) === null) return null;
  return text.replace(LINES[file], () => spellLine(file, key));
}

/** As `deno fmt` leaves it. */
function spellLine(file: SignerFile, key: string): string {
  if (file === "install.sh") return `SIGNER='${key}'`;
  return `export const SIGNER =${key === "" ? " " : "\n  "}"${key}";`;
}
