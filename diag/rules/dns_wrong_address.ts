/**
 * `dns-wrong-address`: the name leads elsewhere. Certain only where the addresses under which the
 * internet knows this server are known; silent where the phone got here.
 * @module
 */

import { isLoopback } from "../../sip/flow.ts";
import { isPublic } from "../../sip/address_kind.ts";
import { see } from "../evidence.ts";
import type { Scene } from "../scene.ts";
import { leadsElsewhere, ownAddresses } from "../story/server_address.ts";
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
