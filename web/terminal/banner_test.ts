/**
 * The first lines of a server.
 * @module
 */

import assert from "node:assert/strict";
import { describeStartup, type Startup } from "./banner.ts";

const STARTUP: Startup = {
  version: "0.1.0",
  invocation: "npx -y deno@2.9.6 run -A main.ts",
  sip: [{ host: "0.0.0.0", port: 5060 }],
  http: "127.0.0.1:8060",
  dataDir: "/srv/pbx",
  dataOptions: " --data /srv/pbx",
  extensions: 0,
  registrations: 0,
  localAddresses: ["127.0.0.1", "192.0.2.7", "fe80::1", "2001:db8::7"],
};

Deno.test("describeStartup() says where it listens and what to type next", () => {
  assert.deepEqual(describeStartup(STARTUP), [
    "pbx 0.1.0 is running",
    "SIP listens on 0.0.0.0:5060, UDP and TCP (192.0.2.7:5060)",
    "Data is in /srv/pbx",
    "Extensions: 0, phones registered: 0",
    "Add an extension: npx -y deno@2.9.6 run -A main.ts extension add 1001 --data /srv/pbx",
    "See how it is: npx -y deno@2.9.6 run -A main.ts status --data /srv/pbx, or http://127.0.0.1:8060/healthz",
  ]);
});

Deno.test("describeStartup() lists IPv6 addresses for `::`, but no link-local ones", () => {
  const lines = describeStartup({
    ...STARTUP,
    sip: [{ host: "::", port: 5060 }],
  });
  assert.match(
    lines[1]!,
    /^SIP listens on \[::\]:5060.*192\.0\.2\.7:5060, \[2001:db8::7\]:5060/,
  );
  assert.doesNotMatch(lines[1]!, /fe80/);
});

Deno.test("describeStartup() names one address as it is", () => {
  const sip = [{ host: "192.0.2.7", port: 5080 }];
  const lines = describeStartup({ ...STARTUP, sip, http: null });
  assert.equal(lines[1], "SIP listens on 192.0.2.7:5080, UDP and TCP");
  assert.match(lines.at(-1)!, /HTTP is off/);
});
