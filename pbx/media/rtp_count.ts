/**
 * What came from a phone, by its sequence numbers and timestamps: packets, octets, loss (RFC 3550
 * §A.1, §A.3) and jitter (RFC 3550 §6.4.1). A new SSRC, or a jump that lasts, begins a new count
 * of the sequence; what was lost before stays lost.
 *
 * Left on purpose: packets with the timestamp of the one before (telephone events, RFC 4733
 * §2.5.1.2; pictures) say nothing about jitter, and one that waits out its probation counts as a
 * packet, because the lock has already said whose it is.
 * @module
 */

import {
  ARRIVED_MS,
  BAD_SEQUENCE,
  BASE_SEQUENCE,
  CYCLES,
  type EndTable,
  HAS_ARRIVED,
  HAS_STREAM,
  JITTER_MS,
  LAST_RATE,
  LAST_RTP_MS,
  LAST_TIMESTAMP,
  LAST_TYPE,
  LOST_BEFORE,
  MAX_SEQUENCE,
  OCTETS,
  PACKETS,
  PROBATION,
  RATES,
  RATES_LIMIT,
  RECEIVED,
  ROW_WORDS,
  SENT,
  SINCE_MS,
  STRANGERS,
  STREAM_SSRC,
} from "./end_table.ts";
import {
  payloadTypeOf,
  sequenceOf,
  ssrcOf,
  timestampOf,
} from "./rtp_header.ts";

const MAX_DROPOUT = 3000;
const MAX_MISORDER = 100;
const MIN_SEQUENTIAL = 2;
/** No sequence number. */
const NO_SEQUENCE = 0x10000;
/** No payload type. */
const NO_TYPE = 0xff;
const USUAL_RATE = 8000;

/** The numbers of an end so far, without its source. */
export interface RtpNumbers {
  readonly packets: number;
  readonly octets: number;
  readonly lost: number;
  readonly jitterMs: number;
  readonly silentMs: number;
  readonly strangers: number;
  readonly sent: number;
}

/** Begins anew. */
export function clearCounts(
  table: EndTable,
  slot: number,
  nowMs: number,
): void {
  const { words, floats } = table;
  const row = slot * ROW_WORDS;
  words[row + PACKETS] = 0;
  words[row + STRANGERS] = 0;
  words[row + SENT] = 0;
  words[row + LOST_BEFORE] = 0;
  words[row + HAS_STREAM] = 0;
  words[row + LAST_TYPE] = NO_TYPE;
  floats[row + OCTETS >> 1] = 0;
  floats[row + SINCE_MS >> 1] = nowMs;
  floats[row + LAST_RTP_MS >> 1] = nowMs;
  floats[row + JITTER_MS >> 1] = 0;
}

/** Counts a packet of RTP that came from the phone at an end. */
export function countRtp(
  table: EndTable,
  slot: number,
  bytes: Uint8Array,
  length: number,
  nowMs: number,
): void {
  const { words, floats } = table;
  const row = slot * ROW_WORDS;
  words[row + PACKETS]!++;
  floats[row + OCTETS >> 1]! += length;
  floats[row + LAST_RTP_MS >> 1] = nowMs;
  const ssrc = ssrcOf(bytes);
  const sequence = sequenceOf(bytes);
  if (words[row + HAS_STREAM] === 0 || words[row + STREAM_SSRC] !== ssrc) {
    beginStream(words, row, ssrc, sequence);
  }
  if (isInSequence(words, row, sequence)) {
    countJitter(words, floats, row, bytes, nowMs);
  }
}

/** Reads the numbers of an end. */
export function readCounts(
  table: EndTable,
  slot: number,
  nowMs: number,
): RtpNumbers {
  const { words, floats } = table;
  const row = slot * ROW_WORDS;
  const last = Math.max(
    floats[row + LAST_RTP_MS >> 1]!,
    floats[row + SINCE_MS >> 1]!,
  );
  return {
    packets: words[row + PACKETS]!,
    octets: floats[row + OCTETS >> 1]!,
    lost: words[row + LOST_BEFORE]! + lostOf(words, row),
    jitterMs: floats[row + JITTER_MS >> 1]!,
    silentMs: Math.max(0, nowMs - last),
    strangers: words[row + STRANGERS]!,
    sent: words[row + SENT]!,
  };
}

/** Lost of the sequence that goes on now. */
function lostOf(words: Uint32Array, row: number): number {
  if (words[row + HAS_STREAM] === 0 || words[row + PROBATION] !== 0) return 0;
  const expected = words[row + CYCLES]! + words[row + MAX_SEQUENCE]! -
    words[row + BASE_SEQUENCE]! + 1;
  return Math.max(0, expected - words[row + RECEIVED]!);
}

function beginStream(
  words: Uint32Array,
  row: number,
  ssrc: number,
  sequence: number,
): void {
  words[row + LOST_BEFORE]! += lostOf(words, row);
  words[row + HAS_STREAM] = 1;
  words[row + STREAM_SSRC] = ssrc;
  beginSequence(words, row, sequence);
  words[row + MAX_SEQUENCE] = sequence - 1 & 0xffff;
  words[row + PROBATION] = MIN_SEQUENTIAL;
}

function beginSequence(
  words: Uint32Array,
  row: number,
  sequence: number,
): void {
  words[row + BASE_SEQUENCE] = sequence;
  words[row + MAX_SEQUENCE] = sequence;
  words[row + BAD_SEQUENCE] = NO_SEQUENCE;
  words[row + CYCLES] = 0;
  words[row + RECEIVED] = 0;
  words[row + PROBATION] = 0;
  words[row + HAS_ARRIVED] = 0;
}

/** The `update_seq` of RFC 3550 §A.1. */
function isInSequence(
  words: Uint32Array,
  row: number,
  sequence: number,
): boolean {
  const max = words[row + MAX_SEQUENCE]!;
  const ahead = sequence - max & 0xffff;
  if (words[row + PROBATION] !== 0) {
    if (ahead !== 1) {
      words[row + PROBATION] = MIN_SEQUENTIAL - 1;
      words[row + MAX_SEQUENCE] = sequence;
      return false;
    }
    words[row + MAX_SEQUENCE] = sequence;
    if (--words[row + PROBATION]! > 0) return false;
    beginSequence(words, row, sequence);
  } else if (ahead < MAX_DROPOUT) {
    if (sequence < max) words[row + CYCLES]! += 0x10000;
    words[row + MAX_SEQUENCE] = sequence;
  } else if (ahead <= 0x10000 - MAX_MISORDER) {
    if (sequence !== words[row + BAD_SEQUENCE]) {
      words[row + BAD_SEQUENCE] = sequence + 1 & 0xffff;
      return false;
    }
    // two that follow one another: the phone has begun elsewhere
    words[row + LOST_BEFORE]! += lostOf(words, row);
    beginSequence(words, row, sequence);
  }
  words[row + RECEIVED]!++;
  return true;
}

function countJitter(
  words: Uint32Array,
  floats: Float64Array,
  row: number,
  bytes: Uint8Array,
  nowMs: number,
): void {
  const timestamp = timestampOf(bytes);
  const type = payloadTypeOf(bytes);
  if (words[row + LAST_TYPE] !== type) {
    const rate = rateOf(words, row, type);
    if (rate !== words[row + LAST_RATE]) words[row + HAS_ARRIVED] = 0;
    words[row + LAST_TYPE] = type;
    words[row + LAST_RATE] = rate;
  }
  if (words[row + HAS_ARRIVED] === 0) {
    words[row + HAS_ARRIVED] = 1;
  } else {
    // the timestamp has 32 bits and begins anew
    const passed = timestamp - words[row + LAST_TIMESTAMP]! | 0;
    if (passed === 0) return;
    const gone = nowMs - floats[row + ARRIVED_MS >> 1]!;
    const differsMs = Math.abs(gone - passed * 1000 / words[row + LAST_RATE]!);
    const jitterAt = row + JITTER_MS >> 1;
    floats[jitterAt]! += (differsMs - floats[jitterAt]!) / 16;
  }
  words[row + LAST_TIMESTAMP] = timestamp;
  floats[row + ARRIVED_MS >> 1] = nowMs;
}

function rateOf(words: Uint32Array, row: number, type: number): number {
  for (let i = 0; i < RATES_LIMIT; i++) {
    const word = words[row + RATES + i]!;
    if (word !== 0 && word >>> 24 === type) return word & 0xffffff;
  }
  return USUAL_RATE;
}
