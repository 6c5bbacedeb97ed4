/**
 * `wrong-domain`: the phone found us, and asks for somebody else.
 * @module
 */

import { see } from "../evidence.ts";
import type { Scene } from "../scene.ts";
import { serverAddress } from "../story/server_address.ts";
import { openRefusal } from "../story/standing.ts";
import type { Story } from "../story/story.ts";
import type { Finding } from "../verdict.ts";

export function wrongDomain(story: Story, scene: Scene): Finding | null {
  const open = openRefusal(story, ["wrong-domain"]);
  if (open === null) return null;
  const { at, method, status, why, detail: domain } = open.refusal;
  const evidence = [
    see(at, "domain-asked", { domain }),
    see(at, "refused-with", { method, status, why }),
  ];
  const domains = scene.server?.domains.join(", ") ?? "";
  if (domains !== "") evidence.push(see(at, "domains-served", { domains }));
  return {
    code: "wrong-domain",
    at,
    values: { domain, server: ownName(domain, story, scene) },
    evidence,
  };
}

/** What the phone should ask for; never what it has just been refused for. */
function ownName(refused: string, story: Story, scene: Scene): string {
  const name = serverAddress(story, scene);
  const bare = name.replace(/(?<=^[^:]+):\d+$/, "");
  if (bare.toLowerCase() !== refused.toLowerCase()) return name;
  return serverAddress(story, { ...scene, name: "" });
}
