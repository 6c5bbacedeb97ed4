/**
 * `callee-silent`: the INVITE went to the called phone, and nothing came back, not even 100, or
 * only the word of the network that nobody is there (ICMP).
 * @module
 */

import { see } from "../evidence.ts";
import type { Scene } from "../scene.ts";
import { newestCall } from "../story/newest_call.ts";
import { type CallStory, lastRegistered, type Story } from "../story/story.ts";
import type { Evidence, Finding } from "../verdict.ts";

export function calleeSilent(story: Story, scene: Scene): Finding | null {
  const call = newestCall(story, scene);
  if (call === null) return null;
  const silent = call.calleeAnswers.at(-1);
  if (silent === undefined) return calleeGone(call, story, scene);
  if (call.calleeAnswers.some(({ status }) => status > 0)) return null;
  // another phone of the number may still ring
  if (call.calleeAnswers.length < call.forks) return null;
  const { at, flow } = silent;
  const source = flow.peer;
  return write(call, story, see(at, "callee-said-nothing", { source }));
}

/** The call failed because the network said that none of the called phones is there. */
function calleeGone(
  call: CallStory,
  story: Story,
  { others }: Scene,
): Finding | null {
  const { answer, callee, forks, startedAt } = call;
  if (answer === null || answer.status < 300 || forks === 0) return null;
  const gone = [story, ...others].filter(({ number, reach }) =>
    number === callee && reach.lastIcmpErrorAt >= startedAt
  );
  if (gone.length < forks) return null;
  const last = gone.at(-1)!;
  const source = lastRegistered(last)?.flow.peer ?? last.host;
  return write(call, story, see(answer.at, "phone-port-closed", { source }));
}

function write(call: CallStory, story: Story, seen: Evidence): Finding {
  const { callee, forks: count, startedAt } = call;
  const evidence: Evidence[] = [
    see(startedAt, "call-began", { number: story.number, callee }),
    see(startedAt, "callee-asked", { callee, count }),
    seen,
  ];
  return { code: "callee-silent", at: seen.at, values: { callee }, evidence };
}
