/**
 * Which phones of a call are silent: it is answered and confirmed, nobody holds it, and for some
 * seconds no sound at all came from them. One that was heard before may be muted, or save packets
 * while nobody speaks (RFC 3389), and is not silent in this sense.
 * @module
 */

import type { MediaSeen, Side } from "../../pbx/fact.ts";
import type { Scene } from "../scene.ts";
import { newestCall } from "./newest_call.ts";
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
  const call = newestCall(story, scene);
  if (call === null || !call.isAcknowledged) return [];
  const numbers = { caller: story.number, callee: call.callee };
  return [call.callerMedia, call.calleeMedia]
    .filter((media) => media !== null)
    .filter(({ packets, silentMs, isExpected }) =>
      isExpected && packets === 0 && silentMs >= SILENT_AFTER_MS
    )
    .map((media) => ({
      side: media.side,
      number: numbers[media.side],
      source: media.flow.host,
      at: media.at,
      onCard: countOnCard(media, story, scene, call.startedAt),
    }));
}

/**
 * Each phone sends to a port of its own. Behind one router there may be several: for each that is
 * heard, the port with about as many packets is its own, and does not count.
 */
function countOnCard(
  { flow: { host } }: MediaSeen,
  story: Story,
  scene: Scene,
  since: number,
): number {
  const stories = [story, ...scene.others];
  const phone = stories.find((one) => one.host === host);
  // odd ports are those of RTCP (RFC 3550 §11)
  const counts =
    phone?.trail.arrivals.filter((one) =>
      one.class === "rtp" && one.localPort % 2 === 0 && one.lastAt >= since
    ).map(({ count }) => count) ?? [];
  if (counts.length === 0) return 0;
  for (const packets of heardFrom(host, stories, since)) {
    const nearest = counts.toSorted((a, b) =>
      Math.abs(a - packets) - Math.abs(b - packets)
    )[0];
    if (nearest !== undefined) {
      counts.splice(counts.indexOf(nearest), 1);
    }
  }
  return counts.reduce((sum, count) => sum + count, 0);
}

/** How many packets came from each phone of a host that was heard since then, in any call. */
function heardFrom(
  host: string,
  stories: readonly Story[],
  since: number,
): number[] {
  return stories.flatMap(({ calls }) => calls)
    .flatMap(({ callerMedia, calleeMedia }) => [callerMedia, calleeMedia])
    .filter((media) => media !== null)
    .filter(({ flow, packets, at, silentMs }) =>
      flow.host === host && packets > 0 && at - silentMs >= since
    ).map(({ packets }) => packets);
}
