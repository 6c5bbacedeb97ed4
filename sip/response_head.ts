/**
 * An answer that leaves long after its request, whose octets are gone by then: what all answers
 * to it begin with is kept (RFC 3261 §8.2.6.2).
 * @module
 */

import type { Flow } from "./flow.ts";
import type { Message } from "./message.ts";
import { Outbox } from "./outbox.ts";
import {
  type Body,
  writeEnd,
  writeResponseHead,
  writeStatusLine,
} from "./serialize.ts";

/** As many as a dialog takes (see `dialog.ts`). */
const LONGEST_ROUTES = 2048;
const MOST_LINES = 8;
/** Written to and copied from at once, so that no answer needs one of its own. */
const SCRATCH = new Outbox(4096);

/** Via, From, To with a tag of ours, Call-ID and CSeq, as octets. */
export function keepResponseHead(
  request: Message,
  flow: Flow,
  toTag: string,
): Uint8Array {
  SCRATCH.clear();
  writeResponseHead(SCRATCH, request, flow, toTag);
  return SCRATCH.bytes.slice(0, SCRATCH.position);
}

/** Writes an answer into the outbox, without ending it. */
export function writeKeptResponse(
  outbox: Outbox,
  head: Uint8Array,
  status: number,
  reason: string,
  headers: string,
  body?: Body,
): void {
  writeStatusLine(outbox, status, reason);
  outbox.constant(head);
  writeEnd(outbox, headers, body);
}

/**
 * The Record-Route of an answer that makes a dialog (RFC 3261 §12.1.1), as header lines; "" where
 * there is none, or more than a dialog can follow.
 */
export function recordRoutes(request: Message): string {
  if (!request.has("record-route")) return "";
  const values = request.values("record-route");
  const length = values.reduce((sum, value) => sum + value.length, 0);
  if (length > LONGEST_ROUTES || values.length > MOST_LINES) return "";
  return values.map((value) => `Record-Route: ${value}\r\n`).join("");
}
