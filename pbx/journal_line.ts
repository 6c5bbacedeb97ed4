/**
 * How a binding stands in the journal: a line of text for each change, fields apart by tabs, so
 * that it can be read with any tool. A line that names a slot replaces each earlier one of that
 * slot.
 *
 *     slot TAB number TAB expires (Unix seconds) TAB granted TAB cseq TAB q TAB reg-id TAB flags
 *          TAB transport TAB flow TAB port TAB local host TAB local port
 *          TAB contact TAB Call-ID TAB User-Agent TAB instance TAB path TAB host
 *     slot TAB "-"                                            the slot is free
 * @module
 */

import { parseInteger } from "../sip/octet.ts";
import {
  type Binding,
  type BindingNumbers,
  joinTexts,
  splitTexts,
} from "./binding.ts";

/** Fields before the texts. */
const HEAD = 13;
const BEHIND_NAT = 1;
const OUTBOUND = 2;

/** The two clocks at one moment, in milliseconds. */
export interface Moment {
  readonly wallMs: number;
  readonly monotonicMs: number;
}

/** What a line says. */
export interface JournalLine {
  readonly slot: number;
  readonly number: string;
  /** Null: the slot is free. */
  readonly numbers: BindingNumbers | null;
  /** As `joinTexts` makes it. */
  readonly texts: string;
}

/** The line of a binding, with its line end. */
export function formatLine(
  slot: number,
  number: string,
  binding: Binding,
  now: Moment,
): string {
  const expires = Math.ceil(
    (now.wallMs + binding.expiresAtMs - now.monotonicMs) / 1000,
  );
  const flags = (binding.isBehindNat ? BEHIND_NAT : 0) |
    (binding.isOutbound ? OUTBOUND : 0);
  return `${slot}\t${number}\t${expires}\t${binding.grantedSeconds}\t${binding.cseq}\t` +
    `${binding.q}\t${binding.regId}\t${flags}\t${binding.transport}\t${binding.flowId}\t` +
    `${binding.port}\t${binding.localHost}\t${binding.localPort}\t${
      joinTexts(binding)
    }\n`;
}

/** The line of a slot that became free. */
export function formatFreeLine(slot: number): string {
  return `${slot}\t-\n`;
}

/** The slot of a line, without reading the rest; -1 where it is no line. */
export function slotOfLine(line: string): number {
  const tab = line.indexOf("\t");
  return tab < 0 ? -1 : parseInteger(line.slice(0, tab), 0x7fffffff);
}

/**
 * Reads a line. What remains of a binding is never more than was granted, so that a wall clock
 * that was set back does not make phones immortal.
 *
 * @returns null where it is no line.
 */
export function parseLine(line: string, now: Moment): JournalLine | null {
  const fields: string[] = [];
  let at = 0;
  while (fields.length < HEAD) {
    const tab = line.indexOf("\t", at);
    if (tab < 0) break;
    fields.push(line.slice(at, tab));
    at = tab + 1;
  }
  const slot = parseInteger(fields[0] ?? "", 0x7fffffff);
  if (slot < 0) return null;
  const texts = line.slice(at);
  if (fields.length === 1 && texts === "-") {
    return { slot, number: "", numbers: null, texts: "" };
  }
  if (fields.length !== HEAD || splitTexts(texts) === null) return null;
  const grantedMs = Number(fields[3]) * 1000;
  const flags = Number(fields[7]);
  const numbers: BindingNumbers = {
    expiresAtMs: now.monotonicMs +
      Math.min(Number(fields[2]) * 1000 - now.wallMs, grantedMs),
    grantedSeconds: grantedMs / 1000,
    cseq: Number(fields[4]),
    q: Number(fields[5]),
    regId: Number(fields[6]),
    isBehindNat: (flags & BEHIND_NAT) !== 0,
    isOutbound: (flags & OUTBOUND) !== 0,
    transport: fields[8] === "tcp" ? "tcp" : "udp",
    flowId: Number(fields[9]),
    port: Number(fields[10]),
    localHost: fields[11]!,
    localPort: Number(fields[12]),
  };
  return { slot, number: fields[1]!, numbers, texts };
}
