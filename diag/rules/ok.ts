/**
 * `ok`: the phone is registered and answers, or there is no question to put to it.
 * @module
 */

import { see } from "../evidence.ts";
import type { Scene } from "../scene.ts";
import { openAttempt, standingRegistration } from "../story/standing.ts";
import type { Story } from "../story/story.ts";
import type { Evidence, Finding } from "../verdict.ts";
import { natMappingExpired } from "./nat_mapping_expired.ts";
import { repliesLost } from "./replies_lost.ts";

/** A phone that does not hear us would have repeated its request by then, or left us waiting. */
const SETTLED_AFTER_MS = 6000;
/** An attempt of a recording is over by then. */
const CUT_OFF_MS = 2000;

export function ok(story: Story, scene: Scene): Finding | null {
  const registered = standingRegistration(story, scene);
  if (registered === null || isTrying(story, scene)) return null;
  if (natMappingExpired(story, scene) ?? repliesLost(story, scene)) return null;
  const { reach } = story;
  const { at, flow, expiresSeconds: seconds } = registered;
  const isAnswered = reach.answered > 0 && reach.unanswered === 0;
  const isConnected = flow.transport === "tcp";
  const isSettled = scene.isOver || scene.now - at >= SETTLED_AFTER_MS;
  if (!isAnswered && !isConnected && !isSettled) return null;
  const evidence: Evidence[] = [
    see(at, "registered-from", { source: flow.peer, seconds }),
  ];
  if (reach.answered > 0) {
    const milliseconds = Math.round(reach.roundTripMs);
    evidence.push(
      see(reach.lastAnsweredAt, "phone-answered", { milliseconds }),
    );
  } else if (isConnected || !registered.isBehindNat) {
    evidence.push(see(at, "phone-not-asked"));
  } else evidence.push(see(scene.now, "phone-not-asked-yet"));
  return {
    code: "ok",
    at: Math.max(at, reach.lastAnsweredAt),
    values: { number: story.number },
    evidence: evidence.sort((a, b) => a.at - b.at),
  };
}

/** Whether an attempt goes on whose end nobody knows; one that the phone gave up does not count. */
function isTrying(story: Story, scene: Scene): boolean {
  const attempt = openAttempt(story);
  if (attempt === null) return false;
  // the file ends in the middle of a refresh
  const isCutOff = scene.isOffline && attempt.refusalCount === 0 &&
    scene.now - attempt.startedAt < CUT_OFF_MS;
  if (isCutOff) return false;
  return attempt.refusalCount > 0 ||
    story.reach.lastAnsweredAt < attempt.lastAt + SETTLED_AFTER_MS;
}
