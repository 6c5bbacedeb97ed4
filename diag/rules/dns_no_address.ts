/**
 * `dns-no-address`: the name of the server leads nowhere. Silent where the phone got here: then it
 * knows another way.
 * @module
 */

import { see } from "../evidence.ts";
import type { Scene } from "../scene.ts";
import {
  leadsNowhere,
  ownAddresses,
  serverPort,
  withPort,
} from "../story/server_address.ts";
import { isBlank, namesInUse } from "../story/standing.ts";
import type { Story } from "../story/story.ts";
import type { Finding } from "../verdict.ts";

export function dnsNoAddress(story: Story, scene: Scene): Finding | null {
  if (!isBlank(story)) return null;
  const { now } = scene;
  const lost = namesInUse(scene).find(leadsNowhere);
  if (lost === undefined) return null;
  const { name, error } = lost;
  const address = ownAddresses(scene)[0] ?? "";
  return {
    code: "dns-no-address",
    at: now,
    values: { name, address, server: inPhone(address, story, scene) },
    evidence: [
      see(now, "name-unknown", { name, error: error || "no A, AAAA" }),
    ],
  };
}

function inPhone(address: string, story: Story, scene: Scene): string {
  return address === "" ? "" : withPort(address, serverPort(story, scene));
}
