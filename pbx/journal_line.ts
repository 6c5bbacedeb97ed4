/**
 * How a binding stands in the journal: a line of text for each change, fields apart by tabs, so
 * that it can be read with any tool. A line that names a slot replaces each earlier one of that
 * slot.
 *
 *     slot TAB number TAB expires (Unix seconds) TAB granted TAB cseq TAB q TAB reg-id TAB flags
 *          TAB transport TAB flow TAB host TAB port TAB local host TAB local port
 *          TAB contact TAB Call-ID TAB User-Agent TAB instance TAB path
 *     slot TAB "-"                                            the slot is free
 * @module
 */

import { parseInteger } from "../sip/octet.ts";
import type { Binding } from "./binding.ts";

const FIELDS = 19;
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
  readonly binding: Binding | null;
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
    `${binding.host}\t${binding.port}\t${binding.localHost}\t${binding.localPort}\t` +
    `${binding.contact}\t${binding.callId}\t${binding.userAgent}\t${binding.instance}\t` +
    `${binding.path}\n`;
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
  const fields = line.split("\t");
  const slot = parseInteger(fields[0]!, 0x7fffffff);
  if (slot < 0) return null;
  if (fields.length === 2 && fields[1] === "-") {
    return { slot, number: "", binding: null };
  }
  if (fields.length !== FIELDS) return null;
  const at = (field: number) => Number(fields[field]);
  const flags = at(7);
  const leftMs = Math.min(at(2) * 1000 - now.wallMs, at(3) * 1000);
  const binding: Binding = {
    contact: fields[14]!,
    callId: fields[15]!,
    cseq: at(4),
    expiresAtMs: now.monotonicMs + leftMs,
    grantedSeconds: at(3),
    q: at(5),
    userAgent: fields[16]!,
    instance: fields[17]!,
    regId: at(6),
    path: fields[18]!,
    isBehindNat: (flags & BEHIND_NAT) !== 0,
    isOutbound: (flags & OUTBOUND) !== 0,
    transport: fields[8] === "tcp" ? "tcp" : "udp",
    flowId: at(9),
    host: fields[10]!,
    port: at(11),
    localHost: fields[12]!,
    localPort: at(13),
  };
  return { slot, number: fields[1]!, binding };
}
