/**
 * `no-such-number`: nothing here has the number that was called.
 * @module
 */

import { see } from "../evidence.ts";
import { nearestNumbers } from "../../pbx/nearest_number.ts";
import type { Scene } from "../scene.ts";
import { newestCall } from "../story/newest_call.ts";
import type { Story } from "../story/story.ts";
import type { Evidence, Finding } from "../verdict.ts";

const NOT_FOUND = 404;
/** Where no phone rings, there is nothing to pick up. */
const PICKUP = "**";
/** As the office writes it. */
const NEAREST = /^nearest: ([\d*#+A-Za-z._-]+(?:, [\d*#+A-Za-z._-]+)*)$/;

export function noSuchNumber(story: Story, scene: Scene): Finding | null {
  const call = newestCall(story, scene);
  if (call?.answer?.status !== NOT_FOUND || call.forks > 0) return null;
  const known = scene.extensions ?? [];
  const { callee } = call;
  if (known.includes(callee) || callee.startsWith(PICKUP)) return null;
  const { at, detail } = call.answer;
  const nearest = scene.extensions === null
    ? readNearest(detail)
    : nearestNumbers(callee, known).join(", ");
  const evidence: Evidence[] = [
    see(call.startedAt, "call-began", { number: story.number, callee }),
    see(at, "number-unknown", { number: callee }),
  ];
  if (nearest !== "") {
    evidence.push(see(at, "numbers-near", { numbers: nearest }));
  }
  return { code: "no-such-number", at, values: { callee, nearest }, evidence };
}

/** The nearest numbers that the office found; "" for none. */
function readNearest(detail: string): string {
  return NEAREST.exec(detail)?.[1] ?? "";
}
