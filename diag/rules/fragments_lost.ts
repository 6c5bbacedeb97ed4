/**
 * `fragments-lost`: long messages come in pieces (RFC 791 §3.2), and some pieces do not come. One
 * is nothing: any datagram may be lost.
 * @module
 */

import { see } from "../evidence.ts";
import type { Scene } from "../scene.ts";
import type { Story } from "../story/story.ts";
import type { Finding } from "../verdict.ts";

const FEWEST = 2;
/** A request of this size came in pieces if it came over UDP. */
const FRAGMENTED_OCTETS = 1472;

export function fragmentsLost(story: Story, scene: Scene): Finding | null {
  if (story.calls.some(({ octets }) => octets > FRAGMENTED_OCTETS)) return null;
  const { trail } = story;
  if (trail.fragmentsLost >= FEWEST) {
    const count = trail.fragmentsLost;
    const source = story.host;
    return {
      code: "fragments-lost",
      at: trail.lastAt,
      values: { count },
      evidence: [see(trail.lastAt, "fragments-from", { count, source })],
    };
  }
  const count = scene.kernel?.reassemblyFailures ?? 0;
  if (scene.wire !== null || count < FEWEST) return null;
  return {
    code: "fragments-lost",
    at: scene.now,
    values: { count },
    evidence: [see(scene.now, "fragments-counter", { count })],
    severity: "info",
  };
}
