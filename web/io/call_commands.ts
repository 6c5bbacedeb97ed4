/**
 * The branch `calls` of the command tree. What each command does is loaded when it runs.
 * @module
 */

import { type Command, Option } from "@commander-js/extra-typings";
import { AS_JSON, CONFIG, DATA, type Finish } from "./common_options.ts";
import { loadConfig } from "./load_config.ts";
import type { Shell } from "./shell.ts";

const AS_CSV = new Option("--csv", "print a table for spreadsheets")
  .conflicts("json");

const EXAMPLES = `
Examples:
  pbx calls                    the newest, those that live on top
  pbx calls 1002 --limit 20    what 1002 called and who called 1002
  pbx calls --live             only those that live
  pbx calls --csv > calls.csv  for a spreadsheet
  pbx calls hangup 0mwvs9zq2c41d8e
                               end a call; 10 characters of its identifier are enough

LOSS and JITTER: of the caller's sound / of the sound of whom was called, as they
came in at the server. Times are local ones; in JSON and CSV they are RFC 3339.`;

/** Adds the branch. */
export function addCallCommands(
  program: Command,
  shell: Shell,
  finish: Finish,
): void {
  const load = () => import("./command_calls.ts");
  const branch = program.command("calls")
    .description("calls that live and that are over")
    // else the options of `hangup` would be taken for those of `calls`
    .enablePositionalOptions()
    .argument("[number]", "only those of this number")
    .option("--live", "only calls that live")
    .option("--limit <number>", "how many at most (100)")
    .addOption(AS_JSON).addOption(AS_CSV).addOption(DATA).addOption(CONFIG)
    .addHelpText("after", EXAMPLES)
    .action(async (number, options) => {
      const { showCalls } = await load();
      const config = await loadConfig(shell, options);
      finish(await showCalls(shell, config, number, options));
    });
  branch.command("hangup").description("end a call that lives")
    .argument("<id>", "its identifier, or at least 10 characters of it")
    .addOption(AS_JSON).addOption(DATA).addOption(CONFIG)
    .action(async (id, own) => {
      const { hangUpCall } = await load();
      const { data, config: file, json } = branch.opts();
      const options = { data, config: file, json, ...own };
      const config = await loadConfig(shell, options);
      finish(await hangUpCall(shell, config, id, options));
    });
}
