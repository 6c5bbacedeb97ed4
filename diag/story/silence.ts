/**
 * Which phones of a call are silent: it is answered and confirmed, and for some seconds no sound
 * at all came from them.
 * @module
 */

import type { MediaSeen, Side } from "../../pbx/fact.ts";
import type { Scene } from "../scene.ts";
import type { Story } from "./story.ts";

/** Sound begins within a second; a phone may look for the microphone first. */
const SILENT_AFTER_MS = 5000;

export interface SilentSide {
  readonly side: Side;
  readonly number: string;
  /** The phone's address. */
  readonly source: string;
  readonly at: number;
  /** Sound packets from there that the capture saw. */
  readonly onCard: number;
}

/** The silent phones of the newest call, the caller first. */
export function silentSides(story: Story, scene: Scene): SilentSide[] {
  const call = story.calls.at(-1);
  if (call === undefined || !call.isAcknowledged) return [];
  const numbers = { caller: story.number, callee: call.callee };
  return [call.callerMedia, call.calleeMedia]
    .filter((media) => media !== null)
    .filter(({ packets, silentMs }) =>
      packets === 0 && silentMs >= SILENT_AFTER_MS
    )
    .map((media) => ({
      side: media.side,
      number: numbers[media.side],
      source: media.flow.host,
      at: media.at,
      onCard: countOnCard(media, story, scene, call.startedAt),
    }));
}

function countOnCard(
  { flow }: MediaSeen,
  story: Story,
  scene: Scene,
  since: number,
): number {
  const phone = [story, ...scene.others]
    .find(({ host }) => host === flow.host);
  let count = 0;
  for (const arrival of phone?.trail.arrivals ?? []) {
    if (arrival.class === "rtp" && arrival.lastAt >= since) {
      count += arrival.count;
    }
  }
  return count;
}
