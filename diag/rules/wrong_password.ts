/**
 * `wrong-password`: the phone answered a question of ours, and the answer is wrong. An answer to a
 * question from before a restart, or to another server's, can be wrong once: the phone is asked
 * again.
 * @module
 */

import { see } from "../evidence.ts";
import type { Scene } from "../scene.ts";
import { openChallenges, openRefusal } from "../story/standing.ts";
import type { Story } from "../story/story.ts";
import type { Finding } from "../verdict.ts";
import { isOtherLogin } from "./login_differs.ts";

const FEWEST_WRONG = 2;

export function wrongPassword(story: Story, _scene: Scene): Finding | null {
  const { number } = story;
  const open = openRefusal(story, ["wrong-password"]);
  if (open !== null && !isOtherLogin(story, open.refusal)) {
    const { at, method, status, why } = open.refusal;
    return {
      code: "wrong-password",
      at,
      values: { number },
      evidence: [
        see(at, "password-wrong"),
        see(at, "refused-with", { method, status, why }),
      ],
    };
  }
  const wrong = openChallenges(story, "wrong-answer");
  const last = wrong.at(-1);
  if (last === undefined || wrong.length < FEWEST_WRONG) return null;
  return {
    code: "wrong-password",
    at: last.at,
    values: { number },
    evidence: [see(last.at, "passwords-wrong", { count: wrong.length })],
  };
}
