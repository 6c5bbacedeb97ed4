/**
 * Spans of time and amounts of memory, in words for people.
 * @module
 */

/**
 * Says a span in its two largest units.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { formatDuration } from "./duration.ts";
 * assert.equal(formatDuration(59.9), "59 s");
 * assert.equal(formatDuration(3 * 3600 + 60), "3 h 1 min");
 * assert.equal(formatDuration(86400 * 2), "2 d 0 h");
 * ```
 */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const minutes = Math.floor(whole / 60);
  const hours = Math.floor(minutes / 60);
  if (whole < 60) return `${whole} s`;
  if (minutes < 60) return `${minutes} min ${whole % 60} s`;
  if (hours < 24) return `${hours} h ${minutes % 60} min`;
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** Says octets in megabytes of 1,000,000, without decimals. */
export function formatMemory(octets: number): string {
  return `${Math.round(octets / 1e6)} MB`;
}
