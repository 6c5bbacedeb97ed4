/**
 * How `pbx selftest` is run in live tests, and what it says.
 * @module
 */

import assert from "node:assert/strict";
import { type Check, CHECK_IDS, type CheckId } from "../../diag/check.ts";
import type { Lab } from "./lab.ts";
import { pbxCommand, pbxEnvironment } from "./lab_command.ts";
import type { Running } from "./lab_process.ts";

/** What came out. */
export interface SelfTestRun {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly ok: boolean;
  /** By id; those that ran. */
  readonly checks: Readonly<Partial<Record<CheckId, Check>>>;
  /** How long it took in all, the start of the program included. */
  readonly tookMs: number;
}

/** Where temporary files of the runs go, so that a test can see that none is left. */
function temporaryOf(lab: Lab): string {
  const path = `${lab.directory}/tmp`;
  Deno.mkdirSync(path, { recursive: true });
  return path;
}

/** Starts `pbx selftest` with these arguments. */
export function startSelfTest(
  lab: Lab,
  namespace: string | null,
  data: string,
  args: readonly string[],
): Running {
  return lab.spawn(namespace, {
    command: [...pbxCommand(), "selftest", "--data", data, ...args],
    env: { ...pbxEnvironment(), TMPDIR: temporaryOf(lab) },
    clearEnv: true,
  });
}

/** Runs it with `--json` and reads what it printed. */
export async function runSelfTest(
  lab: Lab,
  namespace: string | null,
  data: string,
  args: readonly string[] = [],
): Promise<SelfTestRun> {
  const startMs = performance.now();
  const program = startSelfTest(lab, namespace, data, ["--json", ...args]);
  const code = await program.wait(15_000);
  const tookMs = performance.now() - startMs;
  const { printed: stdout, errors: stderr } = program;
  assert.ok(stdout.startsWith("{"), `${stdout}${stderr}`);
  const result = JSON.parse(stdout) as { ok: boolean; checks: Check[] };
  const checks = Object.fromEntries(
    result.checks.map((check) => [check.id, check]),
  );
  checkShape(result.checks);
  assert.equal(code, result.ok ? 0 : 1);
  checkNothingLeft(lab);
  return { code, stdout, stderr, ok: result.ok, checks, tookMs };
}

/** No temporary directory of a run is left. */
export function checkNothingLeft(lab: Lab): void {
  assert.deepEqual([...Deno.readDirSync(temporaryOf(lab))], []);
}

/** The states of the checks that ran, as one text: `config pass, bind fail`. */
export function statesOf(run: SelfTestRun): string {
  return CHECK_IDS.flatMap((id) => {
    const check = run.checks[id];
    return check === undefined ? [] : [`${id} ${check.state}`];
  }).join(", ");
}

/** The contract of DESIGN §4. */
function checkShape(checks: readonly Check[]): void {
  for (const check of checks) {
    const { id, state, title, detail, remedy, durationMs } = check;
    assert.ok(CHECK_IDS.includes(id), id);
    assert.ok(["pass", "fail", "warn", "skip"].includes(state), state);
    assert.ok(title !== "" && detail !== "", id);
    assert.ok(remedy === undefined || remedy !== "", id);
    assert.ok(Number.isInteger(durationMs) && durationMs < 5000, id);
    assert.doesNotMatch(`${title}${detail}${remedy ?? ""}`, /\{\w+\}/, id);
  }
}
