/**
 * The commands that find out what is wrong. What each one does is loaded when it runs.
 * @module
 */

import { CHECK_IDS } from "../../diag/check.ts";
import type { Language } from "../../diag/verdict.ts";
import { type Command, Option } from "@commander-js/extra-typings";
import { AS_JSON, CONFIG, DATA, type Finish, LANG } from "./common_options.ts";
import { loadConfig, loadLeniently } from "./load_config.ts";
import type { Shell } from "./shell.ts";
import type { BuildServer } from "./server_parts.ts";

/** Adds them. */
export function addDiagnosisCommands(
  program: Command,
  shell: Shell,
  finish: Finish,
  build: BuildServer,
): void {
  program.command("selftest").description(
    "try what phones need of this machine",
  )
    .argument("[check...]", "only these checks")
    .addOption(LANG).addOption(AS_JSON).addOption(DATA).addOption(CONFIG)
    .action(async (names, options) => {
      const { runSelfTest } = await import("./command_selftest.ts");
      const config = await loadLeniently(shell, options);
      finish(await runSelfTest(shell, config, names, options, build));
    });
  program.command("doctor")
    .description("watch a phone that registers, and say where it stops")
    .argument(
      "[number]",
      "the extension; whichever phone shows up, if left out",
    )
    .option("--name <host>", "the server's name as it was typed into the phone")
    .option("--timeout <seconds>", "how long to watch (60)")
    .addOption(LANG).addOption(AS_JSON).addOption(DATA).addOption(CONFIG)
    .action(async (number, options) => {
      const { runDoctor } = await import("./command_doctor.ts");
      finish(await runDoctor(shell, number ?? "", options, build));
    });
  addTrace(program, shell, finish);
  program.command("explain").description(
    "verdicts from a capture or a help bundle",
  )
    .argument(
      "<file>",
      "pcap, pcapng, or what `report` made; -: standard input",
    )
    .option("--number <number>", "only the phones of this extension")
    .option("--server <host:port>", "which end of the capture is the server")
    .addOption(LANG).addOption(AS_JSON).addOption(DATA).addOption(CONFIG)
    .action(async (file, options) => {
      const { explainFile } = await import("./command_explain.ts");
      const config = await loadConfig(shell, options);
      finish(await explainFile(shell, config, file, options));
    });
  program.command("report").description(
    "a help bundle with every secret removed",
  )
    .option("--output <file>", "where it is written; -: standard output")
    .option("--without-numbers", "put other names in the place of numbers")
    .addOption(LANG).addOption(AS_JSON).addOption(DATA).addOption(CONFIG)
    .action(async (options) => {
      const { writeReport } = await import("./command_report.ts");
      const { openCheckContext } = await import("./check_context.ts");
      const { runChecks } = await import("../../diag/io/checks.ts");
      const read = await loadLeniently(shell, options);
      const check = async (language: Language) => {
        const context = await openCheckContext(
          shell,
          read,
          options,
          language,
          build,
        );
        return await runChecks(context, CHECK_IDS, () => {});
      };
      const parts = { runChecks: check };
      finish(await writeReport(shell, read.config, options, parts));
    });
}

function addTrace(program: Command, shell: Shell, finish: Finish): void {
  program.command("trace").description("SIP messages as they come and go")
    .argument("[number|address]", "only those of this extension or address")
    .option("--pcap <file>", "write them for Wireshark too; -: standard output")
    .option("-v, --verbose", "whole messages")
    .option("--secrets", "show credentials as they are")
    .option("--past <seconds>", "begin with what the server kept of the past")
    .option("--count <number>", "end after so many messages")
    .addOption(
      new Option("--json", "print one JSON document for each message"),
    )
    .addOption(DATA).addOption(CONFIG)
    .action(async (filter, options) => {
      const { traceMessages } = await import("./command_trace.ts");
      const config = await loadConfig(shell, options);
      finish(await traceMessages(shell, config, filter, options));
    });
}
