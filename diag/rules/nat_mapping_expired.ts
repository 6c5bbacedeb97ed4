/**
 * `nat-mapping-expired`: the phone holds a registration, and does not hear our questions. What
 * counts is a question that was put after the phone was heard last.
 * @module
 */

import { see } from "../evidence.ts";
import type { Scene } from "../scene.ts";
import { standingRegistration } from "../story/standing.ts";
import { lastAttempt, type Reach, type Story } from "../story/story.ts";
import type { Evidence, Finding } from "../verdict.ts";

/** A question is given up after so long (RFC 3261 §17.1.2.2, Timer F). */
const GIVEN_UP_AFTER_MS = 32_000;
/** By then it was sent four times. */
const SILENT_AFTER_MS = 4000;

export function natMappingExpired(story: Story, scene: Scene): Finding | null {
  const registered = standingRegistration(story, scene);
  if (registered === null || registered.flow.transport !== "udp") return null;
  const { reach, moves } = story;
  const heardAt = Math.max(
    registered.at,
    reach.lastAnsweredAt,
    lastAttempt(story)?.lastAt ?? 0,
  );
  const isSilent = reach.unanswered > 0 && isUnanswered(reach, heardAt);
  // anybody can send ICMP: it tells why a question has no answer, and nothing of itself
  const isClosed = reach.icmpErrors > 0 && reach.lastIcmpErrorAt > heardAt &&
    (reach.waitingSince > 0 || reach.unanswered > 0);
  if (!isSilent && !isClosed) return null;
  const source = registered.flow.peer;
  const { expiresSeconds: seconds } = registered;
  const evidence: Evidence[] = [
    see(registered.at, "registered-from", { source, seconds }),
  ];
  if (moves.count > 0) {
    const { at, from, to } = moves;
    evidence.push(see(at, "phone-moved", { from, to }));
  }
  if (reach.answered > 0) {
    const milliseconds = Math.round(reach.roundTripMs);
    evidence.push(
      see(reach.lastAnsweredAt, "phone-answered", { milliseconds }),
    );
  }
  if (isSilent) {
    const count = reach.unanswered;
    const at = reach.lastUnansweredAt;
    evidence.push(see(at, "phone-silent", { count, source }));
  }
  if (isClosed) {
    evidence.push(see(reach.lastIcmpErrorAt, "phone-port-closed", { source }));
  }
  return {
    code: "nat-mapping-expired",
    at: evidence.at(-1)!.at,
    values: { source },
    evidence,
  };
}

/** Whether a question that got no answer was put after the phone was heard last. */
function isUnanswered(
  { waitingSince, lastUnansweredAt }: Reach,
  heardAt: number,
): boolean {
  return lastUnansweredAt - GIVEN_UP_AFTER_MS >= heardAt ||
    (waitingSince >= heardAt &&
      lastUnansweredAt - waitingSince >= SILENT_AFTER_MS);
}
