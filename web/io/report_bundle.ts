/**
 * A help bundle from what was gathered of the phones, what the machine tells, and what the checks
 * find; for `pbx report` and for the page.
 * @module
 */

import { type BundleEntry, composeInSteps } from "../../diag/bundle/bundle.ts";
import type { WireMessage } from "../../diag/bundle/bundle_message.ts";
import { zipInSteps } from "../../diag/bundle/bundle_zip.ts";
import type { SelfTest } from "../../diag/check.ts";
import type { Language, Verdict } from "../../diag/verdict.ts";
import type { Config } from "../../pbx/config.ts";
import { formatVerdict } from "../terminal/doctor_text.ts";
import { Ladder } from "../terminal/ladder.ts";
import { createPaint } from "../terminal/paint.ts";
import { isServerStatus } from "../server_status.ts";
import { writeWhole } from "../terminal/trace_text.ts";
import { viewMessage } from "../trace_view.ts";
import { WORDS } from "../terminal/words.ts";
import { runGently } from "./gentle.ts";
import type { PhoneEvidence } from "./report_evidence.ts";
import { readMachine } from "./report_machine.ts";
import type { Shell } from "./shell.ts";

export interface BundleWish {
  readonly shell: Shell;
  /** As it is in force. */
  readonly config: Config;
  readonly phones: PhoneEvidence;
  readonly language: Language;
  readonly hasNumbers: boolean;
  /** Milliseconds since 1970. */
  readonly madeAt: number;
  /** Runs the checks of a self-test. */
  runChecks(language: Language): Promise<SelfTest>;
}

export interface Bundle {
  readonly entries: readonly BundleEntry[];
  /** All of them in one archive. */
  readonly archive: Uint8Array<ArrayBuffer>;
}

const PLAIN = createPaint(false);
const COLUMNS = 100;

/** Makes the bundle; takes some seconds, and little of them at a time. */
export async function makeBundle(
  { shell, config, phones, language, hasNumbers, madeAt, runChecks }:
    BundleWish,
): Promise<Bundle> {
  const ports = isServerStatus(phones.status)
    ? phones.status.sip.listen.map(portOf)
    : config.sip.map(({ port }) => port);
  const missing = [...phones.missing];
  const [machine, checks] = await Promise.all([
    readMachine(shell, phones.pid, ports),
    runChecks(language).catch((error: unknown) => {
      missing.push(
        `Checks: ${error instanceof Error ? error.message : String(error)}`,
      );
      return null;
    }),
  ]);
  const entries = await runGently(composeInSteps(
    {
      ...phones,
      ...machine,
      version: shell.version,
      madeAt,
      config,
      checks,
      missing: [...missing, ...machine.missing],
    },
    hasNumbers,
    {
      messages: writeMessages,
      verdicts: (verdicts) => writeVerdicts(verdicts, language),
    },
  ));
  const archive = await runGently(zipInSteps(entries, madeAt));
  return { entries, archive };
}

function portOf(address: string): number {
  return Number(address.slice(address.lastIndexOf(":") + 1));
}

/** The ladder, each line with the whole message behind it. */
function* writeMessages(
  messages: readonly WireMessage[],
): Generator<string> {
  const ladder = new Ladder({ paint: PLAIN, columns: COLUMNS });
  for (const message of messages) {
    yield ladder.line(viewMessage(message)) + writeWhole(message.octets);
  }
}

function* writeVerdicts(
  verdicts: readonly Verdict[],
  language: Language,
): Generator<string> {
  for (const [i, verdict] of verdicts.entries()) {
    const lines = formatVerdict(verdict, WORDS[language], PLAIN);
    yield `${i === 0 ? "" : "\n"}${lines.join("\n")}\n`;
  }
}
