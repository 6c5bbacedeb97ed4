/**
 * How far a phone got: the stage that it has not passed yet, by what was seen and not by what is
 * likely.
 * @module
 */

import type { Stage } from "../../sip/stage.ts";
import type { Scene } from "../scene.ts";
import { isListening, unansweredAttempt } from "./standing.ts";
import {
  type Attempt,
  isRegistered,
  lastAttempt,
  lastRegistered,
  type Story,
} from "./story.ts";

/** The first stage of which nothing shows that the phone has passed it. */
export function pendingStage(story: Story, scene: Scene): Stage {
  const attempt = unansweredAttempt(story);
  if (attempt !== null) return pendingOf(attempt);
  if (lastRegistered(story) !== null) return pendingAfter(story);
  if (lastAttempt(story) !== null) return "reply";
  if (isHeard(story)) return "parse";
  if (story.trail.banned !== null) return "ban";
  const { arrivals } = story.trail;
  if (arrivals.some((one) => isListening(scene, one))) return "firewall";
  return "nic";
}

/** What is open of a phone that was registered: what it had may not count any more. */
function pendingAfter(story: Story): Stage {
  const why = isRegistered(story) ? null : story.unregistered?.why;
  if (why === "password-changed") return "auth";
  return why === "extension-removed" ? "account" : "reachable";
}

function pendingOf(attempt: Attempt): Stage {
  const refusal = attempt.refusals.at(-1);
  const challenge = attempt.challenges.at(-1);
  if (refusal !== undefined && refusal.at >= (challenge?.at ?? 0)) {
    return refusal.stage;
  }
  return challenge === undefined ? "reply" : "auth";
}

function isHeard({ trail }: Story): boolean {
  return trail.requests > 0 || trail.malformedCount > 0 || trail.garbage > 0 ||
    trail.keepAlives > 0 || trail.stuns > 0 || trail.tlsOffers > 0 ||
    trail.connections > 0;
}
