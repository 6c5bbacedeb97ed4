/**
 * A session of somebody who signed in to the page, and how long it lasts.
 * @module
 */

import { cut, escapeText } from "../../pbx/quoted.ts";
import { describeBrowser } from "./browser_name.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
/** How long a session lasts that nobody uses. */
const IDLE_MS = 30 * DAY_MS;
/** How long one lasts at most. */
export const LONGEST_SESSION_MS = 90 * DAY_MS;
/** How much later than it was noted a session may have been seen. */
const SEEN_STEP_MS = 60 * 60 * 1000;
export const MOST_SESSIONS = 64;

export interface Session {
  /** SHA-256 of the cookie, in hexadecimal digits. */
  readonly hash: string;
  readonly madeMs: number;
  readonly seenMs: number;
  readonly expiresMs: number;
  /** The address it was made from. */
  readonly source: string;
  /** What the browser says it is, in short. */
  readonly browser: string;
}

/** Who asks. */
export interface Visitor {
  /** His address. */
  readonly source: string;
  /** His User-Agent header. */
  readonly userAgent: string;
}

/** A new session. */
export function makeSession(
  hash: string,
  nowMs: number,
  { source, userAgent }: Visitor,
): Session {
  return {
    hash,
    madeMs: nowMs,
    seenMs: nowMs,
    expiresMs: nowMs + IDLE_MS,
    source: cut(escapeText(source), 64),
    browser: describeBrowser(userAgent),
  };
}

export function isLive(session: Session, nowMs: number): boolean {
  return nowMs < session.expiresMs;
}

/** The session as it is to be noted when it is seen now; null where the old note will do. */
export function seeSession(session: Session, nowMs: number): Session | null {
  if (nowMs - session.seenMs < SEEN_STEP_MS) return null;
  const expiresMs = Math.min(
    nowMs + IDLE_MS,
    session.madeMs + LONGEST_SESSION_MS,
  );
  return { ...session, seenMs: nowMs, expiresMs };
}

/** What tells a session from the others, and opens nothing. */
export function sessionId(session: Pick<Session, "hash">): string {
  return session.hash.slice(0, 16);
}
