/**
 * `packet-loss`: so much of a phone's sound is missing that a person hears it.
 * @module
 */

import type { MediaSeen } from "../../pbx/fact.ts";
import { see } from "../evidence.ts";
import type { Scene } from "../scene.ts";
import { newestCall } from "../story/newest_call.ts";
import type { Story } from "../story/story.ts";
import type { Finding } from "../verdict.ts";

const AUDIBLE_PERCENT = 3;
/** Five seconds of sound. */
const FEWEST_PACKETS = 250;

export function packetLoss(story: Story, scene: Scene): Finding | null {
  const call = newestCall(story, scene);
  if (call === null) return null;
  const worst = [call.callerMedia, call.calleeMedia]
    .filter((media) => media !== null)
    .sort((a, b) => lossOf(b) - lossOf(a))[0];
  if (worst === undefined || lossOf(worst) < AUDIBLE_PERCENT) return null;
  const { at, side } = worst;
  const number = side === "caller" ? story.number : call.callee;
  const percent = Math.round(lossOf(worst));
  return {
    code: "packet-loss",
    at,
    values: { number, percent },
    evidence: [see(at, "sound-lost", { number, percent })],
  };
}

/** In percent; 0 where there was too little sound to tell. */
function lossOf({ packets, lost }: MediaSeen): number {
  const all = packets + lost;
  return all < FEWEST_PACKETS ? 0 : lost * 100 / all;
}
