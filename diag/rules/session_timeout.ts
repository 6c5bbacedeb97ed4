/**
 * `session-timeout`: a session timer ran out (RFC 4028 §10), because a phone did not renew the
 * call.
 * @module
 */

import { see } from "../evidence.ts";
import type { Scene } from "../scene.ts";
import { newestCall } from "../story/newest_call.ts";
import type { Story } from "../story/story.ts";
import type { Finding } from "../verdict.ts";

export function sessionTimeout(story: Story, scene: Scene): Finding | null {
  const ended = newestCall(story, scene)?.ended;
  if (!ended || ended.why !== "session-timer") return null;
  const { at, answeredSeconds: seconds } = ended;
  return {
    code: "session-timeout",
    at,
    values: { minutes: Math.round(seconds / 60) },
    evidence: [see(at, "call-timed-out", { seconds })],
  };
}
