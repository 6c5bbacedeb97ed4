/**
 * Whose packets are the phone's. A phone behind a router names an address that nobody can reach,
 * so that sound goes back to where its sound comes from (symmetric RTP, RFC 4961); and whoever
 * finds the port must neither hear the call nor speak in it.
 *
 *     open --------- first datagram from an expected host ---------> held
 *       \----------- 25 packets of one stranger, alone ------------> held
 *     held --------- the phone names another place ----------------> former
 *     former ------- first datagram from there --------------------> held
 *     former, held - 2 s of silence, the same SSRC elsewhere ------> held, moved
 *     held --------- the very place of the SDP, the same host -----> held, moved
 *     held at a host that is not expected - an expected host ------> held, moved
 *
 * Expected are the host of the SDP and the host that the phone signals from; where the two are
 * one, no stranger is the phone. `former` still believes the old place, until the new one speaks.
 * A phone that wants nothing, as on hold, has named no other place.
 * @module
 */

import {
  AIM_FLAGS,
  AIM_PLACE,
  AIM_RTCP_PORT,
  AIMED_MS,
  copyWords,
  type EndTable,
  HAS_HOST,
  HAS_SIGNALLED,
  IS_AIMED,
  IS_TRUSTED,
  IS_WANTED,
  isSameHost,
  LOCK,
  LOCK_HAS_SSRC,
  LOCK_LAST_MS,
  LOCK_PLACE,
  LOCK_RTP_MS,
  LOCK_SSRC,
  OTHER_COUNT,
  OTHER_PLACE,
  OTHER_SSRC,
  PLACE_WORDS,
  PORT,
  RATES,
  RATES_LIMIT,
  ROW_WORDS,
  RTCP_LAST_MS,
  RTCP_LOCK,
  RTCP_PLACE,
  SCOPE,
  SIGNALLED,
} from "./end_table.ts";

const OPEN = 0;
const FORMER = 1;
const HELD = 2;
/** So many packets of a stranger, while nobody else speaks, make it the phone. */
const STRANGER_PACKETS = 25;
/** A phone that was heard more lately has not moved. */
const SILENCE_MS = 2000;
/** A phone that still speaks from its old place so long after it named another one stays there. */
const MOVE_MS = 1000;
/** RTCP comes every 5 s or so (RFC 3550 §6.2); where none came so long, another port may send it. */
const RTCP_SILENCE_MS = 15_000;
/** So long a tone goes on to a third party that says nothing. */
const TONE_SILENCE_MS = 10_000;

/** An aim, in words as in a row: flags, host, scope, port, port of RTCP, signalled host, rates. */
export const AIM_WORDS = 1 + 4 + 1 + 1 + 1 + 4 + RATES_LIMIT;

/** Forgets the phone of an end. */
export function clearLock(table: EndTable, slot: number): void {
  const { words } = table;
  const row = slot * ROW_WORDS;
  words.fill(0, row + AIM_FLAGS, row + OTHER_COUNT + 1);
}

/** Takes where the phone is: words in the order of a row, from `AIM_FLAGS` on. */
export function aimLock(
  table: EndTable,
  slot: number,
  aim: Uint32Array,
  at: number,
  nowMs: number,
): void {
  const { words, floats } = table;
  const row = slot * ROW_WORDS;
  let isSame = (words[row + AIM_FLAGS]! & IS_AIMED) !== 0;
  // all but the rates and the port of RTCP makes the place
  for (let word = AIM_PLACE; word < RATES; word++) {
    if (word === AIM_RTCP_PORT) continue;
    if (words[row + word] !== aim[at + word - AIM_FLAGS]) isSame = false;
  }
  copyWords(aim, at, words, row + AIM_FLAGS, AIM_WORDS);
  words[row + AIM_FLAGS]! |= IS_AIMED;
  if (isSame) return;
  words[row + OTHER_COUNT] = 0;
  if ((words[row + AIM_FLAGS]! & IS_WANTED) === 0) return;
  floats[row + AIMED_MS >> 1] = nowMs;
  words[row + RTCP_LOCK] = OPEN;
  if (
    words[row + LOCK] === HELD &&
    !isAimedAt(words, row, AIM_PLACE + PORT, words, row + LOCK_PLACE)
  ) {
    words[row + LOCK] = FORMER;
  }
}

/** Whether a datagram on the port for RTP is the phone's; `ssrc` where it is RTP. */
export function isSoundOfPhone(
  table: EndTable,
  slot: number,
  from: Uint32Array,
  isRtp: boolean,
  ssrc: number,
  nowMs: number,
): boolean {
  const { words, floats } = table;
  const row = slot * ROW_WORDS;
  const lastAt = row + LOCK_LAST_MS >> 1;
  const state = words[row + LOCK]!;
  const isQuiet = state === OPEN || nowMs - floats[lastAt]! >= SILENCE_MS;
  if (state !== OPEN && isPlace(words, row + LOCK_PLACE, from)) {
    if (state === FORMER && isAimedAt(words, row, AIM_PLACE + PORT, from, 0)) {
      words[row + LOCK] = HELD;
    }
  } else if (mayTake(words, row, from)) {
    hold(words, row, from);
  } else if (!isRtp || !isQuiet) {
    return false;
  } else if (state === OPEN) {
    if (!isPatient(words, row, from, ssrc)) return false;
    hold(words, row, from);
  } else {
    const isSameStream = words[row + LOCK_HAS_SSRC] === 1 &&
      words[row + LOCK_SSRC] === ssrc;
    if (!isSameStream) return false;
    hold(words, row, from);
  }
  floats[lastAt] = nowMs;
  if (isRtp) {
    words[row + LOCK_SSRC] = ssrc;
    words[row + LOCK_HAS_SSRC] = 1;
    floats[row + LOCK_RTP_MS >> 1] = nowMs;
  }
  return true;
}

/**
 * Whether a datagram on the port for RTCP is the phone's: it comes from the host that its sound
 * comes from, and from one port there.
 */
export function isControlOfPhone(
  table: EndTable,
  slot: number,
  from: Uint32Array,
  nowMs: number,
): boolean {
  const { words, floats } = table;
  const row = slot * ROW_WORDS;
  const lastAt = row + RTCP_LAST_MS >> 1;
  const state = words[row + LOCK]!;
  const isBeside = state !== OPEN &&
    isSameHost(words, row + LOCK_PLACE, from, 0);
  if (!isBeside && (state === HELD || !isExpected(words, row, from))) {
    return false;
  }
  const isTaken = words[row + RTCP_LOCK] === HELD &&
    nowMs - floats[lastAt]! < RTCP_SILENCE_MS;
  if (
    isTaken && !isPlace(words, row + RTCP_PLACE, from) &&
    !isAimedAt(words, row, AIM_RTCP_PORT, from, 0)
  ) {
    return false;
  }
  floats[lastAt] = nowMs;
  copyWords(from, 0, words, row + RTCP_PLACE, PLACE_WORDS);
  words[row + RTCP_LOCK] = HELD;
  return true;
}

/**
 * Finds where to send for a phone, and writes the place to `to`.
 *
 * @returns false where that is not known, or the phone wants nothing.
 */
export function findPhone(
  table: EndTable,
  slot: number,
  isRtcp: boolean,
  to: Uint32Array,
): boolean {
  const { words, floats } = table;
  const row = slot * ROW_WORDS;
  const flags = words[row + AIM_FLAGS]!;
  if ((flags & IS_WANTED) === 0) return false;
  const state = words[isRtcp ? row + RTCP_LOCK : row + LOCK]!;
  const isTrusted = (flags & IS_TRUSTED) !== 0;
  const hasStayed = floats[row + LOCK_LAST_MS >> 1]! >=
    floats[row + AIMED_MS >> 1]! + MOVE_MS;
  if (state === HELD || (state === FORMER && (hasStayed || !isTrusted))) {
    const at = row + (isRtcp ? RTCP_PLACE : LOCK_PLACE);
    copyWords(words, at, to, 0, PLACE_WORDS);
    return true;
  }
  // else only to a phone that signals from there: nobody can point the sound at a third party
  if (!isTrusted) return false;
  copyWords(words, row + AIM_PLACE, to, 0, PLACE_WORDS);
  if (isRtcp) to[PORT] = words[row + AIM_RTCP_PORT]!;
  return to[PORT] !== 0;
}

/**
 * Whether a tone may go on to a place, though nothing need come back: to the host that the phone
 * signals from, or to one that spoke lately, or a single packet with a forged source would have
 * it sent to a third party for ever.
 */
export function isToneWelcome(
  table: EndTable,
  slot: number,
  to: Uint32Array,
  nowMs: number,
): boolean {
  const { words, floats } = table;
  const row = slot * ROW_WORDS;
  const isSignalled = (words[row + AIM_FLAGS]! & HAS_SIGNALLED) !== 0 &&
    isSameHost(words, row + SIGNALLED, to, 0);
  return isSignalled || (words[row + LOCK_HAS_SSRC] === 1 &&
    nowMs - floats[row + LOCK_RTP_MS >> 1]! < TONE_SILENCE_MS);
}

/** Whether the phone wants RTCP on the port for RTP (RFC 5761 §5.1.1). */
export function isRtcpMuxed(table: EndTable, slot: number): boolean {
  const row = slot * ROW_WORDS;
  const port = table.words[row + AIM_PLACE + PORT]!;
  return port !== 0 && port === table.words[row + AIM_RTCP_PORT];
}

/** Where the sound of an end comes from: writes the place to `to`; false where none came yet. */
export function readSource(
  table: EndTable,
  slot: number,
  to: Uint32Array,
): boolean {
  const row = slot * ROW_WORDS;
  if (table.words[row + LOCK] === OPEN) return false;
  copyWords(table.words, row + LOCK_PLACE, to, 0, PLACE_WORDS);
  return true;
}

function isPlace(words: Uint32Array, at: number, from: Uint32Array): boolean {
  return words[at + PORT] === from[PORT] && words[at + SCOPE] === from[SCOPE] &&
    isSameHost(words, at, from, 0);
}

/** Whether a place takes the lock with its first datagram. */
function mayTake(
  words: Uint32Array,
  row: number,
  from: Uint32Array,
): boolean {
  const state = words[row + LOCK]!;
  if (state === OPEN) return isExpected(words, row, from);
  // on hold only the phone itself moves
  if ((words[row + AIM_FLAGS]! & IS_WANTED) === 0) return false;
  if (state === FORMER) return isExpected(words, row, from);
  // whoever was believed for want of better, or a neighbour that came first
  return !isExpected(words, row, words, row + LOCK_PLACE)
    ? isExpected(words, row, from)
    : isSameHost(words, row + LOCK_PLACE, from, 0) &&
      isAimedAt(words, row, AIM_PLACE + PORT, from, 0);
}

/** Whether a host is that of the SDP, or the one that the phone signals from. */
function isExpected(
  words: Uint32Array,
  row: number,
  place: Uint32Array,
  at = 0,
): boolean {
  const flags = words[row + AIM_FLAGS]!;
  return ((flags & HAS_SIGNALLED) !== 0 &&
    isSameHost(words, row + SIGNALLED, place, at)) ||
    ((flags & HAS_HOST) !== 0 && isSameHost(words, row + AIM_PLACE, place, at));
}

/** Whether a place is the very one that the SDP names; its port is that of RTP or of RTCP. */
function isAimedAt(
  words: Uint32Array,
  row: number,
  port: number,
  place: Uint32Array,
  at: number,
): boolean {
  return (words[row + AIM_FLAGS]! & HAS_HOST) !== 0 &&
    words[row + port] === place[at + PORT] &&
    isSameHost(words, row + AIM_PLACE, place, at);
}

function hold(words: Uint32Array, row: number, from: Uint32Array): void {
  if (!isSameHost(words, row + RTCP_PLACE, from, 0)) {
    words[row + RTCP_LOCK] = OPEN;
  }
  copyWords(from, 0, words, row + LOCK_PLACE, PLACE_WORDS);
  words[row + LOCK] = HELD;
  words[row + LOCK_HAS_SSRC] = 0;
  words[row + OTHER_COUNT] = 0;
}

/** Counts a stranger; another one begins again, so that two of them wait for ever. */
function isPatient(
  words: Uint32Array,
  row: number,
  from: Uint32Array,
  ssrc: number,
): boolean {
  const flags = words[row + AIM_FLAGS]!;
  // a phone that names its own host is silent, not elsewhere
  if ((flags & IS_WANTED) === 0 || (flags & IS_TRUSTED) !== 0) return false;
  const isSame = words[row + OTHER_COUNT]! > 0 &&
    words[row + OTHER_SSRC] === ssrc && isPlace(words, row + OTHER_PLACE, from);
  if (!isSame) {
    copyWords(from, 0, words, row + OTHER_PLACE, PLACE_WORDS);
    words[row + OTHER_SSRC] = ssrc;
    words[row + OTHER_COUNT] = 0;
  }
  return ++words[row + OTHER_COUNT]! >= STRANGER_PACKETS;
}
