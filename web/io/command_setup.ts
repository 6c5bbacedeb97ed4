/**
 * `pbx admin setup`: how to come to the page of the running server, and what sets its first
 * password.
 * @module
 */

import type { Config } from "../../pbx/config.ts";
import { OperatorError } from "../../pbx/operator_error.ts";
import type { PageSetup } from "../api/api_setup.ts";
import { sendServer, ServerRefusal } from "./api_client.ts";
import type { ConfigOptions } from "./load_config.ts";
import { hintStart } from "./own_data.ts";
import { printJson, type Shell, spellCommand } from "./shell.ts";

/** Prints it; gives the exit code. Throws where no server runs, or where it has no page. */
export async function showSetup(
  shell: Shell,
  config: Config,
  options: ConfigOptions & { readonly json?: true | undefined },
): Promise<number> {
  const setup = await askSetup(config);
  if (setup === undefined) {
    throw new OperatorError(
      `No server is running on the data directory \`${config.dataDir}\``,
      hintStart(shell, config, options),
    );
  }
  const { url, tunnel, setupToken } = setup as PageSetup;
  if (options.json) {
    printJson(shell, { url, tunnel, setupToken });
    return 0;
  }
  shell.print(setupToken === null ? `The page: ${url}\n` : `Open ${url}\n`);
  if (tunnel !== null) shell.print(`From elsewhere first: ${tunnel}\n`);
  shell.print(
    setupToken === null
      ? `It has a password; another one: ${
        spellCommand(shell, "admin passwd", options)
      }\n`
      : `Setup token: ${setupToken}\n`,
  );
  return 0;
}

async function askSetup({ dataDir }: Config): Promise<unknown> {
  try {
    return await sendServer(dataDir, "POST", "/api/v1/setup");
  } catch (error) {
    if (!(error instanceof ServerRefusal) || error.status !== 404) throw error;
    throw new OperatorError(
      "The server is of an older version, which does not tell it again",
      "Restart it",
    );
  }
}
