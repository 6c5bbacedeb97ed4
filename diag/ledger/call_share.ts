/**
 * Which facts are about calls, and not about registration: they are many, and are kept apart so
 * that they do not push out the others.
 * @module
 */

import type { Fact } from "../../pbx/fact.ts";

/** Requests that make, change or end a call (RFC 3261, 3262, 3311, 3515, 6086, 6665). */
const CALL_METHODS: ReadonlySet<string> = new Set([
  "INVITE",
  "ACK",
  "BYE",
  "CANCEL",
  "PRACK",
  "UPDATE",
  "INFO",
  "REFER",
  "NOTIFY",
]);

/** Whether a fact is about a call. */
export function isOfCall(fact: Fact): boolean {
  switch (fact.kind) {
    case "call-invited":
    case "call-answered":
    case "call-acknowledged":
    case "media-seen":
    case "call-ended":
      return true;
    case "request-seen":
    case "retransmission-seen":
    case "response-seen":
    case "challenged":
    case "refused":
      return CALL_METHODS.has(fact.method);
    default:
      return false;
  }
}
