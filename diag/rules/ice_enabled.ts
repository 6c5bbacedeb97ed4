/**
 * `ice-enabled`: a phone offers candidates (RFC 8839), which are not needed here.
 * @module
 */

import { see } from "../evidence.ts";
import type { Scene } from "../scene.ts";
import { newestCall } from "../story/newest_call.ts";
import type { Story } from "../story/story.ts";
import type { Finding } from "../verdict.ts";

export function iceEnabled(story: Story, scene: Scene): Finding | null {
  const call = newestCall(story, scene);
  if (call === null) return null;
  const answer = call.calleeAnswers.findLast(({ offer }) => offer?.hasIce);
  const isCallers = call.invited?.offer?.hasIce === true;
  if (!isCallers && answer === undefined) return null;
  const number = isCallers ? story.number : call.callee;
  const at = isCallers ? call.startedAt : answer!.at;
  return {
    code: "ice-enabled",
    at,
    values: { number },
    evidence: [see(at, "ice-offered", { number })],
  };
}
