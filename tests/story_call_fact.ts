/**
 * The lines of a story that are about a call: `of=NAME` says whose call it is, the caller's by
 * default.
 * @module
 */

import type { StoryFact } from "../diag/story/story_book.ts";
import type { CallEnded, MediaOffer, Side } from "../pbx/fact.ts";
import type { Actor, Moment } from "./story_fact.ts";
import { type Line, listOf } from "./story_file.ts";

/** Reads a line about a call; null where it is about something else. */
export function readCallFact(
  { at, actor, words, values }: Moment,
  caller: Actor,
  side: Side,
): StoryFact | null {
  const [what = "", status = "0"] = words;
  const { flow } = actor;
  const callId = `${values["call"] ?? "1"}@${caller.flow.peer}`;
  const seen = { at, flow, number: caller.number, callId, side };
  const callee = values["callee"] ?? "1003";
  switch (what) {
    case "invited":
      return {
        ...seen,
        kind: "call-invited",
        stage: "route",
        callee,
        octets: Number(values["octets"] ?? 900),
        offer: readOffer(words, values),
      };
    case "answered":
      return {
        ...seen,
        kind: "call-answered",
        stage: "answer",
        callee,
        status: Number(status),
        offer: readOffer(words, values),
        repeats: Number(values["repeats"] ?? 0),
        detail: values["detail"] ?? "",
      };
    case "acked":
      return { ...seen, kind: "call-acknowledged", stage: "answer" };
    case "media":
      return {
        ...seen,
        kind: "media-seen",
        stage: "media",
        packets: Number(values["packets"] ?? 0),
        lost: Number(values["lost"] ?? 0),
        jitterMs: 5,
        silentMs: Number(values["silent"] ?? 0) * 1000,
        isExpected: !words.includes("held"),
      };
    case "ended":
      return {
        at,
        flow,
        number: caller.number,
        callId,
        kind: "call-ended",
        stage: "media",
        by: (values["by"] ?? "caller") as CallEnded["by"],
        why: (values["why"] ?? "hung-up") as CallEnded["why"],
        answeredSeconds: Number(values["seconds"] ?? 0),
      };
    default:
      return null;
  }
}

function readOffer(
  words: readonly string[],
  values: Line["values"],
): MediaOffer | null {
  if (values["codecs"] === undefined) return null;
  return {
    codecs: listOf(values["codecs"]),
    isSrtp: words.includes("srtp"),
    hasIce: words.includes("ice"),
  };
}
