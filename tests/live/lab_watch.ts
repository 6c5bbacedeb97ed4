/**
 * A doctor and a capture that look at the same run of a phone, and what both have to say of it.
 * @module
 */

import assert from "node:assert/strict";
import type { Capture, Lab } from "./lab.ts";
import {
  assertHealthy,
  assertVerdict,
  delayOf,
  type Diagnosis,
  type DoctorWish,
  explain,
} from "./lab_doctor.ts";
import { assertFault, diagnose, type Fault, wishOf } from "./lab_fault.ts";
import { openUdpSocket } from "./lab_namespace.ts";
import { ADDRESS } from "./lab_network.ts";
import type { Office } from "./lab_office.ts";
import { until } from "./lab_process.ts";

/** Where nobody listens. */
const NOBODY = { transport: "udp", hostname: ADDRESS.lan, port: 9 } as const;
/** A verdict that comes later than this after its evidence is late. */
const LATE_AFTER_MS = 5000;

/** One run: what the phone does meanwhile, and what is known of the phone. */
export interface Run {
  readonly act: () => Promise<unknown> | void;
  /** What the doctor is asked besides the usual. */
  readonly wish?: Partial<DoctorWish>;
  /** The number in the verdict; not looked at when left out. */
  readonly extension?: string;
  /** The host that the phone's packets come from. */
  readonly host?: string;
  /** A capture that began earlier, of which the verdict needs the beginning. */
  readonly capture?: Capture;
  /** What the capture alone gives; the same code when left out, null where it shows too little. */
  readonly offline?: string | null;
  /** What `explain` is told besides the file. */
  readonly hint?: readonly string[];
}

/** The doctor and the capture name the fault, and no other. */
export async function watchFault(
  lab: Lab,
  office: Office,
  fault: Fault,
  run: Run,
): Promise<Diagnosis> {
  const { diagnosis, capture } = await watch(lab, office, run);
  assertFault(diagnosis, fault);
  comparePhone(diagnosis, run);
  await assertExplained(lab, office, capture, fault.code, run);
  return diagnosis;
}

/** The doctor and the capture say `ok`, and the doctor makes these remarks. */
export async function watchHealthy(
  lab: Lab,
  office: Office,
  also: readonly string[],
  run: Run,
): Promise<Diagnosis> {
  const { diagnosis, capture } = await watch(lab, office, run);
  assertHealthy(diagnosis);
  assertVerdict(diagnosis, "ok", also);
  comparePhone(diagnosis, run);
  const delayMs = delayOf(diagnosis);
  assert.ok(delayMs < LATE_AFTER_MS, `${delayMs} ms late`);
  // of scanners `explain` only has the count
  const remarks = also.filter((code) => code !== "scanner");
  await assertExplained(lab, office, capture, "ok", run, remarks);
  return diagnosis;
}

async function watch(
  lab: Lab,
  office: Office,
  run: Run,
): Promise<{ diagnosis: Diagnosis; capture: Capture }> {
  const { act, wish = {} } = run;
  const capture = run.capture ?? await captureAll(lab, office);
  const diagnosis = await diagnose(lab, wishOf(office, wish), act);
  await markEnd(office, capture);
  return { diagnosis, capture };
}

/** Begins to write down what comes and goes at the server. */
export function captureAll(lab: Lab, { network }: Office): Promise<Capture> {
  return lab.capture(network.server, "any", "udp or tcp or icmp");
}

/** Waits until the capture has everything so far: packets reach its file late. */
async function markEnd({ network }: Office, { file }: Capture): Promise<void> {
  const mark = `end of the run ${crypto.randomUUID()}`;
  const socket = openUdpSocket(network.server, ADDRESS.server);
  try {
    await socket.send(new TextEncoder().encode(mark), NOBODY);
    await until("the end of the run is in the capture", async () => {
      const text = new TextDecoder("latin1").decode(await Deno.readFile(file));
      return text.includes(mark);
    });
  } finally {
    socket.close();
  }
}

function comparePhone(diagnosis: Diagnosis, { extension, host }: Run): void {
  const { verdict } = diagnosis;
  const text = JSON.stringify(diagnosis, null, 1);
  if (extension !== undefined) assert.equal(verdict.extension, extension, text);
  if (host === undefined) return;
  assert.equal(verdict.source.replace(/:\d+$/, ""), host, text);
}

async function assertExplained(
  lab: Lab,
  { server }: Office,
  capture: Capture,
  code: string,
  { extension, host = "", offline = code, hint }: Run,
  remarks: readonly string[] = [],
): Promise<void> {
  if (offline === null) return;
  const verdicts = await explain(lab, capture, server.data, extension, hint);
  const own = verdicts.filter(({ source }) => source.startsWith(host));
  const codes = own.map((one) => one.code);
  const text = JSON.stringify(verdicts, null, 1);
  assert.ok(codes.includes(offline), `explain: ${text}`);
  const also = own.flatMap((one) => one.also);
  const errors = also.filter(({ severity }) => severity === "error");
  assert.deepEqual(errors, [], text);
  const noted = also.map((one) => one.code);
  for (const code of remarks) assert.ok(noted.includes(code), text);
}
