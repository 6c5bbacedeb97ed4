/**
 * `callee-silent`: the INVITE went to the called phone, and nothing came back, not even 100.
 * @module
 */

import { see } from "../evidence.ts";
import type { Scene } from "../scene.ts";
import type { Story } from "../story/story.ts";
import type { Evidence, Finding } from "../verdict.ts";

export function calleeSilent(story: Story, _scene: Scene): Finding | null {
  const call = story.calls.at(-1);
  const silent = call?.calleeAnswers.at(-1);
  if (!call || !silent) return null;
  if (call.calleeAnswers.some(({ status }) => status > 0)) return null;
  // another phone of the number may still ring
  if (call.calleeAnswers.length < call.forks) return null;
  const { callee, forks: count } = call;
  const { at, flow } = silent;
  const evidence: Evidence[] = [
    see(call.startedAt, "call-began", { number: story.number, callee }),
    see(call.startedAt, "callee-asked", { callee, count }),
    see(at, "callee-said-nothing", { source: flow.peer }),
  ];
  return { code: "callee-silent", at, values: { callee }, evidence };
}
