/**
 * What was seen on the wire, one thing a fact. The diagnosis stands on these, so nothing that a
 * phone sends may pass without one. Facts are return values: nobody below `main.ts` keeps them.
 * @module
 */

import type { Flow } from "./flow.ts";
import type { Stage } from "./stage.ts";

/** What a datagram is before anybody reads it as SIP. */
export type DatagramClass = "sip" | "keepalive" | "stun" | "empty" | "garbage";

/** What all facts about a peer carry. */
export interface Seen {
  /** Milliseconds since 1970 (wall clock, for people; decisions use the monotonic clock). */
  readonly at: number;
  readonly flow: Flow;
  readonly stage: Stage;
}

/** A datagram that is no SIP message. */
export interface DatagramSeen extends Seen {
  readonly kind: "datagram-seen";
  readonly class: Exclude<DatagramClass, "sip">;
  readonly octets: number;
  /** The first octets of garbage, as text with dots for what cannot be printed. */
  readonly head: string;
}

/** A message that breaks the grammar. */
export interface MalformedSeen extends Seen {
  readonly kind: "malformed-seen";
  readonly what: string;
  /** Octet, counted from the start of the message. */
  readonly position: number;
  readonly rfc: string;
  /** The status that was sent, 0 where nothing was. */
  readonly status: number;
  readonly method: string;
  readonly userAgent: string;
}

/** A request that reads well. */
export interface RequestSeen extends Seen {
  readonly kind: "request-seen";
  readonly method: string;
  /** The number in the To header (REGISTER) or From header, as the phone wrote it. */
  readonly number: string;
  readonly callId: string;
  readonly cseq: number;
  readonly branch: string;
  /** The Request-URI as written, without a password. */
  readonly target: string;
  /** Host and port of the topmost Via, as the phone wrote them. */
  readonly via: string;
  /** The value of the first Contact header field as written, without a password; "" for none. */
  readonly contact: string;
  /** Whether it answers a challenge, rightly or not. */
  readonly hasCredentials: boolean;
  readonly userAgent: string;
  readonly octets: number;
}

/** A response that reached us; `isExpected` says whether a transaction was waiting for it. */
export interface ResponseSeen extends Seen {
  readonly kind: "response-seen";
  readonly status: number;
  readonly callId: string;
  readonly cseq: number;
  readonly method: string;
  readonly isExpected: boolean;
}

/** A request that came again and was answered from its transaction. */
export interface RetransmissionSeen extends Seen {
  readonly kind: "retransmission-seen";
  readonly method: string;
  readonly callId: string;
  readonly cseq: number;
  readonly branch: string;
}

/** The first 401 of an attempt, or a new one because the nonce could not be used. */
export interface Challenged extends Seen {
  readonly kind: "challenged";
  readonly method: string;
  /** The number in the To header (REGISTER) or From header, as the phone wrote it. */
  readonly number: string;
  readonly callId: string;
  readonly why: ChallengeReason;
  readonly userAgent: string;
}

export type ChallengeReason =
  | "no-credentials"
  | "other-realm"
  | "other-scheme"
  | "foreign-nonce"
  | "stale-nonce"
  | "nonce-count-replayed"
  /** An answer to an old or foreign nonce that is wrong as well: password or number. */
  | "wrong-answer";

/** A request that was refused for good, with the exact reason. */
export interface Refused extends Seen {
  readonly kind: "refused";
  readonly method: string;
  readonly number: string;
  readonly callId: string;
  readonly status: number;
  readonly why: RefusalReason;
  /** The values that decided, for people; never a secret. */
  readonly detail: string;
  readonly userAgent: string;
}

export type RefusalReason =
  // transport and parse
  | "malformed"
  | "unsupported-version"
  | "unsupported-scheme"
  | "unsupported-extension"
  | "unsupported-content"
  | "not-acceptable"
  | "too-many-hops"
  | "extension-required"
  | "loop-detected"
  | "method-unknown"
  | "method-not-allowed"
  | "no-such-dialog"
  // domain
  | "wrong-domain"
  // auth
  | "unknown-extension"
  | "wrong-password"
  | "login-differs"
  | "third-party"
  | "credentials-incomplete"
  | "algorithm-unknown"
  | "uri-differs"
  // policy
  | "contact-limit"
  | "contact-unusable"
  | "wildcard-misused"
  | "interval-too-brief"
  | "cseq-out-of-order"
  /** As many calls as are allowed at a time. */
  | "call-limit"
  // reply
  | "store-failed";

/** Octets that the kernel could not deliver to us, or a message that it could not send. */
export interface TransportTrouble extends Seen {
  readonly kind: "transport-trouble";
  readonly what:
    | "kernel-drops"
    | "icmp-error"
    | "send-failed"
    | "receive-failed"
    | "message-truncated"
    | "connection-limit"
    | "connection-broken"
    | "framing-lost"
    /** A TLS handshake where no TLS is spoken. */
    | "tls-offered";
  /** How many datagrams (kernel-drops), the errno, or 0. */
  readonly count: number;
  readonly detail: string;
}

/** A TCP connection that came or went. */
export interface ConnectionSeen extends Seen {
  readonly kind: "connection-opened" | "connection-closed";
}

export type SipFact =
  | DatagramSeen
  | MalformedSeen
  | RequestSeen
  | ResponseSeen
  | RetransmissionSeen
  | Challenged
  | Refused
  | TransportTrouble
  | ConnectionSeen;
