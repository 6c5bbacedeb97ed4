/**
 * `dns-wrong-address`: the name leads elsewhere. Certain only where the addresses under which the
 * internet knows this server are known; silent where the phone got here.
 * @module
 */

import { isLoopback } from "../../sip/flow.ts";
import { isPublic } from "../../sip/address_kind.ts";
import { see } from "../evidence.ts";
import type { NameView, Scene } from "../scene.ts";
import { isBlank, namesInUse } from "../story/standing.ts";
import type { Story } from "../story/story.ts";
import type { Evidence, Finding } from "../verdict.ts";

export function dnsWrongAddress(story: Story, scene: Scene): Finding | null {
  if (!isBlank(story) || scene.server === null) return null;
  const { now } = scene;
  const own = ownAddresses(scene);
  if (own.length === 0) return null;
  const wrong = namesInUse(scene).find((one) => leadsElsewhere(one, own));
  if (wrong === undefined) return null;
  const { name } = wrong;
  const found = [...wrong.ipv4, ...wrong.ipv6];
  const addresses = found.join(", ");
  const evidence: Evidence[] = [
    see(now, "name-leads-to", { name, addresses }),
    see(now, "own-addresses", { addresses: own.join(", ") }),
  ];
  const finding = {
    code: "dns-wrong-address",
    at: now,
    values: { name, addresses, own: own[0]! },
    evidence,
  } as const;
  if (found.every(isLoopback)) {
    evidence.push(see(now, "name-here-only", { name }));
    return { ...finding, severity: "info" };
  }
  if (!own.some(isPublic)) {
    evidence.push(see(now, "public-unknown"));
    return { ...finding, severity: "info" };
  }
  return finding;
}

/** Where phones may find the server, the public address first. */
export function ownAddresses(scene: Scene): string[] {
  const { server } = scene;
  if (server === null) return [];
  const own = server.localAddresses.filter((address) =>
    !isLoopback(address) && !/^fe80:/i.test(address)
  );
  const known = server.publicAddress === ""
    ? own
    : [server.publicAddress, ...own];
  const rank = (address: string) =>
    (isPublic(address) ? 0 : 2) + (address.includes(":") ? 1 : 0);
  return [...new Set(known)].sort((a, b) => rank(a) - rank(b));
}

function leadsElsewhere(
  { isAsked, ipv4, ipv6 }: NameView,
  own: readonly string[],
): boolean {
  const found = [...ipv4, ...ipv6];
  return isAsked && found.length > 0 &&
    !found.some((address) => own.includes(address.toLowerCase()));
}
