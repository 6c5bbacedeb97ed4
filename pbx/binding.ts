/**
 * A binding: the contact address of one phone, and until when it holds (RFC 3261 §10).
 * @module
 */

import type { TransportName } from "../sip/flow.ts";

/** What of a binding is a number, or one of few words. */
export interface BindingNumbers {
  readonly cseq: number;
  /** Monotonic milliseconds. */
  readonly expiresAtMs: number;
  /** What was granted the last time. */
  readonly grantedSeconds: number;
  /** Preference in thousandths, 0 to 1000. */
  readonly q: number;
  /** RFC 5626 §4.2; 0 where there is none. */
  readonly regId: number;
  /** The contact's address is not the one that the phone wrote from. */
  readonly isBehindNat: boolean;
  /** The phone keeps its NAT mapping open itself, or speaks RFC 5626 (`;ob`). */
  readonly isOutbound: boolean;
  /** The flow that it registered over: a request to the phone goes back there. */
  readonly transport: TransportName;
  readonly flowId: number;
  readonly port: number;
  readonly localHost: string;
  readonly localPort: number;
}

/** What of a binding is text. None of it holds a tab or another control character. */
export interface BindingTexts {
  /** The contact's URI as the phone wrote it: a request to the phone carries the whole of it. */
  readonly contact: string;
  readonly callId: string;
  readonly userAgent: string;
  /** `+sip.instance` with its angle brackets (RFC 5626 §4.1); "" where there is none. */
  readonly instance: string;
  /** Path header fields, joined by commas (RFC 3327); "" where there are none. */
  readonly path: string;
  /** The address that the phone wrote from. */
  readonly host: string;
}

/** All that is known of a binding. */
export interface Binding extends BindingNumbers, BindingTexts {}

const SEPARATOR = "\t";

/** The texts of a binding as one; the table and the journal hold it like this. */
export function joinTexts(texts: BindingTexts): string {
  return texts.contact + SEPARATOR + texts.callId + SEPARATOR +
    texts.userAgent + SEPARATOR +
    texts.instance + SEPARATOR + texts.path + SEPARATOR + texts.host;
}

/** Takes joined texts apart; null where they are not six. */
export function splitTexts(joined: string): BindingTexts | null {
  const texts = joined.split(SEPARATOR);
  const [contact, callId, userAgent, instance, path, host] = texts;
  if (host === undefined || texts.length !== 6) return null;
  return {
    contact: contact!,
    callId: callId!,
    userAgent: userAgent!,
    instance: instance!,
    path: path!,
    host,
  };
}
