/**
 * `callee-not-registered`: the called number exists, and no phone of it is there.
 * @module
 */

import { see } from "../evidence.ts";
import { pendingStage } from "../story/progress.ts";
import type { Scene } from "../scene.ts";
import { standingRegistration } from "../story/standing.ts";
import type { Story } from "../story/story.ts";
import type { Evidence, Finding } from "../verdict.ts";

const TEMPORARILY_UNAVAILABLE = 480;

export function calleeNotRegistered(
  story: Story,
  scene: Scene,
): Finding | null {
  const call = story.calls.at(-1);
  if (call?.answer?.status !== TEMPORARILY_UNAVAILABLE) return null;
  if (call.forks > 0 || call.calleeAnswers.length > 0) return null;
  const { at } = call.answer;
  const { callee } = call;
  const evidence: Evidence[] = [
    see(call.startedAt, "call-began", { number: story.number, callee }),
    see(at, "callee-has-no-phone", { callee }),
  ];
  const phone = scene.others.findLast(({ number }) => number === callee);
  if (phone === undefined) {
    evidence.push(see(at, "callee-never-seen", { callee }));
  } else if (standingRegistration(phone, scene) === null) {
    const stage = pendingStage(phone, scene);
    evidence.push(see(at, "callee-stopped-at", { callee, stage }));
  }
  return { code: "callee-not-registered", at, values: { callee }, evidence };
}
