/**
 * The fold of facts about registrations into the attempts of a story (RFC 3261 §10.2).
 * @module
 */

import type {
  Challenged,
  Refused,
  RequestSeen,
  RetransmissionSeen,
} from "../../sip/fact.ts";
import type {
  BindingsFetched,
  Registered,
  Unregistered,
} from "../../pbx/fact.ts";
import type { Attempt, HostTrail, Story } from "./story.ts";
import { isRegistered, lastAttempt, lastRegistered } from "./story.ts";
import { noteInvite } from "./story_call.ts";
import { beginAttempt, beginReach } from "./story_make.ts";
import type { HostPage } from "./story_page.ts";

const MOST_KEPT = 8;
const MOST_LISTED = 16;
/** A request of the same Call-ID after a longer pause is another attempt. */
const PAUSE_MS = 40_000;
/** Refusals that a phone answers at once with a better request of the same attempt. */
const NEGOTIATED = new Set([420, 421, 423]);

export function noteRequest(page: HostPage, fact: RequestSeen): void {
  const { trail } = page;
  trail.requests++;
  list(trail.numbers, fact.number);
  list(trail.userAgents, fact.userAgent);
  if (fact.method === "INVITE") {
    const story = page.openLike(fact.number, fact.userAgent, fact.at);
    return noteInvite(story, fact);
  }
  if (fact.method === "PUBLISH") {
    const story = page.openLike(fact.number, fact.userAgent, fact.at);
    story.publishes++;
    story.lastPublishAt = fact.at;
  }
  if (fact.method !== "REGISTER") return;
  const { number, userAgent, at } = fact;
  const story = page.open(number, userAgent, instanceOf(fact.contact), at);
  let attempt = story.attempts.findLast((one) => one.callId === fact.callId);
  if (attempt === undefined || isConcluded(attempt, fact.at)) {
    attempt = beginAttempt(fact, !hasHeardUs(story));
    story.attemptCount++;
    push(story.attempts, attempt);
  }
  attempt.lastAt = fact.at;
  attempt.port = fact.flow.port;
  attempt.unheard = 0;
  if (fact.hasCredentials) attempt.withCredentials++;
}

function isConcluded(attempt: Attempt, at: number): boolean {
  if (at - attempt.lastAt > PAUSE_MS || attempt.registered !== null) {
    return true;
  }
  const refusal = attempt.refusals.at(-1);
  return refusal !== undefined && !NEGOTIATED.has(refusal.status);
}

function hasHeardUs(story: Story): boolean {
  return story.attempts.some((attempt) =>
    attempt.challengeCount > 0 || attempt.refusalCount > 0 ||
    attempt.registered !== null
  );
}

export function noteRetransmission(
  page: HostPage,
  fact: RetransmissionSeen,
): void {
  const found = page.findAttempt(fact.callId);
  if (found === undefined || fact.method !== "REGISTER") return;
  found.story.lastAt = fact.at;
  found.attempt.unheard++;
  found.attempt.lastRetransmissionAt = fact.at;
}

export function noteChallenge(page: HostPage, fact: Challenged): void {
  if (fact.why === "wrong-answer") noteFailure(page.trail, fact);
  if (fact.method === "INVITE") {
    const story = page.openLike(fact.number, fact.userAgent, fact.at);
    return noteInvite(story, fact);
  }
  const found = page.findAttempt(fact.callId);
  if (found === undefined || fact.method !== "REGISTER") return;
  const { attempt } = found;
  attempt.challengeCount++;
  push(attempt.challenges, { at: fact.at, why: fact.why });
}

export function noteRefusal(page: HostPage, fact: Refused): void {
  const isStranger = fact.stage === "domain" || fact.stage === "account" ||
    fact.stage === "auth";
  if (isStranger) noteFailure(page.trail, fact);
  if (fact.method === "INVITE") {
    const story = page.openLike(fact.number, fact.userAgent, fact.at);
    return noteInvite(story, fact);
  }
  const found = page.findAttempt(fact.callId);
  if (found === undefined || fact.method !== "REGISTER") return;
  const { at, method, status, why, detail, stage } = fact;
  found.story.lastAt = Math.max(found.story.lastAt, at);
  found.attempt.lastAt = Math.max(found.attempt.lastAt, at);
  found.attempt.refusalCount++;
  push(found.attempt.refusals, { at, method, status, why, detail, stage });
}

function noteFailure(
  trail: HostTrail,
  { at, number }: Challenged | Refused,
): void {
  trail.failures++;
  trail.firstFailureAt ||= at;
  trail.lastFailureAt = at;
  list(trail.failedNumbers, number);
}

export function noteRegistered(page: HostPage, fact: Registered): void {
  page.trail.registrations++;
  const found = page.findAttempt(fact.callId);
  if (found === undefined) return;
  const { story, attempt } = found;
  const before = lastRegistered(story);
  if (
    before !== null && isRegistered(story) &&
    before.flow.port !== fact.flow.port
  ) {
    story.moves.count++;
    story.moves.from = before.flow.port;
    story.moves.to = fact.flow.port;
    story.moves.at = fact.at;
  }
  // it was here before the facts begin: its first request of theirs was not its first
  if (fact.change !== "added" && attempt.first.isFirstContact) {
    const first = { ...attempt.first, isFirstContact: false };
    const at = story.attempts.indexOf(attempt);
    story.attempts[at] = { ...attempt, first, registered: fact };
  } else {
    attempt.registered = fact;
  }
  // a refresh has the Call-ID of the registration before it (RFC 3261 §10.2.4)
  const isRefresh = fact.change === "refreshed" &&
    story.attempts.some((one) =>
      one.callId === fact.callId && one.registered !== null &&
      one.registered !== fact
    );
  if (!isRefresh) overtake(page, story, fact.at);
  const isOther = before === null || before.contact !== fact.contact ||
    before.flow.peer !== fact.flow.peer;
  const { reach } = story;
  Object.assign(
    reach,
    isOther ? beginReach() : { unanswered: 0, waitingSince: 0 },
  );
}

/** What failed there with the same number is mended, whatever the phone called itself then. */
function overtake(page: HostPage, by: Story, at: number): void {
  for (const story of page.stories) {
    if (story !== by && story.number === by.number) story.overtakenAt = at;
  }
}

export function noteUnregistered(page: HostPage, fact: Unregistered): void {
  const story = page.findByContact(fact.number, fact.contact);
  if (story === undefined) return;
  story.unregistered = fact;
  const attempt = lastAttempt(story);
  if (attempt !== null && fact.why === "by-phone") attempt.isServed = true;
}

/** It asked for its bindings, and got them. */
export function noteFetched(page: HostPage, fact: BindingsFetched): void {
  const story = page.findByNumber(fact.number);
  const attempt = story === undefined ? null : lastAttempt(story);
  if (attempt !== null) attempt.isServed = true;
}

/** "" where the phone names none. */
function instanceOf(contact: string): string {
  return /\+sip\.instance="([^"]{1,128})"/i.exec(contact)?.[1] ?? "";
}

/** Adds to a bounded list, at the cost of its first entry. */
function push<T>(list: T[], entry: T): void {
  if (list.length >= MOST_KEPT) list.shift();
  list.push(entry);
}

function list(words: string[], word: string): void {
  if (word === "" || words.length >= MOST_LISTED || words.includes(word)) {
    return;
  }
  words.push(word);
}
