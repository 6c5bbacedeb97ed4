/**
 * `phone-publishes-presence`: PUBLISH (RFC 3903), which is not served here.
 * @module
 */

import { see } from "../evidence.ts";
import type { Scene } from "../scene.ts";
import type { Story } from "../story/story.ts";
import type { Finding } from "../verdict.ts";

export function phonePublishesPresence(
  story: Story,
  _scene: Scene,
): Finding | null {
  const { publishes: count, lastPublishAt: at, number } = story;
  if (count === 0) return null;
  return {
    code: "phone-publishes-presence",
    at,
    values: { number },
    evidence: [see(at, "presence-published", { count })],
  };
}
