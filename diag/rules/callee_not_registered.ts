/**
 * `callee-not-registered`: the called number exists, and no phone of it is there.
 * @module
 */

import { see } from "../evidence.ts";
import { newestCall } from "../story/newest_call.ts";
import { pendingStage } from "../story/progress.ts";
import type { Scene } from "../scene.ts";
import { standingRegistration } from "../story/standing.ts";
import type { Story } from "../story/story.ts";
import type { Evidence, Finding } from "../verdict.ts";

const TEMPORARILY_UNAVAILABLE = 480;
/** The exchange's own numbers, such as the pickup of a phone that does not ring any more. */
const SERVICE = /^\*/;

export function calleeNotRegistered(
  story: Story,
  scene: Scene,
): Finding | null {
  const call = newestCall(story, scene);
  if (call?.answer?.status !== TEMPORARILY_UNAVAILABLE) return null;
  if (call.forks > 0 || call.calleeAnswers.length > 0) return null;
  const { at } = call.answer;
  const { callee } = call;
  if (SERVICE.test(callee)) return null;
  const phone = scene.others.findLast(({ number }) => number === callee);
  const registered = phone && standingRegistration(phone, scene);
  // it came back
  if (registered && registered.at > at && !scene.isOffline) return null;
  const evidence: Evidence[] = [
    see(call.startedAt, "call-began", { number: story.number, callee }),
    see(at, "callee-has-no-phone", { callee }),
  ];
  if (phone === undefined) {
    evidence.push(see(at, "callee-never-seen", { callee }));
  } else if (registered === null) {
    const stage = pendingStage(phone, scene);
    evidence.push(see(at, "callee-stopped-at", { callee, stage }));
  }
  return { code: "callee-not-registered", at, values: { callee }, evidence };
}
