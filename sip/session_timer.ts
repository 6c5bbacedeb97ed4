/**
 * What a message says of session timers (RFC 4028 §4, §5):
 *
 *     Session-Expires: 1800;refresher=uac        (x)
 *     Min-SE: 90
 *     Supported: timer
 *
 * @module
 */

import type { Message } from "./message.ts";
import { parseInteger } from "./octet.ts";

export interface SessionTimerHeaders {
  /** 0 where there is none, or where it cannot be read. */
  readonly seconds: number;
  readonly refresher: "uac" | "uas" | "";
  /** Min-SE; 0 where there is none. */
  readonly minSeconds: number;
  /** Whether Supported or Require lists `timer`. */
  readonly isSupported: boolean;
}

/** What `delta-seconds` may be (RFC 3261 §25.1 names no end): more is taken for none. */
const MOST_SECONDS = 0xffffffff;

export function readSessionTimer(message: Message): SessionTimerHeaders {
  const expires = message.value("session-expires") ?? "";
  const [digits = "", ...parameters] = expires.split(";");
  const seconds = parseInteger(digits.trim(), MOST_SECONDS);
  let refresher: "uac" | "uas" | "" = "";
  for (const parameter of parameters) {
    const found = /^\s*refresher\s*=\s*(uac|uas)\s*$/i.exec(parameter)?.[1];
    if (found !== undefined) refresher = found.toLowerCase() as "uac" | "uas";
  }
  const least = message.valueOfOther("min-se")?.split(";", 1)[0] ?? "";
  return {
    seconds: Math.max(0, seconds),
    refresher,
    minSeconds: Math.max(0, parseInteger(least.trim(), MOST_SECONDS)),
    isSupported: lists(message, "supported") || lists(message, "require"),
  };
}

function lists(message: Message, name: "supported" | "require"): boolean {
  if (!message.has(name)) return false;
  return message.values(name).some((value) =>
    /(?:^|,)\s*timer\s*(?:,|$)/i.test(value)
  );
}
