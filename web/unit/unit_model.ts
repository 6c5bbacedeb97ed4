/**
 * What the two units say, as it follows from the configuration; and what cannot be said, because
 * the service of such a unit could not run.
 * @module
 */

import { isAbsolute, normalize } from "node:path/posix";
import type { Config, TlsFiles } from "../../pbx/config.ts";
import type { Address } from "../../pbx/config_value.ts";
import { OperatorError } from "../../pbx/operator_error.ts";
import { escapeText } from "../../pbx/quoted.ts";
import { isOneLine } from "./unit_word.ts";

/** What the units are written from. Every path is absolute. */
export interface UnitModel {
  readonly program: string;
  /** Those of `serve`. */
  readonly arguments: readonly string[];
  /** Variables that are configuration. */
  readonly environment: readonly (readonly [string, string])[];
  /** Below `/var/lib`; its owner is the user of the service. */
  readonly stateDirectory: string;
  /** Where the data is instead; null: in the state directory. */
  readonly dataDir: string | null;
  /** A configuration in a folder that is hidden from services. */
  readonly hiddenFile: string | null;
  /** Those whose port is known. */
  readonly sip: readonly Address[];
  readonly capture: boolean;
  /** Whether a port is opened that is not for everybody. */
  readonly hasLowPort: boolean;
  readonly tls: TlsFiles | null;
  /** Files that may be open at the same time. */
  readonly files: number;
}

/** What is known besides the configuration. */
export interface UnitQuestion {
  readonly config: Config;
  readonly program: string;
  /** Null: the usual one, which the server finds by itself. */
  readonly configFile: string | null;
  /** Whether the data directory was named by an option. */
  readonly isDataNamed: boolean;
  readonly environment: readonly (readonly [string, string])[];
}

const STATE = "/var/lib/";
const USUAL_DIRECTORY = "pbx";
/** Folders that services do not see, or see empty. */
const HIDDEN = /^\/(?:home|root|run\/user|tmp|var\/tmp)(?:\/|$)/;
/** Folders that belong to somebody else: a folder of the root, a user's home. */
const FOREIGN = /^\/[^/]*$|^\/home\/[^/]+$|^\/(?:etc|proc|sys|dev|usr)\//;
const LOWEST_FREE_PORT = 1024;
const USUAL_FILES = 65_536;
/** Database, programs, pages. */
const OTHER_FILES = 4096;

/** Throws an `OperatorError` (exit code 78) where such a service could not run. */
export function makeUnitModel(question: UnitQuestion): UnitModel {
  const { config, program, configFile } = question;
  const { dataDir, http, rtp, sip, tls } = config;
  const stateDirectory = stateDirectoryOf(dataDir);
  if (stateDirectory === null) requireOwnFolder(dataDir);
  requireWhole(program, "--program /usr/local/bin/pbx");
  requireWhole(configFile ?? "/", "--config /etc/pbx/pbx.toml");
  for (const file of tls === null ? [] : [tls.certificate, tls.key]) {
    requireWhole(file, 'key = "/etc/pbx/privkey.pem"');
  }
  return {
    program,
    arguments: [
      ...(configFile === null ? [] : ["--config", configFile]),
      ...(question.isDataNamed ? ["--data", trim(dataDir)] : []),
    ],
    environment: question.environment,
    stateDirectory: stateDirectory ?? USUAL_DIRECTORY,
    dataDir: stateDirectory === null ? trim(dataDir) : null,
    hiddenFile: HIDDEN.test(configFile ?? "") ? configFile : null,
    sip: sip.filter(({ port }) => port > 0),
    capture: config.capture,
    hasLowPort: [http?.port ?? 0, rtp.first].some((port) =>
      port > 0 && port < LOWEST_FREE_PORT
    ),
    tls,
    files: Math.max(
      USUAL_FILES,
      config.tcpConnections + rtp.last - rtp.first + 1 + OTHER_FILES,
    ),
  };
}

/** The name below `/var/lib`; null where it is elsewhere. */
function stateDirectoryOf(dataDir: string): string | null {
  const path = trim(dataDir);
  if (!path.startsWith(STATE)) return null;
  // what systemd itself shows the folder by
  const name = path.slice(STATE.length).replace(/^private\//, "");
  return /^[\w.@+-]+(?:\/[\w.@+-]+)*$/.test(name) ? name : null;
}

function requireOwnFolder(dataDir: string): void {
  requireWhole(dataDir, 'data = "/var/lib/pbx"');
  if (!FOREIGN.test(trim(dataDir))) return;
  throw new OperatorError(
    `\`${dataDir}\` cannot hold the data of the service: it would belong to its user`,
    `Name a folder that nobody else uses, or leave \`data\` out: ${STATE}pbx`,
    78,
  );
}

function requireWhole(path: string, example: string): void {
  if (isAbsolute(path) && isOneLine(path)) return;
  throw new OperatorError(
    `\`${escapeText(path)}\` cannot stand in a unit of systemd`,
    `Write the whole path, such as: ${example}`,
    78,
  );
}

function trim(path: string): string {
  return normalize(path).replace(/(?<=.)\/$/, "");
}
