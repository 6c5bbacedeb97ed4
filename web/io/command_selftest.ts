/**
 * `pbx selftest`: tries everything that a phone needs of this machine, and says what to change.
 * @module
 */

import { type Check, CHECK_IDS, type CheckId } from "../../diag/check.ts";
import { runChecks } from "../../diag/io/checks.ts";
import { chooseLanguage } from "../../diag/texts/texts.ts";
import type { Language } from "../../diag/verdict.ts";
import { OperatorError } from "../../pbx/operator_error.ts";
import { quote } from "../../pbx/quoted.ts";
import {
  formatCheck,
  formatProgress,
  formatSummary,
  readCheckIds,
} from "../terminal/selftest_text.ts";
import { openCheckContext } from "./check_context.ts";
import type { ConfigOptions, LenientConfig } from "./load_config.ts";
import { printJson, type Shell } from "./shell.ts";
import type { BuildServer } from "./server_parts.ts";

export interface SelfTestOptions extends ConfigOptions {
  readonly json?: true | undefined;
  readonly lang?: string | undefined;
}

/** Exit codes of a shell for programs that a signal ended. */
const SIGNALS = [["SIGINT", 130], ["SIGTERM", 143]] as const;
/** Goes to the start of the line and clears it (ECMA-48 §8.3.41). */
const CLEAR_LINE = "\r\x1b[K";

/** Runs the named checks, or all; gives 0, or 1 where one failed. */
export async function runSelfTest(
  shell: Shell,
  config: LenientConfig,
  names: readonly string[],
  options: SelfTestOptions,
  build: BuildServer,
): Promise<number> {
  const { ids, unknown } = readCheckIds(names);
  if (unknown.length > 0) {
    throw new OperatorError(
      `No check is called ${unknown.map((name) => quote(name)).join(", ")}`,
      `There are: ${CHECK_IDS.join(", ")}`,
      2,
    );
  }
  const language = chooseLanguage(options.lang, shell.environment);
  const stop = new AbortController();
  let code = 0;
  const listeners = SIGNALS.map(([signal, exitCode]) => {
    const listener = () => {
      code ||= exitCode;
      stop.abort();
    };
    Deno.addSignalListener(signal, listener);
    return () => Deno.removeSignalListener(signal, listener);
  });
  const screen = new Screen(shell, ids, language, options.json === true);
  try {
    const context = await openCheckContext(
      shell,
      config,
      options,
      language,
      build,
    );
    screen.begin();
    const onCheck = (check: Check) => screen.show(check);
    const result = await runChecks(context, ids, onCheck, stop.signal);
    screen.end();
    if (stop.signal.aborted) return code;
    if (options.json) printJson(shell, result);
    else shell.print(formatSummary(result, language, shell.paint));
    return result.ok ? 0 : 1;
  } finally {
    screen.end();
    for (const remove of listeners) remove();
  }
}

/** Shows results in their order as they come, and below them what is under way. */
class Screen {
  readonly #shell: Shell;
  readonly #ids: readonly CheckId[];
  readonly #language: Language;
  readonly #isJson: boolean;
  readonly #checks = new Map<CheckId, Check>();
  #shown = 0;
  #hasProgress = false;

  constructor(
    shell: Shell,
    ids: readonly CheckId[],
    language: Language,
    isJson: boolean,
  ) {
    this.#shell = shell;
    this.#ids = ids;
    this.#language = language;
    this.#isJson = isJson;
  }

  begin(): void {
    this.#showProgress();
  }

  show(check: Check): void {
    this.#checks.set(check.id, check);
    this.end();
    for (; this.#shown < this.#ids.length; this.#shown++) {
      const next = this.#checks.get(this.#ids[this.#shown]!);
      if (next === undefined) break;
      if (!this.#isJson) {
        this.#shell.print(formatCheck(next, this.#shell.paint));
      }
    }
    this.#showProgress();
  }

  /** Takes the line of progress away. */
  end(): void {
    if (this.#hasProgress) this.#shell.tell(CLEAR_LINE);
    this.#hasProgress = false;
  }

  #showProgress(): void {
    if (!this.#shell.isErrorTerminal) return;
    if (this.#checks.size === this.#ids.length) return;
    const done = new Set(this.#checks.keys());
    this.#shell.tell(formatProgress(this.#ids, done, this.#language));
    this.#hasProgress = true;
  }
}
