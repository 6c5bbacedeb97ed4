/**
 * `pbx unit`: the units of systemd, as the configuration wants them. Printed, never written, so
 * that whoever installs decides where they go.
 * @module
 */

import { resolve } from "node:path";
import type { Config } from "../../pbx/config.ts";
import { CONFIG_VARIABLES, variableOf } from "../../pbx/config_layer.ts";
import { OperatorError } from "../../pbx/operator_error.ts";
import { writeServiceUnit } from "../unit/service_unit.ts";
import { writeSocketUnit } from "../unit/socket_unit.ts";
import { makeUnitModel } from "../unit/unit_model.ts";
import { loadConfig } from "./load_config.ts";
import { printJson, type Shell } from "./shell.ts";

export interface UnitOptions {
  readonly config?: string | undefined;
  readonly data?: string | undefined;
  readonly program: string;
  /** Left out: what the configuration says. */
  readonly capture?: boolean | undefined;
  readonly json?: true | undefined;
}

/** Prints one unit, or both as JSON; throws an `OperatorError` where the service could not run. */
export async function showUnit(
  shell: Shell,
  kind: "service" | "socket",
  options: UnitOptions,
): Promise<number> {
  const file = options.config ?? (shell.environment["PBX_CONFIG"] || undefined);
  const configFile = file === undefined ? null : resolve(file);
  const data = options.data ?? shell.environment["PBX_DATA"];
  const config = await loadConfig(
    // the service is who counts, not who asks
    { environment: shell.environment, isRoot: true },
    {
      config: configFile ?? undefined,
      data: data ? resolve(data) : undefined,
    },
  );
  const model = makeUnitModel({
    config: choose(config, options),
    program: resolve(options.program),
    configFile,
    isDataNamed: Boolean(data),
    environment: repeatEnvironment(shell, options),
  });
  const socket = writeSocketUnit(model);
  if (options.json) {
    printJson(shell, { service: writeServiceUnit(model), socket });
  } else if (kind === "service") shell.print(writeServiceUnit(model));
  else if (socket !== null) shell.print(socket);
  else throw noPorts();
  return 0;
}

function choose(config: Config, { capture }: UnitOptions): Config {
  return capture === undefined ? config : { ...config, capture };
}

/** The configuration of this shell's environment, which the service would not have otherwise. */
function repeatEnvironment(
  { environment }: Shell,
  { capture }: UnitOptions,
): [string, string][] {
  const switched = variableOf("capture");
  const pairs = CONFIG_VARIABLES.flatMap((name): [string, string][] => {
    const value = environment[name]?.trim() ?? "";
    // these two are arguments of the command
    const isArgument = name === variableOf("data");
    return value === "" || isArgument ? [] : [[name, value]];
  });
  if (capture === undefined) return pairs;
  return [
    ...pairs.filter(([name]) => name !== switched),
    [switched, `${capture}`],
  ];
}

function noPorts(): OperatorError {
  return new OperatorError(
    "There is no port that a socket unit could hold: the system chooses it at each start",
    'Name one in the configuration: `sip = ["0.0.0.0:5060"]`',
    78,
  );
}
