/**
 * `no-common-codec`: the called phone accepts none of what is offered (488), or the lists do not
 * meet.
 * @module
 */

import type { MediaOffer } from "../../pbx/fact.ts";
import { see } from "../evidence.ts";
import type { Scene } from "../scene.ts";
import type { CallStory, Story } from "../story/story.ts";
import type { Evidence, Finding } from "../verdict.ts";

const NOT_ACCEPTABLE_HERE = 488;
/** Keys and silence are no sound. */
const NO_SOUND = /^(?:telephone-event|cn|red)\//i;

export function noCommonCodec(story: Story, _scene: Scene): Finding | null {
  const call = story.calls.at(-1);
  if (call === undefined) return null;
  const offer = call.invited?.offer ?? null;
  const wanted = calleeOffer(call);
  const isRefused = [call.answer, ...call.calleeAnswers]
    .some((answer) => answer?.status === NOT_ACCEPTABLE_HERE);
  if (!isRefused && !isApart(offer, wanted)) return null;
  const at = call.answer?.at ?? call.lastAt;
  const evidence: Evidence[] = [];
  const values = { offered: listCodecs(offer), wanted: listCodecs(wanted) };
  const { number } = story;
  if (values.offered !== "") {
    const codecs = values.offered;
    evidence.push(see(call.startedAt, "codecs-offered", { number, codecs }));
  }
  if (values.wanted !== "") {
    const codecs = values.wanted;
    evidence.push(see(at, "codecs-wanted", { number: call.callee, codecs }));
  }
  if (isRefused) {
    evidence.push(see(at, "call-refused", { status: NOT_ACCEPTABLE_HERE }));
  }
  return { code: "no-common-codec", at, values, evidence };
}

/** What the called phone said of sound, the last time. */
function calleeOffer({ calleeAnswers, answer }: CallStory): MediaOffer | null {
  return calleeAnswers.findLast(({ offer }) => offer !== null)?.offer ??
    answer?.offer ?? null;
}

function soundsOf(offer: MediaOffer | null): string[] {
  return offer?.codecs.filter((codec) => !NO_SOUND.test(codec)) ?? [];
}

function listCodecs(offer: MediaOffer | null): string {
  return soundsOf(offer).join(", ");
}

/** Whether both lists are known, and no codec is in both. */
function isApart(offer: MediaOffer | null, wanted: MediaOffer | null): boolean {
  const [ours, theirs] = [offer, wanted].map((one) =>
    soundsOf(one).map((codec) => codec.toLowerCase())
  ) as [string[], string[]];
  return ours.length > 0 && theirs.length > 0 &&
    !ours.some((codec) => theirs.includes(codec));
}
