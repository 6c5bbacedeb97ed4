/**
 * How often each thing was seen since the start. A fold over the facts, with a fixed set of
 * counters: nothing that a stranger sends can add one.
 * @module
 */

import type {
  ChallengeReason,
  DatagramClass,
  RefusalReason,
  TransportTrouble,
} from "../sip/fact.ts";
import { type Stage, STAGES } from "../sip/stage.ts";
import type {
  Fact,
  Pinged,
  Registered,
  ServerFact,
  Unregistered,
} from "../pbx/fact.ts";
import { METHODS } from "../sip/method.ts";
import { CallCounters, type CallsSnapshot } from "./call_counters.ts";
import { RoundTrips } from "./round_trips.ts";

/** Methods that are counted under their own names; the rest is `other`. */
export const COUNTED_METHODS = [...METHODS, "other"] as const;
export type CountedMethod = (typeof COUNTED_METHODS)[number];

type Counts<K extends string> = Record<K, number>;

/** All counters, as they go into JSON. */
export interface CountersSnapshot {
  /** One a datagram; `sip` is everything that began like a SIP message. */
  readonly udpDatagrams: Readonly<Counts<DatagramClass>>;
  /** One a message that came over TCP. */
  readonly tcpMessages: number;
  /** New requests, without retransmissions. */
  readonly requests: Readonly<Counts<CountedMethod>>;
  readonly responses: {
    readonly expected: number;
    readonly unexpected: number;
  };
  readonly retransmissions: number;
  readonly malformed: number;
  readonly challenges: Readonly<Counts<ChallengeReason>>;
  readonly refusals: {
    readonly byStage: Readonly<Counts<Stage>>;
    readonly byReason: Readonly<Counts<RefusalReason>>;
  };
  readonly registrations: {
    readonly begun: Readonly<Counts<Registered["change"]>>;
    readonly ended: Readonly<Counts<Unregistered["why"]>>;
    readonly fetched: number;
    /** Attempts to register that got no further than the stage. */
    readonly stopped: Readonly<Counts<Stage>>;
  };
  readonly pings: {
    readonly sent: number;
    readonly answered: number;
    readonly unanswered: number;
    /** Answers by how long they took; the bounds are `ROUND_TRIP_BOUNDS_MS`. */
    readonly roundTrips: readonly number[];
    /** All of these times together. */
    readonly roundTripsMs: number;
  };
  readonly calls: CallsSnapshot;
  readonly connections: { readonly opened: number; readonly closed: number };
  /** Datagrams that the kernel dropped. */
  readonly kernelDrops: number;
  /** How often each trouble was reported. */
  readonly transportTrouble: Readonly<Counts<TransportTrouble["what"]>>;
  readonly server: Readonly<Counts<ServerFact["kind"]>>;
}

/** The counters themselves. `add` runs for every datagram and makes no garbage. */
export class Counters {
  #udpSip = 0;
  #tcpMessages = 0;
  #responses = 0;
  #unexpectedResponses = 0;
  #retransmissions = 0;
  #malformed = 0;
  #fetched = 0;
  #opened = 0;
  #closed = 0;
  #kernelDrops = 0;
  readonly #datagrams = { keepalive: 0, stun: 0, empty: 0, garbage: 0 };
  readonly #requests = new Float64Array(COUNTED_METHODS.length);
  readonly #challenges: Counts<ChallengeReason> = {
    "no-credentials": 0,
    "other-realm": 0,
    "other-scheme": 0,
    "foreign-nonce": 0,
    "stale-nonce": 0,
    "nonce-count-replayed": 0,
    "wrong-answer": 0,
  };
  readonly #stages = countStages();
  readonly #stopped = countStages();
  readonly #reasons: Counts<RefusalReason> = {
    "malformed": 0,
    "unsupported-version": 0,
    "unsupported-scheme": 0,
    "unsupported-extension": 0,
    "unsupported-content": 0,
    "not-acceptable": 0,
    "too-many-hops": 0,
    "extension-required": 0,
    "loop-detected": 0,
    "method-unknown": 0,
    "method-not-allowed": 0,
    "no-such-dialog": 0,
    "wrong-domain": 0,
    "unknown-extension": 0,
    "wrong-password": 0,
    "login-differs": 0,
    "third-party": 0,
    "credentials-incomplete": 0,
    "algorithm-unknown": 0,
    "uri-differs": 0,
    "contact-limit": 0,
    "contact-unusable": 0,
    "wildcard-misused": 0,
    "interval-too-brief": 0,
    "cseq-out-of-order": 0,
    "call-limit": 0,
    "store-failed": 0,
  };
  readonly #begun: Counts<Registered["change"]> = {
    added: 0,
    refreshed: 0,
    replaced: 0,
  };
  readonly #ended: Counts<Unregistered["why"]> = {
    "by-phone": 0,
    "expired": 0,
    "replaced": 0,
    "extension-removed": 0,
    "password-changed": 0,
    "forgotten": 0,
    "limit": 0,
  };
  readonly #pings: Counts<Pinged["kind"]> = {
    "ping-sent": 0,
    "ping-answered": 0,
    "ping-unanswered": 0,
  };
  readonly #roundTrips = new RoundTrips();
  readonly #calls = new CallCounters();
  readonly #trouble: Counts<TransportTrouble["what"]> = {
    "kernel-drops": 0,
    "icmp-error": 0,
    "send-failed": 0,
    "receive-failed": 0,
    "message-truncated": 0,
    "connection-limit": 0,
    "connection-broken": 0,
    "framing-lost": 0,
    "tls-offered": 0,
  };
  readonly #server: Counts<ServerFact["kind"]> = {
    "server-started": 0,
    "server-stopping": 0,
    "store-failed": 0,
    "store-recovered": 0,
    "relay-failed": 0,
    "extensions-changed": 0,
    "clock-jumped": 0,
  };

  /** Counts one fact. */
  add(fact: Fact): void {
    switch (fact.kind) {
      case "request-seen":
        this.#countMessage(fact.flow.transport === "udp");
        this.#requests[METHOD_PLACES.get(fact.method) ?? OTHER]!++;
        return;
      case "challenged":
        this.#challenges[fact.why]++;
        return;
      case "registered":
        this.#begun[fact.change]++;
        return;
      case "refused":
        this.#reasons[fact.why]++;
        this.#stages[fact.stage]++;
        if (fact.method === "REGISTER") this.#stopped[fact.stage]++;
        return;
      case "datagram-seen":
        // Over TCP these are keep-alives between two messages, and no datagrams.
        if (fact.flow.transport === "udp") this.#datagrams[fact.class]++;
        return;
      case "response-seen":
        this.#countMessage(fact.flow.transport === "udp");
        if (fact.isExpected) this.#responses++;
        else this.#unexpectedResponses++;
        return;
      case "retransmission-seen":
        this.#countMessage(fact.flow.transport === "udp");
        this.#retransmissions++;
        return;
      case "malformed-seen":
        this.#countMessage(fact.flow.transport === "udp");
        this.#malformed++;
        if (fact.method === "REGISTER") this.#stopped[fact.stage]++;
        return;
      case "unregistered":
        this.#ended[fact.why]++;
        return;
      case "bindings-fetched":
        this.#fetched++;
        return;
      case "ping-sent":
      case "ping-answered":
      case "ping-unanswered":
        this.#pings[fact.kind]++;
        if (fact.kind === "ping-answered") this.#roundTrips.add(fact.afterMs);
        return;
      case "call-invited":
      case "call-answered":
      case "call-acknowledged":
      case "media-seen":
      case "call-ended":
        this.#calls.add(fact);
        return;
      case "transport-trouble":
        this.#trouble[fact.what]++;
        if (fact.what === "kernel-drops") this.#kernelDrops += fact.count;
        return;
      case "connection-opened":
        this.#opened++;
        return;
      case "connection-closed":
        this.#closed++;
        return;
      case "server-started":
      case "server-stopping":
      case "store-failed":
      case "store-recovered":
      case "relay-failed":
      case "extensions-changed":
      case "clock-jumped":
        this.#server[fact.kind]++;
        return;
      default:
        fact satisfies never;
    }
  }

  /** A copy, for JSON and metrics. */
  snapshot(): CountersSnapshot {
    const pings = this.#pings;
    return {
      udpDatagrams: { sip: this.#udpSip, ...this.#datagrams },
      tcpMessages: this.#tcpMessages,
      requests: Object.fromEntries(
        COUNTED_METHODS.map((method, i) => [method, this.#requests[i]!]),
      ) as Counts<CountedMethod>,
      responses: {
        expected: this.#responses,
        unexpected: this.#unexpectedResponses,
      },
      retransmissions: this.#retransmissions,
      malformed: this.#malformed,
      challenges: { ...this.#challenges },
      refusals: {
        byStage: { ...this.#stages },
        byReason: { ...this.#reasons },
      },
      registrations: {
        begun: { ...this.#begun },
        ended: { ...this.#ended },
        fetched: this.#fetched,
        stopped: { ...this.#stopped },
      },
      pings: {
        sent: pings["ping-sent"],
        answered: pings["ping-answered"],
        unanswered: pings["ping-unanswered"],
        roundTrips: this.#roundTrips.counts(),
        roundTripsMs: this.#roundTrips.sumMs,
      },
      calls: this.#calls.snapshot(),
      connections: { opened: this.#opened, closed: this.#closed },
      kernelDrops: this.#kernelDrops,
      transportTrouble: { ...this.#trouble },
      server: { ...this.#server },
    };
  }

  #countMessage(isDatagram: boolean): void {
    if (isDatagram) this.#udpSip++;
    else this.#tcpMessages++;
  }
}

function countStages(): Counts<Stage> {
  return Object.fromEntries(STAGES.map((stage) => [stage, 0])) as Counts<Stage>;
}

const OTHER = COUNTED_METHODS.length - 1;
const METHOD_PLACES: ReadonlyMap<string, number> = new Map(
  COUNTED_METHODS.slice(0, OTHER).map((method, i) => [method, i]),
);
