/**
 * Calls as a table for people.
 * @module
 */

import { cut, escapeText } from "../../pbx/quoted.ts";
import { type CallEntry, type SoundEntry } from "../call_entry.ts";
import { formatDuration } from "../duration.ts";
import type { Paint } from "./paint.ts";
import { type Cell, formatTable } from "./table.ts";

/** A table with one line for each call; times are local ones. */
export function formatCallList(
  entries: readonly CallEntry[],
  paint: Paint,
): string {
  const bold = (text: string): Cell => ({ text, paint: paint.bold });
  return formatTable([
    [
      ...["TIME", "FROM", "TO", "DURATION", "STATE", "CODEC"],
      ...["LOSS", "JITTER", "ID"],
    ].map(bold),
    ...entries.map((entry) => [
      spellLocalTime(entry.startedAt),
      escapeText(entry.caller.number),
      spellCallee(entry),
      entry.answeredAt === null ? "" : formatDuration(entry.durationSeconds),
      spellState(entry, paint),
      escapeText(entry.codec),
      spellBoth(entry, ({ lossPercent }) => lossPercent.toFixed(1), "%"),
      spellBoth(entry, ({ jitterMs }) => jitterMs.toFixed(0), "ms"),
      { text: escapeText(entry.id), paint: paint.dim },
    ]),
  ]);
}

/** What was dialled, and who it was where that is another number. */
function spellCallee({ callee, dialled }: CallEntry): string {
  const typed = cut(escapeText(dialled), 30);
  if (callee.number === "" || callee.number === dialled) return typed;
  return `${escapeText(callee.number)} (dialled ${typed})`;
}

/** Of the caller's sound and of the callee's; nothing where there was none. */
function spellBoth(
  { callerSound, calleeSound }: CallEntry,
  spell: (sound: SoundEntry) => string,
  unit: string,
): string {
  const sounds = [callerSound, calleeSound];
  if (sounds.every(({ packets }) => packets === 0)) return "";
  const parts = sounds.map((sound) => sound.packets > 0 ? spell(sound) : "-");
  return `${parts.join("/")} ${unit}`;
}

function spellState(entry: CallEntry, paint: Paint): Cell {
  if (entry.state === "ringing") {
    return { text: "ringing", paint: paint.yellow };
  }
  if (entry.state === "answered") {
    return { text: "talking", paint: paint.green };
  }
  if (entry.state === "unknown") {
    return { text: "not known", paint: paint.yellow };
  }
  const text = describeEnd(entry);
  return entry.answeredAt === null ? { text, paint: paint.yellow } : { text };
}

/** How a call ended, in a few words. */
export function describeEnd(
  { why, endedBy, status, answeredAt }: Pick<
    CallEntry,
    "why" | "endedBy" | "status" | "answeredAt"
  >,
): string {
  const number = status > 0 && answeredAt === null ? ` (${status})` : "";
  switch (why) {
    case "hung-up":
      return `${escapeText(endedBy ?? "somebody")} hung up`;
    case "cancelled":
      return "caller gave up";
    case "unanswered":
      return "no answer";
    case "no-ack":
      return "no ACK";
    case "phone-gone":
      return endedBy === "caller" || endedBy === "callee"
        ? `${endedBy}'s phone is gone`
        : "phone is gone";
    case "session-timer":
      return "session timer ran out";
    case "operator":
      return "ended by the operator";
    case "server-stopped":
      return "server stopped";
    case "refused":
    case "unreachable":
    case "no-such-number":
    case "error":
      return why.replaceAll("-", " ") + number;
    default:
      return escapeText(why ?? "ended").replaceAll("-", " ");
  }
}

/** Local date and time, to the second. */
function spellLocalTime(moment: string): string {
  const ms = Date.parse(moment);
  if (Number.isNaN(ms)) return "";
  const time = new Date(ms);
  const two = (part: number) => String(part).padStart(2, "0");
  return `${time.getFullYear()}-${two(time.getMonth() + 1)}-${
    two(time.getDate())
  } ${two(time.getHours())}:${two(time.getMinutes())}:${
    two(time.getSeconds())
  }`;
}
