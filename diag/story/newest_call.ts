/**
 * The call that the rules look at, and what became of it. A call says something about now only for
 * a while: who dialled a wrong number in the morning has no fault in the evening.
 * @module
 */

import type { Flow } from "../../sip/flow.ts";
import type { MediaOffer, MediaSeen } from "../../pbx/fact.ts";
import type { Scene } from "../scene.ts";
import type { CallStory, Story } from "./story.ts";

const STALE_AFTER_MS = 30 * 60_000;
/** A phone that nobody takes rings no longer. */
const LONGEST_RINGING_MS = 180_000;
/** So long after its answer both phones are heard, or a rule says why not. */
const HEARD_AFTER_MS = 8000;
/** So long after its answer there was enough sound to tell how much of it is missing. */
const LOSS_AFTER_MS = 6500;

/**
 * The newest call that the phone made, or tried to make, as far as it matters: in a watch only one
 * that something was seen of since. null where there is none.
 */
export function newestCall(
  { calls }: Story,
  { isOffline, now, since }: Scene,
): CallStory | null {
  // a request within the call of somebody else is no call
  const call = calls.findLast(({ invited, challenges }) =>
    invited !== null || challenges > 0
  );
  if (call === undefined) return null;
  if (isOffline) return call;
  const isOld = call.lastAt < since || now - call.lastAt > STALE_AFTER_MS;
  return isOld ? null : call;
}

/** Whether the called phone, or the exchange itself, took the call. */
export function isAnswered({ answer, calleeAnswers }: CallStory): boolean {
  return isAccepted(answer?.status) ||
    calleeAnswers.some(({ status }) => isAccepted(status));
}

/**
 * Whether the call failed with this status. Where several phones ring, what one of them says is
 * not why: the caller hears the best answer of all (RFC 3261 §16.7).
 */
export function isRefusedWith(call: CallStory, status: number): boolean {
  if (isAnswered(call)) return false;
  const { answer, calleeAnswers } = call;
  if (answer !== null) return answer.status === status;
  return calleeAnswers.length > 0 &&
    calleeAnswers.every((one) => one.status === status);
}

/** What the phone that took the call said of sound, else one that refused; null for nothing. */
export function calleeOffer({ calleeAnswers }: CallStory): MediaOffer | null {
  const telling = calleeAnswers.filter(({ offer }) => offer !== null);
  const taken = telling.findLast(({ status }) => isAccepted(status));
  return (taken ?? telling.at(-1))?.offer ?? null;
}

/** Whether no other phone takes part: the exchange itself answered, as for the echo test. */
export function isWithExchange(call: CallStory): boolean {
  return isAccepted(call.answer?.status) && call.forks === 0 &&
    call.calleeAnswers.length === 0 && call.calleeMedia === null;
}

/** The ways to the phones of a call whose sound was told of. */
export function soundFlows({ callerMedia, calleeMedia }: CallStory): Flow[] {
  return [callerMedia, calleeMedia].filter((media) => media !== null)
    .map(({ flow }) => flow);
}

/** Whether both phones were heard; the exchange itself always is. */
export function isHeard(call: CallStory): boolean {
  const { callerMedia, calleeMedia } = call;
  return hasSound(callerMedia) &&
    (hasSound(calleeMedia) || isWithExchange(call));
}

/** Whether the call goes on in such a way that waiting will tell more of it. */
export function isUnsettled(call: CallStory, now: number): boolean {
  if (call.ended !== null) return false;
  const { answer } = call;
  if (answer === null) return now - call.lastAt < LONGEST_RINGING_MS;
  if (!isAccepted(answer.status)) return false;
  const isUp = call.isAcknowledged && isHeard(call);
  return now - answer.at < (isUp ? LOSS_AFTER_MS : HEARD_AFTER_MS);
}

function hasSound(media: MediaSeen | null): boolean {
  return media !== null && (media.packets > 0 || !media.isExpected);
}

function isAccepted(status: number | undefined): boolean {
  return status !== undefined && status >= 200 && status < 300;
}
