/**
 * SIP URIs as values, and when two of them are the same (RFC 3261 §19.1.4).
 * @module
 */

/** One parameter as written; `value` is null where there is no equals sign. */
export interface Parameter {
  /** Lower case. */
  readonly name: string;
  readonly value: string | null;
}

/** A `sip:` or `sips:` URI (RFC 3261 §19.1.1). */
export interface SipUri {
  readonly kind: "sip";
  readonly scheme: "sip" | "sips";
  /** As written, with its escapes; null where there is no `@`. */
  readonly user: string | null;
  readonly password: string | null;
  /** Lower case; an IPv6 address without brackets. */
  readonly host: string;
  /** 0 where none is written. */
  readonly port: number;
  readonly parameters: readonly Parameter[];
  /** What stands behind the question mark, as written; null where there is none. */
  readonly headers: string | null;
  readonly text: string;
}

/** A URI of another scheme (`tel:`, `urn:`, …), of which only the scheme is looked at. */
export interface OtherUri {
  readonly kind: "other";
  /** Lower case. */
  readonly scheme: string;
  readonly text: string;
}

export type Uri = SipUri | OtherUri;

/** The value of a parameter: null where it is missing, "" where it has no value. */
export function parameterOf(
  parameters: readonly Parameter[],
  name: string,
): string | null {
  for (const parameter of parameters) {
    if (parameter.name === name) return parameter.value ?? "";
  }
  return null;
}

/**
 * Undoes percent escapes once (RFC 3261 §19.1.2); an escape that is none stays as it is.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { unescapeText } from "./uri.ts";
 * assert.equal(unescapeText("%31001"), "1001");
 * assert.equal(unescapeText("%2541"), "%41");
 * ```
 */
export function unescapeText(text: string): string {
  if (!text.includes("%")) return text;
  return text.replace(
    /%([0-9A-Fa-f]{2})/g,
    (_, hex: string) => String.fromCharCode(parseInt(hex, 16)),
  );
}

/** Escapes of letters, digits and marks undone; all others kept, in upper case. */
function normaliseEscapes(text: string): string {
  if (!text.includes("%")) return text;
  return text.replace(/%([0-9A-Fa-f]{2})/g, (escape, hex: string) => {
    const letter = String.fromCharCode(parseInt(hex, 16));
    return /[A-Za-z0-9\-_.!~*'()]/.test(letter) ? letter : escape.toUpperCase();
  });
}

/** Parameters that may not stand in one of the two URIs alone. */
const DECIDING = ["user", "ttl", "method", "maddr", "transport"];

/** Whether two URIs are equivalent. URIs of other schemes are compared letter by letter. */
export function equalsUri(a: Uri, b: Uri): boolean {
  if (a.text === b.text) return true;
  if (a.kind !== "sip" || b.kind !== "sip") return false;
  return a.scheme === b.scheme && a.host === b.host && a.port === b.port &&
    equalsEscaped(a.user, b.user) && equalsEscaped(a.password, b.password) &&
    equalsParameters(a.parameters, b.parameters) &&
    equalsHeaders(a.headers, b.headers);
}

function equalsEscaped(a: string | null, b: string | null): boolean {
  if (a === null || b === null) return a === b;
  return a === b || normaliseEscapes(a) === normaliseEscapes(b);
}

function equalsParameters(
  a: readonly Parameter[],
  b: readonly Parameter[],
): boolean {
  for (const name of DECIDING) {
    if ((parameterOf(a, name) === null) !== (parameterOf(b, name) === null)) {
      return false;
    }
  }
  for (const { name, value } of a) {
    const other = parameterOf(b, name);
    if (other === null) continue;
    if (
      normaliseEscapes(value ?? "").toLowerCase() !==
        normaliseEscapes(other).toLowerCase()
    ) {
      return false;
    }
  }
  return true;
}

function equalsHeaders(a: string | null, b: string | null): boolean {
  if (a === null || b === null) return a === b;
  return sortedHeaders(a) === sortedHeaders(b);
}

function sortedHeaders(headers: string): string {
  return headers.split("&").map((header) => {
    const equals = header.indexOf("=");
    const name = equals < 0 ? header : header.slice(0, equals);
    const value = equals < 0 ? "" : header.slice(equals + 1);
    return `${normaliseEscapes(name).toLowerCase()}=${normaliseEscapes(value)}`;
  }).sort().join("&");
}

/**
 * The text of a URI without the password that somebody wrote into it (RFC 3261 §19.1.1), for
 * people and logs.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { maskPassword } from "./uri.ts";
 * assert.equal(maskPassword("sip:1001:secret@192.0.2.7:5062"), "sip:1001:***@192.0.2.7:5062");
 * assert.equal(maskPassword("sip:192.0.2.7:5062"), "sip:192.0.2.7:5062");
 * ```
 */
export function maskPassword(text: string): string {
  // a password stands between a second colon and the sign, which nearly no URI has
  const sign = text.lastIndexOf("@");
  if (sign < 0 || text.lastIndexOf(":", sign) === text.indexOf(":")) {
    return text;
  }
  return text.replace(URI_PASSWORD, "$1***");
}

/** Also of several URIs, and behind a name in quotes that looks like one. */
const URI_PASSWORD = /\b(sips?:[^\s:<>"]{0,512}:)[^\s@<>"]{1,512}(?=@)/gi;
