/**
 * The token of the data directory, as RFC 6750 §2.1 carries it, and the password as RFC 7617 §2
 * does.
 * @module
 */

import { Buffer } from "node:buffer";
import { createHash, timingSafeEqual } from "node:crypto";

/** Whether a header bears the token. */
export function bearsToken(header: string | undefined, token: string): boolean {
  const given = /^bearer +(\S+) *$/i.exec(header ?? "")?.[1];
  return given !== undefined && isSameSecret(given, token);
}

/** Compared as hashes, so that neither length nor content shows in the time. */
export function isSameSecret(one: string, other: string): boolean {
  return timingSafeEqual(sha256(one), sha256(other));
}

/** The user and the password of a Basic header; null where it is none. */
export function readBasic(
  header: string | undefined,
): { readonly user: string; readonly password: string } | null {
  const given = /^basic +([A-Za-z0-9+/=]{1,2048}) *$/i.exec(header ?? "")?.[1];
  if (given === undefined) return null;
  const text = Buffer.from(given, "base64").toString("utf8");
  const colon = text.indexOf(":");
  if (colon < 0) return null;
  return { user: text.slice(0, colon), password: text.slice(colon + 1) };
}

function sha256(text: string): Uint8Array {
  return createHash("sha256").update(text).digest();
}
