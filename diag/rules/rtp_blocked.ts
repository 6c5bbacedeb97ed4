/**
 * `rtp-blocked`: the call is up, and sound that reaches the card, or would, does not reach the
 * server: a firewall. Silence from both phones alone is a guess.
 * @module
 */

import { see } from "../evidence.ts";
import type { FirewallFlow, Scene } from "../scene.ts";
import { type SilentSide, silentSides } from "../story/silence.ts";
import { isWithExchange, newestCall } from "../story/newest_call.ts";
import type { Story } from "../story/story.ts";
import type { Evidence, Finding } from "../verdict.ts";

export function rtpBlocked(story: Story, scene: Scene): Finding | null {
  const silent = silentSides(story, scene);
  const side = silent.find(({ onCard }) => onCard > 0) ?? silent[0];
  if (side === undefined) return null;
  const { at, number, source } = side;
  const evidence: Evidence[] = silent.map((one) =>
    see(one.at, "sound-none", { number: one.number })
  );
  const flow = findStop(scene, source);
  if (side.onCard > 0) {
    evidence.push(see(at, "sound-on-card", { count: side.onCard, source }));
  }
  if (flow !== null && flow.rule !== "") {
    evidence.push(see(at, "dropping-rule", { rule: flow.rule }));
  }
  const rtp = scene.server?.rtp;
  const range = rtp === undefined ? "…" : `${rtp.first}-${rtp.last}`;
  const finding: Finding = {
    code: "rtp-blocked",
    at,
    values: { range, number },
    evidence,
    ...(flow !== null && flow.command !== "" ? { command: flow.command } : {}),
  };
  if (flow !== null || side.onCard > 0) return finding;
  return isGuess(silent, story, scene)
    ? { ...finding, severity: "info" }
    : null;
}

/** Whether all phones are silent, and nobody could look whether their sound comes. */
function isGuess(
  silent: readonly SilentSide[],
  story: Story,
  scene: Scene,
): boolean {
  const call = newestCall(story, scene);
  const phones = call !== null && isWithExchange(call) ? 1 : 2;
  return silent.length === phones && scene.wire?.hasSound !== true;
}

/** What stops sound on its way in, if anything does for certain. */
function findStop(
  { firewall, server }: Scene,
  source: string,
): FirewallFlow | null {
  const rtp = server?.rtp;
  if (rtp === undefined) return null;
  const flows =
    firewall?.flows.filter((one) =>
      one.direction === "in" && one.transport === "udp" &&
      one.first <= rtp.last && rtp.first <= one.last
    ) ?? [];
  // what becomes of this phone's packets counts more than what becomes of anybody's
  const flow = flows.find((one) => one.source === source) ??
    flows.find((one) => one.source === "");
  return flow?.outcome === "drop" || flow?.outcome === "reject" ? flow : null;
}
