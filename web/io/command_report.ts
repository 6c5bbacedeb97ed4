/**
 * `pbx report`: everything that helps to find a fault from far away, in one archive, without
 * secrets.
 * @module
 */

import { zipSync } from "fflate";
import { type BundleEntry, composeBundle } from "../../diag/bundle/bundle.ts";
import type { WireMessage } from "../../diag/bundle/bundle_message.ts";
import type { SelfTest } from "../../diag/check.ts";
import { chooseLanguage } from "../../diag/texts/texts.ts";
import type { Language, Verdict } from "../../diag/verdict.ts";
import type { Config } from "../../pbx/config.ts";
import { OperatorError } from "../../pbx/operator_error.ts";
import { formatVerdict } from "../terminal/doctor_text.ts";
import { quoteForShell } from "../terminal/invocation.ts";
import { Ladder } from "../terminal/ladder.ts";
import { createPaint } from "../terminal/paint.ts";
import { isServerStatus } from "../server_status.ts";
import { writeWhole } from "../terminal/trace_text.ts";
import { viewMessage } from "../trace_view.ts";
import { WORDS } from "../terminal/words.ts";
import { readServedConfig } from "./api_client.ts";
import type { ConfigOptions } from "./load_config.ts";
import { requireNew } from "./new_file.ts";
import { gatherEvidence } from "./report_evidence.ts";
import { readMachine } from "./report_machine.ts";
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

const PLAIN = createPaint(false);
const COLUMNS = 100;

/** Writes the archive; gives the exit code. Throws OperatorError where it cannot be written. */
export async function writeReport(
  shell: Shell,
  config: Config,
  options: ReportOptions,
  parts: ReportParts,
): Promise<number> {
  const madeAt = new Date();
  const path = choosePath(options, madeAt);
  const language = chooseLanguage(options.lang, shell.environment);
  if (shell.isErrorTerminal) shell.tell("Collecting, some seconds\n");
  const entries = await collect(
    { shell, config, options, language, madeAt },
    parts,
  );
  const archive = pack(entries, madeAt);
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

interface ReportRun {
  readonly shell: Shell;
  readonly config: Config;
  readonly options: ReportOptions;
  readonly language: Language;
  readonly madeAt: Date;
}

async function collect(
  { shell, config: configured, options, language, madeAt }: ReportRun,
  parts: ReportParts,
): Promise<BundleEntry[]> {
  const config = readServedConfig(configured);
  // first, so that the messages of the checks are not among those of the phones
  const phones = await gatherEvidence(config, language);
  const ports = isServerStatus(phones.status)
    ? phones.status.sip.listen.map(portOf)
    : config.sip.map(({ port }) => port);
  const missing = [...phones.missing];
  const [machine, checks] = await Promise.all([
    readMachine(shell, phones.pid, ports),
    parts.runChecks(language).catch((error: unknown) => {
      missing.push(
        `Checks: ${error instanceof Error ? error.message : String(error)}`,
      );
      return null;
    }),
  ]);
  return composeBundle(
    {
      ...phones,
      ...machine,
      version: shell.version,
      madeAt: madeAt.getTime(),
      config,
      checks,
      missing: [...missing, ...machine.missing],
    },
    options.withoutNumbers !== true,
    {
      messages: writeMessages,
      verdicts: (verdicts) => writeVerdicts(verdicts, language),
    },
  );
}

function portOf(address: string): number {
  return Number(address.slice(address.lastIndexOf(":") + 1));
}

/** The ladder, each line with the whole message behind it. */
function writeMessages(messages: readonly WireMessage[]): string {
  const ladder = new Ladder({ paint: PLAIN, columns: COLUMNS });
  return messages.map((message) =>
    ladder.line(viewMessage(message)) + writeWhole(message.octets)
  ).join("");
}

function writeVerdicts(
  verdicts: readonly Verdict[],
  language: Language,
): string {
  return verdicts.map((verdict) =>
    formatVerdict(verdict, WORDS[language], PLAIN).join("\n") + "\n"
  ).join("\n");
}

function pack(entries: readonly BundleEntry[], madeAt: Date): Uint8Array {
  const files = entries.map(({ name, octets }) => [name, octets] as const);
  return zipSync(Object.fromEntries(files), { level: 6, mtime: madeAt });
}

/** Null: standard output. */
function choosePath(
  { output, json }: ReportOptions,
  madeAt: Date,
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

/** `YYYYMMDD-HHMMSS` in local time. */
function spellStamp(time: Date): string {
  const two = (part: number) => String(part).padStart(2, "0");
  const day = [time.getMonth() + 1, time.getDate()].map(two).join("");
  const clock = [time.getHours(), time.getMinutes(), time.getSeconds()];
  return `${time.getFullYear()}${day}-${clock.map(two).join("")}`;
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
