/**
 * The methods of SIP that exist (RFC 3261 §7.1 and its extensions), whether served or not.
 * @module
 */

import { equalsText, readText } from "./octet.ts";

/** In the order in which phones need them recognised. */
export const METHODS = [
  "REGISTER",
  "OPTIONS",
  "INVITE",
  "ACK",
  "BYE",
  "CANCEL",
  "SUBSCRIBE",
  "NOTIFY",
  "PUBLISH",
  "MESSAGE",
  "INFO",
  "REFER",
  "UPDATE",
  "PRACK",
] as const;

/** Methods that exist, and are refused with 405 where they are not served. */
export const KNOWN_METHODS: ReadonlySet<string> = new Set(METHODS);

/** The method that stands in these octets; the text of a known one is shared. */
export function readMethod(
  bytes: Uint8Array,
  start: number,
  end: number,
): string {
  for (let i = 0; i < METHODS.length; i++) {
    if (equalsText(bytes, start, end, METHODS[i]!)) return METHODS[i]!;
  }
  return readText(bytes, start, end);
}
