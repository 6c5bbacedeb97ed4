/**
 * `clock-jump`: the wall clock jumped, and right answers of the phone came out of their time. Our
 * own nonces and registrations run on a clock that does not jump, so this must not hurt.
 * @module
 */

import { see } from "../evidence.ts";
import type { Scene } from "../scene.ts";
import type { Story } from "../story/story.ts";
import type { Finding } from "../verdict.ts";

/** A nonce that grows old later than this grew old by itself. */
const SOON_MS = 600_000;

export function clockJump(story: Story, scene: Scene): Finding | null {
  const { clock } = scene;
  if (clock === null || clock.jumpedSeconds === 0) return null;
  const { jumpedAt } = clock;
  const seconds = Math.abs(clock.jumpedSeconds);
  const stale = story.attempts.flatMap(({ challenges }) => challenges)
    .filter(({ at, why }) =>
      why === "stale-nonce" && at >= jumpedAt && at - jumpedAt <= SOON_MS
    );
  const last = stale.at(-1);
  if (last === undefined) return null;
  return {
    code: "clock-jump",
    at: last.at,
    values: { seconds },
    evidence: [
      see(jumpedAt, "clock-jumped", { seconds }),
      see(last.at, "nonce-stale", { count: stale.length }),
    ],
  };
}
