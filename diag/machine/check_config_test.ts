import assert from "node:assert/strict";
import { judgeConfig } from "./check_config.ts";

const READING = {
  faults: [],
  file: "",
  dataDir: "/var/lib/pbx",
  files: { soft: 1024, hard: 524288 },
  connections: 1024,
  unit: "",
};
const keys = (finding: ReturnType<typeof judgeConfig>) =>
  finding.details.map(({ key }) => key);

Deno.test("judgeConfig() fails for each fault, with how to write it", () => {
  const fault = {
    where: "/etc/pbx/pbx.toml:3",
    path: "sip[0]",
    what: "`5060` has no address",
    hint: 'Write `sip = ["0.0.0.0:5060"]`',
  };
  const faults = [fault, { ...fault, path: "htp", hint: "" }];
  const finding = judgeConfig({ ...READING, faults });
  assert.equal(finding.state, "fail");
  assert.deepEqual(keys(finding), ["config-fault", "config-fault"]);
  assert.deepEqual(finding.remedies.map(({ values }) => values["hint"]), [
    fault.hint,
  ]);
});

Deno.test("judgeConfig() has nothing against the usual limit", () => {
  const finding = judgeConfig(READING);
  assert.equal(finding.state, "pass");
  assert.deepEqual(keys(finding), [
    "config-defaults",
    "config-data",
    "config-files",
  ]);
  assert.equal(
    keys(judgeConfig({ ...READING, file: "a.toml" }))[0],
    "config-file",
  );
  assert.equal(judgeConfig({ ...READING, files: null }).state, "pass");
});

Deno.test("judgeConfig() warns of too few files, and names the unit's setting", () => {
  const files = { soft: 256, hard: 524288 };
  const byHand = judgeConfig({ ...READING, files });
  assert.equal(byHand.state, "warn");
  assert.deepEqual(byHand.remedies, [
    { key: "config-fix-shell", values: { needed: 1088 } },
  ]);
  const byUnit = judgeConfig({ ...READING, files, unit: "pbx.service" });
  assert.equal(byUnit.remedies[0]?.key, "config-fix-unit");
  assert.equal(judgeConfig({ ...READING, connections: 4096 }).state, "warn");
});
