/**
 * The checks `loopback` and `register`: whether the server answers a question on its own sockets,
 * and whether a phone can register, be seen, and leave.
 * @module
 */

import type { Address } from "../../pbx/config_value.ts";
import { formatAddress, type TransportName } from "../../sip/flow.ts";
import {
  type CheckFinding,
  type CheckPhrase,
  FindingNotes,
  say,
} from "./check_finding.ts";

/** Which server was asked instead of the running one, and why. */
export type Substitute =
  /** None: the running one was asked. */
  | { readonly kind: "none" }
  | { readonly kind: "down" }
  /** It runs, but a test extension cannot be had from it. */
  | { readonly kind: "unasked"; readonly cause: string };

/** One question and what became of it. */
export interface Probe extends Address {
  readonly transport: TransportName;
  /** Milliseconds until the answer; -1: none came. */
  readonly ms: number;
  /** Why it could not be asked; "" where it could. */
  readonly failure: string;
}

/** What became of a registration. */
export type RegistrationOutcome =
  | { readonly kind: "done"; readonly ms: number }
  /** Nothing came; `step` is the request, as in `REGISTER`. */
  | { readonly kind: "silent"; readonly step: string }
  | {
    readonly kind: "refused";
    readonly step: string;
    readonly status: number;
    readonly reason: string;
  }
  | { readonly kind: "no-challenge" }
  | { readonly kind: "no-contact" }
  | { readonly kind: "kept" }
  /** No temporary server came up. */
  | { readonly kind: "not-started"; readonly cause: string };

/** How long an answer may take. */
export const ANSWER_SECONDS = 2;

/** Decides about the answers to OPTIONS. */
export function judgeLoopback(
  probes: readonly Probe[],
  substitute: Substitute,
  startCommand: string,
): CheckFinding {
  const notes = new FindingNotes();
  addSubstitute(notes, substitute);
  for (const { transport, host, port, ms, failure } of probes) {
    const values = {
      transport: transport.toUpperCase(),
      address: formatAddress(host, port),
    };
    if (ms >= 0) {
      notes.add("pass", say("loopback-answered", { ...values, ms: round(ms) }));
    } else if (failure === "") {
      const seconds = ANSWER_SECONDS;
      notes.add(
        "fail",
        say("loopback-silent", { ...values, seconds }),
        restart(substitute, startCommand),
      );
    } else {
      notes.add(
        "fail",
        say("loopback-failed", { ...values, cause: failure }),
        restart(substitute, startCommand),
      );
    }
  }
  return notes.finding;
}

/** Decides about a registration. */
export function judgeRegister(
  outcome: RegistrationOutcome,
  substitute: Substitute,
  startCommand: string,
): CheckFinding {
  const notes = new FindingNotes();
  addSubstitute(notes, substitute);
  if (outcome.kind === "done") {
    const ms = round(outcome.ms);
    return notes.add("pass", say("register-done", { ms })).finding;
  }
  return notes.add(
    "fail",
    describeOutcome(outcome),
    restart(substitute, startCommand),
  ).finding;
}

function describeOutcome(
  outcome: Exclude<RegistrationOutcome, { readonly kind: "done" }>,
): CheckPhrase {
  switch (outcome.kind) {
    case "silent": {
      const { step } = outcome;
      return say("register-silent", { step, seconds: ANSWER_SECONDS });
    }
    case "refused": {
      const { step, status, reason } = outcome;
      return say("register-refused", { step, status, reason });
    }
    case "no-challenge":
      return say("register-no-challenge");
    case "no-contact":
      return say("register-no-contact");
    case "kept":
      return say("register-kept");
    case "not-started":
      return say("register-not-started", { cause: outcome.cause });
  }
}

function addSubstitute(notes: FindingNotes, substitute: Substitute): void {
  if (substitute.kind === "down") notes.add("pass", say("temporary"));
  if (substitute.kind === "unasked") {
    notes.add("pass", say("unasked", { cause: substitute.cause }));
  }
}

/** A temporary server is gone already: there is nothing to start anew. */
function restart(
  substitute: Substitute,
  command: string,
): CheckPhrase | undefined {
  return substitute.kind === "none"
    ? say("fix-restart", { command })
    : undefined;
}

function round(ms: number): number {
  return ms < 10 ? Math.round(ms * 10) / 10 : Math.round(ms);
}
