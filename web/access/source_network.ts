/**
 * Who counts as one guesser: an IPv4 address, or the /64 network of an IPv6 address, because one
 * customer usually has all of that. All loopback addresses are this machine.
 * @module
 */

/**
 * The name under which an address is counted.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { networkOf } from "./source_network.ts";
 * assert.equal(networkOf("192.0.2.7"), "192.0.2.7");
 * assert.equal(networkOf("::ffff:192.0.2.7"), "192.0.2.7");
 * assert.equal(networkOf("127.3.2.1"), "127.0.0.1");
 * assert.equal(networkOf("2001:db8::1:2:3:4"), "2001:db8:0:0::/64");
 * ```
 */
export function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return networkOf(mapped);
  if (address.startsWith("127.")) return "127.0.0.1";
  if (!address.includes(":")) return address;
  const [head = "", tail = ""] = address.toLowerCase().replace(/%.*$/, "")
    .split("::");
  const groups = head === "" ? [] : head.split(":");
  const behind = tail === "" ? [] : tail.split(":");
  const gap = address.includes("::") ? 8 - groups.length - behind.length : 0;
  const all = [...groups, ...Array<string>(Math.max(0, gap)).fill("0")]
    .concat(behind);
  const network = all.slice(0, 4).map((group) => group.replace(/^0+(?=.)/, ""));
  return `${network.join(":")}::/64`;
}
