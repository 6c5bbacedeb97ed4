/**
 * The cookie of a session (RFC 6265 §4). Under TLS it has the prefix `__Host-`, so that no other
 * host and no plain connection can put one in its place.
 * @module
 */

import { createHash } from "node:crypto";
import { LONGEST_SESSION_MS } from "./session.ts";

const NAME = "pbx_session";
const SECURE_NAME = `__Host-${NAME}`;

/** How many random octets a cookie has. */
export const COOKIE_OCTETS = 32;

/** The value of our cookie in a Cookie header; null where there is none that could be ours. */
export function readSessionCookie(
  header: string | undefined,
  isTls: boolean,
): string | null {
  const name = isTls ? SECURE_NAME : NAME;
  for (const pair of (header ?? "").split(";")) {
    const split = pair.indexOf("=");
    if (split < 0 || pair.slice(0, split).trim() !== name) continue;
    const value = pair.slice(split + 1).trim();
    if (/^[0-9a-f]{64}$/.test(value)) return value;
  }
  return null;
}

/** The Set-Cookie header that gives a browser its session. */
export function writeSessionCookie(value: string, isTls: boolean): string {
  return spell(value, isTls, LONGEST_SESSION_MS / 1000);
}

/** The Set-Cookie header that takes it away. */
export function clearSessionCookie(isTls: boolean): string {
  return spell("", isTls, 0);
}

/** What is stored of a cookie. */
export function hashCookie(value: string): string {
  return createHash("sha256").update(value).digest("hex");
}

function spell(value: string, isTls: boolean, seconds: number): string {
  const name = isTls ? SECURE_NAME : NAME;
  return `${name}=${value}; Path=/; Max-Age=${seconds}; HttpOnly; SameSite=Lax${
    isTls ? "; Secure" : ""
  }`;
}
