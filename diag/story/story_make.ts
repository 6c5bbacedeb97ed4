/**
 * Stories, attempts, calls and trails as they begin: nothing has happened yet.
 * @module
 */

import type { RequestSeen } from "../../sip/fact.ts";
import type { Attempt, CallStory, HostTrail, Reach, Story } from "./story.ts";

export function beginTrail(host: string, at: number): HostTrail {
  return {
    host,
    firstAt: at,
    lastAt: at,
    heardAt: { udp: 0, tcp: 0 },
    requests: 0,
    failures: 0,
    firstFailureAt: 0,
    lastFailureAt: 0,
    failedNumbers: [],
    numbers: [],
    userAgents: [],
    registrations: 0,
    keepAlives: 0,
    lastKeepAliveAt: 0,
    stuns: 0,
    lastStunAt: 0,
    garbage: 0,
    lastGarbageAt: 0,
    malformed: [],
    malformedCount: 0,
    tlsOffers: 0,
    lastTlsOfferAt: 0,
    connections: 0,
    arrivals: [],
    departures: 0,
    departedFrom: [],
    resets: 0,
    sendFailures: 0,
    lastSendFailure: "",
    lastSendFailureAt: 0,
    banned: null,
    fragmentsLost: 0,
  };
}

export function beginReach(): Reach {
  return {
    sent: 0,
    answered: 0,
    unanswered: 0,
    waitingSince: 0,
    lastAnsweredAt: 0,
    lastUnansweredAt: 0,
    roundTripMs: 0,
    icmpErrors: 0,
    lastIcmpErrorAt: 0,
  };
}

/** A phone of which nothing is known but the host that it sits on. */
export function beginStory(
  trail: HostTrail,
  number: string,
  userAgent: string,
  at: number,
): Story {
  return {
    number,
    host: trail.host,
    userAgent,
    firstAt: at,
    lastAt: at,
    attempts: [],
    attemptCount: 0,
    reach: beginReach(),
    unregistered: null,
    overtakenAt: 0,
    moves: { count: 0, from: 0, to: 0, at: 0 },
    publishes: 0,
    lastPublishAt: 0,
    trail,
    calls: [],
  };
}

/** The first REGISTER of an attempt has come. */
export function beginAttempt(
  request: RequestSeen,
  isFirstContact: boolean,
): Attempt {
  const { at, flow, callId, userAgent, via, contact } = request;
  return {
    startedAt: at,
    lastAt: at,
    callId,
    transport: flow.transport,
    host: flow.host,
    port: flow.port,
    localHost: flow.localHost,
    localPort: flow.localPort,
    userAgent,
    first: { via, contact, isFirstContact },
    withCredentials: 0,
    unheard: 0,
    lastRetransmissionAt: 0,
    challenges: [],
    challengeCount: 0,
    refusals: [],
    refusalCount: 0,
    registered: null,
    isServed: false,
  };
}

export function beginCall(
  callId: string,
  callee: string,
  at: number,
): CallStory {
  return {
    callId,
    startedAt: at,
    lastAt: at,
    callee,
    invited: null,
    challenges: 0,
    lastChallengeAt: 0,
    hasCredentials: false,
    octets: 0,
    refusal: null,
    forks: 0,
    calleeAnswers: [],
    answer: null,
    isAcknowledged: false,
    ended: null,
    callerMedia: null,
    calleeMedia: null,
  };
}
