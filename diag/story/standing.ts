/**
 * How a phone stands now: the newest attempt decides, and what it got over does not count any
 * more. Every rule looks at a story through these.
 * @module
 */

import type { RefusalReason } from "../../sip/fact.ts";
import { formatAddress } from "../../sip/flow.ts";
import type { Registered } from "../../pbx/fact.ts";
import type { NameView, Scene } from "../scene.ts";
import {
  type Arrival,
  type Attempt,
  type ChallengeMoment,
  isOvertaken,
  isRegistered,
  lastAttempt,
  lastRegistered,
  type RefusalMoment,
  type Story,
} from "./story.ts";

/** A binding may be looked at so much later than it ran out. */
const EXPIRY_GRACE_MS = 5000;

/**
 * The newest attempt where it got nothing and the number has not registered from the host since,
 * else null.
 */
export function openAttempt(story: Story): Attempt | null {
  return isOvertaken(story) ? null : unansweredAttempt(story);
}

/** The newest attempt where it got nothing and the phone itself has not registered since. */
export function unansweredAttempt(story: Story): Attempt | null {
  const attempt = lastAttempt(story);
  if (attempt === null || attempt.registered !== null) return null;
  if (attempt.isServed) return null;
  const registered = lastRegistered(story);
  const isOver = registered !== null && registered.at >= attempt.startedAt;
  return isOver ? null : attempt;
}

/** The refusal that the open attempt ended with, if it is for one of these reasons. */
export function openRefusal(
  story: Story,
  reasons: readonly RefusalReason[],
): { readonly attempt: Attempt; readonly refusal: RefusalMoment } | null {
  const attempt = openAttempt(story);
  const refusal = attempt?.refusals.at(-1);
  if (!attempt || !refusal || !reasons.includes(refusal.why)) return null;
  // a request after it is still on its way
  if (attempt.challenges.some(({ at }) => at > refusal.at)) return null;
  return { attempt, refusal };
}

/** The newest challenges of the open attempt as far as they are all for this reason. */
export function openChallenges(
  story: Story,
  why: ChallengeMoment["why"],
): ChallengeMoment[] {
  const challenges = openAttempt(story)?.challenges ?? [];
  const other = challenges.findLastIndex((one) => one.why !== why);
  return challenges.slice(other + 1);
}

/** The registration that still holds, or null. */
export function standingRegistration(
  story: Story,
  scene: Scene,
): Registered | null {
  if (!isRegistered(story)) return null;
  const registered = lastRegistered(story)!;
  const endsAt = registered.at + registered.expiresSeconds * 1000;
  return endsAt + EXPIRY_GRACE_MS >= scene.now ? registered : null;
}

/** Whether the phone got on, as far as a registration, at this moment or later. */
export function hasRegisteredSince(story: Story, at: number): boolean {
  return (lastRegistered(story)?.at ?? 0) >= at;
}

/** Whether the server read an attempt of the phone that began at this moment or later. */
export function hasTriedSince(story: Story, at: number): boolean {
  return (lastAttempt(story)?.lastAt ?? 0) >= at;
}

/** Where the phone is: `host:port`, the host alone where the port is unknown, or "". */
export function sourceOf(story: Story): string {
  const attempt = lastAttempt(story);
  if (attempt !== null) return formatAddress(attempt.host, attempt.port);
  return story.host;
}

/** Whether the server waits for packets at this place. */
export function isListening(
  scene: Scene,
  { localHost, localPort }: Pick<Arrival, "localHost" | "localPort">,
): boolean {
  return scene.server?.listen.some(({ host, port }) =>
    port === localPort &&
    (host === localHost || isWildcard(host, localHost))
  ) ?? false;
}

function isWildcard(host: string, localHost: string): boolean {
  return host === "::" || (host === "0.0.0.0" && !localHost.includes(":"));
}

/** Whether a port is one of the server's, at whatever address. */
export function isOurPort(scene: Scene, wanted: number): boolean {
  return scene.server?.listen.some(({ port }) => port === wanted) ?? false;
}

/**
 * What the name system said of the name that the phone has, or else of all names. Names that are
 * only configured count when the watch is over: phones may well write to an address.
 */
export function namesInUse(scene: Scene): readonly NameView[] {
  const { names, name } = scene;
  const own = names.filter((one) => one.name === name);
  if (scene.isNameTyped && own.length > 0) return own;
  if (!scene.isOver) return [];
  return own.length > 0 ? own : names;
}

/** The port that phones are to write to. */
export function sipPort(scene: Scene): number {
  return scene.server?.listen[0]?.port ?? 5060;
}

/** Whether anything at all came from the phone's host, by whatever witness. */
export function isBlank(story: Story): boolean {
  const { trail } = story;
  return story.attemptCount === 0 && story.calls.length === 0 &&
    trail.requests === 0 && trail.arrivals.length === 0 &&
    trail.malformedCount === 0 && trail.garbage === 0 &&
    trail.keepAlives === 0 && trail.stuns === 0 && trail.tlsOffers === 0 &&
    trail.connections === 0 && trail.banned === null &&
    trail.fragmentsLost === 0;
}
