/**
 * What the office decided about a phone, one thing a fact. Together with the facts of the wire
 * this is the closed union that everything above works on.
 * @module
 */

import type { Flow } from "../sip/flow.ts";
import type { Seen, SipFact } from "../sip/fact.ts";
import type { CallEnd, CallEnder } from "./call/call_record.ts";

/** What all facts about a binding carry. */
interface BindingSeen extends Seen {
  readonly number: string;
  /** The contact's URI as the phone wrote it. */
  readonly contact: string;
}

/** A REGISTER that was carried out; one fact for each contact that it added or refreshed. */
export interface Registered extends BindingSeen {
  readonly kind: "registered";
  readonly change: "added" | "refreshed" | "replaced";
  readonly callId: string;
  readonly expiresSeconds: number;
  readonly userAgent: string;
  readonly isBehindNat: boolean;
}

/** A binding that ended. */
export interface Unregistered extends BindingSeen {
  readonly kind: "unregistered";
  readonly why:
    | "by-phone"
    | "expired"
    | "replaced"
    | "extension-removed"
    | "password-changed"
    /** Somebody had the phone asked, and it did not answer. */
    | "forgotten"
    | "limit";
}

/** A REGISTER that changed nothing: it only asked, or removed what was not there. */
export interface BindingsFetched extends Seen {
  readonly kind: "bindings-fetched";
  readonly number: string;
  readonly bindings: number;
}

/** Our question whether a phone is still there. */
export interface Pinged extends BindingSeen {
  readonly kind: "ping-sent" | "ping-answered" | "ping-unanswered";
  readonly method: "OPTIONS" | "CRLF";
  /** Milliseconds from question to answer; 0 where there was none. */
  readonly afterMs: number;
}

/** A source that our own defence keeps out, when it tried once more. */
export interface Banned extends Seen {
  readonly kind: "banned";
  /** The numbers that were tried from there, those of extensions only. */
  readonly numbers: readonly string[];
  readonly why: string;
  /** Milliseconds since 1970. */
  readonly since: number;
  /** Milliseconds since 1970; 0: until somebody lifts it. */
  readonly until: number;
}

/** Which phone of a call. */
export type Side = "caller" | "callee";

/** What an SDP body says of sound (RFC 8866, RFC 3264). */
export interface MediaOffer {
  /** As in `a=rtpmap`, or the static name: `PCMA/8000`. */
  readonly codecs: readonly string[];
  /** Whether the profile is SAVP or SAVPF (RFC 3711, RFC 5124). */
  readonly isSrtp: boolean;
  /** Whether it has candidates (RFC 8839). */
  readonly hasIce: boolean;
}

/** What all facts about a call carry; `flow` is the way to the phone of `side`. */
interface CallSeen extends Seen {
  /** The caller's extension. */
  readonly number: string;
  readonly callId: string;
}

/** An INVITE that was let in (caller), or sent to a phone (callee). */
export interface CallInvited extends CallSeen {
  readonly kind: "call-invited";
  readonly side: Side;
  /** The number that is called. */
  readonly callee: string;
  readonly octets: number;
  readonly offer: MediaOffer | null;
}

/** An answer to an INVITE: from the called phone (callee), or to the calling one (caller). */
export interface CallAnswered extends CallSeen {
  readonly kind: "call-answered";
  readonly side: Side;
  readonly callee: string;
  /** 0: nothing came within the time of the transaction. */
  readonly status: number;
  readonly offer: MediaOffer | null;
  /** How often it was sent before, because no ACK came. */
  readonly repeats: number;
  /** What decided, for people: with 404 the nearest numbers; "" for nothing. */
  readonly detail: string;
}

/** The ACK of a final answer. */
export interface CallAcknowledged extends CallSeen {
  readonly kind: "call-acknowledged";
  readonly side: Side;
}

/** How the sound of one phone flows; told while a call is up, and at its end. */
export interface MediaSeen extends CallSeen {
  readonly kind: "media-seen";
  readonly side: Side;
  /** Since the call was answered, from the phone of `side`. */
  readonly packets: number;
  readonly lost: number;
  readonly jitterMs: number;
  /** Since the last packet, or since the answer. */
  readonly silentMs: number;
  /** Whether the phone is to send sound now: it is not on hold, and its SDP says that it sends. */
  readonly isExpected: boolean;
}

/** A call that is over. */
export interface CallEnded extends CallSeen {
  readonly kind: "call-ended";
  readonly by: CallEnder;
  readonly why: CallEnd;
  readonly answeredSeconds: number;
}

export type CallFact =
  | CallInvited
  | CallAnswered
  | CallAcknowledged
  | MediaSeen
  | CallEnded;

/** Something about the server itself. */
export interface ServerFact {
  readonly kind:
    | "server-started"
    | "server-stopping"
    | "store-failed"
    | "store-recovered"
    /** The relay for sound: its worker failed. */
    | "relay-failed"
    | "extensions-changed"
    | "clock-jumped";
  readonly at: number;
  readonly stage: "process";
  readonly detail: string;
}

export type Fact =
  | SipFact
  | Registered
  | Unregistered
  | BindingsFetched
  | Pinged
  | CallFact
  | ServerFact;

/** The peer of a fact, if it is about one. */
export function flowOf(fact: Fact): Flow | undefined {
  return "flow" in fact ? fact.flow : undefined;
}
