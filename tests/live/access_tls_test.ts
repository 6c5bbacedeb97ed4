/**
 * The page of a real server under TLS.
 * @module
 */

import assert from "node:assert/strict";
import type { Lab } from "./lab.ts";
import { liveTest } from "./lab_case.ts";
import { attemptPbx, runPbx } from "./lab_command.ts";
import { PASSWORD, setPassword, Site } from "./lab_site.ts";

/** Makes a certificate for 127.0.0.1 with a serial number. */
async function makeCertificate(
  lab: Lab,
  folder: string,
  serial: number,
): Promise<void> {
  await lab.run(null, [
    ...["openssl", "req", "-x509", "-nodes", "-days", "2"],
    ...["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"],
    ...["-subj", "/CN=pbx.example", "-set_serial", String(serial)],
    ...["-addext", "subjectAltName=IP:127.0.0.1,DNS:pbx.example"],
    ...["-keyout", `${folder}/key.pem`, "-out", `${folder}/chain.pem`],
  ]);
}

liveTest(
  "pbx serve speaks TLS, and takes a new certificate on SIGHUP",
  ["openssl", "curl"],
  async (lab) => {
    const data = `${lab.directory}/data`;
    const config = `${lab.directory}/pbx.toml`;
    const tls = '[tls]\ncertificate = "chain.pem"\nkey = "key.pem"\n';
    Deno.writeTextFileSync(config, tls);
    await setPassword(lab, data, PASSWORD);
    await makeCertificate(lab, lab.directory, 1001);
    const { process } = await Site.start(lab, data, ["--config", config]);
    const address = /The page: https:\/\/([\d.]+:\d+)\//.exec(process.output)
      ?.[1] ?? assert.fail(process.output);
    const chain = `${lab.directory}/chain.pem`;
    const curl = (path: string, ...more: string[]) =>
      lab.run(null, [
        ...["curl", "-sS", "-i", "--cacert", chain, ...more],
        `https://${address}${path}`,
      ]);
    const form = ["--data-urlencode", `password=${PASSWORD}`];
    for (const version of ["--http1.1", "--http2"]) {
      assert.match(await curl("/healthz", version), /\nok\n/);
      const origin = ["-H", `Origin: https://${address}`];
      const answer = await curl("/login", version, ...origin, ...form);
      const cookie = /^set-cookie: (__Host-pbx_session=[^;]+);.*; Secure\r?$/mi
        .exec(answer)?.[1] ?? assert.fail(answer);
      const account = await curl("/account", version, "-b", cookie);
      assert.match(account, /^HTTP\/[\d.]+ 200/);
      assert.doesNotMatch(account, /notice warning/);
      const bare = cookie.replace("__Host-", "");
      assert.match(await curl("/account", version, "-b", bare), / 303/);
      const host = ["-H", "Host: evil.example"];
      assert.match(await curl("/login", version, ...host), / 421/);
    }
    // who forgets the s gets nothing, and does no harm
    const plain = ["curl", "-sS", "-m", "5", `http://${address}/healthz`];
    assert.notEqual((await lab.attempt(null, { command: plain })).code, 0);
    // the command line asks beside TLS
    const status = ["status", "--json", "--data", data];
    const { http } = JSON.parse(await runPbx(lab, status, ""));
    assert.deepEqual(http, { listen: address, tls: true });
    const screen = await runPbx(lab, ["status", "--data", data], "");
    assert.match(screen, new RegExp(`^http +https://${address}$`, "m"));

    const serialOf = async () => {
      const command = ["openssl", "s_client", "-connect", address];
      const shown = await lab.run(null, command);
      return await lab.run(
        null,
        ["openssl", "x509", "-noout", "-serial"],
        shown,
      );
    };
    assert.match(await serialOf(), /serial=03E9/);
    const hangUp = async (expected: RegExp) => {
      const mark = process.mark();
      process.signal("SIGHUP");
      await process.waitFor(expected, 10_000, mark);
    };
    await makeCertificate(lab, lab.directory, 1002);
    await hangUp(/certificate was read again/);
    assert.match(await serialOf(), /serial=03EA/);
    Deno.writeTextFileSync(`${lab.directory}/key.pem`, "no key at all");
    await hangUp(/key\.pem` holds none.*goes on/);
    assert.match(await serialOf(), /serial=03EA/);
    Deno.removeSync(chain);
    await hangUp(/chain\.pem` cannot be read: there is no such file.*goes on/);
    assert.match(await serialOf(), /serial=03EA/);
    await makeCertificate(lab, lab.directory, 1003);
    await hangUp(/certificate was read again/);
    assert.match(await serialOf(), /serial=03EB/);
    process.signal("SIGTERM");
    assert.equal(await process.wait(5000), 0, process.output);
    assert.doesNotMatch(process.output, /A fault of the program|Uncaught/);
  },
);

liveTest(
  "pbx serve names a certificate that cannot be used, and serves phones",
  ["openssl"],
  async (lab) => {
    const data = `${lab.directory}/data`;
    const folder = (name: string) => `${lab.directory}/${name}`;
    for (const name of ["one", "two"]) {
      Deno.mkdirSync(folder(name));
      await makeCertificate(lab, folder(name), 1);
    }
    const start = async (certificate: string, key: string) => {
      const { process } = await Site.start(lab, data, [
        "--config",
        await writeConfig(certificate, key),
      ]);
      process.signal("SIGTERM");
      assert.equal(await process.wait(5000), 0);
      return process.output;
    };
    const writeConfig = async (certificate: string, key: string) => {
      const path = `${lab.directory}/pbx.toml`;
      const text = `[tls]\ncertificate = "${certificate}"\nkey = "${key}"\n`;
      await Deno.writeTextFile(path, text);
      return path;
    };
    const cases: readonly [string, string, RegExp][] = [
      [
        "none.pem",
        "one/key.pem",
        /none\.pem` cannot be read: there is no such/,
      ],
      ["one/chain.pem", "two/key.pem", /two\/key\.pem` does not belong to/],
      ["one/key.pem", "one/key.pem", /one\/key\.pem` holds none in PEM/],
    ];
    for (const [certificate, key, expected] of cases) {
      const output = await start(certificate, key);
      assert.match(output, /HTTP is off/);
      assert.match(output, expected);
      assert.match(output, /SIP listens on/);
    }
    const args = ["serve", "--data", data, "--config"];
    const half = `${lab.directory}/half.toml`;
    await Deno.writeTextFile(half, '\n[tls]\nkey = "one/key.pem"\n');
    const { code, stderr } = await attemptPbx(lab, [...args, half]);
    assert.equal(code, 78);
    assert.match(stderr, /half\.toml:3: tls\.certificate: it is missing/);
  },
);
