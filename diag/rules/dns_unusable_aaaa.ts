/**
 * `dns-unusable-aaaa`: the name has an IPv6 address, and nobody listens on IPv6, so that some
 * phones wait before they try IPv4, and others give up.
 * @module
 */

import { formatAddress } from "../../sip/flow.ts";
import { see } from "../evidence.ts";
import type { Scene } from "../scene.ts";
import type { Story } from "../story/story.ts";
import type { Finding } from "../verdict.ts";

export function dnsUnusableAaaa(_story: Story, scene: Scene): Finding | null {
  const { server, now } = scene;
  if (server === null || server.listen.length === 0) return null;
  if (server.listen.some(({ host }) => host.includes(":"))) return null;
  const found = scene.names.find((one) => one.isAsked && one.ipv6.length > 0);
  if (found === undefined) return null;
  const { name } = found;
  const addresses = found.ipv6.join(", ");
  const listen = server.listen
    .map(({ host, port }) => formatAddress(host, port)).join(", ");
  return {
    code: "dns-unusable-aaaa",
    at: now,
    values: { name, addresses },
    evidence: [
      see(now, "name-leads-to", { name, addresses }),
      see(now, "listens-on", { listen }),
    ],
  };
}
