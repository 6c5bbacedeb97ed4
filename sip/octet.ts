/**
 * Octets and text. A message is octets; where text is wanted each octet becomes one UTF-16 unit,
 * so that nothing is lost, not even what is no UTF-8, and going back is exact.
 *
 * Character classes of RFC 3261 §25.1.
 * @module
 */

export const TOKEN = 1;
/** What may stand in the user part of a URI without an escape; `#` because phones dial it. */
export const USER = 2;
/** What may stand in a host name; `_` because Windows networks have it. */
export const HOST = 4;

const CLASSES = makeClasses();

function makeClasses(): Uint8Array {
  const classes = new Uint8Array(256);
  const add = (letters: string, mask: number) => {
    for (const letter of letters) {
      const octet = letter.charCodeAt(0);
      classes[octet] = classes[octet]! | mask;
    }
  };
  const alphanumeric =
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  add(alphanumeric, TOKEN | USER | HOST);
  add("-.!%*_+`'~", TOKEN);
  add("-_.!~*'()&=+$,;?/#", USER);
  add("-._", HOST);
  return classes;
}

/** Octets with their text, as a message has them. */
export interface TextSource {
  readonly bytes: Uint8Array;
  slice(start: number, end: number): string;
}

/** Whether an octet may stand in a `token` (RFC 3261 §25.1). */
export function isTokenOctet(octet: number): boolean {
  return (CLASSES[octet]! & TOKEN) !== 0;
}

/** Whether text is not empty and each of its units belongs to a class: `TOKEN`, `USER`, `HOST`. */
export function consistsOf(text: string, mask: number): boolean {
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit > 0xff || (CLASSES[unit]! & mask) === 0) return false;
  }
  return text.length > 0;
}

/** Whether an octet is white space: a blank, a tab or a part of a line end. */
export function isBlankOctet(octet: number): boolean {
  return octet === 0x20 || octet === 0x09 || octet === 0x0d || octet === 0x0a;
}

/** For each length up to its own, an array to be filled: `apply` takes these without a copy. */
const UNITS: readonly number[][] = Array.from(
  { length: 257 },
  (_, length) => new Array<number>(length).fill(0),
);

/** The text of octets, one UTF-16 unit for each. */
export function readText(
  bytes: Uint8Array,
  start: number,
  end: number,
): string {
  let text = "";
  let at = start;
  do {
    const length = Math.min(end - at, UNITS.length - 1);
    const units = UNITS[length]!;
    for (let i = 0; i < length; i++) units[i] = bytes[at + i]!;
    text += String.fromCharCode.apply(null, units);
    at += length;
  } while (at < end);
  return text;
}

/** The octets of text that `readText` made, or of plain ASCII. */
export function toOctets(text: string): Uint8Array<ArrayBuffer> {
  const octets = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) octets[i] = text.charCodeAt(i);
  return octets;
}

/**
 * The first `longest` units of a text, as a text of their own: a plain part of a text keeps all of
 * it in memory.
 */
export function copyText(text: string, longest: number): string {
  // joined to another text it is written anew, and only the new one is kept
  return ` ${text.slice(0, longest)}`.slice(1);
}

/** Whether octets are the given ASCII text, letter by letter. */
export function equalsText(
  bytes: Uint8Array,
  start: number,
  end: number,
  text: string,
): boolean {
  if (end - start !== text.length) return false;
  for (let i = 0; i < text.length; i++) {
    if (bytes[start + i] !== text.charCodeAt(i)) return false;
  }
  return true;
}

/** The same without regard to the case of ASCII letters; `text` is given in lower case. */
export function equalsLower(
  bytes: Uint8Array,
  start: number,
  end: number,
  text: string,
): boolean {
  if (end - start !== text.length) return false;
  for (let i = 0; i < text.length; i++) {
    let octet = bytes[start + i]!;
    if (octet >= 0x41 && octet <= 0x5a) octet |= 0x20;
    if (octet !== text.charCodeAt(i)) return false;
  }
  return true;
}

/**
 * Reads `1*DIGIT` and nothing else: no sign, no blank, no exponent.
 *
 * @returns the number, or -1 where the octets are no number or it is larger than `maximum`.
 */
export function readInteger(
  bytes: Uint8Array,
  start: number,
  end: number,
  maximum: number,
): number {
  if (start >= end) return -1;
  let value = 0;
  for (let i = start; i < end; i++) {
    const octet = bytes[i]!;
    if (octet < 0x30 || octet > 0x39) return -1;
    value = value * 10 + (octet - 0x30);
    if (value > maximum) return -1;
  }
  return value;
}

/**
 * The same for text.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { parseInteger } from "./octet.ts";
 * assert.equal(parseInteger("3600", 7200), 3600);
 * assert.equal(parseInteger("5abc", 7200), -1);
 * assert.equal(parseInteger("1e3", 7200), -1);
 * ```
 */
export function parseInteger(text: string, maximum: number): number {
  if (text.length === 0) return -1;
  let value = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x30 || unit > 0x39) return -1;
    value = value * 10 + (unit - 0x30);
    if (value > maximum) return -1;
  }
  return value;
}

/** Text from the network for people: what cannot be printed becomes a dot, at most `most` units. */
export function printable(text: string, most: number): string {
  const cut = text.length > most ? text.slice(0, most) : text;
  return UNPRINTABLE.test(cut) ? cut.replace(/[^\x20-\x7e]/g, ".") : cut;
}

const UNPRINTABLE = /[^\x20-\x7e]/;
