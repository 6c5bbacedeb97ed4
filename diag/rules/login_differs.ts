/**
 * `login-differs`: the phone proves to be another one than the number that it registers, or tries
 * to.
 * @module
 */

import { see } from "../evidence.ts";
import type { Scene } from "../scene.ts";
import { openRefusal } from "../story/standing.ts";
import type { RefusalMoment, Story } from "../story/story.ts";
import type { Finding } from "../verdict.ts";

export function loginDiffers(story: Story, _scene: Scene): Finding | null {
  const open = openRefusal(story, [
    "login-differs",
    "third-party",
    "wrong-password",
  ]);
  if (open === null) return null;
  const { at, why, detail } = open.refusal;
  const { number } = story;
  const login = loginOf(open.refusal);
  if (why === "wrong-password" && !isOtherLogin(story, open.refusal)) {
    return null;
  }
  return {
    code: "login-differs",
    at,
    values: { login, number },
    evidence: [
      why === "third-party"
        ? see(at, "sender-was", { number, detail })
        : see(at, "login-was", { login, number }),
    ],
  };
}

/** Whether the phone logged in with another name than its number. */
export function isOtherLogin(story: Story, refusal: RefusalMoment): boolean {
  const login = loginOf(refusal);
  return login !== "" && login !== story.number;
}

/** What stands in back-ticks in the detail of a refusal; "" for nothing. */
function loginOf({ detail }: RefusalMoment): string {
  return detail.split("`", 3)[1] ?? "";
}
