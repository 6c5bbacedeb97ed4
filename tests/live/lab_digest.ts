/**
 * The phone's side of digest authentication, with qop=auth (RFC 7616 §3.4).
 * @module
 */

import { createHash, randomBytes } from "node:crypto";

export type Algorithm = "MD5" | "SHA-256";

/** What the server wants an answer to. */
export interface Challenge {
  readonly realm: string;
  readonly nonce: string;
  readonly algorithm: Algorithm;
}

/** What goes into the answer. */
export interface Login {
  readonly number: string;
  readonly password: string;
  /** The request's URI as it stands in the request line. */
  readonly uri: string;
  /** How many times the nonce was used, this one included. */
  readonly count: number;
  /** REGISTER when left out. */
  readonly method?: string;
}

/** The challenge of the wanted algorithm; no `algorithm` means MD5 (RFC 7616 §3.3). */
export function readChallenge(
  text: string,
  algorithm: Algorithm,
): Challenge | null {
  for (
    const [, value] of text.matchAll(
      /^WWW-Authenticate\s*:\s*Digest\s+(.*?)\r$/gim,
    )
  ) {
    const found = /algorithm="?([\w-]+)/i.exec(value!)?.[1]?.toUpperCase() ??
      "MD5";
    const realm = /realm="([^"]*)"/i.exec(value!)?.[1];
    const nonce = /nonce="([^"]*)"/i.exec(value!)?.[1];
    if (found === algorithm && realm !== undefined && nonce !== undefined) {
      return { realm, nonce, algorithm };
    }
  }
  return null;
}

/** The header line of a request that answers a challenge. */
export function answerChallenge(challenge: Challenge, login: Login): string {
  const { realm, nonce, algorithm } = challenge;
  const { number, password, uri } = login;
  const hash = (text: string) =>
    createHash(algorithm === "MD5" ? "md5" : "sha256").update(text)
      .digest("hex");
  const count = login.count.toString(16).padStart(8, "0");
  const cnonce = randomBytes(6).toString("hex");
  const secret = hash(`${number}:${realm}:${password}`);
  const request = hash(`${login.method ?? "REGISTER"}:${uri}`);
  const response = hash(
    `${secret}:${nonce}:${count}:${cnonce}:auth:${request}`,
  );
  return `Authorization: Digest username="${number}", realm="${realm}", ` +
    `nonce="${nonce}", uri="${uri}", response="${response}", ` +
    `algorithm=${algorithm}, qop=auth, nc=${count}, cnonce="${cnonce}"`;
}
