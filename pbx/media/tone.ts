/**
 * A tone for the ear: 440 Hz at -12 dBm0, one second on and one second off, in packets of 20 ms
 * of PCMU and PCMA (ITU-T G.711; RFC 3551 §4.5.14).
 * @module
 */

/** Samples of a packet of 20 ms at 8000 a second. */
export const FRAME_SAMPLES = 160;
export const FRAME_MS = 20;
/** Packets after which the tone begins anew. */
export const TONE_FRAMES = 100;

const SAMPLES_EACH_SECOND = 8000;
const ON_SAMPLES = SAMPLES_EACH_SECOND;
const HERTZ = 440;
/** The peak of a sine at -12 dBm0, where the largest of G.711 (32124) is +3.17 dBm0. */
const PEAK = Math.round(32124 * 10 ** ((-12 - 3.17) / 20));
/** The tone swells and fades for 10 ms, so that it does not click. */
const EDGE_SAMPLES = 80;
const MULAW_BIAS = 0x84;
const MULAW_LIMIT = 32635;

/** The samples of the tone, `TONE_FRAMES` frames one behind the other, as PCMU (0) or PCMA (8). */
export function encodeTone(payloadType: 0 | 8): Uint8Array<ArrayBuffer> {
  const encode = payloadType === 0 ? encodeMulaw : encodeAlaw;
  const samples = new Uint8Array(TONE_FRAMES * FRAME_SAMPLES);
  for (let i = 0; i < samples.length; i++) samples[i] = encode(toneAt(i));
  return samples;
}

function toneAt(sample: number): number {
  if (sample >= ON_SAMPLES) return 0;
  const edge = Math.min(
    1,
    sample / EDGE_SAMPLES,
    (ON_SAMPLES - sample) / EDGE_SAMPLES,
  );
  const angle = 2 * Math.PI * HERTZ * sample / SAMPLES_EACH_SECOND;
  return Math.round(PEAK * edge * Math.sin(angle));
}

/**
 * Encodes a sample of 16 bits by the µ-law.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { encodeMulaw } from "./tone.ts";
 * assert.equal(encodeMulaw(0), 0xff);
 * assert.equal(encodeMulaw(32767), 0x80);
 * ```
 */
export function encodeMulaw(sample: number): number {
  const sign = sample < 0 ? 0x80 : 0;
  const magnitude = Math.min(Math.abs(sample), MULAW_LIMIT) + MULAW_BIAS;
  const segment = 24 - Math.clz32(magnitude);
  return ~(sign | segment << 4 | magnitude >> segment + 3 & 0x0f) & 0xff;
}

/**
 * Encodes a sample of 16 bits by the A-law.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { encodeAlaw } from "./tone.ts";
 * assert.equal(encodeAlaw(0), 0xd5);
 * assert.equal(encodeAlaw(32767), 0xaa);
 * ```
 */
export function encodeAlaw(sample: number): number {
  const sign = sample < 0 ? 0 : 0x80;
  const magnitude = (sample < 0 ? ~sample : sample) >> 4;
  const segment = Math.max(0, 28 - Math.clz32(magnitude));
  const step = segment < 2 ? magnitude & 0x0f : magnitude >> segment - 1 & 0x0f;
  return (sign | segment << 4 | step) ^ 0x55;
}
