/**
 * The tone at an end: which packet is due, and when (RFC 3550 §5.1). What a machine that slept
 * has missed is left out, not made up for.
 * @module
 */

import {
  type EndTable,
  ROW_WORDS,
  TONE,
  TONE_FRAME,
  TONE_NEXT_MS,
  TONE_SEQUENCE,
  TONE_SSRC,
  TONE_TIMESTAMP,
  TONE_TYPE,
} from "./end_table.ts";
import { writeRtpHeader } from "./rtp_header.ts";
import { encodeTone, FRAME_MS, FRAME_SAMPLES, TONE_FRAMES } from "./tone.ts";

const HEADER_OCTETS = 12;
/** Octets of a packet of the tone. */
export const TONE_PACKET_OCTETS = HEADER_OCTETS + FRAME_SAMPLES;

const SILENT = 0;
/** The next packet is the first one. */
const BEGINNING = 1;
const SOUNDING = 2;

/** Begins a tone. `random` has three words: SSRC, sequence number, timestamp. */
export function beginTone(
  table: EndTable,
  slot: number,
  payloadType: number,
  random: readonly [number, number, number],
): void {
  const { words, floats } = table;
  const row = slot * ROW_WORDS;
  words[row + TONE] = BEGINNING;
  words[row + TONE_TYPE] = payloadType;
  words[row + TONE_SSRC] = random[0];
  words[row + TONE_SEQUENCE] = random[1] & 0xffff;
  words[row + TONE_TIMESTAMP] = random[2];
  words[row + TONE_FRAME] = 0;
  floats[row + TONE_NEXT_MS >> 1] = 0;
}

export function endTone(table: EndTable, slot: number): void {
  table.words[slot * ROW_WORDS + TONE] = SILENT;
}

export function hasTone(table: EndTable, slot: number): boolean {
  return table.words[slot * ROW_WORDS + TONE] !== SILENT;
}

/** When the next packet is due. */
export function nextToneMs(table: EndTable, slot: number): number {
  return table.floats[slot * ROW_WORDS + TONE_NEXT_MS >> 1]!;
}

/** Nobody can hear the tone now: it waits for a packet's time. */
export function holdTone(table: EndTable, slot: number, nowMs: number): void {
  table.floats[slot * ROW_WORDS + TONE_NEXT_MS >> 1] = nowMs + FRAME_MS;
}

/** Writes the packets of tones. */
export class ToneWriter {
  readonly #samples = new Map<number, Uint8Array<ArrayBuffer>>();

  /** Writes the packet that is due to `packet`, and says when the next one is. */
  write(
    table: EndTable,
    slot: number,
    packet: Uint8Array,
    nowMs: number,
  ): void {
    const { words, floats } = table;
    const row = slot * ROW_WORDS;
    const nextAt = row + TONE_NEXT_MS >> 1;
    const isFirst = words[row + TONE] === BEGINNING;
    if (isFirst) floats[nextAt] = nowMs;
    const missed = Math.floor((nowMs - floats[nextAt]!) / FRAME_MS);
    if (missed > 0) {
      floats[nextAt]! += missed * FRAME_MS;
      words[row + TONE_TIMESTAMP]! += missed * FRAME_SAMPLES;
    }
    const type = words[row + TONE_TYPE]!;
    const frame = words[row + TONE_FRAME]!;
    writeRtpHeader(
      packet,
      type,
      isFirst,
      words[row + TONE_SEQUENCE]!,
      words[row + TONE_TIMESTAMP]!,
      words[row + TONE_SSRC]!,
    );
    const samples = this.#samplesOf(type);
    const from = frame * FRAME_SAMPLES;
    for (let i = 0; i < FRAME_SAMPLES; i++) {
      packet[HEADER_OCTETS + i] = samples[from + i]!;
    }
    words[row + TONE] = SOUNDING;
    words[row + TONE_FRAME] = (frame + 1) % TONE_FRAMES;
    words[row + TONE_SEQUENCE] = words[row + TONE_SEQUENCE]! + 1 & 0xffff;
    words[row + TONE_TIMESTAMP]! += FRAME_SAMPLES;
    floats[nextAt]! += FRAME_MS;
  }

  #samplesOf(type: number): Uint8Array<ArrayBuffer> {
    let samples = this.#samples.get(type);
    if (samples === undefined) {
      samples = encodeTone(type === 8 ? 8 : 0);
      this.#samples.set(type, samples);
    }
    return samples;
  }
}
