/**
 * The shapes of JSON that the diagnosis gives, as schemas.
 * @module
 */

import * as v from "valibot";
import { CODES } from "../../../diag/catalogue.ts";
import { CHECK_IDS, type SelfTest } from "../../../diag/check.ts";
import {
  FACT_FIELDS,
  type FactField,
  FLOWLESS_FACTS,
} from "../../../diag/ledger/fact_json.ts";
import { LANGUAGES, type Verdict } from "../../../diag/verdict.ts";
import { STAGES } from "../../../sip/stage.ts";
import { RANGES } from "../../../diag/history/history.ts";
import { DATAGRAM_CLASSES } from "../../../diag/history/reading.ts";
import type { HistoryEntry } from "../api_history.ts";
import type { MessageJson } from "../event_hub.ts";

const LANGUAGE = v.picklist(LANGUAGES);

export const STAGE = v.pipe(
  v.picklist(STAGES),
  v.description("How far an attempt got, in the order in which it passes them"),
);

export const VERDICT: v.GenericSchema<Verdict> = v.object({
  code: v.pipe(v.picklist(CODES), v.description("Permanent, for programs")),
  stage: STAGE,
  severity: v.picklist(["error", "warning", "info", "ok"]),
  extension: v.pipe(
    v.string(),
    v.description("Empty where it is about the server"),
  ),
  source: v.pipe(v.string(), v.description("Address and port of the phone")),
  phone: v.pipe(v.string(), v.description("Its User-Agent, as it says")),
  title: v.string(),
  evidence: v.array(
    v.object({ at: v.pipe(v.string(), v.isoTimestamp()), what: v.string() }),
  ),
  remedy: v.object({
    where: v.picklist(["phone", "server", "router", "provider"]),
    field: v.pipe(
      v.nullable(v.string()),
      v.description("The field of the phone, under a permanent name"),
    ),
    text: v.string(),
    command: v.nullable(v.string()),
  }),
  lang: LANGUAGE,
});

export const SELF_TEST: v.GenericSchema<SelfTest> = v.object({
  ok: v.boolean(),
  checks: v.array(v.object({
    id: v.picklist(CHECK_IDS),
    state: v.picklist(["pass", "fail", "warn", "skip"]),
    title: v.string(),
    detail: v.string(),
    remedy: v.exactOptional(v.string()),
    durationMs: v.number(),
  })),
});

export const FLOW = v.object({
  transport: v.picklist(["udp", "tcp"]),
  id: v.number(),
  localHost: v.string(),
  localPort: v.number(),
  host: v.string(),
  port: v.number(),
});

const MOMENT = v.pipe(v.string(), v.isoTimestamp());
const AT = v.pipe(v.number(), v.description("Milliseconds since 1970"));

export const MESSAGE = v.object({
  at: AT,
  direction: v.picklist(["in", "out"]),
  flow: FLOW,
  text: v.pipe(v.string(), v.description("One UTF-16 unit for each octet")),
}) satisfies v.GenericSchema<Omit<MessageJson, "flow">>;

const COUNT = v.pipe(v.number(), v.minValue(0));

export const HISTORY: v.GenericSchema<HistoryEntry> = v.object({
  range: v.picklist(RANGES),
  stepSeconds: COUNT,
  from: MOMENT,
  to: MOMENT,
  steps: v.pipe(
    v.array(v.nullable(v.object({
      at: MOMENT,
      seconds: v.pipe(COUNT, v.description("How much of it was watched")),
      registrations: COUNT,
      calls: COUNT,
      refused: v.pipe(
        v.object(countsBy(STAGES)),
        v.description("Requests that were refused, by stage"),
      ),
      datagrams: v.object(countsBy(DATAGRAM_CLASSES)),
      cpuSeconds: COUNT,
      memoryBytes: COUNT,
    }))),
    v.description("null where the server did not run"),
  ),
});

/** What counts nothing is left out. */
function countsBy<K extends string>(
  names: readonly K[],
): Record<K, v.ExactOptionalSchema<v.NumberSchema<undefined>, undefined>> {
  return Object.fromEntries(
    names.map((name) => [name, v.exactOptional(v.number())]),
  ) as ReturnType<typeof countsBy<K>>;
}

const OFFER = v.nullable(v.object({
  codecs: v.array(v.string()),
  isSrtp: v.boolean(),
  hasIce: v.boolean(),
}));

/** Seen by `pbx doctor`, which looks at the network itself. */
const NOT_OF_SERVER: ReadonlySet<string> = new Set([
  "packet-seen",
  "fragments-lost",
]);

/** From the fields that a reader of facts knows. */
export const FACT: v.GenericSchema = v.pipe(
  v.union(
    Object.entries(FACT_FIELDS)
      .filter(([kind]) => !NOT_OF_SERVER.has(kind))
      .map(([kind, fields]) => describeFact(kind, fields)),
  ),
  v.description("One thing that was seen; `kind` says what"),
);

function describeFact(
  kind: string,
  fields: Readonly<Record<string, FactField>>,
): v.GenericSchema {
  const entries: Record<string, v.GenericSchema> = {
    kind: v.literal(kind),
    at: AT,
    stage: STAGE,
  };
  if (!FLOWLESS_FACTS.has(kind)) entries["flow"] = FLOW;
  for (const [name, field] of Object.entries(fields)) {
    entries[name] = describeField(field);
  }
  return v.object(entries);
}

function describeField(field: FactField): v.GenericSchema {
  if (typeof field === "object") return v.picklist(field);
  switch (field) {
    case "text":
      return v.string();
    case "number":
      return v.number();
    case "claim":
      return v.boolean();
    case "texts":
      return v.array(v.string());
    case "offer":
      return OFFER;
  }
}
