/**
 * The story of one phone: what it tried, how far each attempt got, and what became of it. A story
 * is a value that rules read; `story_book.ts` folds facts into stories.
 *
 * An attempt is one registration as the phone means it: all REGISTER requests of one Call-ID
 * (RFC 3261 §10.2.4) that follow each other, from the first one to the final answer. A refresh
 * begins another attempt.
 * @module
 */

import type { ChallengeReason, RefusalReason } from "../../sip/fact.ts";
import type { TransportName } from "../../sip/flow.ts";
import type { Stage } from "../../sip/stage.ts";
import type {
  Banned,
  CallAnswered,
  CallEnded,
  CallInvited,
  MediaSeen,
  Registered,
  Unregistered,
} from "../../pbx/fact.ts";
import type { PacketClass } from "../wire/packet_fact.ts";

/** A refusal, as the fact of it tells. */
export interface RefusalMoment {
  readonly at: number;
  readonly method: string;
  readonly status: number;
  readonly why: RefusalReason;
  readonly detail: string;
  readonly stage: Stage;
}

/** A challenge, as the fact of it tells. */
export interface ChallengeMoment {
  readonly at: number;
  readonly why: ChallengeReason;
}

/** The first request of an attempt: what a router may have changed shows here. */
export interface FirstRequest {
  /** Host and port of the topmost Via, as the phone wrote them. */
  readonly via: string;
  /** The first Contact as written; "" for none. */
  readonly contact: string;
  /** Whether this phone had heard any answer of ours before. */
  readonly isFirstContact: boolean;
}

export interface Attempt {
  /** Milliseconds since 1970, like every time here. */
  readonly startedAt: number;
  lastAt: number;
  readonly callId: string;
  readonly transport: TransportName;
  readonly host: string;
  /** The port that the last request came from. */
  port: number;
  /** The address of ours that the phone wrote to. */
  readonly localHost: string;
  readonly localPort: number;
  readonly userAgent: string;
  readonly first: FirstRequest;
  /** Requests with credentials, without retransmissions. */
  withCredentials: number;
  /**
   * Requests that came again with the same branch after they were answered, since the last new
   * one: the phone does not hear us.
   */
  unheard: number;
  lastRetransmissionAt: number;
  /** The newest last; at most 8. */
  readonly challenges: ChallengeMoment[];
  /** How many there were, also those that are not kept. */
  challengeCount: number;
  /** The newest last; at most 8. */
  readonly refusals: RefusalMoment[];
  refusalCount: number;
  /** The last time it registered. */
  registered: Registered | null;
  /** Whether it got a 200 that registered nothing: it signed off, or only asked. */
  isServed: boolean;
}

/** Our questions to a phone since it registered last. */
export interface Reach {
  sent: number;
  answered: number;
  /** Questions that got no answer in their time, since the last answer. */
  unanswered: number;
  /** When the first question was put that is not answered since; 0: none waits. */
  waitingSince: number;
  lastAnsweredAt: number;
  lastUnansweredAt: number;
  /** Milliseconds from question to answer, the last time. */
  roundTripMs: number;
  /** The network told that the phone's port is closed or cannot be reached (ICMP). */
  icmpErrors: number;
  lastIcmpErrorAt: number;
}

/** What came from a host apart from SIP that reads well. */
export interface HostTrail {
  readonly host: string;
  readonly firstAt: number;
  lastAt: number;
  /** When the server itself heard something from there, and not only the capture; 0: never. */
  readonly heardAt: Record<TransportName, number>;
  /** Requests that read well, of any method. */
  requests: number;
  /** Requests refused for the domain, the number or the password. */
  failures: number;
  firstFailureAt: number;
  lastFailureAt: number;
  /** Numbers that were refused, without doubles; at most 16. */
  readonly failedNumbers: string[];
  /** Numbers that were tried from there, without doubles; at most 16. */
  readonly numbers: string[];
  /** User-Agents that were seen from there, without doubles; at most 16. */
  readonly userAgents: string[];
  /** How often a phone registered from there. */
  registrations: number;
  /** Signs of life: datagrams of 0 to 4 octets. */
  keepAlives: number;
  lastKeepAliveAt: number;
  stuns: number;
  lastStunAt: number;
  garbage: number;
  lastGarbageAt: number;
  /** The newest last; at most 8. */
  readonly malformed: MalformedMoment[];
  malformedCount: number;
  /** TLS where none is spoken, told by the server. */
  tlsOffers: number;
  lastTlsOfferAt: number;
  connections: number;
  /** What a capture saw come in from there, by transport and local port; at most 32 entries. */
  readonly arrivals: Arrival[];
  /** SIP messages that the capture saw leave towards it. */
  departures: number;
  /** Addresses of ours that they left from, without doubles; at most 4. */
  readonly departedFrom: string[];
  /** TCP segments that refused or broke a connection of it, as the capture saw. */
  resets: number;
  /** Datagrams to it that could not be sent. */
  sendFailures: number;
  lastSendFailure: string;
  lastSendFailureAt: number;
  banned: Banned | null;
  fragmentsLost: number;
}

export interface MalformedMoment {
  readonly at: number;
  readonly what: string;
  readonly position: number;
  readonly rfc: string;
  readonly method: string;
  readonly userAgent: string;
}

/** Packets of one kind that came in to one port of ours. */
export interface Arrival {
  readonly transport: TransportName;
  /** The address of ours. */
  readonly localHost: string;
  readonly localPort: number;
  readonly class: PacketClass;
  count: number;
  readonly firstAt: number;
  lastAt: number;
  /** Those of which the server heard nothing, since it heard the host last by this transport. */
  unheard: number;
  unheardSince: number;
  /** Of the last SIP request among them; "" where there was none. */
  method: string;
  number: string;
  userAgent: string;
}

/** One phone. */
export interface Story {
  /** The extension's number as the phone says it; "" where it never got so far. */
  readonly number: string;
  readonly host: string;
  /** "" where it says none. */
  readonly userAgent: string;
  readonly firstAt: number;
  lastAt: number;
  /** The newest last; at most 8. */
  readonly attempts: Attempt[];
  attemptCount: number;
  readonly reach: Reach;
  /** The last time that a binding of it ended. */
  unregistered: Unregistered | null;
  /** When the number signed on from this host as another phone, or with other settings; 0: never. */
  overtakenAt: number;
  /** How often it came back from another port while it was registered; the two last ports. */
  readonly moves: { count: number; from: number; to: number; at: number };
  /** PUBLISH requests for presence, refused. */
  publishes: number;
  lastPublishAt: number;
  /** Shared by all stories of the host. */
  readonly trail: HostTrail;
  /** Calls that this phone made, the newest last; at most 8. */
  readonly calls: CallStory[];
}

/** One call, as the caller's story has it. */
export interface CallStory {
  readonly callId: string;
  readonly startedAt: number;
  lastAt: number;
  readonly callee: string;
  /** The INVITE of the caller; null where only a challenge or a refusal is known. */
  invited: CallInvited | null;
  /** INVITE requests that were challenged, and the time of the last. */
  challenges: number;
  lastChallengeAt: number;
  /** Whether an INVITE came with credentials. */
  hasCredentials: boolean;
  /** Octets of the last INVITE. */
  octets: number;
  refusal: RefusalMoment | null;
  /** INVITEs to phones of the called number. */
  forks: number;
  /** What the called phones answered, the newest last; at most 8. */
  readonly calleeAnswers: CallAnswered[];
  /** The final answer to the caller. */
  answer: CallAnswered | null;
  isAcknowledged: boolean;
  ended: CallEnded | null;
  /** The last word about the sound of each phone. */
  callerMedia: MediaSeen | null;
  calleeMedia: MediaSeen | null;
}

/** The newest attempt, or null. */
export function lastAttempt(story: Story): Attempt | null {
  return story.attempts.at(-1) ?? null;
}

/** Whether the phone holds a binding as far as its story tells. */
export function isRegistered(story: Story): boolean {
  const registered = lastRegistered(story);
  return registered !== null &&
    (story.unregistered === null || story.unregistered.at < registered.at ||
      story.unregistered.why === "replaced" ||
      story.unregistered.contact !== registered.contact);
}

/**
 * Whether the number signed on from the host since the newest attempt, as another phone: a phone
 * with new settings tells itself apart from what it was before.
 */
export function isOvertaken(story: Story): boolean {
  return story.overtakenAt > (lastAttempt(story)?.lastAt ?? 0);
}

/** The last registration that was carried out, of whichever attempt. */
export function lastRegistered(story: Story): Registered | null {
  return story.attempts.findLast(({ registered }) => registered !== null)
    ?.registered ?? null;
}
