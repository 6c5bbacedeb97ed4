/**
 * The fold of facts into the calls of a story. A call is known by the Call-ID of the caller's
 * dialog.
 * @module
 */

import type { Challenged, Refused, RequestSeen } from "../../sip/fact.ts";
import type { CallFact } from "../../pbx/fact.ts";
import { parseUri } from "../../sip/parse_uri.ts";
import { unescapeText } from "../../sip/uri.ts";
import type { CallStory, Story } from "./story.ts";
import { beginCall } from "./story_make.ts";

const MOST_CALLS = 8;
const MOST_ANSWERS = 8;

/** An INVITE before it is a call: it came, was challenged, or was refused. */
export function noteInvite(
  story: Story,
  fact: RequestSeen | Challenged | Refused,
): void {
  const callee = fact.kind === "request-seen" ? calleeOf(fact.target) : "";
  const call = openCall(story, fact.callId, callee, fact.at);
  switch (fact.kind) {
    case "request-seen":
      call.octets = fact.octets;
      if (fact.hasCredentials) call.hasCredentials = true;
      return;
    case "challenged":
      call.challenges++;
      call.lastChallengeAt = fact.at;
      return;
    case "refused": {
      const { at, method, status, why, detail, stage } = fact;
      call.refusal = { at, method, status, why, detail, stage };
    }
  }
}

/** What became of a call that was let in. */
export function noteCall(story: Story, fact: CallFact): void {
  const callee = "callee" in fact ? fact.callee : "";
  const call = openCall(story, fact.callId, callee, fact.at);
  switch (fact.kind) {
    case "call-invited":
      if (fact.side === "callee") call.forks++;
      else {
        call.invited = fact;
        call.octets = fact.octets;
      }
      return;
    case "call-answered":
      if (fact.side === "caller") {
        call.answer = fact;
        return;
      }
      if (call.calleeAnswers.length >= MOST_ANSWERS) call.calleeAnswers.shift();
      call.calleeAnswers.push(fact);
      return;
    case "call-acknowledged":
      if (fact.side === "caller") call.isAcknowledged = true;
      return;
    case "media-seen":
      if (fact.side === "caller") call.callerMedia = fact;
      else call.calleeMedia = fact;
      return;
    case "call-ended":
      call.ended = fact;
  }
}

function openCall(
  story: Story,
  callId: string,
  callee: string,
  at: number,
): CallStory {
  const known = story.calls.findLast((one) => one.callId === callId);
  if (known !== undefined) {
    known.lastAt = at;
    return known;
  }
  const call = beginCall(callId, callee, at);
  if (story.calls.length >= MOST_CALLS) story.calls.shift();
  story.calls.push(call);
  return call;
}

/** The number that a Request-URI calls; "" where it has none. */
function calleeOf(target: string): string {
  const uri = parseUri(target);
  return uri?.kind === "sip" ? unescapeText(uri.user ?? "") : "";
}
