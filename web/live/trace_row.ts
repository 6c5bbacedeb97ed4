/**
 * A message as a row of the page's trace: made once, for everybody who watches, in no language.
 * @module
 */

import { cut, escapeText } from "../../pbx/quoted.ts";
import { formatAddress } from "../../sip/flow.ts";
import type { LadderHint, LadderReader, LadderTone } from "../ladder_line.ts";
import type { MessageView } from "../trace_view.ts";

/** What the browser gets of a message. */
export interface TraceRow {
  /** The number of the message. */
  readonly id: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly direction: "in" | "out";
  readonly peer: string;
  readonly own: string;
  /** "" where it cannot be read. */
  readonly what: string;
  readonly from: string;
  readonly to: string;
  readonly tone: LadderTone;
  readonly hints: readonly LadderHint[];
}

/** A row with what filters look at; the octets of the message are left out. */
export interface KeptRow {
  readonly row: TraceRow;
  readonly view: MessageView;
  /** The row as JSON. */
  readonly json: string;
}

const LONGEST_PLACE = 60;
const LONGEST_FAULT = 120;
const NO_OCTETS = new Uint8Array(0);

/** Makes the row of a message; messages are to come in their order. */
export function makeRow(
  id: number,
  view: MessageView,
  reader: LadderReader,
): KeptRow {
  const { at, direction, flow } = view.message;
  const { what, from, to, tone, hints } = reader.read(view);
  const row: TraceRow = {
    id,
    at,
    direction,
    peer: spell(flow.peer),
    own: spell(formatAddress(flow.localHost, flow.localPort)),
    what,
    from,
    to,
    tone,
    hints: hints.map((hint) =>
      hint[0] === "fault" ? ["fault", cut(hint[1], LONGEST_FAULT)] : hint
    ),
  };
  const message = { at, direction, flow, octets: NO_OCTETS };
  return { row, view: { ...view, message }, json: JSON.stringify(row) };
}

function spell(place: string): string {
  return escapeText(cut(place, LONGEST_PLACE));
}
