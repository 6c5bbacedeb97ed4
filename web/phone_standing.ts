/**
 * How each extension stands: whether its phones are registered and answer, and if something is
 * wrong, what. What cannot be known is not said to be right.
 * @module
 */

import type { Code, Severity } from "../diag/catalogue.ts";
import type { PhoneReport } from "../diag/phone_report.ts";
import { severityOf, stageOf } from "../diag/ranking.ts";
import { openAttempt } from "../diag/story/standing.ts";
import {
  isRegistered as holdsRegistration,
  type Story,
} from "../diag/story/story.ts";
import type { Finding } from "../diag/verdict.ts";
import { hostOf, isPrivate } from "../sip/address_kind.ts";
import { STAGES } from "../sip/stage.ts";
import type { ExtensionEntry } from "./extension_entry.ts";

export const STANDINGS = [
  /** Registered, and answers when it is asked. */
  "answering",
  /** Registered; whether it answers is not known, or no question was put. */
  "registered",
  /** Registered, and does not answer. */
  "silent",
  /** Registered, and something else is wrong. */
  "troubled",
  /** The server says no to it. */
  "refused",
  /** It does not get through to the server, or the server not to it. */
  "cut-off",
  /** An attempt goes on. */
  "trying",
  /** Not registered, and nobody knows of a fault. */
  "absent",
] as const;
export type Standing = (typeof STANDINGS)[number];

/** What is wrong with a phone, as its report has it. */
export interface Fault {
  readonly finding: Finding;
  readonly severity: "error" | "warning";
  /** The number that the phone says. */
  readonly number: string;
  readonly story: Story;
}

/** One extension. */
export interface PhoneLine {
  readonly number: string;
  readonly name: string;
  readonly standing: Standing;
  readonly isRegistered: boolean;
  /** Null where nothing is known to be wrong. */
  readonly fault: Fault | null;
  /** Who else was refused with the number lately, while a phone of it works; null for nobody. */
  readonly remark: Fault | null;
}

/** A fault of a phone that is not the extension's only one is told for so long. */
const BESIDE_MS = 15 * 60_000;
/** A fault of a call is told for so long. */
const CALL_MS = 60 * 60_000;
/** Of a call that a person dialled: no phone of his is at fault. */
const DIALLED: ReadonlySet<string> = new Set(
  [
    "callee-not-registered",
    "no-such-number",
  ] satisfies Code[],
);
/** As long as an attempt may go on. */
const TRYING_MS = 60_000;
/** A number that nobody has is told for so long after it was tried. */
const STRANGE_MS = 60 * 60_000;
const MOST_STRANGERS = 10;

const SIGN_IN: ReadonlySet<string> = new Set(
  STAGES.slice(STAGES.indexOf("ban"), STAGES.indexOf("reply")),
);
const AFTER = STAGES.indexOf("reachable");

/** One extension; `reports` is of its phones, the one that was active last first. */
export function standPhone(
  { number, name, registered: isRegistered }: ExtensionEntry,
  reports: readonly PhoneReport[],
  nowMs: number,
): PhoneLine {
  const works = isRegistered && reports.some(isWell);
  let remark: Fault | null = null;
  const faults = reports.flatMap((report, index): Fault[] => {
    const { main, story } = report;
    if (main === null) return [];
    const severity = severityOf(main);
    if (severity !== "error" && severity !== "warning") return [];
    // the number was added since
    if (main.code === "unknown-extension") return [];
    const isCall = isOfCall(main);
    const isBeside = !isCall && (works || index > 0);
    if (isCall && (DIALLED.has(main.code) || nowMs - main.at > CALL_MS)) {
      return [];
    }
    if (isBeside && nowMs - story.lastAt > BESIDE_MS) return [];
    // the extension can be reached all the same
    const told = works && !isCall ? "warning" : severity;
    const fault = { finding: main, severity: told, number, story } as const;
    if (!works || !isOfAnother(report)) return [fault];
    remark ??= fault;
    return [];
  });
  const fault = faults.find(({ severity }) => severity === "error") ??
    faults[0] ?? null;
  const standing = isRegistered
    ? standRegistered(reports, fault, works)
    : standAbsent(reports, fault, nowMs);
  return { number, name, standing, isRegistered, fault, remark };
}

/**
 * The reports of one extension, the one that says how it stands in front: while a phone of it works,
 * that is not somebody else who was refused.
 */
export function orderReports(
  reports: readonly PhoneReport[],
  isRegistered: boolean,
): readonly PhoneReport[] {
  if (!isRegistered || !reports.some(isWell)) return reports;
  return reports.toSorted((a, b) =>
    Number(isOfAnother(a)) - Number(isOfAnother(b))
  );
}

/** Whether it tells that the server said no to somebody who holds no registration. */
function isOfAnother({ main, story }: PhoneReport): boolean {
  return main !== null && SIGN_IN.has(stageOf(main)) &&
    !holdsRegistration(story);
}

function isWell({ main, also }: PhoneReport): boolean {
  return main?.code === "ok" || also.some(({ code }) => code === "ok");
}

function isOfCall(finding: Finding): boolean {
  return STAGES.indexOf(stageOf(finding)) > AFTER;
}

function standRegistered(
  reports: readonly PhoneReport[],
  fault: Fault | null,
  works: boolean,
): Standing {
  if (fault?.severity === "error") {
    return fault.finding.code === "nat-mapping-expired" ? "silent" : "troubled";
  }
  if (fault !== null) return works ? "answering" : "troubled";
  const isAnswered = reports.some((report) => {
    const { answered, unanswered } = report.story.reach;
    return isWell(report) && answered > 0 && unanswered === 0;
  });
  return isAnswered ? "answering" : "registered";
}

function standAbsent(
  reports: readonly PhoneReport[],
  fault: Fault | null,
  nowMs: number,
): Standing {
  if (fault !== null) {
    if (SIGN_IN.has(stageOf(fault.finding))) return "refused";
    // a fault of its calls says nothing of why it is not registered
    return isOfCall(fault.finding) ? "absent" : "cut-off";
  }
  const isTrying = reports.some(({ story }) =>
    openAttempt(story) !== null && nowMs - story.lastAt < TRYING_MS
  );
  return isTrying ? "trying" : "absent";
}

/** A phone with a number that nobody has. */
export interface Stranger {
  readonly fault: Fault;
  /** Whether it is near a phone of the office, so that it is hardly noise from the internet. */
  readonly isNear: boolean;
}

/** Phones that were refused lately for their number; those of the office first. */
export function findStrangers(
  entries: readonly ExtensionEntry[],
  reports: readonly PhoneReport[],
  nowMs: number,
): Stranger[] {
  let hosts: ReadonlySet<string> | null = null;
  let signedOn: ReadonlyMap<string, number> | null = null;
  const strangers: Stranger[] = [];
  const told = new Set(entries.map(({ number }) => number));
  for (const { main, story } of reports) {
    if (main?.code !== "unknown-extension") continue;
    if (nowMs - story.lastAt > STRANGE_MS) continue;
    const { number, host } = story;
    if (told.has(number)) continue;
    told.add(number);
    signedOn ??= signedOnAt(reports);
    // whoever it was has a number now
    if ((signedOn.get(host) ?? 0) > story.lastAt) continue;
    hosts ??= new Set(
      entries.flatMap(({ bindings }) =>
        bindings.map(({ source }) => hostOf(source))
      ),
    );
    const fault: Fault = { finding: main, severity: "warning", number, story };
    strangers.push({ fault, isNear: isPrivate(host) || hosts.has(host) });
  }
  return strangers.sort((a, b) => Number(b.isNear) - Number(a.isNear))
    .slice(0, MOST_STRANGERS);
}

/** When a phone signed on from each host the last time, refreshes aside. */
function signedOnAt(
  reports: readonly PhoneReport[],
): ReadonlyMap<string, number> {
  const times = new Map<string, number>();
  for (const { story: { host, attempts } } of reports) {
    for (const [index, { registered, callId }] of attempts.entries()) {
      if (registered === null) continue;
      const isRefresh = registered.change === "refreshed" &&
        attempts.slice(0, index).some((before) => before.callId === callId);
      if (isRefresh) continue;
      times.set(host, Math.max(times.get(host) ?? 0, registered.at));
    }
  }
  return times;
}

/** The colour of a standing. */
export function severityOfLine(line: PhoneLine): Severity | "muted" {
  if (line.fault !== null) return line.fault.severity;
  if (line.standing === "absent") return "muted";
  return line.standing === "trying" ? "info" : "ok";
}
