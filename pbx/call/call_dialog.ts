/**
 * The dialogs of a call, as its messages name them: a back-to-back user agent gives each phone a
 * Call-ID of its own.
 * @module
 */

import { copyText } from "../../sip/octet.ts";
import type { Side } from "../fact.ts";
import type { Call } from "./call.ts";
import type { Leg } from "./leg.ts";

export interface CallDialog {
  readonly side: Side;
  readonly callId: string;
}

/** A number may ring at many phones. */
const MOST = 32;
const LONGEST = 256;

/** Lists them, the caller's first; a phone that rang and did not take the call has one too. */
export function listDialogs(call: Call): readonly CallDialog[] {
  const sides = new Map<string, Side>([[call.callId, "caller"]]);
  const add = (leg: Leg | null, side: Side) => {
    if (leg === null || sides.size >= MOST) return;
    const { callId } = leg.dialog;
    if (!sides.has(callId)) sides.set(callId, side);
  };
  add(call.caller, "caller");
  add(call.answerer, "callee");
  for (const fork of call.forks) add(fork, "callee");
  return [...sides].map(([callId, side]) => ({
    side,
    callId: copyText(callId, LONGEST),
  }));
}
