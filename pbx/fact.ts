/**
 * What the office decided about a phone, one thing a fact. Together with the facts of the wire
 * this is the closed union that everything above works on.
 * @module
 */

import type { Flow } from "../sip/flow.ts";
import type { Seen, SipFact } from "../sip/fact.ts";

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

/** Something about the server itself. */
export interface ServerFact {
  readonly kind:
    | "server-started"
    | "server-stopping"
    | "store-failed"
    | "store-recovered"
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
  | ServerFact;

/** The peer of a fact, if it is about one. */
export function flowOf(fact: Fact): Flow | undefined {
  return "flow" in fact ? fact.flow : undefined;
}
