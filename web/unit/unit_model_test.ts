/**
 * From the configuration to what the units say.
 * @module
 */

import assert from "node:assert/strict";
import { OperatorError } from "../../pbx/operator_error.ts";
import { makeUnitModel, type UnitModel } from "./unit_model.ts";
import { sampleConfig, sampleModel } from "./unit_sample_test.ts";

function refuse(make: () => UnitModel): OperatorError {
  try {
    make();
  } catch (error) {
    if (error instanceof OperatorError) return error;
    throw error;
  }
  assert.fail("there should be a refusal");
}

Deno.test("makeUnitModel() has the data where systemd makes a folder for the service", () => {
  const table: readonly (readonly [string, string, string | null])[] = [
    ["/var/lib/pbx", "pbx", null],
    ["/var/lib/pbx/", "pbx", null],
    ["/var/lib/private/pbx", "pbx", null],
    ["/var/lib/office/two", "office/two", null],
    ["/srv/pbx", "pbx", "/srv/pbx"],
    ["/srv/my data/", "pbx", "/srv/my data"],
    ["/var/lib/my data", "pbx", "/var/lib/my data"],
    ["/home/ann/pbx", "pbx", "/home/ann/pbx"],
  ];
  for (const [dir, stateDirectory, dataDir] of table) {
    const model = sampleModel({ dataDir: dir });
    assert.equal(model.stateDirectory, stateDirectory, dir);
    assert.equal(model.dataDir, dataDir, dir);
  }
});

Deno.test("makeUnitModel() gives no folder away that others use", () => {
  for (const dataDir of ["/", "/srv", "/home/ann", "/etc/pbx", "/tmp/../var"]) {
    const { message, hint, exitCode } = refuse(() => sampleModel({ dataDir }));
    assert.ok(message.includes(dataDir), message);
    assert.match(hint, /\/var\/lib\/pbx/);
    assert.equal(exitCode, 78);
  }
});

Deno.test("makeUnitModel() names the configuration and the data where they were named", () => {
  const model = makeUnitModel({
    config: sampleConfig(),
    program: "/opt/pbx",
    configFile: "/root/office.toml",
    isDataNamed: true,
    environment: [["PBX_RTP", "20000-20999"]],
  });
  assert.deepEqual(model.arguments, [
    ...["--config", "/root/office.toml"],
    ...["--data", "/var/lib/pbx"],
  ]);
  assert.equal(model.hiddenFile, "/root/office.toml");
  assert.deepEqual(sampleModel().arguments, []);
  assert.equal(sampleModel().hiddenFile, null);
});

Deno.test("makeUnitModel() refuses what no line of a unit can hold", () => {
  for (const certificate of ["chain.pem", "/etc/a\nb.pem", "/etc/pbx/a\\"]) {
    const tls = { certificate, key: "/etc/pbx/privkey.pem" };
    const { hint, exitCode } = refuse(() => sampleModel({ tls }));
    assert.match(hint, /whole path/);
    assert.equal(exitCode, 78);
  }
});

Deno.test("makeUnitModel() sees which ports are not for everybody", () => {
  const at = (port: number) => ({ host: "127.0.0.1", port });
  const rtp = { first: 10000, last: 19999 };
  assert.equal(sampleModel({ http: at(443) }).hasLowPort, true);
  assert.equal(sampleModel({ rtp: { ...rtp, first: 1000 } }).hasLowPort, true);
  assert.equal(sampleModel({ http: at(8443) }).hasLowPort, false);
  assert.equal(sampleModel({ http: at(0) }).hasLowPort, false);
  assert.equal(sampleModel({ http: null }).hasLowPort, false);
  // the socket unit opens it
  assert.equal(sampleModel({ sip: [at(506)] }).hasLowPort, false);
});

Deno.test("makeUnitModel() lets as many files be open as the configuration lets come", () => {
  assert.equal(sampleModel().files, 65_536);
  assert.equal(sampleModel({ tcpConnections: 100_000 }).files, 114_096);
});
