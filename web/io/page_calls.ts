/**
 * What the pages about calls show of the running server.
 * @module
 */

import type { CallDialog } from "../../pbx/call/call_dialog.ts";
import type { ExtensionRow } from "../../pbx/io/extension_store.ts";
import type { CallSource } from "../api/api_calls.ts";
import type { KeptRow } from "../live/trace_row.ts";
import type { CallPageSource } from "../page/call_page.tsx";
import type { TraceDesk } from "./trace_desk.ts";

/** The part of the exchange that is needed. */
export interface CallMemory {
  dialogsOf(id: string): readonly CallDialog[] | null;
}

export function openCallsSource(
  calls: CallSource,
  exchange: CallMemory,
  desk: TraceDesk,
  listExtensions: () => readonly ExtensionRow[],
): CallPageSource {
  let rows: readonly ExtensionRow[] | null = null;
  let names: ReadonlyMap<string, string> = new Map();
  return {
    names: () => {
      const now = listExtensions();
      if (now !== rows) {
        names = new Map(now.map(({ number, name }) => [number, name]));
      }
      rows = now;
      return names;
    },
    nowMs: () => calls.nowMs(),
    listLive: () => calls.listLive(),
    listKept: (query) => calls.listKept(query),
    getKept: (id) => calls.getKept(id),
    hangUp: (id) => calls.hangUp(id),
    dialogsOf: (id) => exchange.dialogsOf(id),
    findMessages: async (callIds) => (await desk.find(callIds)).map(numberOf),
    peekMessages: (callIds) => desk.peek(callIds)?.map(numberOf) ?? null,
    message: (number) => desk.message(number),
  };
}

function numberOf({ row }: KeptRow): number {
  return row.id;
}
