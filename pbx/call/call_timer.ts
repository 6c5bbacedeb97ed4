/**
 * The session timers of dialogs (RFC 4028): a call of which one phone is gone must end. A phone
 * that knows none of it is asked instead whether it is still in the call.
 * @module
 */

import type { Message } from "../../sip/message.ts";
import { readSessionTimer } from "../../sip/session_timer.ts";
import { type Leg, NO_TIMER, type SessionTimer } from "./leg.ts";

/** RFC 4028 §5. */
const LEAST_SECONDS = 90;
/** For whoever asked for less. */
export const LEAST_HEADER = `Min-SE: ${LEAST_SECONDS}\r\n`;

/** What the timer of a caller's INVITE leads to; `isTooBrief`: it has to ask for more. */
export interface AskedTimer {
  readonly isTooBrief: boolean;
  readonly timer: SessionTimer;
  /** For the 2xx (RFC 4028 §9). */
  readonly headers: string;
}

/** Reads what a phone asks for in an INVITE or UPDATE. */
export function readAskedTimer(
  message: Message,
  usualSeconds: number,
): AskedTimer {
  const { seconds, refresher, minSeconds, isSupported } = readSessionTimer(
    message,
  );
  if (seconds > 0 && seconds < LEAST_SECONDS) {
    return { isTooBrief: true, timer: NO_TIMER, headers: "" };
  }
  if (!isSupported) {
    return { isTooBrief: false, timer: NO_TIMER, headers: "" };
  }
  const wanted = seconds === 0 ? usualSeconds : Math.min(seconds, usualSeconds);
  const granted = Math.max(wanted, minSeconds, LEAST_SECONDS);
  // whoever asked for a timer without saying who refreshes does it himself
  const isOurs = seconds === 0 || refresher === "uas";
  const headers = `${
    isOurs ? "" : "Require: timer\r\n"
  }Session-Expires: ${granted};refresher=${isOurs ? "uas" : "uac"}\r\n`;
  return { isTooBrief: false, timer: { seconds: granted, isOurs }, headers };
}

/** Reads what a phone grants in a 2xx to our INVITE or UPDATE. */
export function readGrantedTimer(
  message: Message,
  usualSeconds: number,
): SessionTimer {
  const { seconds, refresher } = readSessionTimer(message);
  if (seconds === 0) return NO_TIMER;
  return {
    // nobody may grant more than was asked for (RFC 4028 §9)
    seconds: Math.max(Math.min(seconds, usualSeconds), LEAST_SECONDS),
    isOurs: refresher !== "uas",
  };
}

/** What we ask for. */
export function timerHeaders(seconds: number): string {
  return `Session-Expires: ${seconds};refresher=uac\r\n${LEAST_HEADER}`;
}

/**
 * Starts the timer of a dialog anew: halfway through we refresh (RFC 4028 §7.4); where the phone
 * does, it is given up a little before the end (§10); where there is none, the phone is asked as
 * often as we would have refreshed.
 */
export function startTimer(
  leg: Leg,
  timer: SessionTimer,
  usualSeconds: number,
  nowMs: number,
): void {
  leg.timer = timer;
  // its BYE is due already
  if (leg.isLeaving) return;
  const { seconds, isOurs } = timer;
  const afterSeconds = seconds === 0
    ? usualSeconds / 2
    : isOurs
    ? seconds / 2
    : seconds - Math.min(32, seconds / 3);
  leg.timerDueMs = nowMs + afterSeconds * 1000;
}
