/**
 * How a test call sounds: from what is counted at one moment and the next, how much arrives from
 * the phone now, and how much goes back.
 * @module
 */

import type { MediaCounts } from "../pbx/media/media_relay.ts";

/** How the newest test call of a phone stands. */
export interface TestCall {
  readonly state: "ringing" | "answered" | "ended";
  /** Packets a second, from the phone and to it. */
  readonly fromRate: number;
  readonly toRate: number;
  readonly lossPercent: number;
  readonly jitterMs: number;
  /** Whether sound came from the phone a moment ago; of a call that has ended, whether enough did. */
  readonly isHeard: boolean;
  /** Whether it has lasted long enough to say that nothing comes. */
  readonly isSettled: boolean;
}

/** A call that lives, as far as it matters here. */
export interface LiveCall {
  readonly id: string;
  /** Milliseconds since 1970; 0 for not yet. */
  readonly answeredAt: number;
}

type Counts = Pick<
  MediaCounts,
  "packets" | "sent" | "lost" | "jitterMs" | "silentMs"
>;

/** A phone that sends nothing for so long is not heard. */
const SILENT_MS = 1500;
/** A phone may take so long to begin. */
const SETTLE_MS = 3000;
/** Half a second of sound. */
const ENOUGH_PACKETS = 25;
/** A rate over less time says little. */
const LEAST_SPAN_MS = 500;

const NOTHING: TestCall = {
  state: "ringing",
  fromRate: 0,
  toRate: 0,
  lossPercent: 0,
  jitterMs: 0,
  isHeard: false,
  isSettled: false,
};

interface Sample {
  readonly at: number;
  readonly packets: number;
  readonly sent: number;
}

export class TestCallWatch {
  #id = "";
  #last: TestCall | null = null;
  #sample: Sample | null = null;
  #packets = 0;

  /** Takes how it is now, and says how it stands; null where there was no test call yet. */
  take(
    call: LiveCall | null,
    counts: Counts | null,
    nowMs: number,
  ): TestCall | null {
    if (call === null) return this.#last = this.#end();
    if (call.id !== this.#id) {
      this.#id = call.id;
      this.#sample = null;
      this.#packets = 0;
    }
    if (call.answeredAt === 0 || counts === null) return this.#last = NOTHING;
    return this.#last = this.#measure(call, counts, nowMs);
  }

  #measure(call: LiveCall, counts: Counts, nowMs: number): TestCall {
    const { packets, sent, lost, jitterMs, silentMs } = counts;
    const before = this.#sample;
    const spanMs = before === null ? 0 : nowMs - before.at;
    const isCountedAnew = before !== null && packets < before.packets;
    let { fromRate, toRate } = this.#last ?? NOTHING;
    if (before === null || isCountedAnew || spanMs >= LEAST_SPAN_MS) {
      this.#sample = { at: nowMs, packets, sent };
      const isUsable = before !== null && !isCountedAnew;
      const rate = (now: number, then: number) =>
        Math.max(0, Math.round((now - then) * 1000 / spanMs));
      fromRate = isUsable ? rate(packets, before.packets) : 0;
      toRate = isUsable ? rate(sent, before.sent) : 0;
    }
    this.#packets = packets;
    return {
      state: "answered",
      fromRate,
      toRate,
      lossPercent: packets + lost === 0
        ? 0
        : Math.round(lost / (packets + lost) * 1000) / 10,
      jitterMs: Math.round(jitterMs * 10) / 10,
      isHeard: packets > 0 && silentMs < SILENT_MS,
      isSettled: nowMs - call.answeredAt >= SETTLE_MS,
    };
  }

  /** One that nobody answered leaves nothing to say. */
  #end(): TestCall | null {
    if (this.#last === null || this.#last.state === "ended") return this.#last;
    if (this.#last.state === "ringing") return null;
    return {
      ...this.#last,
      state: "ended",
      fromRate: 0,
      toRate: 0,
      isHeard: this.#packets >= ENOUGH_PACKETS,
      isSettled: true,
    };
  }
}
