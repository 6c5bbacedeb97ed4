/**
 * A fact about a call as a line of the log. A healthy call is three lines at `info`: it began, it
 * was answered, it ended; everything between is `debug`.
 * @module
 */

import type {
  CallAnswered,
  CallEnded,
  CallFact,
  MediaOffer,
  MediaSeen,
} from "../../pbx/fact.ts";
import { cut } from "../../pbx/quoted.ts";
import type { Flow } from "../../sip/flow.ts";

/** How the caller writes values into a sentence. */
export interface Spelling {
  /** Any text, in back-ticks. */
  readonly show: (text: string, longest?: number) => string;
  /** Where a phone is, in back-ticks. */
  readonly from: (flow: Flow) => string;
}

/** No list of codecs in the properties is longer. */
const LONGEST_CODECS = 256;

/** How loud a fact about a call is. */
export function callLevel(fact: CallFact): "warning" | "info" | "debug" {
  switch (fact.kind) {
    case "call-invited":
      return fact.side === "caller" ? "info" : "debug";
    case "call-answered":
      return answerLevel(fact);
    case "call-acknowledged":
    case "media-seen":
      return "debug";
    case "call-ended":
      return endLevel(fact.why);
  }
}

/** Why a call was refused says its end; only what it does not say is told before. */
function answerLevel(
  { side, status, repeats, detail }: CallAnswered,
): "info" | "debug" {
  if (side === "callee") return "debug";
  return isAccepted(status) || repeats > 0 || detail !== "" ? "info" : "debug";
}

function endLevel(why: CallEnded["why"]): "warning" | "info" {
  switch (why) {
    case "no-ack":
    case "session-timer":
    case "error":
      return "warning";
    case "hung-up":
    case "cancelled":
    case "refused":
    case "unanswered":
    case "unreachable":
    case "no-such-number":
    case "phone-gone":
    case "transferred":
    case "picked-up":
    case "operator":
    case "server-stopped":
      return "info";
    default:
      return why satisfies never;
  }
}

/** The sentence. */
export function describeCall(fact: CallFact, spelling: Spelling): string {
  const { show, from } = spelling;
  switch (fact.kind) {
    case "call-invited": {
      const { number, callee, flow } = fact;
      return fact.side === "caller"
        ? `Call from extension ${show(number)} to ${show(callee)} began`
        : `Phone of ${show(callee)} at ${from(flow)} rung for extension ${
          show(number)
        }`;
    }
    case "call-answered":
      return describeAnswer(fact, spelling);
    case "call-acknowledged": {
      const { number, side, flow } = fact;
      return `Answer to the call of extension ${
        show(number)
      } acknowledged, \`${side}\` at ${from(flow)}`;
    }
    case "media-seen":
      return describeMedia(fact, spelling);
    case "call-ended": {
      const { number, by, why, answeredSeconds } = fact;
      const length = answeredSeconds > 0
        ? ` after \`${Math.round(answeredSeconds)}\` seconds`
        : "";
      return `Call from extension ${
        show(number)
      } ended by the \`${by}\`${length}: \`${why}\``;
    }
  }
}

function describeAnswer(
  { number, callee, side, status, repeats, detail, flow }: CallAnswered,
  { show, from }: Spelling,
): string {
  if (side === "callee") {
    return status === 0
      ? `Phone of ${show(callee)} at ${from(flow)} did not answer a call`
      : `Phone of ${show(callee)} at ${
        from(flow)
      } answered a call with \`${status}\``;
  }
  const call = `Call from extension ${show(number)} to ${show(callee)}`;
  if (repeats > 0) {
    return `${call} not acknowledged: the answer was repeated \`${repeats}\` times`;
  }
  if (isAccepted(status)) return `${call} answered`;
  const reason = detail === "" ? "" : `: ${show(detail, 160)}`;
  return `${call} refused with \`${status}\`${reason}`;
}

function describeMedia(
  { number, side, packets, lost, silentMs, isExpected, flow }: MediaSeen,
  { show, from }: Spelling,
): string {
  const silence = !isExpected
    ? ", on hold"
    : silentMs >= 1000
    ? `, silent for \`${Math.round(silentMs / 1000)}\` seconds`
    : "";
  return `Sound of the \`${side}\` at ${from(flow)} in the call of extension ${
    show(number)
  }: \`${packets}\` packets, \`${lost}\` lost${silence}`;
}

/** What is offered of sound, in values that stand on one line. */
export function spellOffer(
  { codecs, isSrtp, hasIce }: MediaOffer,
): { readonly codecs: string } & Pick<MediaOffer, "isSrtp" | "hasIce"> {
  return { codecs: cut(codecs.join(", "), LONGEST_CODECS), isSrtp, hasIce };
}

function isAccepted(status: number): boolean {
  return status >= 200 && status < 300;
}
