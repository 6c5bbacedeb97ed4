/**
 * What is kept of a call: who, whom, through what, when, how it ended, and how it sounded.
 * @module
 */

/** How a call ended, or that it has not. */
export type CallEnd =
  | "hung-up"
  | "cancelled"
  /** The phone that was called refused, or nobody took it. */
  | "refused"
  | "unanswered"
  | "unreachable"
  | "no-such-number"
  | "no-ack"
  | "session-timer"
  /** A phone does not answer any more. */
  | "phone-gone"
  | "transferred"
  | "picked-up"
  /** Somebody ended it from the command line or the page. */
  | "operator"
  | "server-stopped"
  | "error";

/** Who ended it. */
export type CallEnder = "caller" | "callee" | "exchange";

/** The sound that came from one phone. */
export interface CallSound {
  readonly packets: number;
  readonly octets: number;
  readonly lost: number;
  readonly jitterMs: number;
}

/** One phone of a call. */
export interface CallParty {
  /** The extension; "" for none. */
  readonly number: string;
  /** Address and port that it signals from; "" where none is known. */
  readonly source: string;
  readonly transport: "udp" | "tcp" | "";
  readonly userAgent: string;
  /** The address of ours that it talks to: what the call went through. */
  readonly through: string;
}

/** One call. Times are milliseconds since 1970, 0 where that did not happen. */
export interface CallRecord {
  /** Unique, in letters and digits; in the order in which calls began. */
  readonly id: string;
  readonly state: "ringing" | "answered" | "ended";
  readonly caller: CallParty;
  readonly callee: CallParty;
  /** What was typed into the phone. */
  readonly dialled: string;
  readonly startedAt: number;
  readonly ringingAt: number;
  readonly answeredAt: number;
  readonly endedAt: number;
  readonly endedBy: CallEnder | "";
  readonly why: CallEnd | "";
  /** The final SIP status that the caller heard; 0 where there was none. */
  readonly status: number;
  /** Of the first line of sound, as in `a=rtpmap`: `PCMA/8000`; "" for none. */
  readonly codec: string;
  readonly callerSound: CallSound;
  readonly calleeSound: CallSound;
}

export const NO_SOUND: CallSound = {
  packets: 0,
  octets: 0,
  lost: 0,
  jitterMs: 0,
};
