/**
 * `wrong-realm`: the phone goes on answering the question of another server. Once is normal: it
 * may remember that one.
 * @module
 */

import { see } from "../evidence.ts";
import type { Scene } from "../scene.ts";
import { openChallenges } from "../story/standing.ts";
import type { Story } from "../story/story.ts";
import type { Finding } from "../verdict.ts";

const FEWEST = 2;

export function wrongRealm(story: Story, _scene: Scene): Finding | null {
  const strange = openChallenges(story, "other-realm");
  const last = strange.at(-1);
  if (last === undefined || strange.length < FEWEST) return null;
  return {
    code: "wrong-realm",
    at: last.at,
    values: { number: story.number },
    evidence: [see(last.at, "realm-differs", { count: strange.length })],
  };
}
