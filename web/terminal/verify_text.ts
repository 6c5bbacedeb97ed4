/**
 * What `pbx verify` says.
 * @module
 */

import { quote } from "../../pbx/quoted.ts";
import type { SignatureFault } from "../release/ssh_signature.ts";

export interface Verification {
  readonly ok: boolean;
  /** Of the signature or of the list; null where both are well. */
  readonly fault: VerificationFault | null;
  readonly files: readonly CheckedFile[];
}

export interface VerificationFault {
  readonly code: SignatureFault["code"] | "list";
  readonly what: string;
}

export interface CheckedFile {
  readonly file: string;
  readonly state: "same" | "different" | "unlisted" | "unreadable";
  /** What it has. */
  readonly sha256?: string;
  /** What the list says. */
  readonly expected?: string;
  readonly why?: string;
}

/** Writes the lines; those of a failure are messages like any other of the program. */
export function formatVerification(
  { ok, fault, files }: Verification,
): string {
  if (fault !== null) return spellFault(fault);
  const lines = files.map((checked) => `${spellFile(checked)}\n`).join("");
  if (ok) return `The list is signed by the key of this program\n${lines}`;
  const bad = files.filter(({ state }) => state !== "same");
  return bad.map((checked) => `pbx: ${spellFile(checked)}\n`).join("") +
    "     Do not use what is different: fetch the files of the release again\n";
}

function spellFault({ code, what }: VerificationFault): string {
  switch (code) {
    case "unset":
      return "pbx: This program knows no key of releases, so it can trust " +
        `none: ${what}\n` +
        "     Install from a file that you trust: PBX_FILE=FILE sh install.sh\n";
    case "list":
      return `pbx: The list is signed, but it cannot be read: ${what}\n`;
    default:
      return "pbx: The list is not signed by the key that this program " +
        `knows: ${what}\n` +
        "     Do not use these files: fetch them again, or ask who made them\n";
  }
}

function spellFile(checked: CheckedFile): string {
  const file = quote(checked.file, 200);
  switch (checked.state) {
    case "same":
      return `${file} is as in the list`;
    case "different":
      return `${file} is not what was released: its SHA-256 is ` +
        `${checked.sha256}, in the list stands ${checked.expected}`;
    case "unlisted":
      return `${file} is not in the list`;
    case "unreadable":
      return `${file} cannot be read: ${checked.why}`;
  }
}
