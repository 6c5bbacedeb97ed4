/**
 * `pbx status`: one screen of the running server.
 * @module
 */

import type { Config } from "../../pbx/config.ts";
import { OperatorError } from "../../pbx/operator_error.ts";
import { formatStatus } from "../terminal/status_text.ts";
import { isServerStatus } from "../server_status.ts";
import { askServer } from "./api_client.ts";
import type { ConfigOptions } from "./load_config.ts";
import { hintStart } from "./own_data.ts";
import { printJson, type Shell } from "./shell.ts";

/** Gives the exit code: 0 where a server runs; throws where none does. */
export async function showStatus(
  shell: Shell,
  config: Config,
  options: ConfigOptions & { readonly json?: true | undefined },
): Promise<number> {
  const status = await askServer(config.dataDir, "/api/v1/status");
  if (status === undefined) {
    throw new OperatorError(
      `No server is running on the data directory \`${config.dataDir}\``,
      hintStart(shell, config, options),
      1,
    );
  }
  if (options.json) printJson(shell, status);
  else if (isServerStatus(status)) {
    shell.print(formatStatus(status, config.dataDir, shell.paint));
  } else {throw new OperatorError(
      "The server is of another version",
      "Restart it, or use `--json`",
      1,
    );}
  return 0;
}
