/**
 * Which addresses only their own network knows: private ones (RFC 1918 §3), those that a provider
 * shares among customers (RFC 6598 §7), link-local (RFC 3927 §2.1, RFC 4291 §2.5.6), unique local
 * (RFC 4193 §3.1) and the machine itself.
 * @module
 */

import { isLoopback } from "./flow.ts";
import { isIpv4, isIpv6, parseHostPort } from "./parse_uri.ts";

/**
 * Whether an address without brackets means nothing in the internet; of a name, false.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { isPrivate } from "./address_kind.ts";
 * assert.equal(isPrivate("192.168.1.20"), true);
 * assert.equal(isPrivate("172.32.0.1"), false);
 * assert.equal(isPrivate("fd00::1"), true);
 * ```
 */
export function isPrivate(host: string): boolean {
  if (isLoopback(host)) return true;
  if (isIpv4(host)) {
    const [first, second] = host.split(".").map(Number) as [number, number];
    return first === 10 || (first === 192 && second === 168) ||
      (first === 172 && second >= 16 && second < 32) ||
      (first === 100 && second >= 64 && second < 128) ||
      (first === 169 && second === 254);
  }
  return isIpv6(host) && /^f(?:[cd]|e[89ab])/i.test(host);
}

/** Whether an address is one that the internet knows; of a name, false. */
export function isPublic(host: string): boolean {
  return (isIpv4(host) || isIpv6(host)) && !isPrivate(host);
}

/** The host of `host:port`, without brackets; "" where it is none. */
export function hostOf(text: string): string {
  return parseHostPort(text)?.host ?? "";
}
