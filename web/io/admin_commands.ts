/**
 * The branch `admin` of the command tree. What the command does is loaded when it runs.
 * @module
 */

import { type Command, Option } from "@commander-js/extra-typings";
import {
  AS_JSON,
  CONFIG,
  DATA,
  DOMAIN,
  type Finish,
} from "./common_options.ts";
import { loadConfig } from "./load_config.ts";
import type { Shell } from "./shell.ts";

const FROM_STDIN = new Option(
  "--password-stdin",
  "read the password instead of asking for it",
);

/** Adds the branch. */
export function addAdminCommands(
  program: Command,
  shell: Shell,
  finish: Finish,
): void {
  const branch = program.command("admin").description("the web page");
  branch.command("passwd")
    .description("set the password of the page, and end all its sessions")
    .addOption(FROM_STDIN).addOption(DOMAIN).addOption(AS_JSON)
    .addOption(DATA).addOption(CONFIG)
    .action(async (options) => {
      const { setAdminPassword } = await import("./command_admin.ts");
      const config = await loadConfig(shell, options);
      finish(await setAdminPassword(shell, config, options));
    });
  branch.command("setup")
    .description("how to come to the page, and what sets its first password")
    .addOption(AS_JSON).addOption(DATA).addOption(CONFIG)
    .action(async (options) => {
      const { showSetup } = await import("./command_setup.ts");
      const config = await loadConfig(shell, options);
      finish(await showSetup(shell, config, options));
    });
}
