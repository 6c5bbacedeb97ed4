/**
 * Who sends a request (RFC 3261 §22, RFC 7616, RFC 8760). An unknown extension and a wrong
 * password look the same from outside, in octets and in time: the same hashes are made for both.
 *
 * Bad credentials are refused with 403 at once, where other servers challenge again: a phone
 * built on PJSIP shows "internal error" after three rounds of 401, and "wrong password" on 403.
 *
 * MD5 stands before SHA-256, against the order that RFC 8760 §2.4 prefers: sipp 3.6 reads the
 * first challenge only, and phones that know both take the one that they like better.
 * @module
 */

import {
  type Algorithm,
  algorithmOf,
  DigestCheck,
  formatChallenge,
} from "../sip/digest.ts";
import type { ChallengeReason } from "../sip/fact.ts";
import type { Message } from "../sip/message.ts";
import type { NonceMint } from "../sip/nonce.ts";
import {
  type Credentials,
  parseCredentials,
} from "../sip/parse_credentials.ts";
import { parseUri } from "../sip/parse_uri.ts";
import { type Refusal, refuse } from "../sip/refusal.ts";
import type { Directory } from "./directory.ts";

export interface Authenticated {
  readonly kind: "authenticated";
  /** Slot in the directory. */
  readonly extension: number;
  readonly number: string;
}

/** The request has to come again with an answer to this. */
export interface Challenge {
  readonly kind: "challenge";
  readonly why: ChallengeReason;
  /** The header fields of the 401. */
  readonly headers: string;
}

/** Gives up on a 401 that offers anything besides MD5, in whatever order. */
const MD5_ONLY = /^baresip v[01]\./;

/** What an unknown extension is checked against. */
const NOBODY_MD5 = "0".repeat(32);
const NOBODY_SHA256 = "0".repeat(64);

export class Authenticator {
  readonly #directory: Directory;
  readonly #realm: string;
  readonly #mint: NonceMint;
  readonly #check = new DigestCheck();

  constructor(directory: Directory, realm: string, mint: NonceMint) {
    this.#directory = directory;
    this.#realm = realm;
    this.#mint = mint;
  }

  /**
   * Looks at the credentials of a request.
   *
   * @param claimed the number that the request is about, as the phone wrote it.
   */
  authenticate(
    message: Message,
    claimed: string,
    nowMs: number,
  ): Authenticated | Challenge | Refusal {
    const credentials = this.#findCredentials(message);
    if (typeof credentials === "string") {
      return this.#challenge(message, credentials, false, nowMs);
    }
    if (credentials === null) return badCredentials("Bad Authorization", "");
    return this.#verify(message, claimed, credentials, nowMs);
  }

  /** The credentials for our realm among those for all realms; null where they cannot be read. */
  #findCredentials(message: Message): Credentials | ChallengeReason | null {
    let reason: ChallengeReason = "no-credentials";
    let isBroken = false;
    for (
      let at = message.find("authorization");
      at >= 0;
      at = message.find("authorization", at)
    ) {
      const credentials = parseCredentials(
        message,
        message.valueStart(at),
        message.valueEnd(at),
      );
      if (credentials === null) isBroken = true;
      else if (credentials.scheme !== "digest") reason = "other-scheme";
      else if (credentials.realm !== this.#realm) reason = "other-realm";
      else return credentials;
    }
    return isBroken ? null : reason;
  }

  #verify(
    message: Message,
    claimed: string,
    credentials: Credentials,
    nowMs: number,
  ): Authenticated | Challenge | Refusal {
    const missing = findMissing(credentials);
    if (missing !== null) {
      return badCredentials(`Missing or bad ${missing}`, missing);
    }
    const algorithm = algorithmOf(credentials);
    if (algorithm === null) {
      const why = "algorithm-unknown";
      return refuse(
        400,
        "Unknown algorithm",
        "auth",
        why,
        credentials.algorithm.slice(0, 32),
      );
    }
    const nonce = this.#mint.check(credentials.nonce, nowMs);
    const extension = this.#directory.find(credentials.username);
    const ha1 = this.#ha1(extension, algorithm);
    const isRight =
      this.#check.isRight(algorithm, ha1, message.method, credentials) &&
      extension >= 0;
    if (nonce.state !== "fresh") {
      const why = !isRight
        ? "wrong-answer"
        : nonce.state === "stale"
        ? "stale-nonce"
        : "foreign-nonce";
      return this.#challenge(message, why, isRight, nowMs);
    }
    if (!isRight) return this.#refuseWrong(extension, claimed, credentials);
    if (!isSameTarget(credentials.uri, message)) {
      const detail = credentials.uri.slice(0, 128);
      return refuse(
        400,
        "Authorization is for another URI",
        "auth",
        "uri-differs",
        detail,
      );
    }
    const count = parseInt(credentials.nonceCount, 16);
    if (!this.#directory.useNonce(extension, nonce.number, count)) {
      return this.#challenge(message, "nonce-count-replayed", true, nowMs);
    }
    return { kind: "authenticated", extension, number: credentials.username };
  }

  #ha1(extension: number, algorithm: Algorithm): string {
    // the look into the directory is made for nobody too, so that it takes as long
    const known = this.#directory.size === 0
      ? ""
      : this.#directory.ha1(Math.max(0, extension), algorithm);
    if (extension >= 0) return known;
    return algorithm === "MD5" ? NOBODY_MD5 : NOBODY_SHA256;
  }

  #refuseWrong(
    extension: number,
    claimed: string,
    credentials: Credentials,
  ): Refusal {
    const why = extension >= 0
      ? "wrong-password"
      : credentials.username === claimed
      ? "unknown-extension"
      : "login-differs";
    return forbidden(why, `login \`${credentials.username.slice(0, 64)}\``);
  }

  #challenge(
    message: Message,
    why: ChallengeReason,
    isStale: boolean,
    nowMs: number,
  ): Challenge {
    const nonce = this.#mint.issue(nowMs);
    let headers = `WWW-Authenticate: ${
      formatChallenge("MD5", this.#realm, nonce, isStale)
    }\r\n`;
    if (!MD5_ONLY.test(message.userAgent)) {
      headers += `WWW-Authenticate: ${
        formatChallenge("SHA-256", this.#realm, nonce, isStale)
      }\r\n`;
    }
    return { kind: "challenge", why, headers };
  }
}

/** The answer to every kind of wrong identity, the same to the last octet. */
export function forbidden(
  why: "unknown-extension" | "wrong-password" | "login-differs" | "third-party",
  detail: string,
): Refusal {
  return refuse(
    403,
    "Forbidden",
    why === "unknown-extension" ? "account" : "auth",
    why,
    detail,
  );
}

function badCredentials(reason: string, detail: string): Refusal {
  return refuse(400, reason, "auth", "credentials-incomplete", detail);
}

function findMissing(credentials: Credentials): string | null {
  if (credentials.username === "") return "username";
  if (credentials.nonce === "") return "nonce";
  if (credentials.uri === "") return "uri";
  if (credentials.response === "") return "response";
  if (credentials.qop.toLowerCase() !== "auth") return "qop";
  if (credentials.cnonce === "") return "cnonce";
  const isCount = /^(?!0{8})[0-9A-Fa-f]{8}$/.test(credentials.nonceCount);
  return isCount ? null : "nc";
}

/**
 * Whether the URI that was hashed is the one that is asked for. Compared loosely, by user and
 * host: phones and proxies add and drop parameters and ports.
 */
function isSameTarget(text: string, message: Message): boolean {
  if (text === message.requestUri) return true;
  const hashed = parseUri(text);
  const target = message.target;
  return hashed !== null && target !== null && hashed.kind === "sip" &&
    target.kind === "sip" &&
    hashed.host === target.host && (hashed.user ?? "") === (target.user ?? "");
}
