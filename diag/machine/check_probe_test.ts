import assert from "node:assert/strict";
import {
  judgeLoopback,
  judgeRegister,
  type Probe,
  type RegistrationOutcome,
} from "./check_probe.ts";

const PROBE: Probe = {
  transport: "udp",
  host: "127.0.0.1",
  port: 5060,
  ms: 1.234,
  failure: "",
};
const NONE = { kind: "none" } as const;

Deno.test("judgeLoopback() passes answers and says which server gave them", () => {
  const finding = judgeLoopback([PROBE], NONE, "pbx serve");
  assert.equal(finding.state, "pass");
  assert.deepEqual(finding.details[0]?.values, {
    transport: "UDP",
    address: "127.0.0.1:5060",
    ms: 1.2,
  });
  const substitute = judgeLoopback([PROBE], { kind: "down" }, "");
  assert.deepEqual(substitute.details.map(({ key }) => key), [
    "temporary",
    "loopback-answered",
  ]);
});

Deno.test("judgeLoopback() fails where one transport is silent", () => {
  const silent = { ...PROBE, transport: "tcp" as const, ms: -1 };
  const finding = judgeLoopback([PROBE, silent], NONE, "pbx serve");
  assert.equal(finding.state, "fail");
  assert.equal(finding.details[0]?.key, "loopback-silent");
  assert.deepEqual(finding.remedies, [
    { key: "fix-restart", values: { command: "pbx serve" } },
  ]);
  const refused = { ...silent, failure: "ECONNREFUSED" };
  const other = judgeLoopback([refused], { kind: "down" }, "");
  assert.equal(other.details[0]?.key, "loopback-failed");
  assert.deepEqual(other.remedies, []);
});

Deno.test("judgeRegister() passes only a registration that came and went", () => {
  const outcomes: [RegistrationOutcome, string][] = [
    [{ kind: "silent", step: "REGISTER" }, "register-silent"],
    [
      { kind: "refused", step: "REGISTER", status: 403, reason: "Forbidden" },
      "register-refused",
    ],
    [{ kind: "no-challenge" }, "register-no-challenge"],
    [{ kind: "no-contact" }, "register-no-contact"],
    [{ kind: "kept" }, "register-kept"],
    [{ kind: "not-started", cause: "disk full" }, "register-not-started"],
  ];
  for (const [outcome, key] of outcomes) {
    const finding = judgeRegister(outcome, NONE, "pbx serve");
    assert.equal(finding.state, "fail");
    assert.deepEqual(finding.details.map((phrase) => phrase.key), [key]);
  }
  const substitute = { kind: "unasked", cause: "HTTP: off" } as const;
  const done = judgeRegister({ kind: "done", ms: 12.3 }, substitute, "");
  assert.equal(done.state, "pass");
  assert.deepEqual(done.details, [
    { key: "unasked", values: { cause: "HTTP: off" } },
    { key: "register-done", values: { ms: 12 } },
  ]);
});
