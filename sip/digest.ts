/**
 * Digest authentication (RFC 7616, RFC 8760): hashes of passwords, challenges, and whether an
 * answer to one is right. Both SHA-256 and MD5 are offered; several softphones know only MD5.
 * @module
 */

import { hash } from "node:crypto";
import { octetsOfHex } from "./hex.ts";
import { toOctets } from "./octet.ts";
import type { Credentials } from "./parse_credentials.ts";

export type Algorithm = "MD5" | "SHA-256";

/** Hashes text whose UTF-16 units are octets (see `readText`), to lower-case hexadecimal digits. */
function hashText(algorithm: Algorithm, text: string): string {
  const name = algorithm === "MD5" ? "md5" : "sha256";
  // node:crypto takes a string as UTF-8, which is the same only for ASCII
  return hash(name, /^[\x00-\x7f]*$/.test(text) ? text : toOctets(text));
}

/**
 * HA1 (RFC 7616 §3.4.2): the only form in which a password is kept.
 *
 * @param password as typed; it is hashed in UTF-8.
 * @returns 16 or 32 octets.
 */
export function hashPassword(
  algorithm: Algorithm,
  number: string,
  realm: string,
  password: string,
): Uint8Array<ArrayBuffer> {
  const name = algorithm === "MD5" ? "md5" : "sha256";
  return octetsOfHex(hash(name, `${number}:${realm}:${password}`));
}

/** One challenge, as the value of WWW-Authenticate (RFC 7616 §3.3). */
export function formatChallenge(
  algorithm: Algorithm,
  realm: string,
  nonce: string,
  isStale: boolean,
): string {
  const stale = isStale ? ", stale=true" : "";
  return `Digest realm="${realm}", nonce="${nonce}", algorithm=${algorithm}, qop="auth"${stale}`;
}

/** The algorithm that an answer names; MD5 where it names none (RFC 7616 §3.4); null for another. */
export function algorithmOf(credentials: Credentials): Algorithm | null {
  const name = credentials.algorithm.toUpperCase();
  if (name === "" || name === "MD5") return "MD5";
  return name === "SHA-256" ? "SHA-256" : null;
}

/** Checks answers. Keeps the hashes of the few request lines that all phones share. */
export class DigestCheck {
  readonly #ha2 = new Map<string, string>();

  /**
   * Whether the answer was made with this HA1 (RFC 7616 §3.4.1, qop=auth). Takes the same time
   * for a right and a wrong one.
   *
   * @param ha1 lower-case hexadecimal digits.
   */
  isRight(
    algorithm: Algorithm,
    ha1: string,
    method: string,
    credentials: Credentials,
  ): boolean {
    const { nonce, nonceCount, cnonce, qop, uri, response } = credentials;
    const ha2 = this.#hashRequestLine(algorithm, method, uri);
    const expected = hashText(
      algorithm,
      `${ha1}:${nonce}:${nonceCount}:${cnonce}:${qop}:${ha2}`,
    );
    return equalsInConstantTime(expected, response.toLowerCase());
  }

  #hashRequestLine(algorithm: Algorithm, method: string, uri: string): string {
    const key = `${algorithm} ${method}:${uri}`;
    let digits = this.#ha2.get(key);
    if (digits === undefined) {
      digits = hashText(algorithm, `${method}:${uri}`);
      // a stranger can send as many request lines as he likes
      if (this.#ha2.size >= 512) this.#ha2.clear();
      if (uri.length <= 256) this.#ha2.set(key, digits);
    }
    return digits;
  }
}

function equalsInConstantTime(expected: string, given: string): boolean {
  let difference = expected.length ^ given.length;
  for (let i = 0; i < expected.length; i++) {
    difference |= expected.charCodeAt(i) ^
      given.charCodeAt(i < given.length ? i : 0);
  }
  return difference === 0 && given.length > 0;
}
