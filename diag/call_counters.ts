/**
 * How many calls there were, how they ended, and how much of their sound was missing. A part of
 * the counters.
 * @module
 */

import type { CallEnd } from "../pbx/call/call_record.ts";
import type { CallFact, MediaSeen, Side } from "../pbx/fact.ts";

/** The counters of calls, as they go into JSON. */
export interface CallsSnapshot {
  /** INVITEs that were let in. */
  readonly started: number;
  /** INVITEs to phones. */
  readonly rung: number;
  /** Calls that the caller heard answered. */
  readonly answered: number;
  readonly ended: Readonly<Record<CallEnd, number>>;
  /** Of answered calls that are over. */
  readonly talkSeconds: number;
  /** Packets of sound that came from phones, and that were missing, as far as it was told. */
  readonly soundPackets: number;
  readonly soundLost: number;
}

/** What was counted of the sound that comes from one phone of a call. */
interface Heard {
  packets: number;
  lost: number;
}

type Sound = Readonly<Record<Side, Heard>>;

/** Calls whose sound is remembered until they end; the oldest gives way. */
const MOST_OPEN = 16_384;

export class CallCounters {
  #started = 0;
  #rung = 0;
  #answered = 0;
  #talkSeconds = 0;
  #packets = 0;
  #lost = 0;
  readonly #ended: Record<CallEnd, number> = {
    "hung-up": 0,
    "cancelled": 0,
    "refused": 0,
    "unanswered": 0,
    "unreachable": 0,
    "no-such-number": 0,
    "no-ack": 0,
    "session-timer": 0,
    "phone-gone": 0,
    "transferred": 0,
    "picked-up": 0,
    "operator": 0,
    "server-stopped": 0,
    "error": 0,
  };
  /** By Call-ID. */
  readonly #open = new Map<string, Sound>();

  /** Counts one fact. */
  add(fact: CallFact): void {
    switch (fact.kind) {
      case "call-invited":
        if (fact.side === "caller") this.#started++;
        else this.#rung++;
        return;
      case "call-answered":
        if (isFirstAnswer(fact)) this.#answered++;
        return;
      case "call-acknowledged":
        return;
      case "media-seen":
        this.#hear(this.#soundOf(fact.callId)[fact.side], fact);
        return;
      case "call-ended":
        this.#ended[fact.why]++;
        this.#talkSeconds += fact.answeredSeconds;
        this.#open.delete(fact.callId);
    }
  }

  /** A copy, for JSON and metrics. */
  snapshot(): CallsSnapshot {
    return {
      started: this.#started,
      rung: this.#rung,
      answered: this.#answered,
      ended: { ...this.#ended },
      talkSeconds: this.#talkSeconds,
      soundPackets: this.#packets,
      soundLost: this.#lost,
    };
  }

  /** Adds what is new: counts grow, and begin anew with the answer. */
  #hear(heard: Heard, { packets, lost }: MediaSeen): void {
    if (packets < heard.packets) {
      heard.packets = 0;
      heard.lost = 0;
    }
    this.#packets += packets - heard.packets;
    heard.packets = packets;
    // what came late after all was missing when it was counted
    if (lost <= heard.lost) return;
    this.#lost += lost - heard.lost;
    heard.lost = lost;
  }

  #soundOf(callId: string): Sound {
    let sound = this.#open.get(callId);
    if (sound === undefined) {
      if (this.#open.size >= MOST_OPEN) this.#forgetOldest();
      sound = {
        caller: { packets: 0, lost: 0 },
        callee: { packets: 0, lost: 0 },
      };
      this.#open.set(callId, sound);
    }
    return sound;
  }

  #forgetOldest(): void {
    for (const callId of this.#open.keys()) {
      this.#open.delete(callId);
      return;
    }
  }
}

function isFirstAnswer(
  { side, status, repeats }: Extract<CallFact, { kind: "call-answered" }>,
): boolean {
  return side === "caller" && status >= 200 && status < 300 && repeats === 0;
}
