/**
 * What the checks of a self-test are told about the server: as the command line finds it, or as
 * the server knows itself.
 * @module
 */

import type {
  CheckContext,
  RegisteredPhone,
  RunningServer,
} from "../../diag/io/check_run.ts";
import { listSocketsOf } from "../../diag/io/port_owners.ts";
import type { TestAccount } from "../../diag/machine/test_request.ts";
import type { Language } from "../../diag/verdict.ts";
import type { Config } from "../../pbx/config.ts";
import type { ConfigFault } from "../../pbx/config_layer.ts";
import type { Address } from "../../pbx/config_value.ts";
import { OperatorError } from "../../pbx/operator_error.ts";
import { isLoopback } from "../../sip/flow.ts";
import { isServerStatus } from "../server_status.ts";
import {
  askServer,
  findServerPid,
  readServedConfig,
  sendServer,
} from "./api_client.ts";
import {
  type ConfigOptions,
  type LenientConfig,
  nameConfigFile,
  USUAL_FILE,
} from "./load_config.ts";
import { readAddresses, readServerFile } from "./server_file.ts";
import { type Shell, spellCommand } from "./shell.ts";
import type { BuildServer } from "./server_parts.ts";
import { startTemporaryServer } from "./temporary_server.ts";

const ACCOUNTS = "/api/v1/test-extensions";

/** Finds the server that runs on the data directory, and puts together what checks need. */
export async function openCheckContext(
  shell: Shell,
  { config, faults }: LenientConfig,
  options: ConfigOptions,
  language: Language,
  build: BuildServer,
): Promise<CheckContext> {
  const server = await findRunning(shell, config, options);
  const served = server === null ? config : readServedConfig(config);
  return {
    ...describeShell(shell, served, options, language),
    configFaults: [
      ...faults,
      ...await findDoorFault(shell, config, options),
    ],
    isServing: false,
    server,
    startTemporary: () => startTemporaryServer(config, build),
  };
}

/** A page that everybody could reach and take for himself: `serve` would refuse to start. */
async function findDoorFault(
  shell: Shell,
  config: Config,
  options: ConfigOptions,
): Promise<ConfigFault[]> {
  if (config.http === null || isLoopback(config.http.host)) return [];
  const { findOpenDoor } = await import("./serve_access.ts");
  try {
    const fault = findOpenDoor(shell, config, options);
    if (fault === null) return [];
    const { message: what, hint } = fault;
    const where = nameConfigFile(shell, options);
    return [{ where, path: "http", what, hint }];
  } catch {
    // who may not read the data cannot know
    return [];
  }
}

/** The same for a server that checks itself. */
export function ownCheckContext(
  shell: Shell,
  config: Config,
  options: ConfigOptions,
  language: Language,
  server: RunningServer,
): CheckContext {
  return {
    ...describeShell(shell, config, options, language),
    isServing: true,
    server,
    startTemporary: () => Promise.reject(new Error("the server is running")),
  };
}

function describeShell(
  shell: Shell,
  config: Config,
  options: ConfigOptions,
  language: Language,
): Omit<CheckContext, "server" | "isServing" | "startTemporary"> {
  return {
    config,
    configFaults: [],
    configFile: findConfigFile(shell, options),
    language,
    isRoot: shell.isRoot,
    spell: (words) => spellCommand(shell, words, options),
  };
}

/** "" where there is none. */
function findConfigFile(shell: Shell, options: ConfigOptions): string {
  const file = nameConfigFile(shell, options);
  try {
    return file !== USUAL_FILE || Deno.statSync(file).isFile ? file : "";
  } catch {
    return "";
  }
}

/** What is told to somebody who may not look into the data directory. */
export function noPermission(dataDir: string, command: string): OperatorError {
  const hint = `Run it as root: sudo ${command}`;
  return new OperatorError(`No permission for \`${dataDir}\``, hint, 1);
}

/** Null where no server runs there. */
async function findRunning(
  shell: Shell,
  config: Config,
  options: ConfigOptions,
): Promise<RunningServer | null> {
  const { dataDir } = config;
  let pid: number;
  try {
    pid = findServerPid(dataDir);
  } catch (error) {
    if (!(error instanceof Deno.errors.PermissionDenied)) throw error;
    throw noPermission(dataDir, spellCommand(shell, "selftest", options));
  }
  if (pid === 0) return null;
  try {
    const status = await askServer(dataDir, "/api/v1/status");
    if (status === undefined) return null;
    if (isServerStatus(status)) {
      const listen = readAddresses(status.sip.listen);
      return { pid, listen, ...accountsOf(dataDir), listPhones };
    }
    return unasked(pid, await findListen(pid, config), "another version");
  } catch (error) {
    const listen = await findListen(pid, config);
    // The number of a server that crashed may be another program's by now.
    if (listen.length === 0) return null;
    const isOff = readServerFile(dataDir)?.http === null;
    return unasked(pid, listen, isOff ? "HTTP: off" : messageOf(error));
  }

  async function listPhones(): Promise<readonly RegisteredPhone[]> {
    return readPhones(await askServer(dataDir, "/api/v1/extensions"));
  }
}

function accountsOf(
  dataDir: string,
): Pick<RunningServer, "addAccount" | "removeAccount"> {
  return {
    addAccount: async () => {
      const made = await sendServer(dataDir, "POST", ACCOUNTS);
      const account = readAccount(made);
      if (account === null) throw new Error("another version");
      return account;
    },
    removeAccount: async (number) => {
      const path = `${ACCOUNTS}/${encodeURIComponent(number)}`;
      await sendServer(dataDir, "DELETE", path);
    },
  };
}

function unasked(
  pid: number,
  listen: readonly Address[],
  cause: string,
): RunningServer {
  const refuse = () => Promise.reject(new Error(cause));
  return {
    pid,
    listen,
    addAccount: refuse,
    removeAccount: () => Promise.resolve(),
    listPhones: refuse,
  };
}

/** Where a process serves SIP: what it holds over UDP and over TCP. */
async function findListen(
  pid: number,
  config: Config,
): Promise<readonly Address[]> {
  const sockets = await listSocketsOf(pid);
  const found = sockets.filter(({ transport, host, port }) =>
    transport === "udp" &&
    sockets.some((other) =>
      other.transport === "tcp" && other.host === host && other.port === port
    )
  );
  if (found.length > 0) return found.map(({ host, port }) => ({ host, port }));
  return isVisible(pid) ? [] : config.sip;
}

/** Whether this process may see which sockets that one has. */
function isVisible(pid: number): boolean {
  try {
    Deno.readLinkSync(`/proc/${pid}/fd/0`);
    return true;
  } catch (error) {
    return error instanceof Deno.errors.NotFound;
  }
}

function readAccount(value: unknown): TestAccount | null {
  const { number, password } = (value ?? {}) as Record<string, unknown>;
  return typeof number === "string" && typeof password === "string"
    ? { number, password }
    : null;
}

function readPhones(value: unknown): RegisteredPhone[] {
  if (!Array.isArray(value)) return [];
  return (value as { number?: unknown; bindings?: unknown }[]).flatMap(
    ({ number, bindings }) => {
      if (typeof number !== "string" || !Array.isArray(bindings)) return [];
      return (bindings as { source?: unknown }[]).map(({ source: from }) => {
        const source = typeof from === "string" ? from : "";
        return { number, source, local: "" };
      });
    },
  );
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
