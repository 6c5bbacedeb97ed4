/**
 * `interval-too-brief`: 423 again and again. Once is normal: the phone learns from it how long to
 * ask for (RFC 3261 §10.2.8).
 * @module
 */

import { see } from "../evidence.ts";
import type { Scene } from "../scene.ts";
import { lastRegistered, type Story } from "../story/story.ts";
import type { Finding } from "../verdict.ts";

const FEWEST = 3;

export function intervalTooBrief(story: Story, _scene: Scene): Finding | null {
  const since = lastRegistered(story)?.at ?? 0;
  const refusals = story.attempts.flatMap(({ refusals }) => refusals)
    .filter(({ at }) => at > since);
  const other = refusals.findLastIndex(({ why }) =>
    why !== "interval-too-brief"
  );
  const brief = refusals.slice(other + 1);
  const last = brief.at(-1);
  if (last === undefined || brief.length < FEWEST) return null;
  const { at, detail } = last;
  const count = brief.length;
  return {
    code: "interval-too-brief",
    at,
    values: { count },
    evidence: [see(at, "interval-refused", { count, detail })],
  };
}
