/**
 * The Authorization header field (RFC 3261 §20.7, RFC 7616 §3.4):
 *
 *     "Digest" LWS dig-resp *( "," dig-resp )      dig-resp = name "=" ( token / quoted-string )
 *
 * Parameters in any order, names in any case, blanks wherever the grammar has them. Read from
 * octets, because it is the longest header field of every registration.
 * @module
 */

import {
  equalsLower,
  isBlankOctet,
  isTokenOctet,
  type TextSource,
} from "./octet.ts";
import { unquote } from "./parse_address.ts";

/** What a phone answered to a challenge; "" for a parameter that it left out. */
export class Credentials {
  /** Lower case: `digest`, or what else was offered. */
  scheme = "";
  username = "";
  realm = "";
  nonce = "";
  /** As written: it is hashed like this. */
  uri = "";
  response = "";
  algorithm = "";
  cnonce = "";
  qop = "";
  /** As written: eight hexadecimal digits. */
  nonceCount = "";
}

type Field = Exclude<keyof Credentials, "scheme">;

/** In the order in which phones send them. */
const FIELDS: readonly { readonly name: string; readonly field: Field }[] = [
  { name: "username", field: "username" },
  { name: "realm", field: "realm" },
  { name: "nonce", field: "nonce" },
  { name: "uri", field: "uri" },
  { name: "response", field: "response" },
  { name: "algorithm", field: "algorithm" },
  { name: "cnonce", field: "cnonce" },
  { name: "qop", field: "qop" },
  { name: "nc", field: "nonceCount" },
];

const COMMA = 0x2c;
const EQUALS = 0x3d;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Reads one Authorization value; null where it breaks the grammar or names a parameter twice. */
export function parseCredentials(
  source: TextSource,
  start: number,
  end: number,
): Credentials | null {
  const { bytes } = source;
  let at = skipToken(bytes, start, end);
  if (at === start || (at < end && !isBlankOctet(bytes[at]!))) return null;
  const credentials = new Credentials();
  credentials.scheme = source.slice(start, at).toLowerCase();
  if (credentials.scheme !== "digest") return credentials;
  let seen = 0;
  for (;;) {
    while (at < end && (isBlankOctet(bytes[at]!) || bytes[at] === COMMA)) at++;
    if (at >= end) return credentials;
    const name = at;
    const nameEnd = skipToken(bytes, at, end);
    at = skipBlanks(bytes, nameEnd, end);
    if (nameEnd === name || at >= end || bytes[at] !== EQUALS) return null;
    const value = skipBlanks(bytes, at + 1, end);
    const valueEnd = skipValue(bytes, value, end);
    if (valueEnd < 0) return null;
    at = skipBlanks(bytes, valueEnd, end);
    if (at < end && bytes[at] !== COMMA) return null;
    for (let i = 0; i < FIELDS.length; i++) {
      if (!equalsLower(bytes, name, nameEnd, FIELDS[i]!.name)) continue;
      if ((seen & (1 << i)) !== 0) return null;
      seen |= 1 << i;
      credentials[FIELDS[i]!.field] = readValue(source, value, valueEnd);
      break;
    }
  }
}

function skipToken(bytes: Uint8Array, at: number, end: number): number {
  while (at < end && isTokenOctet(bytes[at]!)) at++;
  return at;
}

function skipBlanks(bytes: Uint8Array, at: number, end: number): number {
  while (at < end && isBlankOctet(bytes[at]!)) at++;
  return at;
}

/** The end of a quoted string or of a word, which may hold more than a token; -1 without end. */
function skipValue(bytes: Uint8Array, at: number, end: number): number {
  if (at < end && bytes[at] === QUOTE) {
    for (let i = at + 1; i < end; i++) {
      if (bytes[i] === BACKSLASH) i++;
      else if (bytes[i] === QUOTE) return i + 1;
    }
    return -1;
  }
  while (at < end && bytes[at] !== COMMA && !isBlankOctet(bytes[at]!)) at++;
  return at;
}

function readValue(source: TextSource, start: number, end: number): string {
  if (source.bytes[start] !== QUOTE) return source.slice(start, end);
  const text = source.slice(start + 1, end - 1);
  return text.includes("\\") ? unquote(`"${text}"`) : text;
}
