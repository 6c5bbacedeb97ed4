/**
 * What the page Live shows of the running server.
 * @module
 */

import type { TrafficEntry } from "../../diag/ledger/traffic.ts";
import type { KeptRow } from "../live/trace_row.ts";
import type { LiveSource } from "../page/live_page.tsx";
import type { TraceDesk } from "./trace_desk.ts";

export function openLiveSource(desk: TraceDesk): LiveSource {
  return {
    nowMs: () => Date.now(),
    list: async (wish, most) => {
      const rows = await desk.list(wish);
      return rows.slice(-most).map(({ row }) => row);
    },
    watch: (wish, lastEvent, owner, ended) =>
      desk.watch(wish, lastEvent, owner, ended),
    message: (id) => desk.message(id),
    messages: async (wish) => take(desk, await desk.list(wish)),
  };
}

/** Those that are still kept when their turn comes. */
function* take(
  desk: TraceDesk,
  rows: readonly KeptRow[],
): Generator<TrafficEntry> {
  for (const { row } of rows) {
    const message = desk.message(row.id);
    if (message !== null) yield message;
  }
}
