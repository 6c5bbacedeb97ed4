/**
 * What time does to calls: 2xx answers that nobody acknowledges, phones that ring too long,
 * session timers, and whether sound flows.
 *
 * A phone that is silent is asked whether it is still in the call (OPTIONS inside the dialog):
 * one that was switched off never says BYE, and its partner would listen to nothing for hours.
 * @module
 */

import { T2_MS } from "../../sip/timers.ts";
import type { Turn } from "../turn.ts";
import type { Bridge } from "./bridge.ts";
import type { CallBook } from "./call_book.ts";
import type { CallEnding } from "./call_ending.ts";
import { tellAnswered, tellSound } from "./call_facts.ts";
import type { CallSound } from "./call_sound.ts";
import type { CallWire } from "./call_wire.ts";
import type { Leg } from "./leg.ts";
import type { Ringing } from "./ringing.ts";

export interface CallWatchParts {
  readonly book: CallBook;
  readonly wire: CallWire;
  readonly sound: CallSound;
  readonly ending: CallEnding;
  readonly ringing: Ringing;
  readonly bridge: Bridge;
  readonly sessionSeconds: number;
}

const EVERY_MS = 1000;
/** Sound that pauses for so long is told. */
const SILENT_MS = 3000;
/** A phone that is silent for so long is asked, and again after so long. */
const ASK_AFTER_MS = 10_000;
const ASK_AGAIN_MS = 60_000;
/** At first the sound is told each second, then seldom. */
const TOLD_OFTEN = 10;
const TOLD_SELDOM_MS = 10_000;
/** How many phones are looked at in a second: more would be a burden, and sound is no secret. */
const LOOKS_EACH_SECOND = 1000;
/** A repeated answer is told when it is no accident any more. */
const TELLING_RESENDS = 3;
/** How often the record of a call that lives is written. */
const NOTED_EVERY_MS = 10_000;

export class CallWatch {
  readonly #parts: CallWatchParts;
  #nextMs = -Infinity;
  #notedAtMs = 0;
  /** The phones that are still to be looked at in this round. */
  #round: Iterator<Leg> | null = null;

  constructor(parts: CallWatchParts) {
    this.#parts = parts;
  }

  wake(turn: Turn): void {
    const nowMs = turn.now.monotonicMs;
    for (const leg of [...this.#parts.book.unacknowledged]) {
      this.#awaitAck(leg, turn);
    }
    if (nowMs < this.#nextMs) return;
    this.#nextMs = nowMs + EVERY_MS;
    for (const call of [...this.#parts.book.calls.values()]) {
      if (call.answerer === null && call.service === null) {
        if (call.ringUntilMs > 0 && call.ringUntilMs <= nowMs) {
          this.#parts.ringing.giveUp(call, turn);
        }
      }
    }
    this.#look(turn);
    this.#noteAll(nowMs);
  }

  #noteAll(nowMs: number): void {
    if (nowMs - this.#notedAtMs < NOTED_EVERY_MS) return;
    this.#notedAtMs = nowMs;
    const { book } = this.#parts;
    for (const call of book.calls.values()) book.note(call);
  }

  #awaitAck(leg: Leg, turn: Turn): void {
    const { book, wire, ending } = this.#parts;
    const nowMs = turn.now.monotonicMs;
    if (leg.state !== "answered" || leg.held === null) {
      book.unacknowledged.delete(leg);
      return;
    }
    if (leg.giveUpAtMs <= nowMs) {
      const { call } = leg;
      tellAnswered(leg, 200, null, turn, { repeats: leg.resends });
      if (leg.wantsBye || call.isOver) ending.sayBye(leg, turn);
      else ending.end(call, "exchange", "no-ack", turn, leg);
      ending.sayBye(leg, turn);
      return;
    }
    if (leg.resendAtMs > nowMs) return;
    wire.resend(leg.held, turn);
    leg.resends++;
    leg.resendEveryMs = Math.min(leg.resendEveryMs * 2, T2_MS);
    leg.resendAtMs = nowMs + leg.resendEveryMs;
    if (leg.resends !== TELLING_RESENDS || leg.isAcknowledged) return;
    tellAnswered(leg, 200, null, turn, { repeats: leg.resends });
  }

  /** Looks at the phones in turn, a bounded number in a second. */
  #look(turn: Turn): void {
    const { book } = this.#parts;
    this.#round ??= book.legs.values();
    for (let i = 0; i < LOOKS_EACH_SECOND; i++) {
      const next = this.#round.next();
      if (next.done) {
        this.#round = null;
        return;
      }
      if (next.value.state === "up") this.#lookAt(next.value, turn);
    }
  }

  #lookAt(leg: Leg, turn: Turn): void {
    const nowMs = turn.now.monotonicMs;
    if (leg.timerDueMs > 0 && leg.timerDueMs <= nowMs) {
      this.#timerIsDue(leg, turn);
      if (leg.state !== "up") return;
    }
    if (leg.isLeaving) return;
    const counts = this.#parts.sound.counts(leg);
    // without sound nobody would notice that the phone is gone
    if (counts === null) return this.#askIfDue(leg, turn);
    const isSilent = counts.silentMs >= SILENT_MS;
    const isDue = leg.toldTimes < TOLD_OFTEN ||
      nowMs - leg.toldAtMs >= TOLD_SELDOM_MS || isSilent !== leg.wasSilent;
    if (isDue) {
      leg.toldTimes++;
      leg.toldAtMs = nowMs;
      leg.wasSilent = isSilent;
      tellSound(leg, counts, turn);
    }
    if (counts.silentMs >= ASK_AFTER_MS) this.#askIfDue(leg, turn);
  }

  #askIfDue(leg: Leg, turn: Turn): void {
    const sinceMs = turn.now.monotonicMs - leg.askedAtMs;
    if (leg.isAsked || (leg.askedAtMs > 0 && sinceMs < ASK_AGAIN_MS)) return;
    this.#ask(leg, turn);
  }

  #ask(leg: Leg, turn: Turn): void {
    const { wire } = this.#parts;
    const use = { kind: "check", leg } as const;
    leg.isAsked = wire.request(leg, "OPTIONS", use, turn, "");
    leg.askedAtMs = turn.now.monotonicMs;
  }

  #timerIsDue(leg: Leg, turn: Turn): void {
    const { ending, bridge, sessionSeconds } = this.#parts;
    const { seconds, isOurs } = leg.timer;
    if (leg.isLeaving) return ending.sayBye(leg, turn);
    if (seconds > 0 && !isOurs) {
      return ending.end(leg.call, "exchange", "session-timer", turn);
    }
    const usual = seconds === 0 ? sessionSeconds : seconds;
    leg.timerDueMs = turn.now.monotonicMs + usual * 500;
    // where it may not be refreshed now, it is asked at least
    const isRefreshed = seconds > 0 && bridge.refresh(leg, turn);
    if (!isRefreshed && !leg.isAsked) this.#ask(leg, turn);
  }
}
