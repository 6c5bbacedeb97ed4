/**
 * Phones, checks and a whole server as the status page sees them, for its tests.
 * @module
 */

import { type Code, entryOf, type Severity } from "../diag/catalogue.ts";
import { CHECK_IDS, type CheckId, type CheckState } from "../diag/check.ts";
import { HistoryRing } from "../diag/history/history_ring.ts";
import { type Range, SCALES } from "../diag/history/history.ts";
import { type CheckResult, say } from "../diag/machine/check_finding.ts";
import type { PhoneReport } from "../diag/phone_report.ts";
import { beginStory, beginTrail } from "../diag/story/story_make.ts";
import type { ServerTrouble } from "../diag/trouble_watch.ts";
import type { Finding } from "../diag/verdict.ts";
import { type CallRecord, NO_SOUND } from "../pbx/call/call_record.ts";
import type { CheckDesk } from "./check_desk.ts";
import type { ExtensionEntry } from "./extension_entry.ts";
import { callRollAtOnce, type OfficeRoll } from "./office_roll.ts";
import type { StatusSource } from "./page/status_page.tsx";

export const NOW_MS = Date.UTC(2026, 5, 1, 12, 0, 0);

/** An extension with so many phones. */
export function entryOfNumber(
  number: string,
  phones: number,
  name: string = "",
): ExtensionEntry {
  const bindings = Array.from({ length: phones }, (_, index) => ({
    contact: `sip:${number}@10.0.0.${index + 1}:5060`,
    source: `198.51.100.${index + 1}:40000`,
    transport: "udp",
    expiresSeconds: 300,
    userAgent: "MicroSIP/3.21.6",
  }));
  return { number, name, registered: phones > 0, bindings };
}

export function findingOf(
  code: Code,
  changes: Partial<Finding> = {},
): Finding {
  const values = Object.fromEntries(
    entryOf(code).values.map((name) => [name, `<${name}>`]),
  );
  return { code, at: NOW_MS, values, evidence: [], ...changes };
}

export interface ReportChanges {
  readonly host?: string;
  readonly agoMs?: number;
  readonly severity?: Severity;
  readonly also?: readonly Finding[];
  readonly answered?: number;
  readonly values?: Finding["values"];
}

/** What is known of one phone; null where no rule says anything. */
export function reportOf(
  number: string,
  code: Code | null,
  changes: ReportChanges = {},
): PhoneReport {
  const { host = "198.51.100.1", agoMs = 0, severity, values } = changes;
  const trail = beginTrail(host, NOW_MS - agoMs);
  const story = beginStory(trail, number, "MicroSIP/3.21.6", NOW_MS - agoMs);
  story.reach.answered = changes.answered ?? 0;
  const main = code === null ? null : findingOf(code, {
    at: NOW_MS - agoMs,
    ...(severity !== undefined && { severity }),
    ...(values !== undefined && { values }),
  });
  return { story, main, also: changes.also ?? [], stages: [] };
}

/** How an office stands of which this is known. */
export function rollOf(
  entries: readonly ExtensionEntry[],
  reports: readonly PhoneReport[],
): OfficeRoll {
  const bindings = (number: string) =>
    entries.find((entry) => entry.number === number)?.bindings ?? [];
  const parts = {
    extensions: () => entries,
    bindings,
    reports: () => reports,
  };
  return callRollAtOnce(parts, NOW_MS);
}

/** All checks pass but those that are named. */
export function checkResults(
  states: Partial<Record<CheckId, CheckState>> = {},
): CheckResult[] {
  return CHECK_IDS.map((id) => {
    const state = states[id] ?? "pass";
    const isRight = state === "pass";
    return {
      id,
      durationMs: 3,
      finding: {
        state,
        details: [
          isRight
            ? say("disk-free", { freeOctets: 20e9 })
            : say("disk-little", { freeOctets: "<b>3 MB</b>" }),
        ],
        remedies: isRight ? [] : [say("disk-fix-space", { directory: "/d" })],
      },
    };
  });
}

export function callOf(changes: Partial<CallRecord> = {}): CallRecord {
  const party = {
    number: "1001",
    source: "198.51.100.1:40000",
    transport: "udp",
    userAgent: "",
    through: "",
  } as const;
  return {
    id: "0a1b2c",
    state: "answered",
    caller: party,
    callee: { ...party, number: "1002" },
    dialled: "1002",
    startedAt: NOW_MS - 70_000,
    ringingAt: NOW_MS - 69_000,
    answeredAt: NOW_MS - 65_000,
    endedAt: 0,
    endedBy: "",
    why: "",
    status: 200,
    codec: "PCMA/8000",
    callerSound: NO_SOUND,
    calleeSound: NO_SOUND,
    ...changes,
  };
}

/** A server as the page asks it. */
export class FakeStatus implements StatusSource {
  entries: ExtensionEntry[] = [];
  list: PhoneReport[] = [];
  calls: CallRecord[] = [];
  results: CheckResult[] | null = checkResults();
  wrong: ServerTrouble[] = [];
  isFresh = true;
  looks = 0;
  runs = 0;
  readonly dataDir = "/var/lib/pbx";
  readonly rings = {
    hour: new HistoryRing(SCALES.hour),
    day: new HistoryRing(SCALES.day),
  };
  readonly checks: CheckDesk = {
    last: () =>
      this.results === null
        ? null
        : { results: this.results, atMs: NOW_MS - 5000 },
    isRunning: () => this.results === null,
    look: () => void this.looks++,
    again: () => void this.runs++,
  };

  roll() {
    return rollOf(this.entries, this.list);
  }

  settle() {
    return Promise.resolve();
  }

  hasVerdicts() {
    return this.isFresh;
  }

  status() {
    return {
      version: "0.1.0",
      pid: 1,
      uptimeSeconds: 3700,
      sip: { listen: ["0.0.0.0:5060"] },
      http: { listen: "127.0.0.1:8060" },
      extensions: this.entries.length,
      registrations: 0,
      calls: this.calls.length,
      memoryBytes: 80e6,
    };
  }

  phoneAddress() {
    return "pbx.example";
  }

  liveCalls() {
    return this.calls;
  }

  history(range: Range, nowMs: number) {
    return this.rings[range].window(nowMs);
  }

  troubles() {
    return this.wrong;
  }

  freeOctets() {
    return 12e9;
  }

  /** Fills both scales with values that go up and down. */
  fill(): void {
    for (const ring of [this.rings.hour, this.rings.day]) {
      const steps = ring.stepMs === 30_000 ? 120 : 288;
      for (let step = 0; step < steps; step++) {
        ring.add({
          at: NOW_MS - (steps - step) * ring.stepMs,
          seconds: ring.stepMs / 1000,
          registrations: 190 + step * 7 % 11,
          calls: step * 5 % 13,
          refused: {
            auth: step * 3 % 7,
            account: step * 11 % 5,
            domain: step % 3,
            policy: step % 4,
            parse: 1 + step % 2,
          },
          datagrams: {
            sip: 4000 + step * 37 % 900,
            keepalive: 700 + step * 13 % 90,
            stun: step % 20,
            empty: 3,
            garbage: step % 9,
          },
          cpuSeconds: ring.stepMs / 1000 * (0.02 + step * 17 % 10 / 300),
          memoryBytes: 80e6 + step * 29 % 40 * 1e5,
        }, NOW_MS);
      }
    }
  }
}
