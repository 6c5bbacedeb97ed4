/**
 * The routes of the HTTP interface for calls: those that live, those that are over, and the end
 * of one. Whoever reaches them was let in.
 * @module
 */

import type { CallRecord } from "../../pbx/call/call_record.ts";
import { parseInteger } from "../../sip/octet.ts";
import { problem } from "./api_problem.ts";
import { describeCall } from "../call_entry.ts";
import type { App } from "../page/page_app.ts";

/** What the routes show and do. */
export interface CallSource {
  /** The wall clock. */
  nowMs(): number;
  /** Those that live, the oldest first. */
  listLive(): readonly CallRecord[];
  /** Those that were written, the newest first. */
  listKept(query: KeptQuery): readonly CallRecord[];
  getKept(id: string): CallRecord | null;
  /** Ends a call; false where no such call lives. */
  hangUp(id: string): boolean;
}

/** Which of the written calls are wanted. */
export interface KeptQuery {
  readonly limit: number;
  readonly before: string | undefined;
  readonly number: string | undefined;
  /** Identifiers of calls that are left out. */
  readonly except: ReadonlySet<string>;
}

const USUAL_LIMIT = 100;
const MOST = 1000;

/** Adds the routes. */
export function addCalls(app: App, source: CallSource): void {
  app.get("/api/v1/calls", (context) => {
    const { limit, live, ...query } = context.req.query();
    const number = query["number"] || undefined;
    const before = query["before"] || undefined;
    const most = limit === undefined ? USUAL_LIMIT : parseInteger(limit, MOST);
    if (most < 1) {
      return problem(context, 400, `limit must be from 1 to ${MOST}`);
    }
    const records = listCalls(source, most, number, before, live === "1");
    const nowMs = source.nowMs();
    return context.json(records.map((record) => describeCall(record, nowMs)));
  });
  app.get("/api/v1/calls/:id", (context) => {
    const id = context.req.param("id");
    const record = source.listLive().find((call) => call.id === id) ??
      source.getKept(id);
    return record === null
      ? problem(context, 404, "No call has this identifier")
      : context.json(describeCall(record, source.nowMs()));
  });
  app.delete(
    "/api/v1/calls/:id",
    (context) =>
      source.hangUp(context.req.param("id"))
        ? context.body(null, 204)
        : problem(context, 404, "No call that lives has this identifier"),
  );
}

/** Live ones first, then the others, each newest first; `before` is where the last page ended. */
export function listCalls(
  source: CallSource,
  limit: number,
  number: string | undefined,
  before: string | undefined,
  isLiveOnly: boolean,
): readonly CallRecord[] {
  const all = source.listLive();
  const wanted = all.filter((call) => isOfNumber(call, number)).reverse();
  const end = all.findIndex(({ id }) => id === before);
  const isKept = before !== undefined && end < 0;
  const older = new Set(end < 0 ? [] : all.slice(0, end).map(({ id }) => id));
  const live = before === undefined
    ? wanted
    : wanted.filter(({ id }) => older.has(id));
  const rest = limit - live.length;
  if (isLiveOnly || rest <= 0) return live.slice(0, limit);
  return [
    ...live,
    ...source.listKept({
      limit: rest,
      before: isKept ? before : undefined,
      number,
      except: new Set(all.map(({ id }) => id)),
    }),
  ];
}

function isOfNumber(
  { caller, callee, dialled }: CallRecord,
  number: string | undefined,
): boolean {
  return number === undefined ||
    [caller.number, callee.number, dialled].includes(number);
}
