/**
 * The route of the HTTP interface for what the server did in the last hour and day.
 * @module
 */

import { type Range, RANGES } from "../../diag/history/history.ts";
import type { HistoryWindow } from "../../diag/history/history_ring.ts";
import type { Reading } from "../../diag/history/reading.ts";
import type { App } from "../page/page_app.ts";
import { problem } from "./api_problem.ts";

/** What the route shows. */
export interface HistorySource {
  /** The steps of a range that are over. */
  history(range: Range): HistoryWindow;
}

/** A stretch of time in steps; the shape is part of the contract. */
export interface HistoryEntry {
  readonly range: Range;
  readonly stepSeconds: number;
  /** By RFC 3339, as all times here. */
  readonly from: string;
  readonly to: string;
  /** The oldest first; null where the server did not run. */
  readonly steps: readonly (StepEntry | null)[];
}

export interface StepEntry extends Omit<Reading, "at"> {
  readonly at: string;
}

/** Adds the route. */
export function addHistory(app: App, source: HistorySource): void {
  app.get("/api/v1/history", (context) => {
    const wanted = context.req.query("range") ?? "hour";
    const range = RANGES.find((one) => one === wanted);
    return range === undefined
      ? problem(context, 400, `range must be one of ${RANGES.join(", ")}`)
      : context.json(describeHistory(range, source.history(range)));
  });
}

/** A stretch of time as the contract has it. */
export function describeHistory(
  range: Range,
  { stepMs, fromMs, toMs, readings }: HistoryWindow,
): HistoryEntry {
  return {
    range,
    stepSeconds: stepMs / 1000,
    from: spellMoment(fromMs),
    to: spellMoment(toMs),
    steps: readings.map((reading) =>
      reading && { ...reading, at: spellMoment(reading.at) }
    ),
  };
}

function spellMoment(ms: number): string {
  return new Date(ms).toISOString();
}
