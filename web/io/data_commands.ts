/**
 * The commands for the data as a whole, and for the program itself: `backup`, `restore`, `upgrade`.
 * What each one does is loaded when it runs.
 * @module
 */

import type { Command } from "@commander-js/extra-typings";
import { AS_JSON, CONFIG, DATA, type Finish } from "./common_options.ts";
import { loadLeniently } from "./load_config.ts";
import type { Shell } from "./shell.ts";

/** Adds them. */
export function addDataCommands(
  program: Command,
  shell: Shell,
  finish: Finish,
): void {
  program.command("backup")
    .description("write everything into one file, also while the server runs")
    .argument("<file>", "a file, a directory, or -: standard output")
    .option("--force", "replace an older backup")
    .addOption(AS_JSON).addOption(DATA).addOption(CONFIG)
    .action(async (file, options) => {
      const { makeBackup } = await import("./command_backup.ts");
      // a fault in the configuration is no reason to have no backup
      const { config } = await loadLeniently(shell, options);
      finish(makeBackup(shell, config, file, options));
    });
  program.command("restore")
    .description("put a backup in the place of the data")
    .argument("<file>", "what `backup` made")
    .option("--dry-run", "only look what is in it")
    .addOption(AS_JSON).addOption(DATA).addOption(CONFIG)
    .action(async (file, options) => {
      const { loadWithoutFile, restoreBackup } = await import(
        "./command_restore.ts"
      );
      const config = await loadWithoutFile(shell, options);
      finish(await restoreBackup(shell, config, file, options));
    });
  program.command("upgrade")
    .description("install the newest version, or the one that is named")
    .argument("[version]", "such as v0.2.0")
    .option("--dry-run", "only say what would be done")
    .action(async (version, options) => {
      const { upgrade } = await import("./command_upgrade.ts");
      finish(await upgrade(shell, version, options));
    });
}
