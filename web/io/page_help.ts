/**
 * What the page Help needs of the running server: the commands as they are typed there, and a
 * help bundle, one at a time.
 * @module
 */

import type { SelfTest } from "../../diag/check.ts";
import type { Language } from "../../diag/verdict.ts";
import type { Config } from "../../pbx/config.ts";
import { spellStamp } from "../file_stamp.ts";
import type { HelpFile, HelpSource } from "../page/help_page.tsx";
import type { DataOptions } from "../terminal/invocation.ts";
import type { OwnEvidence } from "./report_evidence.ts";
import { type Shell, spellCommand } from "./shell.ts";

export interface HelpParts {
  readonly shell: Shell;
  /** As it is in force. */
  readonly config: Config;
  readonly options: DataOptions;
  readonly evidence: OwnEvidence;
  runChecks(language: Language): Promise<SelfTest>;
  /** Is told why a bundle could not be made. */
  onFault(error: unknown): void;
}

export function openHelpSource(parts: HelpParts): HelpSource {
  let isBusy = false;
  return {
    command: (words) => spellCommand(parts.shell, words, parts.options),
    makeReport: (language, hasNumbers) => {
      if (isBusy) return null;
      isBusy = true;
      return makeReport(parts, language, hasNumbers).catch((error) => {
        parts.onFault(error);
        throw error;
      }).finally(() => isBusy = false);
    },
  };
}

/** What makes it is loaded when somebody wants the first one. */
async function makeReport(
  { shell, config, evidence, runChecks }: HelpParts,
  language: Language,
  hasNumbers: boolean,
): Promise<HelpFile> {
  const madeAt = Date.now();
  const [{ makeBundle }, { gatherOwnEvidence }] = await Promise.all([
    import("./report_bundle.ts"),
    import("./report_evidence.ts"),
  ]);
  const { archive } = await makeBundle({
    shell,
    config,
    // first, so that the messages of the checks are not among those of the phones
    phones: await gatherOwnEvidence(config, language, evidence),
    language,
    hasNumbers,
    madeAt,
    runChecks,
  });
  return { name: `pbx-report-${spellStamp(madeAt)}.zip`, octets: archive };
}
