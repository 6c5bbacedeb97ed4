/**
 * Addresses in From, To, Contact, Route and Path (RFC 3261 §20.10, §25.1):
 *
 *     name-addr = [ display-name ] "<" addr-spec ">" *( ";" parameter )
 *     addr-spec, without brackets: what follows a semicolon belongs to the header field, and a
 *     URI that holds a comma, a question mark or a semicolon may not stand there.
 *
 * Lax in one place: a display name without quotes may hold any printable octet but the
 * delimiters, because phones send names in UTF-8 and with full stops.
 * @module
 */

import { consistsOf, TOKEN } from "./octet.ts";
import { parseUri } from "./parse_uri.ts";
import type { Parameter, Uri } from "./uri.ts";

/** One address with the parameters of its header field. */
export interface Address {
  /** Without quotes and escapes; "" where there is none. */
  readonly displayName: string;
  readonly uri: Uri;
  readonly parameters: readonly Parameter[];
}

/** What is wrong, for people and for a reason phrase. */
export interface AddressFault {
  readonly fault: string;
}

const QUOTED = /^"(?:[^"\\\x00-\x08\x0a-\x1f]|\\[\x00-\x7f])*"[ \t]*/;
const PLAIN_NAME = /^[^"<>,;:\\@\x00-\x08\x0b\x0c\x0e-\x1f]*$/;
const PARAMETER_VALUE =
  /^(?:[A-Za-z0-9\-.!%*_+`'~]+|\[[0-9A-Fa-f:.]+\]|"(?:[^"\\]|\\[\x00-\x7f])*")$/;

/** Reads the one address of a From or To. */
export function parseAddress(text: string): Address | AddressFault {
  const parts = splitOutsideQuotes(text, ",");
  if (parts === null) return { fault: "quote without end" };
  return parts.length === 1
    ? readAddress(text.trim())
    : { fault: "more than one address" };
}

/** Reads a list of addresses; each part as in `parseAddress`. */
export function parseAddressList(
  text: string,
): readonly Address[] | AddressFault {
  const parts = splitOutsideQuotes(text, ",");
  if (parts === null) return { fault: "quote without end" };
  const addresses: Address[] = [];
  for (const part of parts) {
    const address = readAddress(part.trim());
    if ("fault" in address) return address;
    addresses.push(address);
  }
  return addresses;
}

function readAddress(text: string): Address | AddressFault {
  let displayName = "";
  let rest = text;
  if (text.startsWith('"')) {
    const quoted = QUOTED.exec(text);
    if (quoted === null) return { fault: "bad quoted display name" };
    displayName = unquote(quoted[0].trimEnd());
    rest = text.slice(quoted[0].length);
    if (!rest.startsWith("<")) return { fault: "display name without <" };
  } else {
    const open = text.indexOf("<");
    // a colon before the bracket: the bracket stands in a quoted parameter
    if (open < 0 || /[:;]/.test(text.slice(0, open))) {
      return readBareAddress(text);
    }
    displayName = text.slice(0, open).trim();
    if (displayName !== "" && !PLAIN_NAME.test(displayName)) {
      return { fault: "bad display name" };
    }
    rest = text.slice(open);
  }
  const close = rest.indexOf(">");
  if (close < 0) return { fault: "< without >" };
  const uri = parseUri(rest.slice(1, close));
  if (uri === null) return { fault: "bad URI" };
  const parameters = readParameters(rest.slice(close + 1));
  return parameters === null
    ? { fault: "bad parameter" }
    : { displayName, uri, parameters };
}

function readBareAddress(text: string): Address | AddressFault {
  const semicolon = text.indexOf(";");
  const spec = (semicolon < 0 ? text : text.slice(0, semicolon)).trimEnd();
  if (spec.includes("?")) return { fault: "URI with ? needs < and >" };
  const uri = parseUri(spec);
  if (uri === null) return { fault: "bad URI" };
  const parameters = readParameters(semicolon < 0 ? "" : text.slice(semicolon));
  return parameters === null
    ? { fault: "bad parameter" }
    : { displayName: "", uri, parameters };
}

const NO_PARAMETERS: readonly Parameter[] = [];

/** Reads `*( ";" name [ "=" value ] )` with blanks wherever the grammar has them. */
function readParameters(text: string): readonly Parameter[] | null {
  const trimmed = text.trim();
  if (trimmed === "") return NO_PARAMETERS;
  if (!trimmed.startsWith(";")) return null;
  const parts = splitOutsideQuotes(trimmed.slice(1), ";");
  if (parts === null) return null;
  const parameters: Parameter[] = [];
  for (const part of parts) {
    const equals = part.indexOf("=");
    const name = (equals < 0 ? part : part.slice(0, equals)).trim();
    if (!consistsOf(name, TOKEN)) return null;
    if (equals < 0) {
      parameters.push({ name: name.toLowerCase(), value: null });
      continue;
    }
    const value = part.slice(equals + 1).trim();
    if (!consistsOf(value, TOKEN) && !PARAMETER_VALUE.test(value)) return null;
    parameters.push({ name: name.toLowerCase(), value: unquote(value) });
  }
  return parameters;
}

/** Text without its quotes and without the backslashes of quoted pairs. */
export function unquote(text: string): string {
  return text.startsWith('"')
    ? text.slice(1, -1).replace(/\\([\s\S])/g, "$1")
    : text;
}

/**
 * Cuts text at a delimiter that stands neither in quotes nor in angle brackets.
 *
 * @returns null where a quote has no end.
 */
export function splitOutsideQuotes(
  text: string,
  delimiter: "," | ";",
): string[] | null {
  if (!text.includes(delimiter)) {
    return hasOpenQuote(text) ? null : [text];
  }
  const parts: string[] = [];
  let start = 0;
  let isQuoted = false;
  let isBracketed = false;
  for (let at = 0; at < text.length; at++) {
    const letter = text[at];
    if (isQuoted) {
      if (letter === "\\") at++;
      else if (letter === '"') isQuoted = false;
    } else if (letter === '"' && !isBracketed) {
      isQuoted = true;
    } else if (letter === "<") {
      isBracketed = true;
    } else if (letter === ">") {
      isBracketed = false;
    } else if (letter === delimiter && !isBracketed) {
      parts.push(text.slice(start, at));
      start = at + 1;
    }
  }
  if (isQuoted) return null;
  parts.push(text.slice(start));
  return parts;
}

function hasOpenQuote(text: string): boolean {
  if (!text.includes('"')) return false;
  let isQuoted = false;
  for (let at = 0; at < text.length; at++) {
    if (isQuoted && text[at] === "\\") at++;
    else if (text[at] === '"') isQuoted = !isQuoted;
  }
  return isQuoted;
}
