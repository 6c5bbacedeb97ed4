/**
 * One call: who called whom, the phones that ring, and the one that took it.
 * @module
 */

import type { SessionDescription } from "../../sip/sdp.ts";
import type { CallEnd, CallEnder, CallRecord } from "./call_record.ts";
import type { Leg } from "./leg.ts";

/** What a number of ours does, where it is no extension. */
export type Service = "echo" | "tone";

/** A call that begins because somebody transferred a phone (RFC 3515). */
export interface Transfer {
  /** Who asked for it; its dialog gets the NOTIFY requests. */
  readonly referrer: Leg;
  /** CSeq of the REFER, which names the subscription (RFC 3515 §2.4.6). */
  readonly referCseq: number;
}

/** A phone that is yet to be rung: the number's binding. */
export interface Target {
  readonly slot: number;
  readonly q: number;
}

export class Call {
  readonly id: string;
  /** Call-ID of the caller's dialog: what facts know the call by. */
  readonly callId: string;
  /** The caller's extension. */
  readonly number: string;
  /** What was dialled, and the extension that this means; "" for none. */
  readonly dialled: string;
  callee = "";
  caller: Leg | null = null;
  /** What the phones that ring are offered; null where the caller said nothing, or was taken. */
  offer: SessionDescription | null = null;
  /** The phones that ring, or rang. */
  readonly forks: Leg[] = [];
  /** Phones that are rung when those that ring do not take the call. */
  readonly waiting: Target[] = [];
  /** Whoever took the call. */
  answerer: Leg | null = null;
  /** Whoever sends sound before it takes the call. */
  early: Leg | null = null;
  service: Service | null = null;
  transfer: Transfer | null = null;
  /** Whether a phone has said that it does not take the call. */
  isRefused = false;
  /** The best failure so far (RFC 3261 §16.7); 0: none. */
  bestStatus = 0;
  /** The last provisional status that the caller was told. */
  toldStatus = 0;
  ringUntilMs = 0;
  /** Whether some phone said that it rings. */
  hasRung = false;
  hops = 70;
  readonly startedAt: number;
  ringingAt = 0;
  answeredAt = 0;
  endedAt = 0;
  endedBy: CallEnder | "" = "";
  why: CallEnd | "" = "";
  status = 0;
  codec = "";
  isOver = false;
  /** What is kept of it, once it is over. */
  record: CallRecord | null = null;

  constructor(
    id: string,
    callId: string,
    number: string,
    dialled: string,
    startedAt: number,
  ) {
    this.id = id;
    this.callId = callId;
    this.number = number;
    this.dialled = dialled;
    this.startedAt = startedAt;
  }
}
