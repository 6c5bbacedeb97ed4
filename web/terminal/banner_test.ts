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
  http: { listen: "127.0.0.1:8060", isTls: false, setupToken: null },
  domains: [],
  publicAddress: null,
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
    "The page: http://127.0.0.1:8060/ (from elsewhere first: ssh -L 8060:127.0.0.1:8060 root@SERVER)",
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

Deno.test("describeStartup() tells the setup token where the page has no password", () => {
  const setupToken = "abcd-efgh-jkmn-pqrs";
  const http = { listen: "[::1]:8060", isTls: false, setupToken };
  assert.deepEqual(describeStartup({ ...STARTUP, http }).slice(-3), [
    "Open http://[::1]:8060/setup (from elsewhere first: ssh -L 8060:[::1]:8060 root@SERVER)",
    "Setup token: abcd-efgh-jkmn-pqrs",
    "See how it is: npx -y deno@2.9.6 run -A main.ts status --data /srv/pbx, or http://[::1]:8060/healthz",
  ]);
});

Deno.test("describeStartup() names the machine as others know it", () => {
  const known = { ...STARTUP, publicAddress: "203.0.113.5" };
  const pageOf = (listen: string, isTls: boolean) =>
    describeStartup({
      ...known,
      http: { listen, isTls, setupToken: null },
    }).at(-2);
  assert.equal(
    pageOf("0.0.0.0:8443", true),
    "The page: https://203.0.113.5:8443/",
  );
  assert.equal(
    pageOf("0.0.0.0:8060", false),
    "The page: http://203.0.113.5:8060/",
  );
  assert.match(
    pageOf("127.0.0.1:8060", false)!,
    /ssh -L 8060:127\.0\.0\.1:8060 root@203\.0\.113\.5\)$/,
  );
  const named = describeStartup({ ...STARTUP, domains: ["pbx.example"] });
  assert.match(named.at(-2)!, /root@pbx\.example\)$/);
});

Deno.test("describeStartup() names the page as it is found from elsewhere", () => {
  const pageOf = (listen: string, isTls: boolean, domains: string[]) =>
    describeStartup({
      ...STARTUP,
      http: { listen, isTls, setupToken: null },
      domains,
    }).at(-2);
  const cases: [string, boolean, string[], string][] = [
    ["0.0.0.0:8060", false, [], "http://192.0.2.7:8060/"],
    ["[::]:8060", false, ["pbx.example"], "http://192.0.2.7:8060/"],
    ["192.0.2.7:80", false, [], "http://192.0.2.7:80/"],
    [
      "0.0.0.0:443",
      true,
      ["192.0.2.7", "pbx.example"],
      "https://pbx.example:443/",
    ],
    ["0.0.0.0:8443", true, [], "https://SERVER:8443/"],
  ];
  for (const [listen, isTls, domains, url] of cases) {
    assert.equal(pageOf(listen, isTls, domains), `The page: ${url}`);
  }
});
