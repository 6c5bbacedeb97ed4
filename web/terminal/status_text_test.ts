/**
 * The screen of `pbx status`.
 * @module
 */

import assert from "node:assert/strict";
import { createPaint, wantsColours } from "./paint.ts";
import { formatStatus } from "./status_text.ts";
import { isServerStatus } from "../server_status.ts";

const STATUS = {
  version: "0.1.0",
  pid: 42,
  uptimeSeconds: 3725,
  sip: { listen: ["0.0.0.0:5060", "[::]:5060"] },
  http: { listen: "127.0.0.1:8060" },
  extensions: 12,
  registrations: 9,
  calls: 0,
  memoryBytes: 61_400_000,
};

Deno.test("formatStatus() fits one screen", () => {
  assert.equal(
    formatStatus(STATUS, "/var/lib/pbx", createPaint(false)),
    `pbx 0.1.0      running for 1 h 2 min, pid 42
sip            0.0.0.0:5060, [::]:5060 (UDP and TCP)
http           http://127.0.0.1:8060
data           /var/lib/pbx
extensions     12
registrations  9
calls          0
memory         61 MB
`,
  );
});

Deno.test("formatStatus() says that HTTP is off", () => {
  const text = formatStatus(
    { ...STATUS, http: { listen: null } },
    "/d",
    createPaint(false),
  );
  assert.match(text, /^http +off$/m);
});

Deno.test("formatStatus() says that HTTP is encrypted", () => {
  const http = { listen: "192.0.2.1:8060", tls: true };
  const text = formatStatus({ ...STATUS, http }, "/d", createPaint(false));
  assert.match(text, /^http +https:\/\/192\.0\.2\.1:8060$/m);
});

Deno.test("isServerStatus() refuses what it cannot show", () => {
  assert.equal(isServerStatus(STATUS), true);
  for (const value of [null, 1, [], {}, { ...STATUS, sip: null }]) {
    assert.equal(isServerStatus(value), false);
  }
  assert.equal(isServerStatus({ ...STATUS, pid: "42" }), false);
});

Deno.test("wantsColours() needs a terminal and no NO_COLOR", () => {
  assert.equal(wantsColours(true, {}), true);
  assert.equal(wantsColours(true, { NO_COLOR: "" }), true);
  assert.equal(wantsColours(true, { NO_COLOR: "1" }), false);
  assert.equal(wantsColours(true, { TERM: "dumb" }), false);
  assert.equal(wantsColours(false, {}), false);
});
