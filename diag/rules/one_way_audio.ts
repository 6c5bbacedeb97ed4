/**
 * `one-way-audio`: one phone is heard and the other one is not, and its sound does not reach the
 * card either. Without a look at the card and the firewall it is a guess.
 * @module
 */

import { see } from "../evidence.ts";
import type { Scene } from "../scene.ts";
import { type SilentSide, silentSides } from "../story/silence.ts";
import { isWithExchange, newestCall } from "../story/newest_call.ts";
import type { Story } from "../story/story.ts";
import type { Evidence, Finding } from "../verdict.ts";

export function oneWayAudio(story: Story, scene: Scene): Finding | null {
  const [side, other] = silentSides(story, scene);
  const call = newestCall(story, scene);
  if (call === null || side === undefined || other !== undefined) {
    return null;
  }
  const heard = side.side === "caller" ? call.calleeMedia : call.callerMedia;
  if (side.onCard > 0) return null;
  if (heard === null) return isWithExchange(call) ? alone(side, scene) : null;
  if (heard.packets === 0) return null;
  const { at, number, source } = side;
  const evidence: Evidence[] = [
    see(at, "sound-none", { number }),
    see(heard.at, "sound-came", {
      number: side.side === "caller" ? call.callee : story.number,
      count: heard.packets,
    }),
  ];
  const finding = {
    code: "one-way-audio",
    at,
    values: { number },
    evidence,
  } as const;
  if (scene.wire?.hasSound === true) {
    evidence.push(see(at, "sound-not-on-card", { source }));
    return finding;
  }
  if (isOpen(scene)) return finding;
  evidence.push(see(at, "card-not-watched"));
  return { ...finding, severity: "info" };
}

/** A phone that calls the exchange itself: only the card tells whether it sends. */
function alone(
  { at, number, source }: SilentSide,
  scene: Scene,
): Finding | null {
  if (scene.wire?.hasSound !== true) return null;
  const evidence = [
    see(at, "sound-none", { number }),
    see(at, "sound-not-on-card", { source }),
  ];
  return { code: "one-way-audio", at, values: { number }, evidence };
}

/** Whether the firewall is known to let sound in. */
function isOpen({ firewall, server }: Scene): boolean {
  const rtp = server?.rtp;
  return rtp !== undefined && firewall !== null &&
    firewall.flows.some((one) =>
      one.direction === "in" && one.transport === "udp" &&
      one.first <= rtp.first && rtp.last <= one.last &&
      one.outcome === "accept"
    );
}
