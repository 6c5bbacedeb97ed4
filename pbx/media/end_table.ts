/**
 * The memory that both threads of the relay see: a row of words for each end. The worker writes
 * the rows, the main thread reads the counts in them; what it reads while the worker writes may
 * be a packet behind, which harms nobody.
 *
 * Hosts are four words as they lie in a socket address (IPv4: one, the rest zero), ports the two
 * octets as they lie there, so that nothing is converted for a packet.
 * @module
 */

/** Words a row; numbers of 64 bits stand at even places. */
export const ROW_WORDS = 128;

export const RTP_DESCRIPTOR = 0;
export const RTCP_DESCRIPTOR = 1;
/** 2 or 10 (`AF_INET`, `AF_INET6`); 0 while the end is closed. */
export const FAMILY = 2;
/** Where what comes from the phone goes: the slot of an end and one, or 0. */
export const TARGET = 3;
/** Which end is heard here: its slot and one, or 0. */
export const FEEDER = 4;
export const OWN_HOST = 5;
export const OWN_PORT = 9;

/** A place is four words of host, then the scope, then the port. */
export const PLACE_WORDS = 6;
export const SCOPE = 4;
export const PORT = 5;

/** Where the phone says that it is. */
export const AIM_FLAGS = 10;
export const AIM_PLACE = 11;
export const AIM_RTCP_PORT = 17;
export const SIGNALLED = 18;
/** Clock rates that are not 8000: the payload type in the highest octet. */
export const RATES = 22;
export const RATES_LIMIT = 8;

/** Where the phone is (RFC 4961): see `source_lock.ts`. */
export const LOCK = 30;
export const LOCK_PLACE = 31;
export const LOCK_SSRC = 37;
export const LOCK_HAS_SSRC = 38;
export const RTCP_LOCK = 39;
export const RTCP_PLACE = 40;
/** A number of 64 bits: when the phone was last heard. */
export const LOCK_LAST_MS = 46;

/** A source that nobody expected. */
export const OTHER_PLACE = 48;
export const OTHER_SSRC = 54;
export const OTHER_COUNT = 55;

/** What was counted: see `rtp_count.ts`. */
export const PACKETS = 56;
export const STRANGERS = 57;
export const SENT = 58;
export const LOST_BEFORE = 59;
/** Numbers of 64 bits. */
export const OCTETS = 60;
export const SINCE_MS = 62;
export const LAST_RTP_MS = 64;
export const JITTER_MS = 66;
export const ARRIVED_MS = 68;
export const HAS_STREAM = 70;
export const STREAM_SSRC = 71;
export const MAX_SEQUENCE = 72;
export const CYCLES = 73;
export const BASE_SEQUENCE = 74;
export const BAD_SEQUENCE = 75;
export const PROBATION = 76;
export const RECEIVED = 77;
export const HAS_ARRIVED = 78;
export const LAST_TIMESTAMP = 79;
export const LAST_TYPE = 80;
export const LAST_RATE = 81;

/** What the tone needs: see `tone_line.ts`. */
export const TONE = 82;
export const TONE_TYPE = 83;
export const TONE_SSRC = 84;
export const TONE_SEQUENCE = 85;
export const TONE_TIMESTAMP = 86;
export const TONE_FRAME = 87;
/** A number of 64 bits. */
export const TONE_NEXT_MS = 88;

/** A number of 64 bits: when the phone named its place. */
export const AIMED_MS = 90;
/** Numbers of 64 bits: when RTCP and RTP last came from where the phone is. */
export const RTCP_LAST_MS = 92;
export const LOCK_RTP_MS = 94;

/** Bits of `AIM_FLAGS`. */
export const IS_AIMED = 1;
/** The phone wants something, at a place that it has named. */
export const IS_WANTED = 2;
/** The place that it has named may be sent to before anything came from there. */
export const IS_TRUSTED = 4;
export const HAS_HOST = 8;
export const HAS_SIGNALLED = 16;

/** Views of the shared memory. */
export class EndTable {
  readonly capacity: number;
  readonly words: Uint32Array;
  readonly floats: Float64Array;

  /** Takes `EndTable.octets(capacity)` octets from `offset` (a multiple of 8). */
  constructor(memory: SharedArrayBuffer, offset: number, capacity: number) {
    const words = capacity * ROW_WORDS;
    this.capacity = capacity;
    this.words = new Uint32Array(memory, offset, words);
    this.floats = new Float64Array(memory, offset, words / 2);
  }

  static octets(capacity: number): number {
    return capacity * ROW_WORDS * 4;
  }
}

/** Whether two hosts are one: four words from `at`, four of another array from `otherAt`. */
export function isSameHost(
  words: Uint32Array,
  at: number,
  other: Uint32Array,
  otherAt: number,
): boolean {
  return words[at] === other[otherAt] &&
    words[at + 1] === other[otherAt + 1] &&
    words[at + 2] === other[otherAt + 2] &&
    words[at + 3] === other[otherAt + 3];
}

/** Copies `count` words. */
export function copyWords(
  from: Uint32Array,
  at: number,
  to: Uint32Array,
  toAt: number,
  count: number,
): void {
  for (let i = 0; i < count; i++) to[toAt + i] = from[at + i]!;
}
