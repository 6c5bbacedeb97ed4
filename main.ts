/**
 * The command line. The only place that reads the arguments and the environment, and that builds
 * sockets, clock and database and hands them over. Each command loads the rooms that it needs
 * when it runs, because an exchange must answer its first packet soon after its start.
 * @module
 */

import {
  Argument,
  Command,
  CommanderError,
  Option,
} from "@commander-js/extra-typings";
import project from "./deno.json" with { type: "json" };
import type { Config } from "./pbx/config.ts";
import { OperatorError } from "./pbx/operator_error.ts";
import { listDescriptors, LISTEN_VARIABLES } from "./sip/listen_fds.ts";
import type { ExchangeEars, ServerParts } from "./web/io/server_parts.ts";
import { addAdminCommands } from "./web/io/admin_commands.ts";
import { addCallCommands } from "./web/io/call_commands.ts";
import {
  AS_JSON,
  collect,
  CONFIG,
  DATA,
  DOMAIN,
  type Finish,
} from "./web/io/common_options.ts";
import { addDiagnosisCommands } from "./web/io/diagnosis_commands.ts";
import {
  addExtensionCommands,
  addPhoneCommand,
} from "./web/io/extension_commands.ts";
import { loadConfig } from "./web/io/load_config.ts";
import { addDataCommands } from "./web/io/data_commands.ts";
import { addReleaseCommands } from "./web/io/release_commands.ts";
import { openShell, printJson, type Shell } from "./web/io/shell.ts";
import { addUnitCommand } from "./web/io/unit_commands.ts";
import { NOTIFY_VARIABLES } from "./web/unit/notify_message.ts";

function buildProgram(shell: Shell, finish: Finish): Command {
  const program = new Command("pbx")
    .description("A telephone exchange for a small office.")
    .version(`pbx ${shell.version}`, "--version", "print the version")
    .helpOption("-h, --help", "print what can be typed")
    .exitOverride()
    .configureOutput({
      writeOut: shell.print,
      writeErr: shell.tell,
      outputError: (text, write) => write(text.replace(/^error: /, "pbx: ")),
    })
    .showHelpAfterError(`See: ${shell.invocation} --help`);
  addServe(program, shell, finish);
  addExtensionCommands(program, shell, finish);
  addPhoneCommand(program, shell, finish);
  addCallCommands(program, shell, finish);
  addDiagnosisCommands(program, shell, finish, buildServer);
  addAdminCommands(program, shell, finish);
  addReleaseCommands(program, shell, finish);
  addUnitCommand(program, shell, finish);
  addDataCommands(program, shell, finish);
  program.hook("preAction", async (_program, command) => {
    // what everybody can see costs no more than this
    if (shell.isRoot || shell.environment["PBX_DATA"]) return;
    const { requireOwnData } = await import("./web/io/own_data.ts");
    await requireOwnData(shell, command.name(), command.opts());
  });
  program.command("status").description("one screen of the running server")
    .addOption(AS_JSON).addOption(DATA).addOption(CONFIG)
    .action(async (options) => {
      const { showStatus } = await import("./web/io/command_status.ts");
      const config = await loadConfig(shell, options);
      finish(await showStatus(shell, config, options));
    });
  program.command("completion")
    .description("print what completes commands in a shell")
    .addArgument(
      new Argument("<shell>", "the shell").choices(["bash", "zsh", "fish"]),
    )
    .addOption(DATA).addOption(CONFIG)
    .action(async (name) => {
      const { describeCommand } = await import(
        "./web/terminal/command_tree.ts"
      );
      const { writeCompletion } = await import("./web/terminal/completion.ts");
      shell.print(writeCompletion(name, describeCommand(program)));
    });
  program.command("version").description("print the version")
    .addOption(AS_JSON).addOption(DATA).addOption(CONFIG)
    .action((options) => {
      const { version } = shell;
      const details = { deno: Deno.version.deno, target: Deno.build.target };
      if (options.json) printJson(shell, { version, ...details });
      else shell.print(`pbx ${version}\n`);
    });
  return program;
}

function addServe(program: Command, shell: Shell, finish: Finish): void {
  const level = new Option("--log-level <level>", "what is logged");
  level.argChoices = ["error", "warning", "info", "debug"];
  const format = new Option("--log-format <format>", "how it is logged");
  format.argChoices = ["auto", "json", "pretty"];
  const sip = new Option(
    "--sip <host:port>",
    "where phones are served, UDP and TCP; can be repeated",
  ).argParser(collect);
  program.command("serve").description("run the server")
    .addOption(CONFIG).addOption(DATA).addOption(sip)
    .option("--http <host:port>", "where HTTP is served, or: off")
    .addOption(DOMAIN)
    .option("--public-address <ip>", "where phones reach the server")
    .option("--rtp <first-last>", "ports for media")
    .addOption(level).addOption(format)
    .action(async (options) => {
      const config = await loadConfig(shell, options);
      const { serve } = await import("./web/io/command_serve.ts");
      const descriptors = listDescriptors(shell.environment, Deno.pid);
      finish(
        await serve(
          shell,
          config,
          options,
          (config, ears) => buildServer(config, ears, descriptors),
        ),
      );
    });
}

/**
 * Opens what a server needs, all of it or nothing.
 *
 * @param descriptors sockets that systemd opened before.
 */
async function buildServer(
  config: Config,
  ears: ExchangeEars,
  descriptors: readonly number[] = [],
): Promise<ServerParts> {
  const { claimDataDir } = await import("./pbx/io/data_lock.ts");
  const { openDatabase } = await import("./pbx/io/database.ts");
  const { CallStore } = await import("./pbx/io/call_store.ts");
  const { ExtensionStore } = await import("./pbx/io/extension_store.ts");
  const { Exchange } = await import("./pbx/io/exchange.ts");
  const { openMediaRelay } = await import("./pbx/io/media_relay.ts");
  const { AttemptStore } = await import("./diag/io/attempt_store.ts");
  const { HistoryStore } = await import("./diag/io/history_store.ts");
  const { AccessStore } = await import("./web/io/access_store.ts");
  const { rememberExtensions } = await import("./web/io/extension_list.ts");
  const { openTransports } = await import("./web/io/open_transports.ts");
  const { domains } = config;
  const lock = claimDataDir(config.dataDir);
  const database = openDatabase(config.dataDir, { domains, create: true });
  const limits = {
    connections: config.tcpConnections,
    perHost: Math.min(256, config.tcpConnections),
    idleMs: config.registrationMaximumSeconds * 1000,
    strangerMs: 60_000,
    queueOctets: 256 * 1024,
  };
  const { udp, tcp, unused } = openTransports(config.sip, limits, descriptors);
  const localAddresses = Deno.networkInterfaces().map(({ address }) => address);
  const random = (octets: number) =>
    crypto.getRandomValues(new Uint8Array(octets));
  const clock = {
    wallMs: () => Date.now(),
    monotonicMs: () => performance.now(),
  };
  const calls = new CallStore(database);
  const relay = openMediaRelay({
    ports: config.rtp,
    onTrouble: (detail) =>
      ears.onFacts([{
        kind: "relay-failed",
        at: clock.wallMs(),
        stage: "process",
        detail,
      }]),
  });
  const exchange = new Exchange({
    database,
    transports: [udp, tcp],
    config,
    clock,
    random,
    localAddresses,
    relay,
    calls,
    ...ears,
  });
  const extensions = new ExtensionStore(database);
  return {
    sip: udp.listening,
    unusedSockets: unused,
    localAddresses,
    exchange,
    realm: database.realm,
    attempts: new AttemptStore(database),
    calls,
    access: new AccessStore(database),
    openHistory: (onTrouble) => new HistoryStore(database, onTrouble),
    extensions,
    listExtensions: rememberExtensions(extensions),
    monotonicMs: clock.monotonicMs,
    isSoundWell: () => relay.isWell(),
    random,
    close: async () => {
      await relay.stop();
      database.close();
      lock.release();
    },
  };
}

/** Runs one command; gives its exit code. */
async function run(args: readonly string[], shell: Shell): Promise<number> {
  let code = 0;
  const program = buildProgram(shell, (result) => code = result);
  try {
    await program.parseAsync(args, { from: "user" });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (error instanceof Deno.errors.BrokenPipe) return 0;
    if (!(error instanceof OperatorError)) return tellBug(shell, error);
    shell.tell(`${shell.errorPaint.red("pbx:")} ${error.message}\n`);
    if (error.hint !== "") shell.tell(`     ${error.hint}\n`);
    return error.exitCode;
  }
}

/** A fault of the program itself; 70 by sysexits.h. */
function tellBug(shell: Shell, error: unknown): number {
  const stack = error instanceof Error ? error.stack ?? error.message : error;
  shell.tell(`pbx: A fault of the program, please report it:\n${stack}\n`);
  return 70;
}

if (import.meta.main) {
  const environment = Deno.env.toObject();
  // no program that is started from here shall take the sockets for its own, or speak for the server
  for (const name of [...LISTEN_VARIABLES, ...NOTIFY_VARIABLES]) {
    Deno.env.delete(name);
  }
  const shell = openShell(
    project.version,
    environment,
    import.meta.url,
    Deno.args,
  );
  Deno.exit(await run(Deno.args, shell));
}
