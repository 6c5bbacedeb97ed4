/**
 * Reads the configuration file, if there is one, and puts it under the environment and the
 * options. A file that was asked for must exist; the usual one may be missing.
 * @module
 */

import {
  type Config,
  type ConfigFile,
  formatFaults,
  resolveConfig,
} from "../../pbx/config.ts";
import type { ConfigFault } from "../../pbx/config_layer.ts";
import { OperatorError } from "../../pbx/operator_error.ts";
import type { Shell } from "./shell.ts";

export const USUAL_FILE = "/etc/pbx/pbx.toml";

/** The options that are configuration, under commander's names. */
export interface ConfigOptions {
  readonly config?: string | undefined;
  readonly data?: string | undefined;
  readonly sip?: readonly string[] | undefined;
  readonly http?: string | undefined;
  readonly domain?: readonly string[] | undefined;
  readonly publicAddress?: string | undefined;
  readonly rtp?: string | undefined;
  readonly logLevel?: string | undefined;
  readonly logFormat?: string | undefined;
}

/** For whom it is read. */
type Asker = Pick<Shell, "environment" | "isRoot">;

/** Gives the configuration or throws an `OperatorError` that names every fault (exit code 78). */
export async function loadConfig(
  shell: Asker,
  options: ConfigOptions,
): Promise<Config> {
  const result = await readConfig(shell, options);
  if ("config" in result) return result.config;
  throw new OperatorError(formatFaults(result.faults).trimEnd(), "", 78);
}

/** Gives the configuration or all its faults; throws where the file cannot be read at all. */
async function readConfig(
  shell: Asker,
  options: ConfigOptions,
): Promise<ReturnType<typeof resolveConfig>> {
  const { config: _file, ...rest } = options;
  return resolveConfig({
    options: rest,
    environment: shell.environment,
    file: await readFile(options.config ?? shell.environment["PBX_CONFIG"]),
    isRoot: shell.isRoot,
  });
}

/** A configuration, and what is wrong with it. */
export interface LenientConfig {
  /** Where there are faults: what applies without the file and the environment. */
  readonly config: Config;
  readonly faults: readonly ConfigFault[];
}

/** For commands that find faults out: they go on with a configuration that has some. */
export async function loadLeniently(
  shell: Shell,
  options: ConfigOptions,
): Promise<LenientConfig> {
  const read = await readConfig(shell, options);
  if ("config" in read) return { config: read.config, faults: [] };
  return { config: fallBackConfig(shell, options), faults: read.faults };
}

/** The configuration that applies where the file and the environment are left out of account. */
function fallBackConfig(shell: Shell, options: ConfigOptions): Config {
  const names = ["HOME", "XDG_DATA_HOME", "STATE_DIRECTORY", "PBX_DATA"];
  const environment = Object.fromEntries(
    names.map((name) => [name, shell.environment[name]]),
  );
  const { data } = options;
  const result = resolveConfig({
    options: { data },
    environment,
    file: null,
    isRoot: shell.isRoot,
  });
  if ("config" in result) return result.config;
  throw new OperatorError(formatFaults(result.faults).trimEnd(), "", 78);
}

/** The file that is read, or would be where there is one. */
export function nameConfigFile(shell: Shell, options: ConfigOptions): string {
  return options.config || shell.environment["PBX_CONFIG"] || USUAL_FILE;
}

async function readFile(
  wanted: string | undefined,
): Promise<ConfigFile | null> {
  const path = wanted || USUAL_FILE;
  let text: string;
  try {
    text = Deno.readTextFileSync(path);
  } catch (error) {
    if (
      !wanted &&
      (error instanceof Deno.errors.NotFound ||
        error instanceof Deno.errors.NotADirectory)
    ) {
      return null;
    }
    throw describeReadError(path, error);
  }
  const { readConfigFile } = await import("../../pbx/config_file.ts");
  return readConfigFile(path, text);
}

function describeReadError(path: string, error: unknown): OperatorError {
  if (error instanceof Deno.errors.NotFound) {
    return new OperatorError(
      `Cannot read the configuration \`${path}\`: there is no such file`,
      "Correct the path behind `--config` (or `PBX_CONFIG`), or leave it out to run with the defaults",
      78,
    );
  }
  if (error instanceof Deno.errors.PermissionDenied) {
    return new OperatorError(
      `Cannot read the configuration \`${path}\`: permission denied`,
      "Run the command as root or as the user of the service, or name another file with `--config`",
      78,
    );
  }
  return new OperatorError(
    `Cannot read the configuration \`${path}\`: ${
      error instanceof Error ? error.message : error
    }`,
    "Name a readable text file behind `--config`",
    78,
  );
}
