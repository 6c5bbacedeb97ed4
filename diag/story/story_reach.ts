/**
 * The fold of our questions to a phone, and of what the network says about it, into its story.
 * @module
 */

import type { TransportTrouble } from "../../sip/fact.ts";
import type { Pinged } from "../../pbx/fact.ts";
import { lastRegistered } from "./story.ts";
import type { HostPage } from "./story_page.ts";

export function notePing(page: HostPage, fact: Pinged): void {
  const story = page.findByContact(fact.number, fact.contact) ??
    page.openLike(fact.number, "", fact.at);
  const { reach } = story;
  story.lastAt = Math.max(story.lastAt, fact.at);
  // an older binding of it, which it has left behind
  const registered = lastRegistered(story);
  const isCurrent = registered === null ||
    (registered.contact === fact.contact &&
      registered.flow.peer === fact.flow.peer);
  if (!isCurrent) return;
  switch (fact.kind) {
    case "ping-sent":
      reach.sent++;
      reach.waitingSince ||= fact.at;
      return;
    case "ping-answered":
      reach.answered++;
      reach.unanswered = 0;
      reach.waitingSince = 0;
      reach.lastAnsweredAt = fact.at;
      reach.roundTripMs = fact.afterMs;
      reach.icmpErrors = 0;
      return;
    case "ping-unanswered":
      reach.unanswered++;
      reach.lastUnansweredAt = fact.at;
  }
}

/** ICMP says that nobody is at a port: whose last registration came from there? */
export function noteUnreachable(
  { stories }: HostPage,
  { at, flow }: TransportTrouble,
): void {
  for (const story of stories) {
    if (lastRegistered(story)?.flow.port !== flow.port) continue;
    story.reach.icmpErrors++;
    story.reach.lastIcmpErrorAt = at;
  }
}
