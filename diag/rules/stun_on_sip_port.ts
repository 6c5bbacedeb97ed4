/**
 * `stun-on-sip-port`: the phone asks our SIP port for its own address, which is answered
 * (RFC 8489).
 * @module
 */

import { see } from "../evidence.ts";
import type { Scene } from "../scene.ts";
import type { Story } from "../story/story.ts";
import type { Finding } from "../verdict.ts";

export function stunOnSipPort(story: Story, _scene: Scene): Finding | null {
  const { stuns: count, lastStunAt: at } = story.trail;
  if (count === 0) return null;
  const source = story.host;
  return {
    code: "stun-on-sip-port",
    at,
    values: { source },
    evidence: [see(at, "stun-seen", { count, source })],
  };
}
