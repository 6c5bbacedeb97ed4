/**
 * A message as a page shows it: its secrets are stars, and what cannot be printed is its number.
 * @module
 */

import { redactText } from "../../diag/redact.ts";
import { escapeText } from "../../pbx/quoted.ts";
import { readText, toOctets } from "../../sip/octet.ts";

export interface MessageText {
  readonly text: string;
  /** Whether its end is missing. */
  readonly isCut: boolean;
}

/** No message of a phone that works is longer. */
const LONGEST = 4096;
/** More than `redactText` looks at behind the beginning of a password. */
const LONGEST_SECRET = 512;

/** Writes at most so many octets of a message. */
export function writeMessageText(
  octets: Uint8Array,
  longest: number = LONGEST,
): MessageText {
  // the end of a password is told by what stands behind it
  const end = Math.min(octets.length, longest + LONGEST_SECRET);
  const redacted = redactText(readText(octets, 0, end)).slice(0, longest);
  const text =
    (NOT_ASCII.test(redacted) ? DECODER.decode(toOctets(redacted)) : redacted)
      .trimEnd();
  return {
    text: UNPRINTABLE.test(text) ? escapeLines(text) : text,
    isCut: octets.length > longest,
  };
}

const DECODER = new TextDecoder("utf-8", { ignoreBOM: true });
const NOT_ASCII = /[\u0080-\u00ff]/;
/** What `escapeText` would write otherwise, but for line ends. */
const UNPRINTABLE =
  /[\u0000-\u0009\u000b\u000c\u000e-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069\ufeff]/;

function escapeLines(text: string): string {
  return text.split(/\r?\n/).map(escapeText).join("\n");
}
