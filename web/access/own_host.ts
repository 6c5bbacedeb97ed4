/**
 * Which names are this server's own in HTTP. A page elsewhere can point a name of its own at
 * 127.0.0.1 (DNS rebinding), but it cannot make a browser send another name than that.
 * @module
 */

/**
 * Whether a Host header can only mean this server: an address, `localhost` or a domain of ours.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { isOwnHost } from "./own_host.ts";
 * assert.equal(isOwnHost("127.0.0.1:8060", []), true);
 * assert.equal(isOwnHost("[::1]:8060", []), true);
 * assert.equal(isOwnHost("evil.example:8060", ["pbx.example"]), false);
 * ```
 */
export function isOwnHost(
  header: string | undefined,
  domains: readonly string[],
): boolean {
  if (header === undefined) return false;
  if (/^\[[0-9a-f:.]+\](:\d*)?$/i.test(header)) return true;
  const host = header.replace(/:\d*$/, "").toLowerCase();
  if (/^\d{1,3}(\.\d{1,3}){3}$/.test(host)) return true;
  return host === "localhost" || domains.includes(host);
}

/** The host that a request names; HTTP/2 has it in the URL only (RFC 9113 §8.3.1). */
export function hostOf(url: string, header: string | undefined): string {
  return header ?? URL.parse(url)?.host ?? "";
}
