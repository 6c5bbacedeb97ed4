/**
 * `reply-from-other-address`: the server has several addresses, and the answer left from another
 * one than the phone wrote to, so that the phone or its router throws it away.
 * @module
 */

import { see } from "../evidence.ts";
import type { Scene } from "../scene.ts";
import { openAttempt } from "../story/standing.ts";
import type { Story } from "../story/story.ts";
import type { Finding } from "../verdict.ts";

export function replyFromOtherAddress(
  story: Story,
  _scene: Scene,
): Finding | null {
  const attempt = openAttempt(story);
  if (attempt === null || attempt.unheard === 0) return null;
  const { departedFrom, arrivals } = story.trail;
  const asked = attempt.localHost;
  const answered = departedFrom[0];
  if (answered === undefined || departedFrom.includes(asked)) return null;
  if (!arrivals.some(({ localHost }) => localHost === asked)) return null;
  const at = attempt.lastRetransmissionAt;
  return {
    code: "reply-from-other-address",
    at,
    values: { asked, answered },
    evidence: [see(at, "answered-from", { asked, answered })],
  };
}
