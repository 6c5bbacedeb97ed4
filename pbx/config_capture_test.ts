/**
 * The switch of the capture in every layer of the configuration.
 * @module
 */

import assert from "node:assert/strict";
import { formatFaults, resolveConfig } from "./config.ts";
import { readConfigFile } from "./config_file.ts";

function resolve(toml: string, variable = "") {
  return resolveConfig({
    options: {},
    environment: { HOME: "/home/ann", PBX_CAPTURE: variable },
    file: toml === "" ? null : readConfigFile("/etc/pbx/pbx.toml", toml),
    isRoot: false,
  });
}

function isOn(toml: string, variable = ""): boolean {
  const result = resolve(toml, variable);
  if ("faults" in result) assert.fail(formatFaults(result.faults));
  return result.config.capture;
}

Deno.test("resolveConfig() lets the card be looked at unless somebody says no", () => {
  assert.equal(isOn(""), true);
  assert.equal(isOn("capture = true"), true);
  assert.equal(isOn("capture = false"), false);
});

Deno.test("resolveConfig() takes the switch from the environment first", () => {
  for (const word of ["false", "no", "off", "0", "False"]) {
    assert.equal(isOn("capture = true", word), false, word);
  }
  for (const word of ["true", "yes", "on", "1"]) {
    assert.equal(isOn("capture = false", word), true, word);
  }
});

Deno.test("resolveConfig() refuses what is neither on nor off", () => {
  const table: readonly (readonly [string, string, object])[] = [
    ["capture = 0", "", {
      where: "/etc/pbx/pbx.toml:1",
      path: "capture",
      what: "`0` is neither true nor false",
      hint: "Write `capture = true`",
    }],
    ['capture = "no"', "", {
      where: "/etc/pbx/pbx.toml:1",
      path: "capture",
      what: "`no` is neither true nor false",
      hint: "Write `capture = true`",
    }],
    ["", "never", {
      where: "PBX_CAPTURE",
      path: "capture",
      what: "`never` is neither true nor false",
      hint: "Write `PBX_CAPTURE=true`",
    }],
  ];
  for (const [toml, variable, fault] of table) {
    const result = resolve(toml, variable);
    assert.ok("faults" in result, toml + variable);
    assert.deepEqual(result.faults, [fault]);
  }
});
