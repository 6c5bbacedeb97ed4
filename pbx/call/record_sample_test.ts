/**
 * A call as the tests of several rooms need one: 1001 called 1002, they talked for 90 seconds,
 * and 1001 hung up.
 * @module
 */

import { type CallRecord, NO_SOUND } from "./call_record.ts";

/** 2025-06-15T15:06:40Z */
export const STARTED_AT = 1_750_000_000_000;

/** The call, with other fields where they are given. */
export function makeRecord(
  id: string,
  fields: Partial<CallRecord> = {},
): CallRecord {
  const { startedAt = STARTED_AT } = fields;
  return {
    id,
    state: "ended",
    caller: {
      number: "1001",
      source: "198.51.100.7:40000",
      transport: "udp",
      userAgent: "MicroSIP/3.21.6",
      through: "203.0.113.10",
    },
    callee: {
      number: "1002",
      source: "192.0.2.20:5060",
      transport: "tcp",
      userAgent: "Linphone/5.2",
      through: "192.0.2.1",
    },
    dialled: "1002",
    startedAt,
    ringingAt: startedAt + 500,
    answeredAt: startedAt + 4000,
    endedAt: startedAt + 94_000,
    endedBy: "caller",
    why: "hung-up",
    status: 200,
    codec: "PCMA/8000",
    callerSound: { packets: 4490, octets: 772_280, lost: 10, jitterMs: 2.5 },
    calleeSound: { packets: 4500, octets: 774_000, lost: 0, jitterMs: 0.25 },
    ...fields,
  };
}

/** The call while it lives: it rings, or somebody talks. */
export function makeLive(
  id: string,
  state: "ringing" | "answered",
  fields: Partial<CallRecord> = {},
): CallRecord {
  const open = { endedAt: 0, endedBy: "", why: "" } as const;
  const early = {
    answeredAt: 0,
    status: 0,
    codec: "",
    callerSound: NO_SOUND,
    calleeSound: NO_SOUND,
  };
  return makeRecord(id, {
    state,
    ...open,
    ...state === "ringing" ? early : {},
    ...fields,
  });
}
