/**
 * The certificate of a service that may not read the files itself: systemd has made copies.
 * @module
 */

import assert from "node:assert/strict";
import type { Lab } from "./lab.ts";
import { liveTest } from "./lab_case.ts";
import { pbxCommand, pbxEnvironment } from "./lab_command.ts";

/** Makes a certificate with a serial number, under the names of the copies. */
async function makeCopies(
  lab: Lab,
  folder: string,
  serial: number,
): Promise<void> {
  await Deno.mkdir(folder, { recursive: true });
  await lab.run(null, [
    ...["openssl", "req", "-x509", "-nodes", "-days", "2"],
    ...["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"],
    ...["-subj", "/CN=pbx.example", "-set_serial", String(serial)],
    ...["-keyout", `${folder}/tls-key`, "-out", `${folder}/tls-certificate`],
  ]);
}

liveTest(
  "pbx serve takes its certificate from the credentials, and a newer one at SIGHUP",
  ["openssl"],
  async (lab) => {
    const credentials = `${lab.directory}/credentials`;
    const runtime = `${lab.directory}/runtime`;
    await makeCopies(lab, credentials, 2001);
    const config = `${lab.directory}/pbx.toml`;
    Deno.writeTextFileSync(
      config,
      '[tls]\ncertificate = "/nowhere/chain.pem"\nkey = "/nowhere/key.pem"\n',
    );
    const ports = ["--sip", "127.0.0.1:0", "--http", "127.0.0.1:0"];
    const data = ["--data", `${lab.directory}/data`, "--config", config];
    const server = lab.spawn(null, {
      command: [...pbxCommand(), "serve", ...data, ...ports],
      env: {
        ...pbxEnvironment(),
        CREDENTIALS_DIRECTORY: credentials,
        RUNTIME_DIRECTORY: runtime,
      },
      clearEnv: true,
    });
    await server.waitFor(/See how it is|HTTP is off/);
    const address = /https:\/\/([\d.]+:\d+)\/healthz/.exec(server.output)
      ?.[1] ?? assert.fail(server.output);
    const readSerial = async () => {
      const { stdout } = await lab.attempt(null, {
        command: ["openssl", "s_client", "-connect", address, "-showcerts"],
      }, "");
      const pem = /-----BEGIN[^]*?-----END CERTIFICATE-----/.exec(stdout)?.[0];
      const said = await lab.run(
        null,
        ["openssl", "x509", "-noout", "-serial"],
        pem ?? assert.fail(stdout),
      );
      return Number.parseInt(said.replace("serial=", ""), 16);
    };
    assert.equal(await readSerial(), 2001);
    // half of a pair is none
    await makeCopies(lab, `${lab.directory}/made`, 2002);
    await Deno.mkdir(runtime);
    const move = (name: string) =>
      Deno.rename(`${lab.directory}/made/${name}`, `${runtime}/${name}`);
    await move("tls-certificate");
    server.signal("SIGHUP");
    await server.waitFor(/SIGHUP: the certificate was read again/);
    assert.equal(await readSerial(), 2001);
    await move("tls-key");
    const from = server.output.length;
    server.signal("SIGHUP");
    await server.waitFor(
      /SIGHUP: the certificate was read again/,
      10_000,
      from,
    );
    assert.equal(await readSerial(), 2002);
  },
);
