/**
 * `no-common-codec`: the called phone accepts none of what is offered (488), or the lists do not
 * meet.
 * @module
 */

import { isSound } from "../../sip/sdp.ts";
import type { MediaOffer } from "../../pbx/fact.ts";
import { see } from "../evidence.ts";
import type { Scene } from "../scene.ts";
import {
  calleeOffer,
  isAnswered,
  isRefusedWith,
  newestCall,
} from "../story/newest_call.ts";
import type { Story } from "../story/story.ts";
import type { Evidence, Finding } from "../verdict.ts";

const NOT_ACCEPTABLE_HERE = 488;
/** Keys and silence are no sound. */

export function noCommonCodec(story: Story, scene: Scene): Finding | null {
  const call = newestCall(story, scene);
  if (call === null) return null;
  const offer = call.invited?.offer ?? null;
  const wanted = calleeOffer(call) ?? call.answer?.offer ?? null;
  const isRefused = isRefusedWith(call, NOT_ACCEPTABLE_HERE);
  if (!isRefused && !(isAnswered(call) && isApart(offer, wanted))) return null;
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

function soundsOf(offer: MediaOffer | null): string[] {
  return offer?.codecs.filter((codec) => isSound({ name: codec })) ?? [];
}

function listCodecs(offer: MediaOffer | null): string {
  return soundsOf(offer).join(", ");
}

/** Whether both lists are known, and no codec is in both. */
function isApart(offer: MediaOffer | null, wanted: MediaOffer | null): boolean {
  const [ours, theirs] = [offer, wanted].map((one) =>
    soundsOf(one).map(normalize)
  ) as [string[], string[]];
  return ours.length > 0 && theirs.length > 0 &&
    !ours.some((codec) => theirs.includes(codec));
}

/** One channel need not be written (RFC 8866 §6.6), and opus has always two (RFC 7587 §7). */
function normalize(codec: string): string {
  return codec.toLowerCase().replace(/^(opus\/\d+)\/2$|\/1$/, "$1");
}
