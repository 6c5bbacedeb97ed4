/**
 * The two files that HTTP proves its name with: where they may be named, and what is wrong.
 * @module
 */

import assert from "node:assert/strict";
import { type Config, resolveConfig } from "./config.ts";
import { readConfigFile } from "./config_file.ts";
import type { ConfigFault } from "./config_layer.ts";

function resolve(
  text: string | null,
  environment: Record<string, string> = {},
): Config["tls"] | readonly ConfigFault[] {
  const result = resolveConfig({
    options: {},
    environment: { HOME: "/home/ann", ...environment },
    file: text === null ? null : readConfigFile("/etc/pbx/pbx.toml", text),
    isRoot: false,
  });
  return "config" in result ? result.config.tls : result.faults;
}

Deno.test("resolveConfig() takes the files of TLS beside the configuration, or by their whole path", () => {
  assert.deepEqual(
    resolve('[tls]\ncertificate = "chain.pem"\nkey = "/srv/key.pem"'),
    { certificate: "/etc/pbx/chain.pem", key: "/srv/key.pem" },
  );
});

Deno.test("resolveConfig() takes the files of TLS from the environment first", () => {
  const environment = {
    PBX_TLS_CERTIFICATE: "/a/c.pem",
    PBX_TLS_KEY: "/a/k.pem",
  };
  const files = { certificate: "/a/c.pem", key: "/a/k.pem" };
  assert.deepEqual(resolve(null, environment), files);
  const text = '[tls]\ncertificate = "x"\nkey = "y"';
  assert.deepEqual(resolve(text, environment), files);
  assert.deepEqual(
    resolve('[tls]\nkey = "y"', { PBX_TLS_CERTIFICATE: "/a/c.pem" }),
    { certificate: "/a/c.pem", key: "/etc/pbx/y" },
  );
});

Deno.test("resolveConfig() wants both files of TLS or none", () => {
  assert.deepEqual(resolve('\n[tls]\ncertificate = "c.pem"'), [{
    where: "/etc/pbx/pbx.toml:3",
    path: "tls.key",
    what: "it is missing, and `tls.certificate` is set",
    hint: 'Write `key = "/etc/pbx/privkey.pem"` too',
  }]);
  assert.deepEqual(resolve(null, { PBX_TLS_KEY: "/a/k.pem" }), [{
    where: "PBX_TLS_KEY",
    path: "tls.certificate",
    what: "it is missing, and `tls.key` is set",
    hint: "Write `PBX_TLS_CERTIFICATE=/etc/pbx/fullchain.pem` too",
  }]);
});

Deno.test("resolveConfig() refuses what is no name of a file", () => {
  const text =
    '[tls]\ncertificate = ""\nkey = """-----BEGIN PRIVATE KEY-----"""';
  assert.deepEqual(
    (resolve(text) as readonly ConfigFault[]).map(({ where, what, hint }) => [
      where,
      what,
      hint,
    ]),
    [
      [
        "/etc/pbx/pbx.toml:2",
        "the file name is empty",
        'Write `certificate = "/etc/pbx/fullchain.pem"`',
      ],
      [
        "/etc/pbx/pbx.toml:3",
        "this is the content of a file, not its name",
        'Write `key = "/etc/pbx/privkey.pem"`',
      ],
    ],
  );
  const home = resolve('[tls]\ncertificate = "~/c.pem"\nkey = "k"');
  assert.match(JSON.stringify(home), /begins with `~`.*Write the whole path/);
});
