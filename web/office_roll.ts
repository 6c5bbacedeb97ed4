/**
 * How the whole office stands: each extension, and who else is heard of. It is made in small steps,
 * because a large office takes long, and its phones are served meanwhile.
 * @module
 */

import type { PhoneReport } from "../diag/phone_report.ts";
import type { BindingEntry, ExtensionEntry } from "./extension_entry.ts";
import {
  findStrangers,
  type PhoneLine,
  standPhone,
  type Stranger,
} from "./phone_standing.ts";
import type { RepairScene } from "./repair.ts";

export interface OfficeRoll {
  /** In the order of the extensions. */
  readonly lines: readonly PhoneLine[];
  readonly strangers: readonly Stranger[];
  readonly scene: RepairScene;
}

/** What it is made of. */
export interface RollParts {
  extensions(): readonly { readonly number: string; readonly name: string }[];
  bindings(number: string): readonly BindingEntry[];
  /** Of all phones. */
  reports(): readonly PhoneReport[];
}

/** Extensions that are looked at in one step. */
const SLICE = 64;

/** Makes it; a step takes a fraction of a millisecond. */
export function* callRoll(
  parts: RollParts,
  nowMs: number,
): Generator<void, OfficeRoll> {
  const reports = parts.reports();
  const byNumber = Map.groupBy(reports, ({ story }) => story.number);
  yield;
  const entries: ExtensionEntry[] = [];
  const lines: PhoneLine[] = [];
  const phones = new Map<string, number>();
  for (const { number, name } of parts.extensions()) {
    const bindings = parts.bindings(number);
    const entry = { number, name, registered: bindings.length > 0, bindings };
    entries.push(entry);
    lines.push(standPhone(entry, byNumber.get(number) ?? [], nowMs));
    phones.set(number, bindings.length);
    if (entries.length % SLICE === 0) yield;
  }
  const strangers = findStrangers(entries, reports, nowMs);
  const scene = {
    isExtension: (number: string) => phones.has(number),
    countPhones: (number: string) => phones.get(number) ?? 0,
  };
  return { lines, strangers, scene };
}

/** Makes it at once. */
export function callRollAtOnce(parts: RollParts, nowMs: number): OfficeRoll {
  const steps = callRoll(parts, nowMs);
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
  }
}
