/**
 * The text of the service unit.
 * @module
 */

import assert from "node:assert/strict";
import { writeServiceUnit } from "./service_unit.ts";
import { sampleModel, valuesOf } from "./unit_sample_test.ts";

Deno.test("writeServiceUnit() begins the installed server, and again whenever it ends", () => {
  const unit = writeServiceUnit(sampleModel());
  assert.deepEqual(valuesOf(unit, "ExecStart"), ["/usr/local/bin/pbx serve"]);
  assert.deepEqual(valuesOf(unit, "Type"), ["notify"]);
  assert.deepEqual(valuesOf(unit, "Restart"), ["always"]);
  assert.deepEqual(valuesOf(unit, "StartLimitIntervalSec"), ["0"]);
  assert.deepEqual(valuesOf(unit, "StateDirectory"), ["pbx"]);
  assert.deepEqual(valuesOf(unit, "ExecStartPre"), []);
  assert.deepEqual(valuesOf(unit, "Environment"), []);
  for (const line of unit.split("\n")) {
    assert.match(line, /^(?:|#.*|\[\w+\]|[A-Z]\w+=.*)$/);
    assert.ok(line.length <= 120, line);
  }
});

Deno.test("writeServiceUnit() ends with its sockets, and begins without them if need be", () => {
  const unit = writeServiceUnit(sampleModel());
  for (const name of ["Wants", "After", "PartOf"]) {
    assert.ok(valuesOf(unit, name).includes("pbx.socket"), name);
  }
  const chosen = { sip: [{ host: "0.0.0.0", port: 0 }] };
  assert.doesNotMatch(writeServiceUnit(sampleModel(chosen)), /pbx\.socket/);
});

Deno.test("writeServiceUnit() gives the rights that the configuration needs, and no others", () => {
  const rights = (capture: boolean, hasLowPort: boolean) => {
    const unit = writeServiceUnit(sampleModel({ capture }, { hasLowPort }));
    const [bounding] = valuesOf(unit, "CapabilityBoundingSet");
    assert.deepEqual(valuesOf(unit, "AmbientCapabilities"), [bounding]);
    return [
      bounding,
      valuesOf(unit, "PrivateUsers")[0],
      valuesOf(unit, "RestrictAddressFamilies")[0]!.includes("AF_PACKET"),
    ];
  };
  assert.deepEqual(rights(false, false), ["", "yes", false]);
  assert.deepEqual(rights(true, false), ["CAP_NET_RAW", "no", true]);
  assert.deepEqual(rights(false, true), ["CAP_NET_BIND_SERVICE", "no", false]);
  assert.deepEqual(
    rights(true, true),
    ["CAP_NET_RAW CAP_NET_BIND_SERVICE", "no", true],
  );
});

Deno.test("writeServiceUnit() says how to switch the capture", () => {
  const text = (capture: boolean) => writeServiceUnit(sampleModel({ capture }));
  assert.match(text(true), /^# .*`capture = false` in pbx\.toml/m);
  assert.match(text(false), /^# .*`capture = true` in pbx\.toml/m);
});

Deno.test("writeServiceUnit() lets systemd hand over the certificate, at a reload too", () => {
  const certificate = "/etc/my certs/100%/it's $HOME.pem";
  const tls = { certificate, key: "/etc/key.pem" };
  const unit = writeServiceUnit(sampleModel({ tls }));
  assert.deepEqual(valuesOf(unit, "LoadCredential"), [
    "tls-certificate:/etc/my certs/100%%/it's $HOME.pem",
    "tls-key:/etc/key.pem",
  ]);
  const [reload] = valuesOf(unit, "ExecReload");
  assert.match(
    reload!,
    /^\+\/bin\/sh -c '.*kill -HUP "\$\$MAINPID"' \/run\/pbx /,
  );
  assert.ok(
    reload!.endsWith(` "/etc/my certs/100%%/it's $$HOME.pem" /etc/key.pem`),
    reload,
  );
  assert.deepEqual(valuesOf(unit, "RuntimeDirectory"), ["pbx"]);
  // without a certificate a reload would do nothing
  const plain = writeServiceUnit(sampleModel());
  assert.deepEqual(valuesOf(plain, "ExecReload"), []);
});

Deno.test("writeServiceUnit() escapes what it is given", () => {
  const unit = writeServiceUnit(sampleModel({}, {
    program: "/opt/my programs/pbx",
    arguments: ["--config", '/etc/"a" $b 5%.toml'],
    environment: [["PBX_DOMAIN", "a b\\c%"], ["PBX_CAPTURE", "false"]],
  }));
  assert.deepEqual(valuesOf(unit, "ExecStart"), [
    `"/opt/my programs/pbx" serve --config '/etc/"a" $$b 5%%.toml'`,
  ]);
  assert.deepEqual(valuesOf(unit, "Environment"), [
    '"PBX_DOMAIN=a b\\\\c%%"',
    "PBX_CAPTURE=false",
  ]);
  assert.match(
    valuesOf(unit, "ExecPaths")[0]!,
    /^"\/opt\/my programs\/pbx" -\/usr\/lib /,
  );
});

Deno.test("writeServiceUnit() hands data elsewhere to the user of the service", () => {
  const unit = writeServiceUnit(sampleModel({ dataDir: "/home/ann/my pbx" }));
  assert.match(
    valuesOf(unit, "ExecStartPre")[0]!,
    /^\+\/bin\/sh -c '.*' \/var\/lib\/private\/pbx "\/home\/ann\/my pbx"$/,
  );
  assert.deepEqual(valuesOf(unit, "BindPaths"), ['-"/home/ann/my pbx"']);
  assert.deepEqual(valuesOf(unit, "RequiresMountsFor"), ['"/home/ann/my pbx"']);
  // a home that is empty but for this one folder
  assert.deepEqual(valuesOf(unit, "ProtectHome"), ["tmpfs"]);
  const other = writeServiceUnit(sampleModel({ dataDir: "/srv/pbx" }));
  assert.deepEqual(valuesOf(other, "ProtectHome"), ["yes"]);
});
