/**
 * The shapes of JSON about calls and about the server, as schemas.
 * @module
 */

import * as v from "valibot";
import type { CallParty } from "../../../pbx/call/call_record.ts";
import type { CallEntry, SoundEntry } from "../../call_entry.ts";
import type { ServerStatus } from "../../server_status.ts";
import type { Problem } from "../api_problem.ts";
import type { PageSetup } from "../api_setup.ts";

const COUNT = v.pipe(v.number(), v.integer(), v.minValue(0));
const MOMENT = v.pipe(v.string(), v.isoTimestamp());

export const CALL_PARTY: v.GenericSchema<CallParty> = v.object({
  number: v.pipe(v.string(), v.description("The extension; empty for none")),
  source: v.pipe(v.string(), v.description("Address and port it signals from")),
  transport: v.picklist(["udp", "tcp", ""]),
  userAgent: v.string(),
  through: v.pipe(
    v.string(),
    v.description("The server's address it talks to"),
  ),
});

export const CALL_SOUND: v.GenericSchema<SoundEntry> = v.pipe(
  v.object({
    packets: COUNT,
    octets: COUNT,
    lost: COUNT,
    lossPercent: v.number(),
    jitterMs: v.number(),
  }),
  v.description("The sound that came from one phone"),
);

export const CALL: v.GenericSchema<CallEntry> = v.object({
  id: v.string(),
  state: v.picklist(["ringing", "answered", "ended"]),
  caller: CALL_PARTY,
  callee: CALL_PARTY,
  dialled: v.string(),
  startedAt: MOMENT,
  ringingAt: v.nullable(MOMENT),
  answeredAt: v.nullable(MOMENT),
  endedAt: v.nullable(MOMENT),
  durationSeconds: v.pipe(
    COUNT,
    v.description("From the answer to the end, or until now"),
  ),
  endedBy: v.nullable(v.picklist(["caller", "callee", "exchange"])),
  why: v.pipe(
    v.nullable(v.string()),
    v.description("How it ended: `hung-up`, `cancelled`, `refused`, …"),
  ),
  status: v.pipe(
    COUNT,
    v.description("The final SIP status that the caller heard; 0 for none"),
  ),
  codec: v.string(),
  callerSound: CALL_SOUND,
  calleeSound: CALL_SOUND,
});

export const SERVER_STATUS: v.GenericSchema<ServerStatus> = v.object({
  version: v.string(),
  pid: COUNT,
  uptimeSeconds: COUNT,
  sip: v.object({
    listen: v.pipe(
      v.array(v.string()),
      v.description("Address and port, UDP and TCP"),
    ),
  }),
  http: v.object({
    listen: v.nullable(v.string()),
    tls: v.exactOptional(
      v.pipe(v.boolean(), v.description("Whether it is HTTPS")),
    ),
  }),
  extensions: COUNT,
  registrations: COUNT,
  calls: v.pipe(COUNT, v.description("Those that live")),
  memoryBytes: COUNT,
});

export const PAGE_SETUP: v.GenericSchema<PageSetup> = v.object({
  url: v.string(),
  tunnel: v.pipe(
    v.nullable(v.string()),
    v.description("What is typed on another machine first"),
  ),
  setupToken: v.pipe(
    v.nullable(v.string()),
    v.description("Sets the first password; null where there is one"),
  ),
});

export const PROBLEM: v.GenericSchema<Problem> = v.pipe(
  v.object({
    type: v.string(),
    title: v.string(),
    status: v.pipe(v.number(), v.integer()),
    detail: v.pipe(v.string(), v.description("What is wrong this time")),
  }),
  v.description("A problem document by RFC 9457"),
);
