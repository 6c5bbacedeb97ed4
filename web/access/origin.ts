/**
 * From which page a request came (RFC 6454 §7.3, and Fetch Metadata). What changes something must
 * come from a page of this server, or another page could press its buttons (CSRF).
 * @module
 */

/** `unknown`: nothing says so, as with a program that is no browser. */
export type OriginVerdict = "ours" | "foreign" | "unknown";

/**
 * Judges the headers of a request. The scheme is left out of account, because a proxy in front may
 * speak TLS where this server does not.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { judgeOrigin } from "./origin.ts";
 * const host = "pbx.example:8060";
 * assert.equal(judgeOrigin({ host, origin: "http://pbx.example:8060" }), "ours");
 * assert.equal(judgeOrigin({ host, origin: "null", fetchSite: "cross-site" }), "foreign");
 * ```
 */
export function judgeOrigin(
  { host, origin, fetchSite }: {
    readonly host: string;
    readonly origin?: string | undefined;
    readonly fetchSite?: string | undefined;
  },
): OriginVerdict {
  if (fetchSite === "same-origin") return "ours";
  if (origin !== undefined) {
    const named = URL.parse(origin)?.host ?? "";
    return named !== "" && named === host.toLowerCase() ? "ours" : "foreign";
  }
  return fetchSite === undefined ? "unknown" : "foreign";
}

/** Whether a method only looks (RFC 9110 §9.2.1). */
export function isReading(method: string): boolean {
  return method === "GET" || method === "HEAD";
}
