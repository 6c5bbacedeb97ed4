/**
 * `srtp-mismatch`: only one side wants its sound encrypted (RFC 3711): both profiles are known
 * and differ, or the called phone refuses an offer that is encrypted.
 * @module
 */

import { see } from "../evidence.ts";
import type { Scene } from "../scene.ts";
import {
  calleeOffer,
  isAnswered,
  isHeard,
  isRefusedWith,
  newestCall,
} from "../story/newest_call.ts";
import type { Story } from "../story/story.ts";
import type { Evidence, Finding } from "../verdict.ts";

const NOT_ACCEPTABLE_HERE = 488;

export function srtpMismatch(story: Story, scene: Scene): Finding | null {
  const call = newestCall(story, scene);
  const offer = call?.invited?.offer ?? null;
  if (call === null || offer === null) return null;
  const wanted = calleeOffer(call);
  const isRefused = isRefusedWith(call, NOT_ACCEPTABLE_HERE);
  if (!isRefused && !isAnswered(call)) return null;
  const differs = wanted === null
    ? offer.isSrtp && isRefused
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
  if (isRefused) {
    evidence.push(see(at, "call-refused", { status: NOT_ACCEPTABLE_HERE }));
  }
  const finding: Finding = {
    code: "srtp-mismatch",
    at,
    values: { number, callee },
    evidence,
  };
  // an offer may leave the choice by two lines; then both phones are heard
  return isHeard(call) ? { ...finding, severity: "info" } : finding;
}
