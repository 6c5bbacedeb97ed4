/**
 * The command `unit` of the command tree. What it does is loaded when it runs.
 * @module
 */

import { Argument, type Command } from "@commander-js/extra-typings";
import { AS_JSON, CONFIG, DATA, type Finish } from "./common_options.ts";
import type { Shell } from "./shell.ts";

const BY_HAND = `
By hand, as root:
  install -m 755 pbx /usr/local/bin/pbx
  pbx unit > /etc/systemd/system/pbx.service
  pbx unit socket > /etc/systemd/system/pbx.socket
  systemctl daemon-reload
  systemctl enable --now pbx.socket pbx.service

The units follow /etc/pbx/pbx.toml: write them again after a change of sip, http,
rtp, data, capture or tls in it, then
  systemctl daemon-reload && systemctl restart pbx.socket pbx.service

systemctl restart pbx       no call request is lost: pbx.socket keeps the ports
systemctl stop pbx.socket   stops both; pbx.service alone comes back with the next packet`;

/** Adds the command. */
export function addUnitCommand(
  program: Command,
  shell: Shell,
  finish: Finish,
): void {
  const kinds = ["service", "socket"] as const;
  program.command("unit")
    .description("print the systemd unit of the service, or of its sockets")
    .addArgument(
      new Argument("[kind]", "which of the two").choices(kinds).default(
        "service" as const,
      ),
    )
    .option("--capture", "let the server look at the network card")
    .option("--no-capture", "do not: it needs one right less")
    .option(
      "--program <file>",
      "where the program is installed",
      "/usr/local/bin/pbx",
    )
    .addOption(AS_JSON).addOption(DATA).addOption(CONFIG)
    .addHelpText("after", BY_HAND)
    .action(async (kind, options) => {
      const { showUnit } = await import("./command_unit.ts");
      finish(await showUnit(shell, kind, options));
    });
}
