/**
 * `undecided`: the watch is over, something came, the phone is not registered, and no other rule
 * says why. It counts only where nothing else is found.
 * @module
 */

import { see } from "../evidence.ts";
import { pendingStage } from "../story/progress.ts";
import type { Scene } from "../scene.ts";
import {
  isBlank,
  isListening,
  openAttempt,
  sourceOf,
  standingRegistration,
} from "../story/standing.ts";
import {
  type Attempt,
  isOvertaken,
  lastRegistered,
  type Story,
} from "../story/story.ts";
import type { Evidence, Finding } from "../verdict.ts";

export function undecided(story: Story, scene: Scene): Finding | null {
  if (!scene.isOver || isBlank(story)) return null;
  if (standingRegistration(story, scene) && !openAttempt(story)) return null;
  if (isOvertaken(story)) return null;
  const evidence = tell(story, scene);
  evidence.push(
    scene.isOffline
      ? see(scene.now, "file-tells-little")
      : see(scene.now, "watch-again"),
  );
  return {
    code: "undecided",
    at: scene.now,
    values: { stage: pendingStage(story, scene) },
    evidence,
  };
}

function tell(story: Story, scene: Scene): Evidence[] {
  const attempt = openAttempt(story);
  if (attempt !== null) return tellAttempt(attempt, story);
  const registered = lastRegistered(story);
  if (registered !== null) {
    const { at, flow, expiresSeconds: seconds } = registered;
    const source = flow.peer;
    return [
      see(at, "registered-from", { source, seconds }),
      tellEnd(story, scene),
    ];
  }
  return tellTrail(story, scene);
}

function tellAttempt(attempt: Attempt, story: Story): Evidence[] {
  const { startedAt, challenges, refusals, transport } = attempt;
  const evidence: Evidence[] = [
    see(startedAt, "request-came", {
      number: story.number,
      source: sourceOf(story),
      transport: transport.toUpperCase(),
    }),
  ];
  const refusal = refusals.at(-1);
  const challenge = challenges.at(-1);
  if (refusal !== undefined) {
    const { at, method, status, why, detail } = refusal;
    evidence.push(see(at, "refused-with", { method, status, why }));
    if (detail !== "") evidence.push(see(at, "refusal-detail", { detail }));
  } else if (challenge === undefined) {
    evidence.push(see(attempt.lastAt, "answer-missing"));
  } else if (attempt.withCredentials === 0) {
    evidence.push(see(challenge.at, "password-awaited"));
  }
  return evidence;
}

function tellEnd(story: Story, scene: Scene): Evidence {
  const { unregistered } = story;
  if (unregistered === null) return see(scene.now, "registration-expired");
  const { at, why } = unregistered;
  if (why === "by-phone") return see(at, "phone-signed-off");
  if (why === "expired") return see(at, "registration-expired");
  return see(at, "registration-ended", { why });
}

function tellTrail(
  { trail, host: source }: Story,
  scene: Scene,
): Evidence[] {
  const evidence: Evidence[] = [];
  for (const arrival of trail.arrivals) {
    if (arrival.class !== "sip" || arrival.unheard === 0) continue;
    if (!isListening(scene, arrival)) continue;
    const { lastAt, unheard: count, localPort: port } = arrival;
    const transport = arrival.transport.toUpperCase();
    const values = { count, source, transport, port };
    evidence.push(see(lastAt, "packets-unheard", values));
  }
  if (trail.garbage > 0) {
    const count = trail.garbage;
    evidence.push(see(trail.lastGarbageAt, "no-sip-came", { count, source }));
  }
  if (trail.keepAlives > 0) {
    evidence.push(see(trail.lastKeepAliveAt, "only-life-signs", { source }));
  }
  if (trail.connections > 0) {
    evidence.push(see(trail.heardAt.tcp, "connected-only", { source }));
  }
  return evidence.sort((a, b) => a.at - b.at);
}
