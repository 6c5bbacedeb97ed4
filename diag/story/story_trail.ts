/**
 * What a host did apart from SIP that reads well: the fold of these facts into its trail.
 * @module
 */

import type { HostTrail } from "./story.ts";
import type { StoryFact } from "./story_book.ts";
import type { PacketSeen } from "../wire/packet_fact.ts";

const MOST_ARRIVALS = 32;
const MOST_MALFORMED = 8;
const MOST_ADDRESSES = 4;
/** The capture and the server may tell of the same packet at times that differ by so much. */
const SAME_PACKET_MS = 500;

/** Takes one fact about a host; of those that say nothing about it, it takes none. */
export function noteOnTrail(trail: HostTrail, fact: StoryFact): void {
  switch (fact.kind) {
    case "datagram-seen":
      if (fact.class === "stun") {
        trail.stuns++;
        trail.lastStunAt = fact.at;
      } else if (fact.class === "garbage") {
        trail.garbage++;
        trail.lastGarbageAt = fact.at;
      } else {
        trail.keepAlives++;
        trail.lastKeepAliveAt = fact.at;
      }
      return;
    case "malformed-seen": {
      const { at, what, position, rfc, method, userAgent } = fact;
      trail.malformedCount++;
      if (trail.malformed.length >= MOST_MALFORMED) trail.malformed.shift();
      trail.malformed.push({ at, what, position, rfc, method, userAgent });
      return;
    }
    case "transport-trouble":
      if (fact.what === "tls-offered") {
        trail.tlsOffers++;
        trail.lastTlsOfferAt = fact.at;
      } else if (fact.what === "send-failed") {
        trail.sendFailures++;
        trail.lastSendFailure = fact.detail;
        trail.lastSendFailureAt = fact.at;
      }
      return;
    case "connection-opened":
      trail.connections++;
      return;
    case "banned":
      trail.banned = fact;
      return;
    case "fragments-lost":
      trail.fragmentsLost++;
      return;
    case "packet-seen":
      if (fact.direction === "in") noteArrival(trail, fact);
      else noteDeparture(trail, fact);
  }
}

/** The server itself heard something from the host: what the capture saw did arrive. */
export function noteHeard(trail: HostTrail, fact: StoryFact): void {
  if (!("flow" in fact) || !isHeard(fact)) return;
  const { transport } = fact.flow;
  trail.heardAt[transport] = Math.max(trail.heardAt[transport], fact.at);
  for (const arrival of trail.arrivals) {
    const isOlder = arrival.unheardSince <= fact.at + SAME_PACKET_MS;
    if (arrival.transport === transport && isOlder) arrival.unheard = 0;
  }
}

function isHeard(fact: StoryFact): boolean {
  switch (fact.kind) {
    case "datagram-seen":
    case "malformed-seen":
    case "request-seen":
    case "response-seen":
    case "retransmission-seen":
    case "connection-opened":
    case "banned":
    case "ping-answered":
      return true;
    case "transport-trouble":
      return fact.what === "tls-offered" || fact.what === "framing-lost" ||
        fact.what === "message-truncated";
    default:
      return false;
  }
}

function noteDeparture(trail: HostTrail, fact: PacketSeen): void {
  if (fact.class === "reset") trail.resets++;
  if (fact.class !== "sip") return;
  trail.departures++;
  const { departedFrom } = trail;
  const isNew = !departedFrom.includes(fact.localHost);
  if (isNew && departedFrom.length < MOST_ADDRESSES) {
    departedFrom.push(fact.localHost);
  }
}

function noteArrival(trail: HostTrail, fact: PacketSeen): void {
  const { arrivals } = trail;
  let arrival = arrivals.find((one) =>
    one.class === fact.class && one.transport === fact.transport &&
    one.localPort === fact.localPort && one.localHost === fact.localHost
  );
  if (arrival === undefined) {
    if (arrivals.length >= MOST_ARRIVALS) return;
    arrival = {
      transport: fact.transport,
      localHost: fact.localHost,
      localPort: fact.localPort,
      class: fact.class,
      count: 0,
      firstAt: fact.at,
      lastAt: fact.at,
      unheard: 0,
      unheardSince: 0,
      method: "",
      number: "",
      userAgent: "",
    };
    arrivals.push(arrival);
  }
  arrival.count++;
  arrival.lastAt = fact.at;
  if (fact.at > trail.heardAt[fact.transport] + SAME_PACKET_MS) {
    if (arrival.unheard === 0) arrival.unheardSince = fact.at;
    arrival.unheard++;
  }
  if (fact.class !== "sip" || fact.status > 0) return;
  arrival.method = fact.method;
  arrival.number = fact.number;
  arrival.userAgent = fact.userAgent;
}
