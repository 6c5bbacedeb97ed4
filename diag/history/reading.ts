/**
 * One reading of the history: what the server did during one step of time. It is made from
 * counters that only grow, by differences, and from what was the case at the end of the step.
 * @module
 */

import type { DatagramClass } from "../../sip/fact.ts";
import { type Stage, STAGES } from "../../sip/stage.ts";
import type { CountersSnapshot } from "../counters.ts";

export const DATAGRAM_CLASSES = [
  "sip",
  "keepalive",
  "stun",
  "empty",
  "garbage",
] as const satisfies readonly DatagramClass[];

/** What counts nothing is left out. */
export type CountsBy<K extends string> = Readonly<Partial<Record<K, number>>>;

export interface Reading {
  /** When the step began, in milliseconds since 1970: a multiple of the step. */
  readonly at: number;
  /** How much of the step was watched. */
  readonly seconds: number;
  /** Phones that were registered; the fewest that were seen. */
  readonly registrations: number;
  /** Calls that lived; the most that were seen. */
  readonly calls: number;
  /** Requests that were refused, by the stage where they stopped. */
  readonly refused: CountsBy<Stage>;
  readonly datagrams: CountsBy<DatagramClass>;
  /** Time of the processor, of all threads. */
  readonly cpuSeconds: number;
  /** The most that was seen. */
  readonly memoryBytes: number;
}

/** The server at one moment. */
export interface Sample {
  /** Milliseconds since 1970. */
  readonly wallMs: number;
  /** Milliseconds of a clock that never jumps. */
  readonly monotonicMs: number;
  readonly registrations: number;
  readonly calls: number;
  /** All that was counted since the start. */
  readonly counters:
    & Pick<CountersSnapshot, "udpDatagrams">
    & { readonly refusals: Pick<CountersSnapshot["refusals"], "byStage"> };
  /** Since the start, of all threads. */
  readonly cpuSeconds: number;
  readonly memoryBytes: number;
}

/** Times beyond these are no times. */
const LAST_MS = 8.64e15;

/** What happened from one sample to the next, as a reading of the step that began at `at`. */
export function readBetween(
  before: Sample,
  after: Sample,
  at: number,
): Reading {
  const refused: Partial<Record<Stage, number>> = {};
  for (const stage of STAGES) {
    const count = grown(
      before.counters.refusals.byStage[stage],
      after.counters.refusals.byStage[stage],
    );
    if (count > 0) refused[stage] = count;
  }
  const datagrams: Partial<Record<DatagramClass, number>> = {};
  for (const name of DATAGRAM_CLASSES) {
    const count = grown(
      before.counters.udpDatagrams[name],
      after.counters.udpDatagrams[name],
    );
    if (count > 0) datagrams[name] = count;
  }
  return {
    at,
    seconds: Math.max(0, after.monotonicMs - before.monotonicMs) / 1000,
    registrations: after.registrations,
    calls: after.calls,
    refused,
    datagrams,
    cpuSeconds: grown(before.cpuSeconds, after.cpuSeconds),
    memoryBytes: after.memoryBytes,
  };
}

/** A counter that is less than it was has begun anew. */
function grown(before: number, after: number): number {
  return after >= before ? after - before : after;
}

/** Two readings of parts of one step, as one that begins when `at` says. */
export function joinReadings(
  one: Reading,
  other: Reading,
  at: number,
): Reading {
  return {
    at,
    seconds: one.seconds + other.seconds,
    registrations: Math.min(one.registrations, other.registrations),
    calls: Math.max(one.calls, other.calls),
    refused: addCounts(STAGES, one.refused, other.refused),
    datagrams: addCounts(DATAGRAM_CLASSES, one.datagrams, other.datagrams),
    cpuSeconds: one.cpuSeconds + other.cpuSeconds,
    memoryBytes: Math.max(one.memoryBytes, other.memoryBytes),
  };
}

function addCounts<K extends string>(
  names: readonly K[],
  one: CountsBy<K>,
  other: CountsBy<K>,
): CountsBy<K> {
  const sum: Partial<Record<K, number>> = {};
  for (const name of names) {
    const count = (one[name] ?? 0) + (other[name] ?? 0);
    if (count > 0) sum[name] = count;
  }
  return sum;
}

/** All that was counted under any name. */
export function sumCounts(counts: CountsBy<string>): number {
  return Object.values(counts).reduce<number>((sum, n) => sum + (n ?? 0), 0);
}

/** A reading as text; when it began is told beside it. */
export function writeReading({ at: _, ...reading }: Reading): string {
  return JSON.stringify({
    ...reading,
    seconds: round(reading.seconds),
    cpuSeconds: round(reading.cpuSeconds),
  });
}

function round(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}

/** Reads it back; null where it is no reading. Names that nobody knows are left out. */
export function parseReading(at: number, text: string): Reading | null {
  if (!Number.isSafeInteger(at) || at < 0 || at > LAST_MS) return null;
  const value = parseObject(text);
  if (value === null) return null;
  const refused = parseCounts(STAGES, value["refused"]);
  const datagrams = parseCounts(DATAGRAM_CLASSES, value["datagrams"]);
  const { seconds, registrations, calls, cpuSeconds, memoryBytes } = value;
  if (
    !isAmount(seconds) || !isAmount(registrations) || !isAmount(calls) ||
    !isAmount(cpuSeconds) || !isAmount(memoryBytes) ||
    refused === null || datagrams === null
  ) return null;
  return {
    at,
    seconds,
    registrations,
    calls,
    refused,
    datagrams,
    cpuSeconds,
    memoryBytes,
  };
}

function parseObject(text: string): Record<string, unknown> | null {
  try {
    return asObject(JSON.parse(text));
  } catch {
    return null;
  }
}

function asObject(value: unknown): Record<string, unknown> | null {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? value as Record<string, unknown>
    : null;
}

function isAmount(value: unknown): value is number {
  return typeof value === "number" && value >= 0 &&
    value <= Number.MAX_SAFE_INTEGER;
}

function parseCounts<K extends string>(
  names: readonly K[],
  value: unknown,
): CountsBy<K> | null {
  const given = asObject(value);
  if (given === null) return null;
  const counts: Partial<Record<K, number>> = {};
  for (const name of names) {
    if (!Object.hasOwn(given, name)) continue;
    const count = given[name];
    if (!isAmount(count)) return null;
    if (count > 0) counts[name] = count;
  }
  return counts;
}
