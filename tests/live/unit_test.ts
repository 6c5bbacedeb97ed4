/**
 * The units that `pbx unit` prints, as systemd judges them.
 * @module
 */

import assert from "node:assert/strict";
import type { Lab } from "./lab.ts";
import { liveTest } from "./lab_case.ts";
import {
  attemptPbx,
  pbxCommand,
  pbxEnvironment,
  runPbx,
} from "./lab_command.ts";

/** How much a service may be exposed, from 0 to 10, in the words of `systemd-analyze`. */
const MOST = { withCapture: 1.6, without: 1.2 };

/** Writes both units, with a program that is there, and gives the path of each. */
async function writeUnits(
  lab: Lab,
  args: readonly string[] = [],
): Promise<{ service: string; socket: string }> {
  const paths = {
    service: `${lab.directory}/pbx.service`,
    socket: `${lab.directory}/pbx.socket`,
  };
  const program = ["--program", "/bin/true"];
  const json = await runPbx(lab, ["unit", "--json", ...program, ...args], "");
  const units = JSON.parse(json) as Record<keyof typeof paths, string>;
  for (const kind of ["service", "socket"] as const) {
    Deno.writeTextFileSync(paths[kind], units[kind]);
    const text = await runPbx(lab, ["unit", kind, ...program, ...args], "");
    assert.equal(text, units[kind]);
  }
  return paths;
}

async function readExposure(lab: Lab, file: string): Promise<number> {
  // it ends with an error where the exposure is above the threshold
  const report = await lab.run(null, [
    ...["systemd-analyze", "security", "--no-pager"],
    ...["--offline=true", "--threshold=100", file],
  ]);
  const found = /exposure level for \S+: ([\d.]+)/.exec(report)?.[1];
  return Number(found ?? assert.fail(report));
}

liveTest(
  "pbx unit leaves the service little to do harm with",
  ["systemd-analyze"],
  async (lab) => {
    const on = await writeUnits(lab);
    const exposure = await readExposure(lab, on.service);
    assert.ok(exposure <= MOST.withCapture, `${exposure}`);
    const off = await writeUnits(lab, ["--no-capture"]);
    const least = await readExposure(lab, off.service);
    assert.ok(least <= MOST.without, `${least}`);
    assert.ok(least < exposure);
  },
);

liveTest(
  "pbx unit prints what systemd takes without complaint",
  ["systemd-analyze"],
  async (lab) => {
    const config = `${lab.directory}/it's 100% mine.toml`;
    Deno.writeTextFileSync(
      config,
      `sip = ["0.0.0.0:5060", "[::]:5060", "192.0.2.7:5080"]
http = "127.0.0.1:443"
capture = false
data = '${lab.directory}/da"ta $x'
[tls]
certificate = "/etc/my certs/100%/full $chain.pem"
key = "key.pem"
`,
    );
    for (const args of [[], ["--capture"], ["--config", config]]) {
      const { service, socket } = await writeUnits(lab, args);
      const { code, stdout, stderr } = await lab.attempt(null, {
        command: ["systemd-analyze", "verify", "--man=no", service, socket],
      }, "");
      // of other units of this machine it may say something
      const said = `${stdout}${stderr}`.split("\n")
        .filter((line) => /pbx|Failed/.test(line)).join("\n");
      assert.equal(said, "", args.join(" "));
      assert.equal(code, 0, args.join(" "));
    }
  },
);

liveTest(
  "pbx unit follows the configuration as the service will see it",
  [],
  async (lab) => {
    const config = `${lab.directory}/pbx.toml`;
    Deno.writeTextFileSync(config, 'sip = ["192.0.2.7:5080"]\n');
    const unit = (kind: string, ...more: string[]) =>
      runPbx(lab, ["unit", kind, "--config", config, ...more], "");
    assert.match(await unit("socket"), /^ListenDatagram=192\.0\.2\.7:5080$/m);
    const service = await unit("service");
    assert.match(
      service,
      new RegExp(
        `^ExecStart=/usr/local/bin/pbx serve --config ${config}$`,
        "m",
      ),
    );
    assert.match(service, /^StateDirectory=pbx$/m);
    const other = await unit("service", "--no-capture", "--data", "/var/lib/x");
    assert.match(other, /^Environment=PBX_CAPTURE=false$/m);
    assert.match(other, /^ExecStart=.* --data \/var\/lib\/x$/m);
    assert.match(other, /^StateDirectory=x$/m);
  },
);

liveTest(
  "pbx unit writes the environment of its shell into the service",
  [],
  async (lab) => {
    const { stdout } = await lab.attempt(null, {
      command: [...pbxCommand(), "unit"],
      env: { ...pbxEnvironment(), PBX_RTP: "20000-20999", PBX_CAPTURE: "no" },
      clearEnv: true,
    }, "");
    assert.match(stdout, /^Environment=PBX_RTP=20000-20999$/m);
    assert.match(stdout, /^Environment=PBX_CAPTURE=no$/m);
    assert.match(stdout, /^CapabilityBoundingSet=$/m);
  },
);

liveTest(
  "pbx unit refuses a service that could not run",
  [],
  async (lab) => {
    const refuse = async (words: RegExp, ...args: string[]) => {
      const { code, stdout, stderr } = await attemptPbx(lab, ["unit", ...args]);
      assert.equal(code, 78, stderr);
      assert.equal(stdout, "");
      assert.match(stderr, words);
    };
    await refuse(/`\/srv` cannot hold the data/, "--data", "/srv");
    await refuse(/no such file/, "--config", `${lab.directory}/no.toml`);
    const config = `${lab.directory}/pbx.toml`;
    Deno.writeTextFileSync(config, 'sip = ["0.0.0.0:0"]\n');
    await refuse(/no port that a socket unit/, "socket", "--config", config);
  },
);
