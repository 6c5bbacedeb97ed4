/**
 * `bound-to-loopback`: the server listens to its own machine only, and the phone is not there.
 * @module
 */

import { formatAddress, isLoopback } from "../../sip/flow.ts";
import { see } from "../evidence.ts";
import type { Scene } from "../scene.ts";
import type { Story } from "../story/story.ts";
import type { Finding } from "../verdict.ts";

export function boundToLoopback(story: Story, scene: Scene): Finding | null {
  const { server, now } = scene;
  if (server === null || server.listen.length === 0) return null;
  if (!server.listen.every(({ host }) => isLoopback(host))) return null;
  // a phone on the machine itself is served well
  if (isLoopback(story.host)) return null;
  const listen = server.listen
    .map(({ host, port }) => formatAddress(host, port)).join(", ");
  const evidence = [see(now, "listens-on", { listen })];
  const addresses = server.localAddresses
    .filter((address) => !isLoopback(address)).join(", ");
  if (addresses !== "") {
    evidence.push(see(now, "own-addresses", { addresses }));
  }
  const values = { listen, open: openEverywhere(server.listen) };
  return { code: "bound-to-loopback", at: now, values, evidence };
}

/** The same listeners for everybody, as the configuration has them. */
function openEverywhere(
  listen: readonly { readonly host: string; readonly port: number }[],
): string {
  const everywhere = listen.map(({ host, port }) =>
    `"${formatAddress(host.includes(":") ? "::" : "0.0.0.0", port)}"`
  );
  return `[${[...new Set(everywhere)].join(", ")}]`;
}
