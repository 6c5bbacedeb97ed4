/**
 * Finds the phone that somebody asks about among all that was seen, and sets the scanners apart.
 * A scanner is known by its name, by many numbers that do not exist, or by wrong passwords faster
 * than phones repeat them; a host from which a phone registered is never one by counting. An
 * office in which no phone works yet is none: its numbers exist, and its phones are patient. A
 * phone that has registered is no scanner, whoever else is behind the same router.
 * @module
 */

import { isLoopback } from "../../sip/flow.ts";
import type { NoiseView } from "../scene.ts";
import {
  type HostTrail,
  isRegistered,
  lastRegistered,
  type Story,
} from "./story.ts";
import { beginStory } from "./story_make.ts";

/** What scanning programs call themselves (a scanner may lie; then its behaviour tells). */
const SCANNER_NAMES =
  /friendly-scanner|friendly-request|sipvicious|sundayddr|sipcli|sip-?scan|sipflood|inviteflood|pplsip|vaxsip|vaxip|iwar|\bsmap\b|nmap|masscan|zgrab|gulp|siparmyknife|scanner/i;
const NUMBERS_OF_NOBODY = 5;
/** Where nobody knows which numbers exist. */
const NUMBERS = 12;
const GUESSES = 20;
/** Ten phones that try again every ten seconds stay below. */
const GUESSES_A_SECOND = 1;

/** What makes a host a scanner: what it calls itself, the numbers it tries, or its guessing. */
export type Suspicion = "name" | "numbers" | "guesses";

/** Why a host is taken for a scanner, or null. `extensions`: the numbers that exist; null: unknown. */
export function suspect(
  trail: HostTrail,
  extensions: ReadonlySet<string> | null,
): Suspicion | null {
  if (trail.userAgents.some((name) => SCANNER_NAMES.test(name))) return "name";
  if (
    trail.malformed.some(({ userAgent }) => SCANNER_NAMES.test(userAgent)) ||
    trail.arrivals.some(({ userAgent }) => SCANNER_NAMES.test(userAgent))
  ) return "name";
  if (trail.registrations > 0) return null;
  if (triesNumbers(trail, extensions)) return "numbers";
  return guesses(trail) ? "guesses" : null;
}

/** Whether a host does what scanners do. `extensions`: the numbers that exist; null: unknown. */
export function isScanner(
  trail: HostTrail,
  extensions: ReadonlySet<string> | null,
): boolean {
  return suspect(trail, extensions) !== null;
}

function triesNumbers(
  { numbers }: HostTrail,
  extensions: ReadonlySet<string> | null,
): boolean {
  if (extensions === null) return numbers.length >= NUMBERS;
  const unknown = numbers.filter((number) => !extensions.has(number));
  return unknown.length >= NUMBERS_OF_NOBODY;
}

function guesses({ failures, firstFailureAt, lastAt }: HostTrail): boolean {
  const seconds = (lastAt - firstFailureAt) / 1000;
  return failures >= GUESSES && failures > seconds * GUESSES_A_SECOND;
}

/** Whether it is a scanner of whom a story tells; `scanners`: the hosts that are known for it. */
export function isScanners(
  story: Story,
  scanners: ReadonlySet<HostTrail>,
): boolean {
  if (!scanners.has(story.trail)) return false;
  return lastRegistered(story) === null || SCANNER_NAMES.test(story.userAgent);
}

/** Who was seen, sorted out. */
export interface Recognised {
  /** The phone that is meant; null where nothing was seen of it. */
  readonly story: Story | null;
  /** The other phones. */
  readonly others: readonly Story[];
  readonly noise: NoiseView;
}

/** What helps to tell the phone that is meant. */
export interface Wanted {
  /** The extension that is asked about; "" for whichever phone shows up. */
  readonly number: string;
  /** Milliseconds since 1970: whoever showed up since then was told to. */
  readonly since: number;
  /** The numbers that exist; null where that is unknown. */
  readonly extensions: readonly string[] | null;
}

/**
 * Picks the phone. With a number: who says it since the watch began, or tries to say it to another
 * port, and of several the one that also had the password; else a phone with a number that does
 * not exist, because the number may be what is wrong; else whoever else got no further than the
 * card; else the phone as it was known before. While that one is registered and answers, somebody
 * from elsewhere who does not say its number is a stranger. Without a number: whoever tried last
 * since the watch began.
 */
export function recognise(
  stories: readonly Story[],
  trails: readonly HostTrail[],
  wanted: Wanted,
): Recognised {
  const extensions = wanted.extensions && new Set(wanted.extensions);
  const scanners = new Set(
    trails.filter((trail) => isScanner(trail, extensions)),
  );
  const phones = stories.filter((story) =>
    !isScanners(story, scanners) && isPhone(story)
  );
  const mute = listMute(phones, trails, scanners, wanted.since);
  const story = pick(phones, mute, wanted);
  return {
    story,
    others: phones.filter((other) => other !== story),
    noise: summarise([...scanners]),
  };
}

/** Whether a story is about a phone, and not about somebody who asked once for OPTIONS. */
function isPhone(story: Story): boolean {
  return story.attempts.length > 0 || story.calls.length > 0 ||
    story.publishes > 0 || story.reach.sent > 0;
}

/**
 * Hosts that somebody tries to register from, without a message that the server could read: their
 * stories, which have a trail only.
 */
function listMute(
  phones: readonly Story[],
  trails: readonly HostTrail[],
  scanners: ReadonlySet<HostTrail>,
  since: number,
): Story[] {
  const speaking = new Set(
    phones.filter(({ lastAt }) => lastAt >= since).map(({ trail }) => trail),
  );
  return trails.filter((trail) =>
    trail.lastAt >= since && !scanners.has(trail) && !speaking.has(trail) &&
    !isLoopback(trail.host) && isTrying(trail)
  ).map((trail) => {
    const number = trail.arrivals.findLast((one) => one.number !== "")
      ?.number ?? "";
    const userAgent = trail.arrivals.findLast((one) => one.userAgent !== "")
      ?.userAgent ?? "";
    const story = beginStory(trail, number, userAgent, trail.firstAt);
    story.lastAt = trail.lastAt;
    return story;
  });
}

function isTrying(trail: HostTrail): boolean {
  return trail.tlsOffers > 0 || trail.malformedCount > 0 ||
    trail.banned !== null || trail.stuns > 0 || trail.fragmentsLost > 0 ||
    trail.arrivals.some((one) =>
      one.class === "tls" || one.class === "syn" ||
      one.class === "sip" && one.method !== "OPTIONS"
    );
}

function pick(
  phones: readonly Story[],
  mute: readonly Story[],
  { number, since, extensions }: Wanted,
): Story | null {
  const recent = phones.filter((story) => story.lastAt >= since);
  const trying = recent.filter(({ attempts, calls }) =>
    (attempts.at(-1)?.lastAt ?? 0) >= since ||
    (calls.at(-1)?.lastAt ?? 0) >= since
  );
  if (number === "") {
    return newest(trying) ?? newest(mute) ?? newest(recent);
  }
  const isOwn = (story: Story) => story.number === number;
  const isNobody = (story: Story) =>
    story.number !== "" && extensions !== null &&
    !extensions.includes(story.number);
  const own = trying.filter(isOwn);
  const known = newest(phones.filter(isOwn));
  const isStranger = (story: Story) =>
    known !== null && isReached(known) && story.host !== known.host;
  const nobodies = trying.filter(isNobody);
  const silent = mute.filter((story) => story.number === "" || isNobody(story));
  return newest(own.filter((story) => hasSignedOn(story, since))) ??
    newest(own) ?? newest(mute.filter(isOwn)) ??
    newest(nobodies.filter((story) => !isStranger(story))) ??
    newest(silent.filter((story) => !isStranger(story))) ?? known;
}

/** Whether the phone is registered, and left no question of ours unanswered. */
function isReached(story: Story): boolean {
  return isRegistered(story) && story.reach.unanswered === 0;
}

/**
 * Whether it registered since then as phones do when they are told to, and not by a refresh, which
 * has the Call-ID of the registration before it (RFC 3261 §10.2.4).
 */
function hasSignedOn({ attempts }: Story, since: number): boolean {
  return attempts.some(({ registered, callId }, i) =>
    registered !== null && registered.at >= since &&
    (registered.change !== "refreshed" ||
      !attempts.slice(0, i).some((before) => before.callId === callId))
  );
}

function newest(stories: readonly Story[]): Story | null {
  return stories.reduce<Story | null>(
    (best, story) =>
      best === null || story.lastAt >= best.lastAt ? story : best,
    null,
  );
}

function summarise(scanners: readonly HostTrail[]): NoiseView {
  const names = new Set(scanners.flatMap(({ userAgents }) => userAgents));
  let tries = 0;
  let lastAt = 0;
  for (const trail of scanners) {
    tries += Math.max(
      trail.requests + trail.malformedCount,
      trail.arrivals.reduce((sum, arrival) => sum + arrival.count, 0),
    );
    lastAt = Math.max(lastAt, trail.lastAt);
  }
  return {
    hosts: scanners.length,
    tries,
    userAgents: [...names].slice(0, 8),
    lastAt,
  };
}
