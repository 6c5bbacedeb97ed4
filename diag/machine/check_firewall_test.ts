import assert from "node:assert/strict";
import type { FirewallFlow } from "../scene.ts";
import { judgeFirewallView } from "./check_firewall.ts";

const FLOW: FirewallFlow = {
  direction: "in",
  transport: "udp",
  first: 5060,
  last: 5060,
  source: "",
  outcome: "accept",
  rule: "",
  packets: -1,
  recentPackets: -1,
  command: "",
};
const view = (...flows: Partial<FirewallFlow>[]) => ({
  tool: "nft",
  unreadable: "",
  flows: flows.map((flow) => ({ ...FLOW, ...flow })),
});

Deno.test("judgeFirewallView() passes what nothing stops", () => {
  const finding = judgeFirewallView(
    view({}, { first: 10000, last: 19999 }, { direction: "out" }),
  );
  assert.equal(finding.state, "pass");
  assert.deepEqual(finding.details, [{
    key: "firewall-open",
    values: { flows: "UDP 5060, UDP 10000-19999, → UDP 5060" },
  }]);
});

Deno.test("judgeFirewallView() names the rule and the command", () => {
  const finding = judgeFirewallView(
    view({}, {
      transport: "tcp",
      outcome: "reject",
      rule: "inet filter input: policy drop",
      command: "nft add rule …",
    }),
  );
  assert.equal(finding.state, "fail");
  assert.deepEqual(finding.details[0]?.values, {
    flow: "TCP 5060",
    rule: "inet filter input: policy drop",
  });
  assert.deepEqual(finding.remedies, [
    { key: "firewall-fix", values: { command: "nft add rule …" } },
  ]);
});

Deno.test("judgeFirewallView() warns of what it cannot tell, and skips what it cannot read", () => {
  const unsure = judgeFirewallView(view({ outcome: "unknown", rule: "x" }));
  assert.equal(unsure.state, "warn");
  const blind = judgeFirewallView({
    ...view({ outcome: "unknown" }),
    unreadable: "needs root: sudo pbx selftest firewall",
  });
  assert.equal(blind.state, "skip");
  assert.equal(blind.details.length, 1);
});
