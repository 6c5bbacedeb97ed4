/**
 * `pbx report`: everything that helps to find a fault from far away, in one archive, without
 * secrets.
 * @module
 */

import type { SelfTest } from "../../diag/check.ts";
import { chooseLanguage } from "../../diag/texts/texts.ts";
import type { Language } from "../../diag/verdict.ts";
import type { Config } from "../../pbx/config.ts";
import { OperatorError } from "../../pbx/operator_error.ts";
import { spellStamp } from "../file_stamp.ts";
import { quoteForShell } from "../terminal/invocation.ts";
import { readServedConfig } from "./api_client.ts";
import type { ConfigOptions } from "./load_config.ts";
import { requireNew } from "./new_file.ts";
import { makeBundle } from "./report_bundle.ts";
import { gatherEvidence } from "./report_evidence.ts";
import { printJson, type Shell } from "./shell.ts";

/** The options of the command, as they were typed. */
export interface ReportOptions extends ConfigOptions {
  /** A file that is not there yet, a directory, or `-` for standard output. */
  readonly output?: string | undefined;
  readonly withoutNumbers?: true | undefined;
  readonly lang?: string | undefined;
  readonly json?: true | undefined;
}

/** What it needs of others. */
export interface ReportParts {
  /** Runs the checks of a self-test. */
  runChecks(language: Language): Promise<SelfTest>;
}

/** Writes the archive; gives the exit code. Throws OperatorError where it cannot be written. */
export async function writeReport(
  shell: Shell,
  config: Config,
  options: ReportOptions,
  parts: ReportParts,
): Promise<number> {
  const madeAt = Date.now();
  const path = choosePath(options, madeAt);
  const language = chooseLanguage(options.lang, shell.environment);
  if (shell.isErrorTerminal) shell.tell("Collecting, some seconds\n");
  const served = readServedConfig(config);
  const { entries, archive } = await makeBundle({
    shell,
    config: served,
    // first, so that the messages of the checks are not among those of the phones
    phones: await gatherEvidence(served, language),
    language,
    hasNumbers: options.withoutNumbers !== true,
    madeAt,
    runChecks: (spoken) => parts.runChecks(spoken),
  });
  if (path === null) {
    writeStdout(archive);
    return 0;
  }
  writePrivately(path, archive);
  if (options.json) {
    const names = entries.map(({ name }) => name);
    printJson(shell, { file: path, octets: archive.length, entries: names });
    return 0;
  }
  shell.print(`${path}\n`);
  shell.tell(
    options.withoutNumbers
      ? "Without secrets, numbers and names; addresses are in it\n"
      : "Without secrets; numbers and addresses are in it (`--without-numbers`)\n",
  );
  shell.tell(`See what is in it: unzip -p ${quoteForShell(path)} README.txt\n`);
  return 0;
}

/** Null: standard output. */
function choosePath(
  { output, json }: ReportOptions,
  madeAt: number,
): string | null {
  if (output === "-") {
    if (json || Deno.stdout.isTerminal()) {
      throw new OperatorError(
        json
          ? "The archive and JSON cannot both go to standard output"
          : "An archive is no text for a terminal",
        "Name a file: pbx report --output FILE",
        2,
      );
    }
    return null;
  }
  const usual = `pbx-report-${spellStamp(madeAt)}.zip`;
  if (output === undefined) return usual;
  return isDirectory(output)
    ? `${output.replace(/\/+$/, "")}/${usual}`
    : output;
}

function isDirectory(path: string): boolean {
  try {
    return Deno.statSync(path).isDirectory;
  } catch {
    return false;
  }
}

/** For the owner only, and whole or not at all. */
function writePrivately(path: string, octets: Uint8Array): void {
  requireNew(path);
  const fresh = `${path}.${Deno.pid}.part`;
  try {
    Deno.writeFileSync(fresh, octets, { mode: 0o600, createNew: true });
    Deno.renameSync(fresh, path);
  } catch (error) {
    removeIfThere(fresh);
    throw new OperatorError(
      `Cannot write \`${path}\`: ${
        error instanceof Error ? error.message : String(error)
      }`,
      "Name another place: --output DIRECTORY",
      1,
    );
  }
}

function removeIfThere(path: string): void {
  try {
    Deno.removeSync(path);
  } catch {
    // It was not made.
  }
}

function writeStdout(octets: Uint8Array): void {
  for (let at = 0; at < octets.length;) {
    at += Deno.stdout.writeSync(octets.subarray(at));
  }
}
