/**
 * Which network card leads to an address, by `/proc/net/route` and `/proc/net/ipv6_route`: the
 * longest prefix wins, then the smallest metric. A packet from there is taken to come in by it.
 * @module
 */

import type { Family } from "./firewall_address.ts";

export interface Route {
  readonly family: Family;
  readonly network: bigint;
  /** Bits of the prefix. */
  readonly length: number;
  readonly metric: number;
  readonly interface: string;
}

const IS_UP = 0x1;
const IS_REJECT = 0x200;

/** The routes of `/proc/net/route`; the numbers of it are as a little endian machine has them. */
export function readRoutes4(text: string): readonly Route[] {
  return text.split("\n").slice(1).flatMap((line) => {
    const [card = "", network = "", , flags = "", , , metric, mask = ""] = line
      .split(/\s+/);
    if (!isHex(network, 8) || !isHex(mask, 8)) return [];
    return keep(flags, {
      family: 4,
      network: swap(network),
      length: swap(mask).toString(2).replaceAll("0", "").length,
      metric: Number(metric),
      interface: card,
    });
  });
}

/** The routes of `/proc/net/ipv6_route`. */
export function readRoutes6(text: string): readonly Route[] {
  return text.split("\n").flatMap((line) => {
    const [network = "", length = "", , , , metric = "", , , flags = "", card] =
      line.trim().split(/\s+/);
    if (!isHex(network, 32) || !isHex(length, 2) || !card) return [];
    return keep(flags, {
      family: 6,
      network: BigInt(`0x${network}`),
      length: parseInt(length, 16),
      metric: parseInt(metric, 16),
      interface: card,
    });
  });
}

/** The card that leads to the address, or out into the world for null; "" where none does. */
export function findInterface(
  routes: readonly Route[],
  family: Family,
  address: bigint | null,
): string {
  const bits = family === 4 ? 32 : 128;
  let best: Route | null = null;
  for (const route of routes) {
    const rest = BigInt(bits - route.length);
    const leadsThere = route.family === family &&
      (address === null
        ? route.length === 0
        : address >> rest === route.network >> rest);
    if (!leadsThere || route.interface === "lo") continue;
    const isBetter = best === null || route.length > best.length ||
      (route.length === best.length && route.metric < best.metric);
    if (isBetter) best = route;
  }
  return best?.interface ?? "";
}

function keep(flags: string, route: Route): readonly Route[] {
  const bits = parseInt(flags, 16);
  return (bits & IS_UP) !== 0 && (bits & IS_REJECT) === 0 ? [route] : [];
}

function isHex(text: string, length: number): boolean {
  return text.length === length && /^[0-9a-fA-F]+$/.test(text);
}

function swap(hex: string): bigint {
  const octets = hex.match(/../g) ?? [];
  return BigInt(`0x${octets.reverse().join("")}`);
}
