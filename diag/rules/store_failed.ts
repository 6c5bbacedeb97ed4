/**
 * `store-failed`: the journal cannot be written, so that no registration is promised.
 * @module
 */

import { see } from "../evidence.ts";
import type { Scene } from "../scene.ts";
import { openRefusal } from "../story/standing.ts";
import type { Story } from "../story/story.ts";
import type { Finding } from "../verdict.ts";

export function storeFailed(story: Story, scene: Scene): Finding | null {
  const open = openRefusal(story, ["store-failed"]);
  if (open === null) return null;
  const { at, method, status, why, detail } = open.refusal;
  const cause = detail || scene.server?.lastError || "";
  const evidence = [see(at, "refused-with", { method, status, why })];
  if (cause !== "") evidence.push(see(at, "store-cause", { cause }));
  return { code: "store-failed", at, values: { cause }, evidence };
}
