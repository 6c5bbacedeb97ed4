/**
 * `banned`: our own defence keeps the phone's address out.
 * @module
 */

import { see } from "../evidence.ts";
import type { Scene } from "../scene.ts";
import { hasRegisteredSince } from "../story/standing.ts";
import type { Story } from "../story/story.ts";
import type { Evidence, Finding } from "../verdict.ts";

export function banned(story: Story, scene: Scene): Finding | null {
  const ban = story.trail.banned;
  if (ban === null || hasRegisteredSince(story, ban.at)) return null;
  if (ban.until !== 0 && ban.until <= scene.now) return null;
  const { at, why } = ban;
  const source = story.host;
  const until = ban.until === 0 ? "" : formatTime(ban.until);
  const evidence: Evidence[] = [see(ban.since, "ban-since", { source, why })];
  if (ban.numbers.length > 0) {
    const numbers = ban.numbers.slice(0, 8).join(", ");
    evidence.push(see(at, "ban-numbers", { numbers }));
  }
  evidence.push(
    until === "" ? see(at, "ban-for-good") : see(at, "ban-until", { until }),
  );
  return {
    code: "banned",
    at,
    values: { source, why, since: formatTime(ban.since), until },
    evidence,
  };
}

function formatTime(at: number): string {
  return new Date(at).toISOString().replace(/\.\d+Z$/, "Z");
}
