import assert from "node:assert/strict";
import { parseUnitState } from "./unit_state.ts";

const show = (values: Record<string, string>) =>
  Object.entries(values).map(([name, value]) => `${name}=${value}\n`).join("");

Deno.test("parseUnitState() reads a unit that runs, and one that was killed", () => {
  assert.deepEqual(
    parseUnitState(show({
      LoadState: "loaded",
      ActiveState: "active",
      Result: "success",
      ExecMainCode: "0",
      ExecMainStatus: "0",
    })),
    { state: "active", result: "", exitCode: null },
  );
  assert.deepEqual(
    parseUnitState(show({
      LoadState: "loaded",
      ActiveState: "failed",
      Result: "signal",
      ExecMainCode: "2",
      ExecMainStatus: "9",
    })),
    { state: "failed", result: "signal", exitCode: null },
  );
});

Deno.test("parseUnitState() knows nothing of a unit that is not there", () => {
  const text = show({ LoadState: "not-found", ActiveState: "inactive" });
  assert.deepEqual(parseUnitState(text), {
    state: "",
    result: "",
    exitCode: null,
  });
  assert.deepEqual(parseUnitState(""), {
    state: "",
    result: "",
    exitCode: null,
  });
});
