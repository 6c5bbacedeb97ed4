/**
 * `dns-no-address`: the name of the server leads nowhere. Silent where the phone got here: then it
 * knows another way.
 * @module
 */

import { see } from "../evidence.ts";
import type { Scene } from "../scene.ts";
import { isBlank, namesInUse } from "../story/standing.ts";
import type { Story } from "../story/story.ts";
import type { Finding } from "../verdict.ts";
import { ownAddresses } from "./dns_wrong_address.ts";

export function dnsNoAddress(story: Story, scene: Scene): Finding | null {
  if (!isBlank(story)) return null;
  const { now } = scene;
  const lost = namesInUse(scene).find((one) =>
    one.isAsked && one.ipv4.length === 0 && one.ipv6.length === 0 &&
    one.services.length === 0
  );
  if (lost === undefined) return null;
  const { name, error } = lost;
  const address = ownAddresses(scene)[0] ?? "";
  return {
    code: "dns-no-address",
    at: now,
    values: { name, address },
    evidence: [
      see(now, "name-unknown", { name, error: error || "no A, AAAA" }),
    ],
  };
}
