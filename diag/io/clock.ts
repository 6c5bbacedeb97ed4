/**
 * Whether the wall clock is kept right by somebody, as the kernel knows (adjtimex(2)).
 * @module
 */

import { openLibc } from "../../sip/io/libc.ts";

/** Octets of `struct timex`, rounded up. */
const TIMEX_ROOM = 256;
/** Where the status flags lie in it. */
const STATUS_AT = 40;
const STA_UNSYNC = 0x40;
/** The state that adjtimex gives for a clock that nobody keeps right. */
const TIME_ERROR = 5;

export interface ClockReading {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Null: unknown. */
  readonly isSynchronised: boolean | null;
}

/** Reads the clock. Never throws. */
export function readClock(): ClockReading {
  return { now: Date.now(), isSynchronised: readSynchronised() };
}

function readSynchronised(): boolean | null {
  const libc = openLibc(["adjtimex"]);
  if (libc === null) return null;
  try {
    // No mode is set, so nothing is changed.
    const timex = new Uint8Array(new ArrayBuffer(TIMEX_ROOM));
    const state = libc.call.adjtimex(timex);
    if (state < 0) return null;
    const status = new DataView(timex.buffer).getInt32(STATUS_AT, true);
    return state !== TIME_ERROR && (status & STA_UNSYNC) === 0;
  } finally {
    libc.close();
  }
}
