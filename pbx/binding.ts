/**
 * A binding: the contact address of one phone, and until when it holds (RFC 3261 §10).
 * @module
 */

import type { TransportName } from "../sip/flow.ts";

/** All that is known of a binding. */
export interface Binding {
  /** The contact's URI as the phone wrote it: a request to the phone carries the whole of it. */
  readonly contact: string;
  readonly callId: string;
  readonly cseq: number;
  /** Monotonic milliseconds. */
  readonly expiresAtMs: number;
  /** What was granted the last time. */
  readonly grantedSeconds: number;
  /** Preference in thousandths, 0 to 1000. */
  readonly q: number;
  readonly userAgent: string;
  /** `+sip.instance` with its angle brackets (RFC 5626 §4.1); "" where there is none. */
  readonly instance: string;
  /** RFC 5626 §4.2; 0 where there is none. */
  readonly regId: number;
  /** Path header fields, joined by commas (RFC 3327); "" where there are none. */
  readonly path: string;
  /** The contact's address is not the one that the phone wrote from. */
  readonly isBehindNat: boolean;
  /** The phone keeps its NAT mapping open itself, or speaks RFC 5626 (`;ob`). */
  readonly isOutbound: boolean;
  /** The flow that it registered over: a request to the phone goes back there. */
  readonly transport: TransportName;
  readonly flowId: number;
  readonly host: string;
  readonly port: number;
  readonly localHost: string;
  readonly localPort: number;
}
