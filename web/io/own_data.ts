/**
 * On a machine where the service runs, its data is for root. Somebody else who runs a command that
 * works on data would be told of data of his own that are not there, or make them: he is told to use
 * sudo. Who names a directory, or has data of his own, is left alone.
 * @module
 */

import type { Config } from "../../pbx/config.ts";
import { OperatorError } from "../../pbx/operator_error.ts";
import type { DataOptions } from "../terminal/invocation.ts";
import { type ConfigOptions, loadLeniently } from "./load_config.ts";
import { type Shell, spellCommand } from "./shell.ts";

const SERVICE_DATA = "/var/lib/pbx";
const SERVICE_UNIT = "/etc/systemd/system/pbx.service";
const SERVICE = [SERVICE_DATA, SERVICE_UNIT];

/** The commands that need no data, or make their own on purpose. */
const FREE: ReadonlySet<string> = new Set([
  "serve",
  "selftest",
  "explain",
  "unit",
  "verify",
  "version",
  "completion",
  "upgrade",
]);

/** Throws an `OperatorError` where the data is the service's and this user is somebody else. */
export async function requireOwnData(
  shell: Shell,
  command: string,
  options: ConfigOptions,
): Promise<void> {
  if (FREE.has(command) || options.data !== undefined) return;
  if (!SERVICE.some(isThere)) return;
  const { config } = await loadLeniently(shell, options);
  if (isThere(config.dataDir)) return;
  throw new OperatorError(
    `The data of the service is in \`${SERVICE_DATA}\`, and only root may see it`,
    `Run it with sudo: sudo ${shell.typed}`,
  );
}

/** What starts the server that somebody looked for in vain. */
export function hintStart(
  shell: Shell,
  config: Config,
  options: DataOptions,
): string {
  return config.dataDir === SERVICE_DATA && isThere(SERVICE_UNIT)
    ? "Start it: systemctl start pbx; where it does not come up: journalctl -u pbx -n 20"
    : `Start one: ${spellCommand(shell, "serve", options)}`;
}

/** Where nobody may look, somebody else has something. */
function isThere(path: string): boolean {
  try {
    Deno.lstatSync(path);
    return true;
  } catch (error) {
    return error instanceof Deno.errors.PermissionDenied;
  }
}
