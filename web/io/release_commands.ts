/**
 * The command `verify` of the command tree. What it does is loaded when it runs.
 * @module
 */

import { Argument, type Command } from "@commander-js/extra-typings";
import { AS_JSON, CONFIG, DATA, type Finish } from "./common_options.ts";
import type { Shell } from "./shell.ts";

/** Adds the command. */
export function addReleaseCommands(
  program: Command,
  shell: Shell,
  finish: Finish,
): void {
  program.command("verify")
    .description("check files of a release by the signed list of checksums")
    .addArgument(new Argument("[files...]", "files that the list must have"))
    .requiredOption("--sums <file>", "the list, SHA256SUMS")
    .requiredOption("--signature <file>", "its signature, SHA256SUMS.sig")
    .addOption(AS_JSON).addOption(DATA).addOption(CONFIG)
    .action(async (files, options) => {
      const { verifyFiles } = await import("./command_verify.ts");
      const { SIGNER } = await import("../release/signer.ts");
      finish(verifyFiles(shell, SIGNER, files, options));
    });
}
