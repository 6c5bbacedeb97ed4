/**
 * `no-ack`: the 200 of a call is repeated because no ACK comes (RFC 3261 §13.3.1.4); after 32
 * seconds the call is over.
 * @module
 */

import { see } from "../evidence.ts";
import type { Scene } from "../scene.ts";
import { newestCall } from "../story/newest_call.ts";
import type { Story } from "../story/story.ts";
import type { Evidence, Finding } from "../verdict.ts";

const FEWEST_REPEATS = 3;

export function noAck(story: Story, scene: Scene): Finding | null {
  const call = newestCall(story, scene);
  if (call === null || call.isAcknowledged) return null;
  const repeats = call.answer?.repeats ?? 0;
  const isEnded = call.ended?.why === "no-ack";
  if (!isEnded && repeats < FEWEST_REPEATS) return null;
  const at = call.ended?.at ?? call.answer?.at ?? call.lastAt;
  const evidence: Evidence[] = [];
  if (repeats > 0) {
    const count = repeats;
    evidence.push(see(call.answer?.at ?? at, "answer-repeated", { count }));
  }
  if (isEnded) evidence.push(see(at, "call-ended-unconfirmed"));
  return { code: "no-ack", at, values: { number: story.number }, evidence };
}
