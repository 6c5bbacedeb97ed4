/**
 * The branch `extension` of the command tree, and `phone`. What each command does is loaded when it
 * runs.
 * @module
 */

import { type Command, Option } from "@commander-js/extra-typings";
import {
  AS_JSON,
  CONFIG,
  DATA,
  DOMAIN,
  type Finish,
  LANG,
  NUMBER,
  PASSWORD_STDIN,
} from "./common_options.ts";
import { loadConfig } from "./load_config.ts";
import type { Shell } from "./shell.ts";

/** Adds the branch. */
export function addExtensionCommands(
  program: Command,
  shell: Shell,
  finish: Finish,
): void {
  const branch = program.command("extension")
    .description("numbers and passwords");
  const load = () => import("./command_extension.ts");
  const loadTransfer = () => import("./command_transfer.ts");
  branch.command("add").description("add an extension").addArgument(NUMBER)
    .option("--name <text>", "whose it is").addOption(PASSWORD_STDIN)
    .addOption(DOMAIN).addOption(AS_JSON).addOption(DATA).addOption(CONFIG)
    .action(async (number, options) => {
      const { addExtension } = await load();
      const config = await loadConfig(shell, options);
      finish(await addExtension(shell, config, number, options));
    });
  branch.command("list").description("every extension with its phones")
    .addOption(AS_JSON).addOption(DATA).addOption(CONFIG)
    .action(async (options) => {
      const { listExtensions } = await load();
      const config = await loadConfig(shell, options);
      finish(await listExtensions(shell, config, options));
    });
  branch.command("show").description("one extension with its phones")
    .addArgument(NUMBER).addOption(AS_JSON).addOption(DATA).addOption(CONFIG)
    .action(async (number, options) => {
      const { showExtension } = await load();
      const config = await loadConfig(shell, options);
      finish(await showExtension(shell, config, number, options));
    });
  branch.command("passwd").description("give an extension another password")
    .addArgument(NUMBER).addOption(PASSWORD_STDIN)
    .addOption(AS_JSON).addOption(DATA).addOption(CONFIG)
    .action(async (number, options) => {
      const { changePassword } = await load();
      const config = await loadConfig(shell, options);
      finish(await changePassword(shell, config, number, options));
    });
  branch.command("remove").description("remove an extension")
    .addArgument(NUMBER).addOption(AS_JSON).addOption(DATA).addOption(CONFIG)
    .action(async (number, options) => {
      const { removeExtension } = await load();
      const config = await loadConfig(shell, options);
      finish(removeExtension(shell, config, number, options));
    });
  branch.command("import")
    .description(
      "add the rows of a table: number,password,name; an empty password is made and shown once",
    )
    .argument("<file>", "CSV; - is standard input")
    .addOption(DOMAIN).addOption(AS_JSON).addOption(DATA).addOption(CONFIG)
    .action(async (file, options) => {
      const { importExtensions } = await loadTransfer();
      const config = await loadConfig(shell, options);
      finish(await importExtensions(shell, config, file, options));
    });
  branch.command("export")
    .description(
      "print every extension as a table, without passwords; import takes it",
    )
    .addOption(AS_JSON).addOption(DATA).addOption(CONFIG)
    .action(async (options) => {
      const { exportExtensions } = await loadTransfer();
      const config = await loadConfig(shell, options);
      finish(exportExtensions(shell, config, options));
    });
}

/** Adds the command that says what belongs into a phone. */
export function addPhoneCommand(
  program: Command,
  shell: Shell,
  finish: Finish,
): void {
  const format = new Option("--format <format>", "how it is written (text)")
    .choices(["text", "microsip", "qr"]);
  program.command("phone").description("what to type into a phone")
    .addArgument(NUMBER).addOption(format).addOption(LANG)
    .addOption(
      new Option("--password-stdin", "read the password of the extension"),
    )
    .addOption(AS_JSON).addOption(DATA).addOption(CONFIG)
    .action(async (number, options) => {
      const { showPhone } = await import("./command_phone.ts");
      const config = await loadConfig(shell, options);
      finish(await showPhone(shell, config, number, options));
    });
}
