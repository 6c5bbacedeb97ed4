/**
 * `no-such-number`: nothing here has the number that was called.
 * @module
 */

import { see } from "../evidence.ts";
import { nearestNumbers } from "../nearest_number.ts";
import type { Scene } from "../scene.ts";
import type { Story } from "../story/story.ts";
import type { Evidence, Finding } from "../verdict.ts";

const NOT_FOUND = 404;

export function noSuchNumber(story: Story, scene: Scene): Finding | null {
  const call = story.calls.at(-1);
  if (call?.answer?.status !== NOT_FOUND || call.forks > 0) return null;
  const known = scene.extensions ?? [];
  const { callee } = call;
  if (known.includes(callee)) return null;
  const { at } = call.answer;
  const nearest = nearestNumbers(callee, known).join(", ");
  const evidence: Evidence[] = [
    see(call.startedAt, "call-began", { number: story.number, callee }),
    see(at, "number-unknown", { number: callee }),
  ];
  if (nearest !== "") {
    evidence.push(see(at, "numbers-near", { numbers: nearest }));
  }
  return { code: "no-such-number", at, values: { callee, nearest }, evidence };
}
