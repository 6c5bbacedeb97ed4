/**
 * `tcp-switch-blocked`: PJSIP sends requests above 1300 octets over TCP, also for an account that
 * uses UDP (RFC 3261 §18.1.1). The INVITE with the password is longer than the one without: where
 * TCP is dropped on the way, it never comes, while registration works.
 * @module
 */

import { see } from "../evidence.ts";
import type { Scene } from "../scene.ts";
import { newestCall } from "../story/newest_call.ts";
import { isOurPort } from "../story/standing.ts";
import { type CallStory, lastRegistered, type Story } from "../story/story.ts";
import type { Evidence, Finding } from "../verdict.ts";

/** A phone answers a challenge within milliseconds. */
const GIVEN_UP_AFTER_MS = 5000;
/** The credentials make a request longer by about 300 octets. */
const LONG_OCTETS = 1000;

export function tcpSwitchBlocked(story: Story, scene: Scene): Finding | null {
  const call = newestCall(story, scene);
  if (call === null || !isForsaken(call, scene)) return null;
  if (!isPhoneOnUdp(story, scene)) return null;
  const { octets, lastChallengeAt: at } = call;
  const knock = story.trail.arrivals.find((one) =>
    one.class === "syn" && one.lastAt >= call.startedAt &&
    isOurPort(scene, one.localPort)
  );
  if (octets < LONG_OCTETS && (knock?.unheard ?? 0) === 0) return null;
  const evidence: Evidence[] = [
    see(at, "invite-challenged"),
    see(at, "invite-octets", { octets }),
  ];
  if (knock !== undefined && knock.unheard > 0) {
    const { lastAt, unheard: count, localPort: port } = knock;
    const source = story.host;
    evidence.push(see(lastAt, "connections-unheard", { count, source, port }));
  }
  const flow = scene.firewall?.flows.find(({ direction, transport, outcome }) =>
    direction === "in" && transport === "tcp" &&
    (outcome === "drop" || outcome === "reject")
  );
  if (flow !== undefined && flow.rule !== "") {
    const { rule } = flow;
    evidence.push(see(evidence.at(-1)!.at, "dropping-rule", { rule }));
  }
  const finding: Finding = {
    code: "tcp-switch-blocked",
    at,
    values: { octets },
    evidence,
  };
  const command = flow?.command ?? "";
  return command === "" ? finding : { ...finding, command };
}

/** Strangers call without a password too; a phone that registers has one, and tries it. */
function isPhoneOnUdp(story: Story, { isOffline }: Scene): boolean {
  const registered = lastRegistered(story);
  return registered === null
    ? isOffline && story.attempts.length === 0
    : registered.flow.transport === "udp";
}

/** Whether the phone was asked for the password of the call and never came back with it. */
function isForsaken(call: CallStory, { now, isOver }: Scene): boolean {
  return call.challenges > 0 && !call.hasCredentials && call.invited === null &&
    call.refusal === null && call.ended === null &&
    (isOver || now - call.lastChallengeAt >= GIVEN_UP_AFTER_MS);
}
