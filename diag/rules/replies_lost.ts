/**
 * `replies-lost`: the phone repeats what was answered (RFC 3261 §17.1.2.2), because it does not
 * hear us. A single repetition is nothing, a lost datagram.
 * @module
 */

import { see } from "../evidence.ts";
import type { Scene } from "../scene.ts";
import { openAttempt, sourceOf } from "../story/standing.ts";
import { type Attempt, lastAttempt, type Story } from "../story/story.ts";
import type { Evidence, Finding } from "../verdict.ts";

const FEWEST_UNASKED = 3;
/** A phone that registered has heard us before, so that more is needed to say that it does not. */
const FEWEST_REGISTERED = 6;
/** The longest pause between two repetitions is four seconds. */
const STILL_REPEATING_MS = 10_000;

export function repliesLost(story: Story, scene: Scene): Finding | null {
  const attempt = lastAttempt(story);
  if (attempt === null || !isUnheard(attempt, story, scene)) return null;
  const { trail } = story;
  const at = attempt.lastRetransmissionAt;
  const count = attempt.unheard;
  const source = sourceOf(story);
  const evidence: Evidence[] = [see(at, "request-repeated", { count })];
  if (attempt.withCredentials === 0) {
    evidence.push(see(at, "never-credentials"));
  }
  if (trail.departures > 0) {
    evidence.push(see(at, "answers-left", { count: trail.departures, source }));
  }
  return { code: "replies-lost", at, values: { count, source }, evidence };
}

function isUnheard(attempt: Attempt, story: Story, scene: Scene): boolean {
  if (openAttempt(story) === attempt) {
    return attempt.withCredentials === 0 && attempt.challengeCount > 0 &&
      attempt.unheard >= FEWEST_UNASKED;
  }
  // the 200 does not arrive; a phone that answers a question of ours since then is well
  const { lastRetransmissionAt, unheard } = attempt;
  return unheard >= FEWEST_REGISTERED &&
    story.reach.lastAnsweredAt < lastRetransmissionAt &&
    (scene.isOver || scene.now - lastRetransmissionAt < STILL_REPEATING_MS);
}
