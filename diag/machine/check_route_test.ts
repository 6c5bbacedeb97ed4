import assert from "node:assert/strict";
import { judgeRoute, type PhoneRoute } from "./check_route.ts";

const OUT = { host: "192.0.2.1" };
const PHONE: PhoneRoute = {
  number: "1001",
  host: "198.51.100.7",
  local: "",
  route: OUT,
};

Deno.test("judgeRoute() passes where every phone can be reached", () => {
  const finding = judgeRoute(OUT, [PHONE, { ...PHONE, local: OUT.host }]);
  assert.equal(finding.state, "pass");
  assert.deepEqual(finding.details.map(({ key, values }) => [key, values]), [
    ["route-internet", { host: "192.0.2.1" }],
    ["route-phones", { count: 2 }],
  ]);
});

Deno.test("judgeRoute() warns where there is no way out, or another source", () => {
  const alone = judgeRoute({ failure: "ENETUNREACH" }, []);
  assert.equal(alone.state, "warn");
  assert.equal(alone.remedies[0]?.key, "route-fix-default");
  const other = judgeRoute(OUT, [{ ...PHONE, local: "192.0.2.2" }]);
  assert.equal(other.state, "warn");
  assert.equal(other.details[0]?.key, "route-other");
});

Deno.test("judgeRoute() fails for a phone without a way, and skips what nobody can read", () => {
  const lost = { ...PHONE, route: { failure: "ENETUNREACH" } };
  const finding = judgeRoute(OUT, [lost, PHONE]);
  assert.equal(finding.state, "fail");
  assert.deepEqual(finding.details[0]?.values, {
    number: "1001",
    host: "198.51.100.7",
    cause: "ENETUNREACH",
  });
  assert.equal(judgeRoute(null, []).state, "skip");
});
