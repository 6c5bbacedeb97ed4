/**
 * What units are written from in tests.
 * @module
 */

import { type Config, resolveConfig } from "../../pbx/config.ts";
import { makeUnitModel, type UnitModel } from "./unit_model.ts";

/** The configuration of a service that nobody told anything. */
export function sampleConfig(part: Partial<Config> = {}): Config {
  const result = resolveConfig({
    options: {},
    environment: {},
    file: null,
    isRoot: true,
  });
  if ("faults" in result) throw new Error("the defaults have faults");
  return { ...result.config, ...part };
}

/** The model of its units. */
export function sampleModel(
  part: Partial<Config> = {},
  more: Partial<UnitModel> = {},
): UnitModel {
  const model = makeUnitModel({
    config: sampleConfig(part),
    program: "/usr/local/bin/pbx",
    configFile: null,
    isDataNamed: false,
    environment: [],
  });
  return { ...model, ...more };
}

/** The values of a setting, in order; a unit has no lines that go on. */
export function valuesOf(unit: string, name: string): string[] {
  return unit.split("\n")
    .filter((line) => line.startsWith(`${name}=`))
    .map((line) => line.slice(name.length + 1));
}
