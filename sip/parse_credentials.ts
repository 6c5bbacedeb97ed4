/**
 * The Authorization header field (RFC 3261 §20.7, RFC 7616 §3.4):
 *
 *     "Digest" LWS dig-resp *( "," dig-resp )      dig-resp = name "=" ( token / quoted-string )
 *
 * Parameters in any order, names in any case, blanks wherever the grammar has them.
 * @module
 */

/** What a phone answered to a challenge; "" for a parameter that it left out. */
export interface Credentials {
  /** Lower case: `digest`, or what else was offered. */
  readonly scheme: string;
  readonly username: string;
  readonly realm: string;
  readonly nonce: string;
  /** As written: it is hashed like this. */
  readonly uri: string;
  readonly response: string;
  readonly algorithm: string;
  readonly cnonce: string;
  readonly qop: string;
  /** As written: eight hexadecimal digits. */
  readonly nonceCount: string;
}

type Field = Exclude<keyof Credentials, "scheme">;

const FIELDS: ReadonlyMap<string, Field> = new Map([
  ["username", "username"],
  ["realm", "realm"],
  ["nonce", "nonce"],
  ["uri", "uri"],
  ["response", "response"],
  ["algorithm", "algorithm"],
  ["cnonce", "cnonce"],
  ["qop", "qop"],
  ["nc", "nonceCount"],
]);

const SCHEME = /^\s*([A-Za-z0-9\-.!%*_+`'~]+)(?:\s+|$)/;

function isBlank(unit: number): boolean {
  return unit === 0x20 || unit === 0x09;
}

/** Reads one Authorization value; null where it breaks the grammar or names a parameter twice. */
export function parseCredentials(text: string): Credentials | null {
  const found = SCHEME.exec(text);
  if (found === null) return null;
  const credentials = {
    scheme: found[1]!.toLowerCase(),
    username: "",
    realm: "",
    nonce: "",
    uri: "",
    response: "",
    algorithm: "",
    cnonce: "",
    qop: "",
    nonceCount: "",
  };
  if (credentials.scheme !== "digest") return credentials;
  let seen = 0;
  const length = text.length;
  let at = found[0].length;
  while (at < length) {
    const unit = text.charCodeAt(at);
    if (isBlank(unit) || unit === 0x2c) {
      at++;
      continue;
    }
    const equals = text.indexOf("=", at);
    if (equals < 0) return null;
    let nameEnd = equals;
    while (nameEnd > at && isBlank(text.charCodeAt(nameEnd - 1))) nameEnd--;
    const name = text.slice(at, nameEnd);
    at = equals + 1;
    while (at < length && isBlank(text.charCodeAt(at))) at++;
    const start = at;
    let value: string;
    if (text.charCodeAt(at) === 0x22) {
      let hasEscape = false;
      for (at++; at < length && text.charCodeAt(at) !== 0x22; at++) {
        if (text.charCodeAt(at) !== 0x5c) continue;
        hasEscape = true;
        at++;
      }
      if (at >= length) return null;
      value = text.slice(start + 1, at);
      if (hasEscape) value = value.replace(/\\([\s\S])/g, "$1");
      at++;
    } else {
      while (
        at < length && text.charCodeAt(at) !== 0x2c &&
        !isBlank(text.charCodeAt(at))
      ) at++;
      value = text.slice(start, at);
    }
    while (at < length && isBlank(text.charCodeAt(at))) at++;
    if (at < length && text.charCodeAt(at) !== 0x2c) return null;
    const field = FIELDS.get(name) ?? FIELDS.get(name.toLowerCase());
    if (field === undefined) continue;
    const bit = 1 << fieldNumber(field);
    if ((seen & bit) !== 0) return null;
    seen |= bit;
    credentials[field] = value;
  }
  return credentials;
}

function fieldNumber(field: Field): number {
  switch (field) {
    case "username":
      return 0;
    case "realm":
      return 1;
    case "nonce":
      return 2;
    case "uri":
      return 3;
    case "response":
      return 4;
    case "algorithm":
      return 5;
    case "cnonce":
      return 6;
    case "qop":
      return 7;
    case "nonceCount":
      return 8;
  }
}
