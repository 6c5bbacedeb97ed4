/**
 * Calls as JSON, for scripts, for the page and for the command line.
 * @module
 */

import type {
  CallParty,
  CallRecord,
  CallSound,
} from "../pbx/call/call_record.ts";

/** The sound that came from one phone; the shape is part of the contract. */
export interface SoundEntry extends CallSound {
  /** Of what the phone sent, with one decimal. */
  readonly lossPercent: number;
}

/** One call; the shape is part of the contract. Times are RFC 3339, null where that did not happen. */
export interface CallEntry {
  readonly id: string;
  /** `unknown` where the server that may still hold it does not answer. */
  readonly state: string;
  readonly caller: CallParty;
  readonly callee: CallParty;
  readonly dialled: string;
  readonly startedAt: string;
  readonly ringingAt: string | null;
  readonly answeredAt: string | null;
  readonly endedAt: string | null;
  /** From the answer to the end, or until now. */
  readonly durationSeconds: number;
  readonly endedBy: string | null;
  readonly why: string | null;
  /** The final SIP status that the caller heard; 0 where there was none. */
  readonly status: number;
  readonly codec: string;
  readonly callerSound: SoundEntry;
  readonly calleeSound: SoundEntry;
}

/** The largest number that a `Date` takes. */
const LATEST_MS = 8.64e15;

/** A call as the contract has it. */
export function describeCall(record: CallRecord, nowMs: number): CallEntry {
  const { answeredAt, endedAt } = record;
  const untilMs = endedAt > 0 ? endedAt : nowMs;
  const talkedMs = answeredAt > 0 ? untilMs - answeredAt : 0;
  return {
    id: record.id,
    state: record.state,
    caller: record.caller,
    callee: record.callee,
    dialled: record.dialled,
    startedAt: spellMoment(record.startedAt) ?? "",
    ringingAt: spellMoment(record.ringingAt),
    answeredAt: spellMoment(answeredAt),
    endedAt: spellMoment(endedAt),
    durationSeconds: Math.max(0, Math.floor(talkedMs / 1000)),
    endedBy: record.endedBy || null,
    why: record.why || null,
    status: record.status,
    codec: record.codec,
    callerSound: describeSound(record.callerSound),
    calleeSound: describeSound(record.calleeSound),
  };
}

function spellMoment(ms: number): string | null {
  return ms > 0 && ms <= LATEST_MS ? new Date(ms).toISOString() : null;
}

function describeSound(sound: CallSound): SoundEntry {
  const { packets, octets, lost } = sound;
  const sent = packets + lost;
  const lossPercent = sent > 0 ? roundTenth(lost / sent * 100) : 0;
  return {
    packets,
    octets,
    lost,
    lossPercent,
    jitterMs: roundTenth(sound.jitterMs),
  };
}

function roundTenth(value: number): number {
  return Math.round(value * 10) / 10;
}

/** Whether what came over the network looks like calls (the server may be another version). */
export function isCallList(value: unknown): value is CallEntry[] {
  return Array.isArray(value) && value.every(isCallEntry);
}

function isCallEntry(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  const call = value as Record<string, unknown>;
  const has = (of: unknown, type: string, names: readonly string[]) =>
    typeof of === "object" && of !== null &&
    names.every((name) =>
      typeof (of as Record<string, unknown>)[name] === type
    );
  const texts = ["id", "state", "dialled", "startedAt", "codec"];
  return has(call, "string", texts) &&
    has(call, "number", ["durationSeconds", "status"]) &&
    ["caller", "callee"].every((side) =>
      has(call[side], "string", ["number", "source", "through"]) &&
      has(call[`${side}Sound`], "number", ["packets", "lost", "jitterMs"])
    );
}

/** Whether a call is not over yet. */
export function isLive({ state }: Pick<CallEntry, "state">): boolean {
  return state !== "ended";
}
