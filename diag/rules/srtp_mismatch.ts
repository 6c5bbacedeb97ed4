/**
 * `srtp-mismatch`: only one side wants its sound encrypted (RFC 3711): both profiles are known
 * and differ, or the called phone refuses an offer that is encrypted.
 * @module
 */

import { see } from "../evidence.ts";
import type { Scene } from "../scene.ts";
import type { CallStory, Story } from "../story/story.ts";
import type { Evidence, Finding } from "../verdict.ts";

const NOT_ACCEPTABLE_HERE = 488;

export function srtpMismatch(story: Story, _scene: Scene): Finding | null {
  const call = story.calls.at(-1);
  const offer = call?.invited?.offer ?? null;
  if (call === undefined || offer === null) return null;
  const wanted = call.calleeAnswers.findLast((one) => one.offer !== null)
    ?.offer ?? null;
  const differs = wanted === null
    ? offer.isSrtp && isRefused(call)
    : wanted.isSrtp !== offer.isSrtp;
  if (!differs) return null;
  const { callee } = call;
  const { number } = story;
  const at = call.answer?.at ?? call.lastAt;
  const evidence: Evidence[] = [
    offer.isSrtp
      ? see(call.startedAt, "encryption-on", { number })
      : see(call.startedAt, "encryption-off", { number }),
  ];
  if (wanted !== null) {
    evidence.push(
      wanted.isSrtp
        ? see(at, "encryption-on", { number: callee })
        : see(at, "encryption-off", { number: callee }),
    );
  }
  if (isRefused(call)) {
    evidence.push(see(at, "call-refused", { status: NOT_ACCEPTABLE_HERE }));
  }
  return { code: "srtp-mismatch", at, values: { number, callee }, evidence };
}

function isRefused({ answer, calleeAnswers }: CallStory): boolean {
  return [answer, ...calleeAnswers]
    .some((one) => one?.status === NOT_ACCEPTABLE_HERE);
}
