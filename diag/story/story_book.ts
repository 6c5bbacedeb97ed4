/**
 * Folds facts into stories. Phones are told apart by host, number and User-Agent; facts without
 * these find their phone by Call-ID or Contact. Bounded: the hosts that were quiet longest are
 * forgotten, those without a registered phone first, and of each host the oldest stories.
 * @module
 */

import type { Banned, CallFact, Fact } from "../../pbx/fact.ts";
import type { HostTrail, Story } from "./story.ts";
import { noteCall } from "./story_call.ts";
import { HostPage } from "./story_page.ts";
import { notePing, noteUnreachable } from "./story_reach.ts";
import {
  noteChallenge,
  noteFetched,
  noteRefusal,
  noteRegistered,
  noteRequest,
  noteRetransmission,
  noteUnregistered,
} from "./story_register.ts";
import { noteHeard, noteOnTrail } from "./story_trail.ts";
import type { WireFact } from "../wire/packet_fact.ts";

/** Whatever can be a part of a story. */
export type StoryFact = Fact | Banned | CallFact | WireFact;

const MOST_HOSTS = 2048;
const MOST_CALLERS = 8192;

export class StoryBook {
  /** In the order of their last activity. */
  readonly #pages = new Map<string, HostPage>();

  /** Who made a call, by its Call-ID; the oldest first. */
  readonly #callers = new Map<string, Story>();

  /** Takes one fact; facts must come in the order of time. */
  add(fact: StoryFact): void {
    const host = hostOf(fact);
    if (host === "") return;
    const page = this.#turnTo(host, fact.at);
    noteHeard(page.trail, fact);
    switch (fact.kind) {
      case "request-seen":
        return noteRequest(page, fact);
      case "retransmission-seen":
        return noteRetransmission(page, fact);
      case "challenged":
        return noteChallenge(page, fact);
      case "refused":
        return noteRefusal(page, fact);
      case "registered":
        return noteRegistered(page, fact);
      case "unregistered":
        return noteUnregistered(page, fact);
      case "bindings-fetched":
        return noteFetched(page, fact);
      case "ping-sent":
      case "ping-answered":
      case "ping-unanswered":
        return notePing(page, fact);
      case "call-invited":
      case "call-answered":
      case "call-acknowledged":
      case "call-ended":
      case "media-seen":
        return this.#noteCall(page, fact);
      case "transport-trouble":
        if (fact.what === "icmp-error") noteUnreachable(page, fact);
        return noteOnTrail(page.trail, fact);
      default:
        return noteOnTrail(page.trail, fact);
    }
  }

  /** Every phone that was seen, the one that was active last at the end. */
  stories(): Story[] {
    const stories: Story[] = [];
    for (const page of this.#pages.values()) {
      stories.push(...page.stories);
    }
    return stories.sort((a, b) => a.lastAt - b.lastAt);
  }

  /** Every host that was seen, also those without a story. */
  trails(): HostTrail[] {
    return Array.from(this.#pages.values(), ({ trail }) => trail);
  }

  /** The page of a host, made where there is none; the host moves to the end. */
  #turnTo(host: string, at: number): HostPage {
    let page = this.#pages.get(host);
    if (page === undefined) {
      page = new HostPage(host, at);
      if (this.#pages.size >= MOST_HOSTS) this.#forgetOne();
    } else {
      this.#pages.delete(host);
    }
    this.#pages.set(host, page);
    page.trail.lastAt = Math.max(page.trail.lastAt, at);
    return page;
  }

  #forgetOne(): void {
    let oldest: string | null = null;
    for (const [host, { trail }] of this.#pages) {
      oldest ??= host;
      if (trail.registrations > 0) continue;
      oldest = host;
      break;
    }
    if (oldest !== null) this.#pages.delete(oldest);
  }

  /** A call belongs to the phone that made it, whoever the fact is about. */
  #noteCall(page: HostPage, fact: CallFact): void {
    const { callId, number } = fact;
    const known = this.#callers.get(callId);
    if (known?.number === number) return noteCall(known, fact);
    const isCallers = fact.kind !== "call-ended" && fact.side === "caller";
    const story = page.findCaller(number, callId) ??
      (isCallers ? page.findByNumber(number) : undefined) ??
      (isCallers ? page.openLike(number, "", fact.at) : undefined);
    // of a call whose beginning is forgotten nobody knows who made it
    if (story === undefined) return;
    if (this.#callers.size >= MOST_CALLERS) {
      for (const oldest of this.#callers.keys()) {
        this.#callers.delete(oldest);
        break;
      }
    }
    this.#callers.set(callId, story);
    noteCall(story, fact);
  }
}

function hostOf(fact: StoryFact): string {
  if ("flow" in fact) return fact.flow.host;
  return "host" in fact ? fact.host : "";
}
