/**
 * `too-many-phones`: the extension has as many phones as it may.
 * @module
 */

import { see } from "../evidence.ts";
import type { Scene } from "../scene.ts";
import { openRefusal } from "../story/standing.ts";
import type { Story } from "../story/story.ts";
import type { Finding } from "../verdict.ts";

export function tooManyPhones(story: Story, scene: Scene): Finding | null {
  const open = openRefusal(story, ["contact-limit"]);
  if (open === null) return null;
  const { at, method, status, why, detail } = open.refusal;
  const { number } = story;
  const limit = scene.server?.contactLimit ?? 0;
  const evidence = [
    see(at, "limit-reached", { number }),
    see(at, "refused-with", { method, status, why }),
  ];
  if (detail !== "") evidence.push(see(at, "refusal-detail", { detail }));
  return {
    code: "too-many-phones",
    at,
    values: { number, count: limit === 0 ? "…" : limit },
    evidence,
  };
}
