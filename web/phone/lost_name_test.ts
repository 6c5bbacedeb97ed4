import assert from "node:assert/strict";
import {
  type CheckResult,
  FindingNotes,
  say,
} from "../../diag/machine/check_finding.ts";
import { findLostNames, viewLostName } from "./lost_name.ts";

function check(...notes: ReturnType<typeof say>[]): CheckResult[] {
  const collected = new FindingNotes();
  for (const note of notes) collected.add("fail", note);
  const { finding } = collected;
  return [
    { id: "clock", finding: new FindingNotes().finding, durationMs: 1 },
    { id: "dns", finding, durationMs: 1 },
  ];
}

Deno.test("findLostNames() knows what the check of names found wrong", () => {
  assert.deepEqual(findLostNames(null), []);
  const fine = say("dns-right", { name: "a.test", addresses: "192.0.2.7" });
  const silent = say("dns-silent", { name: "a.test", error: "no answer" });
  assert.deepEqual(findLostNames(check(fine, silent)), []);
  const nowhere = say("dns-no-address", { name: "b.test", error: "" });
  const wrong = say("dns-wrong", {
    name: "c.test",
    addresses: "198.51.100.9, 2001:db8::9",
    own: "192.0.2.7",
  });
  const lost = findLostNames(check(fine, nowhere, wrong));
  assert.deepEqual(lost, [
    { name: "b.test", addresses: "" },
    { name: "c.test", addresses: "198.51.100.9, 2001:db8::9" },
  ]);
  assert.deepEqual(viewLostName(lost[1]!).ipv4, ["198.51.100.9"]);
  assert.deepEqual(viewLostName(lost[1]!).ipv6, ["2001:db8::9"]);
  assert.deepEqual(viewLostName(lost[0]!).ipv4, []);
});
