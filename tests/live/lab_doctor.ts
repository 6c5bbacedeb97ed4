/**
 * Runs `pbx doctor` in the server's namespace while something is wrong, and `pbx explain` on the
 * capture of the same run.
 * @module
 */

import assert from "node:assert/strict";
import type { Capture, Lab } from "./lab.ts";
import { attemptPbx, pbxCommand, pbxEnvironment } from "./lab_command.ts";
import type { Running } from "./lab_process.ts";

/** A verdict as `--json` prints it. */
export interface VerdictJson {
  readonly code: string;
  readonly stage: string;
  readonly severity: string;
  readonly extension: string;
  readonly source: string;
  readonly phone: string;
  readonly title: string;
  readonly evidence: readonly { readonly at: string; readonly what: string }[];
  readonly remedy: {
    readonly where: string;
    readonly field: string | null;
    readonly text: string;
    readonly command: string | null;
  };
}

/** A verdict as `pbx explain --json` prints it, with what else is true of the phone. */
export interface ExplainedJson extends VerdictJson {
  readonly also: readonly VerdictJson[];
}

/** The document of `pbx doctor --json`. */
export interface DoctorJson {
  readonly verdict: VerdictJson;
  readonly stages: readonly {
    readonly stage: string;
    readonly state: string;
  }[];
  readonly checks: readonly { readonly id: string; readonly state: string }[];
  readonly also: readonly VerdictJson[];
}

/** What the doctor said, and when. */
export interface Diagnosis extends DoctorJson {
  readonly exitCode: number;
  /** Milliseconds since 1970. */
  readonly endedAt: number;
  /** What it said on stderr. */
  readonly told: string;
}

export interface DoctorWish {
  /** Where it runs: the server's namespace. */
  readonly namespace: string;
  readonly data: string;
  /** The extension; whichever phone shows up, if left out. */
  readonly number?: string;
  readonly timeoutSeconds?: number;
  /** More arguments: `--name`, `--config`. */
  readonly more?: readonly string[];
  /** What starts it, such as a program that takes rights away. */
  readonly prefix?: readonly string[];
}

/** A doctor that watches. */
export class Doctor {
  readonly #program: Running;

  private constructor(program: Running) {
    this.#program = program;
  }

  /** Starts it and waits until it asks for the phone, or is done already. */
  static async start(lab: Lab, wish: DoctorWish): Promise<Doctor> {
    const number = wish.number === undefined ? [] : [wish.number];
    const program = lab.spawn(wish.namespace, {
      command: [
        ...wish.prefix ?? [],
        ...pbxCommand(),
        "doctor",
        ...number,
        "--json",
        "--data",
        wish.data,
        "--timeout",
        `${wish.timeoutSeconds ?? 25}`,
        ...wish.more ?? [],
      ],
      env: pbxEnvironment(),
      clearEnv: true,
    });
    await Promise.race([
      program.waitFor(/Press Register[^\n]*\n/, 20_000).catch(() => {}),
      program.exited,
    ]);
    return new Doctor(program);
  }

  /** Waits for the verdict. */
  async verdict(atMostMs = 60_000): Promise<Diagnosis> {
    const exitCode = await this.#program.wait(atMostMs);
    const endedAt = Date.now();
    let result: DoctorJson;
    try {
      result = JSON.parse(this.#program.printed);
    } catch {
      throw new Error(`the doctor printed no JSON:\n${this.#program.output}`);
    }
    return { ...result, exitCode, endedAt, told: this.#program.errors };
  }
}

/** Compares the verdict, showing everything where it is another one. */
export function assertVerdict(
  diagnosis: Pick<DoctorJson, "verdict" | "also">,
  code: string,
  also: readonly string[] = [],
): void {
  const found = [
    diagnosis.verdict.code,
    ...diagnosis.also.map((one) => one.code),
  ];
  const text = JSON.stringify(diagnosis, null, 1);
  assert.equal(diagnosis.verdict.code, code, text);
  for (const one of also) assert.ok(found.includes(one), `${one}: ${text}`);
}

/** No error beside `ok`. */
export function assertHealthy(diagnosis: Diagnosis): void {
  assertVerdict(diagnosis, "ok");
  const errors = diagnosis.also.filter(({ severity }) => severity === "error");
  assert.deepEqual(errors, []);
  assert.equal(diagnosis.exitCode, 0);
}

/** How soon the verdict came after the newest thing that it rests on, in milliseconds. */
export function delayOf({ verdict, endedAt }: Diagnosis): number {
  const times = verdict.evidence.map(({ at }) => Date.parse(at));
  return endedAt - Math.max(...times);
}

/** The verdicts of `pbx explain` on a capture, for one number or for all. */
export async function explain(
  lab: Lab,
  capture: Capture,
  data: string,
  number?: string,
  more: readonly string[] = [],
): Promise<readonly ExplainedJson[]> {
  await capture.read();
  const wanted = number === undefined ? [] : ["--number", number];
  const { code, stdout, stderr } = await attemptPbx(lab, [
    "explain",
    capture.file,
    "--json",
    "--data",
    data,
    ...wanted,
    ...more,
  ]);
  assert.ok(code === 0 || code === 1, `${code}: ${stdout}${stderr}`);
  return (JSON.parse(stdout) as { verdicts: ExplainedJson[] }).verdicts;
}
