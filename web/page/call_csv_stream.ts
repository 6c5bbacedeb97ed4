/**
 * The table of calls while it is fetched, piece by piece, so that a long history holds nobody up.
 * @module
 */

import { type CallSource, listCalls } from "../api/api_calls.ts";
import { describeCall } from "../call_entry.ts";
import { formatCallHeader, formatCallRows } from "../terminal/call_csv.ts";

/** Calls that are read between two interruptions. */
const SLICE = 200;

/** Writes the calls of a number, or all of them. */
export function streamCallCsv(
  source: CallSource,
  number: string | undefined,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let before: string | undefined;
  return new ReadableStream({
    start: (controller) => {
      controller.enqueue(encoder.encode(formatCallHeader()));
    },
    pull: (controller) => {
      const calls = listCalls(source, SLICE, number, before, false);
      const nowMs = source.nowMs();
      const rows = calls.map((call) => describeCall(call, nowMs));
      before = calls.at(-1)?.id;
      if (rows.length > 0) {
        controller.enqueue(encoder.encode(formatCallRows(rows)));
      }
      if (rows.length < SLICE) controller.close();
    },
  }, { highWaterMark: 0 });
}
