import assert from "node:assert/strict";
import type { NameView } from "../scene.ts";
import { type DnsReading, judgeDns } from "./check_dns.ts";

const NAME: NameView = {
  name: "pbx.example",
  isAsked: true,
  ipv4: ["192.0.2.1"],
  ipv6: [],
  services: [],
  error: "",
};
const READING: DnsReading = {
  names: [NAME],
  localAddresses: ["127.0.0.1", "192.0.2.1", "fe80::1"],
  publicAddress: "",
  listen: [{ host: "0.0.0.0", port: 5060 }],
};

function judge(
  name: Partial<NameView>,
  reading: Partial<DnsReading> = {},
) {
  const { state, details, remedies } = judgeDns({
    ...READING,
    ...reading,
    names: [{ ...NAME, ...name }],
  });
  return {
    state,
    details: details.map(({ key }) => key),
    remedies: remedies.map(({ key }) => key),
  };
}

Deno.test("judgeDns() passes a name that leads here, also through a router", () => {
  assert.deepEqual(judge({}), {
    state: "pass",
    details: ["dns-right"],
    remedies: [],
  });
  const behind = {
    localAddresses: ["10.0.0.2"],
    publicAddress: "203.0.113.9",
  };
  assert.equal(judge({ ipv4: ["203.0.113.9"] }, behind).state, "pass");
});

Deno.test("judgeDns() fails for a wrong address and for none", () => {
  assert.deepEqual(judge({ ipv4: ["192.0.2.1", "192.0.2.7"] }), {
    state: "fail",
    details: ["dns-wrong"],
    remedies: ["dns-fix-record"],
  });
  assert.deepEqual(judge({ ipv4: [], error: "no address record" }), {
    state: "fail",
    details: ["dns-no-address"],
    remedies: ["dns-fix-make"],
  });
  // A loopback address is ours, but nobody outside gets here by it.
  assert.equal(judge({ ipv4: ["127.0.0.1"] }).state, "fail");
});

Deno.test("judgeDns() only warns where a router may stand in front, or nobody answers", () => {
  const inside = { localAddresses: ["10.0.0.2"] };
  assert.deepEqual(judge({ ipv4: ["203.0.113.9"] }, inside), {
    state: "warn",
    details: ["dns-behind"],
    remedies: ["dns-fix-public"],
  });
  assert.equal(judge({ ipv4: ["10.0.0.9"] }, inside).state, "fail");
  const silent = judge({ ipv4: [], isAsked: false, error: "no answer" });
  assert.equal(silent.state, "warn");
  assert.deepEqual(silent.details, ["dns-silent"]);
});

Deno.test("judgeDns() warns of an IPv6 address where nothing listens", () => {
  const ipv6 = ["2001:db8::1"];
  assert.deepEqual(judge({ ipv6 }), {
    state: "warn",
    details: ["dns-ipv6", "dns-right"],
    remedies: ["dns-fix-ipv6"],
  });
  const listen = [...READING.listen, { host: "::", port: 5060 }];
  const localAddresses = ["192.0.2.1", "2001:db8::1"];
  assert.equal(judge({ ipv6 }, { listen, localAddresses }).state, "pass");
  assert.equal(judge({ ipv6 }, { listen }).state, "fail");
  assert.equal(judge({ ipv4: [], ipv6 }).state, "fail");
});

Deno.test("judgeDns() warns of an SRV record with another port", () => {
  const service = (port: number) => ({
    transport: "udp" as const,
    target: "pbx.example",
    port,
  });
  assert.equal(judge({ services: [service(5060)] }).state, "pass");
  assert.deepEqual(judge({ services: [service(5080)] }).remedies, [
    "dns-fix-service",
  ]);
});

Deno.test("judgeDns() skips where no name is configured", () => {
  const finding = judgeDns({ ...READING, names: [] });
  assert.equal(finding.state, "skip");
});
