/**
 * Whether all is well, and if not, what needs somebody: troubles of the server first, then checks
 * that failed, then phones; of each the graver first. Nothing is called well that is not known.
 * @module
 */

import type {
  CheckPhrase,
  CheckResult,
} from "../diag/machine/check_finding.ts";
import type { CheckId } from "../diag/check.ts";
import type { ServerTrouble } from "../diag/trouble_watch.ts";
import type { Fault, PhoneLine, Stranger } from "./phone_standing.ts";

/** One thing that needs somebody. */
export type Need =
  & { readonly severity: "error" | "warning" }
  & (
    | { readonly kind: "trouble"; readonly trouble: ServerTrouble }
    | {
      readonly kind: "check";
      readonly id: CheckId;
      /** What is worst; null where the check says nothing. */
      readonly detail: CheckPhrase | null;
    }
    | {
      readonly kind: "phone";
      readonly fault: Fault;
      readonly isExtension: boolean;
    }
  );

export interface OfficeHealth {
  readonly state:
    | "needs"
    /** There is no extension yet. */
    | "empty"
    /** Nothing is known to be wrong, and not enough is known to call it well. */
    | "unknown"
    /** The server finds no fault with itself, and no phone is registered. */
    | "quiet"
    | "well";
  readonly needs: readonly Need[];
  readonly extensions: number;
  readonly registered: number;
  /** The extension whose phone is to be the first one; null where one is on, or the office is old. */
  readonly waiting: string | null;
}

/** An office with more extensions is not being set up any more. */
const MOST_OF_NEW = 3;

export interface HealthEvidence {
  readonly troubles: readonly ServerTrouble[];
  /** Of a run that is over and not old; null where there is none. */
  readonly checks: readonly CheckResult[] | null;
  readonly lines: readonly PhoneLine[];
  readonly strangers: readonly Stranger[];
  /** Whether the verdicts of the phones are known. */
  readonly hasVerdicts: boolean;
}

export function judgeHealth(evidence: HealthEvidence): OfficeHealth {
  const { troubles, checks, lines, strangers, hasVerdicts } = evidence;
  const needs = [
    ...troubles.map(needOfTrouble),
    ...(checks ?? []).flatMap(needOfCheck),
    ...lines.flatMap(({ fault }) =>
      fault === null ? [] : [needOfPhone(fault, true)]
    ),
    ...strangers.flatMap(({ fault, isNear }) =>
      isNear ? [needOfPhone(fault, false)] : []
    ),
  ];
  needs.sort((a, b) => rank(a) - rank(b));
  const registered = lines.filter(({ isRegistered }) => isRegistered).length;
  const isNew = registered === 0 && lines.length <= MOST_OF_NEW;
  const waiting = isNew ? lines[0]?.number ?? null : null;
  const counts = { needs, extensions: lines.length, registered, waiting };
  if (needs.length > 0) return { state: "needs", ...counts };
  if (lines.length === 0) return { state: "empty", ...counts };
  if (checks === null || !hasVerdicts) return { state: "unknown", ...counts };
  return { state: registered === 0 ? "quiet" : "well", ...counts };
}

function rank({ severity }: Need): number {
  return severity === "error" ? 0 : 1;
}

function needOfTrouble(trouble: ServerTrouble): Need {
  const severity = trouble.kind === "relay-replaced" ? "warning" : "error";
  return { kind: "trouble", severity, trouble };
}

function needOfCheck({ id, finding }: CheckResult): Need[] {
  const { state, details } = finding;
  if (state === "pass" || state === "skip") return [];
  return [{
    kind: "check",
    severity: state === "fail" ? "error" : "warning",
    id,
    detail: details[0] ?? null,
  }];
}

function needOfPhone(fault: Fault, isExtension: boolean): Need {
  return { kind: "phone", severity: fault.severity, fault, isExtension };
}
