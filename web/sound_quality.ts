/**
 * How good the sound of one phone was, by what the exchange counted: a word with its thresholds,
 * and for G.711 the estimate of the E-model.
 *
 * ITU-T G.107 §7.5 (effective equipment impairment), Annex B (from R to MOS); the loss robustness
 * of G.711 with concealment is of ITU-T G.113 Appendix I. Delay and echo are not known here, nor
 * what is lost behind the exchange, so the estimate is the best that it can have been.
 * @module
 */

import type { CallSound } from "../pbx/call/call_record.ts";

export type SoundGrade =
  /** Nothing came. */
  | "none"
  /** Too little to tell. */
  | "short"
  | "good"
  | "fair"
  | "poor";

/** Below both it is good, below the second pair fair. From 3 % on a person hears the loss. */
export const SOUND_LIMITS = {
  good: { lossPercent: 1, jitterMs: 30 },
  fair: { lossPercent: 3, jitterMs: 50 },
} as const;

/** Five seconds of sound, 20 ms a packet. */
const FEWEST_PACKETS = 250;
/** R of a call in which nothing is wrong. */
const BEST_R = 93.2;
/** Bpl of G.711 with packet loss concealment. */
const ROBUSTNESS = 25.1;

/** In percent of what the phone sent. */
export function lossPercentOf(
  { packets, lost }: Pick<CallSound, "packets" | "lost">,
): number {
  const sent = packets + lost;
  return sent > 0 ? lost / sent * 100 : 0;
}

/** The word for it. */
export function gradeSound(sound: CallSound): SoundGrade {
  if (sound.packets === 0) return "none";
  if (sound.packets + sound.lost < FEWEST_PACKETS) return "short";
  const lossPercent = lossPercentOf(sound);
  const isBelow = (limit: { lossPercent: number; jitterMs: number }) =>
    lossPercent < limit.lossPercent && sound.jitterMs < limit.jitterMs;
  if (isBelow(SOUND_LIMITS.good)) return "good";
  return isBelow(SOUND_LIMITS.fair) ? "fair" : "poor";
}

/**
 * The mean opinion score, from 1 to 4.5, that people give to such a loss; null for codecs other
 * than G.711.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { estimateMos } from "./sound_quality.ts";
 * assert.equal(estimateMos("PCMA/8000", 0)?.toFixed(2), "4.41");
 * assert.equal(estimateMos("opus/48000/2", 0), null);
 * ```
 */
export function estimateMos(
  codec: string,
  lossPercent: number,
): number | null {
  if (!/^PCM[AU]\/8000/i.test(codec)) return null;
  const impairment = 95 * lossPercent / (lossPercent + ROBUSTNESS);
  const r = BEST_R - impairment;
  if (r <= 0) return 1;
  return Math.max(1, 1 + 0.035 * r + r * (r - 60) * (100 - r) * 7e-6);
}
