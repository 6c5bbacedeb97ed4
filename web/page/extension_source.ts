/**
 * What the page of an extension shows, asked anew each time; each question costs next to nothing.
 * @module
 */

import type { WireMessage } from "../../diag/bundle/bundle_message.ts";
import type { ReportDesk } from "../../diag/phone_report.ts";
import type { PhoneDesk } from "../phone/phone_desk.ts";
import type { MessageView } from "../trace_view.ts";

export interface ExtensionSource {
  /** Null where there is no such extension. */
  find(number: string): ExtensionName | null;
  /** All numbers that exist. */
  numbers(): readonly string[];
  readonly reports: ReportDesk;
  /** Resolves when the reports know what is kept by now. */
  settle(): Promise<void>;
  bindings(number: string): readonly ExtensionBinding[];
  /** The newest messages of an extension, at most 200, the oldest first. */
  messages(number: string): readonly MessageView[];
  /** All messages of an extension that are kept, with their secrets, read as they are taken. */
  capture(number: string): Iterable<WireMessage>;
  /** What belongs into the phone. */
  readonly phones: PhoneDesk;
}

export interface ExtensionName {
  readonly number: string;
  /** "" for none. */
  readonly name: string;
}

export interface ExtensionBinding {
  /** Without a password. */
  readonly contact: string;
  readonly source: string;
  readonly transport: string;
  readonly expiresSeconds: number;
  readonly userAgent: string;
  /** Whether the phone names another address than it writes from. */
  readonly isBehindNat: boolean;
  /** Whether the phone keeps its way open itself (RFC 5626 §4.4.1). */
  readonly isOutbound: boolean;
  /** Our questions since it registered, and how many of the last ones got no answer. */
  readonly pingsSent: number;
  readonly missedPings: number;
}
