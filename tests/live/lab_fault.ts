/**
 * One case of the fault matrix: what the doctor must say of a fault, and how it is asked while the
 * fault is there.
 * @module
 */

import assert from "node:assert/strict";
import type { Lab } from "./lab.ts";
import {
  assertHealthy,
  assertVerdict,
  delayOf,
  type Diagnosis,
  Doctor,
  type DoctorWish,
} from "./lab_doctor.ts";
import { ACCOUNT, type Office } from "./lab_office.ts";
import type { Place } from "./lab_network.ts";
import type { Account, Softphone } from "./lab_softphone.ts";
import { SOFTPHONES } from "./lab_softphone.ts";

/** What must be said. */
export interface Fault {
  readonly code: string;
  readonly stage: string;
  /** `error` when left out. */
  readonly severity?: "error" | "warning" | "info";
  /** Codes that must be among the remarks. */
  readonly also?: readonly string[];
  readonly where: "phone" | "server" | "router" | "provider";
  readonly field?: string;
  /** What the command must be; none may be there when left out. */
  readonly command?: RegExp;
  /** What the evidence must tell. */
  readonly evidence?: RegExp;
  /** What title or remedy must tell. */
  readonly text?: RegExp;
}

/** The longest time from the evidence to the verdict. */
const MOST_DELAY_MS = 5000;

/** Checks every part of the verdict, and that no other error stands beside it. */
export function assertFault(diagnosis: Diagnosis, fault: Fault): void {
  const { verdict, also, stages } = diagnosis;
  const { severity = "error" } = fault;
  assertVerdict(diagnosis, fault.code, fault.also ?? []);
  const text = JSON.stringify(diagnosis, null, 1);
  assert.equal(verdict.severity, severity, text);
  assert.equal(verdict.stage, fault.stage, text);
  assert.equal(verdict.remedy.where, fault.where, text);
  assert.equal(verdict.remedy.field, fault.field ?? null, text);
  if (fault.command === undefined) {
    assert.equal(verdict.remedy.command, null, text);
  } else assert.match(verdict.remedy.command ?? "", fault.command, text);
  if (fault.evidence !== undefined) {
    const told = verdict.evidence.map(({ what }) => what).join("\n");
    assert.match(told, fault.evidence);
  }
  if (fault.text !== undefined) {
    assert.match(`${verdict.title}\n${verdict.remedy.text}`, fault.text);
  }
  const errors = also.filter((one) => one.severity === "error");
  assert.deepEqual(errors.map(({ code }) => code), [], text);
  const stopped = stages.filter(({ state }) => state === "stopped");
  assert.deepEqual(
    stopped.map(({ stage }) => stage),
    severity === "error" ? [fault.stage] : [],
    text,
  );
  assert.equal(diagnosis.exitCode, 1);
  const delayMs = delayOf(diagnosis);
  assert.ok(delayMs < MOST_DELAY_MS, `${delayMs} ms: ${text}`);
}

/** Starts a doctor, does something, and gives the verdict. */
export async function diagnose(
  lab: Lab,
  wish: DoctorWish,
  act: () => Promise<unknown> | void = () => {},
): Promise<Diagnosis> {
  const doctor = await Doctor.start(lab, wish);
  await act();
  return await doctor.verdict();
}

/** What the doctor is asked in an office: about the extension that is there. */
export function wishOf(
  { network, server }: Office,
  more: Partial<DoctorWish> = {},
): DoctorWish {
  const { number } = ACCOUNT;
  return { namespace: network.server, data: server.data, number, ...more };
}

/** A baresip in an office, switched on by `start()`. */
export function placePhone(
  lab: Lab,
  { network }: Office,
  place: Place,
  account: Partial<Account> = {},
): Softphone {
  return SOFTPHONES["baresip"]!(lab, network[place], {
    ...ACCOUNT,
    ...account,
  });
}

/** The fault is mended: a phone that registers now is well. */
export async function assertMended(
  lab: Lab,
  office: Office,
  phone: { start(): Promise<unknown> | void },
  more: Partial<DoctorWish> = {},
): Promise<void> {
  const wish = wishOf(office, more);
  assertHealthy(await diagnose(lab, wish, () => phone.start()));
}
